#include "workspace/apply_step.h"

#include <fmt/format.h>

#include "base/error.h"
#include "ca/chain.h"
#include "ca/crl.h"
#include "ca/issue.h"
#include "workspace/adoption.h"
#include "workspace/bundles.h"
#include "workspace/elsewhere.h"
#include "workspace/exports.h"
#include "workspace/publishing.h"
#include "workspace/renewal.h"

namespace sealwright::workspace {
namespace {

[[noreturn]] void gone(const std::string& name) {
  throw Error(Error::Kind::state, "'" + name + "' is not in sealwright.yaml any more",
              "make the plan again");
}

const policy::Item& item_of(const Workspace& workspace, const std::string& name) {
  if (const auto* item = workspace.hierarchy().item(name)) return *item;
  gone(name);
}

std::string in_workspace(const Workspace& workspace, const std::filesystem::path& path) {
  const auto inside = path.lexically_relative(workspace.folder());
  return inside.empty() || *inside.begin() == ".." ? path.string() : inside.string();
}

std::string plural(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string rename(Workspace& workspace, const Step& step) {
  workspace.inventory().rename(step.detail, step.name);
  return fmt::format("'{}' is '{}' from now on", step.detail, step.name);
}

/// The history of an authority may bring the certificate under a name that the YAML moves.
std::string adopt(Workspace& workspace, const Step& step, Keys& keys, const ossl::Random& random) {
  auto& inventory = workspace.inventory();
  for (const auto& move : workspace.hierarchy().moved)
    if (move.to == step.name && inventory.entity(move.from) && !inventory.entity(move.to))
      inventory.rename(move.from, move.to);
  return workspace::adopt(workspace, keys, item_of(workspace, step.name), step.detail, random);
}

std::string issue(Workspace& workspace, const Step& step, Keys& keys, const ossl::Random& random) {
  const auto& item = item_of(workspace, step.name);
  auto& inventory = workspace.inventory();
  ca::Order order = ca::order_of(workspace.hierarchy(), item, inventory);
  order.subject = next_subject(inventory, item);
  order.held_back = in_rolled_back_bundle(workspace, item.name);
  std::unique_ptr<ossl::Signer> issuer;
  if (order.issuer) issuer = keys.signer(*order.issuer);
  const auto generation =
      ca::issue(inventory, ca::prepare(inventory, order, keys.key_for(item), random), issuer.get());
  return fmt::format("{}  {}  until {}", generation.label(), generation.thumbprint.hex(),
                     to_date(generation.not_after));
}

std::string request(Workspace& workspace, const Step& step, Keys& keys) {
  const auto made = make_request(workspace, keys, item_of(workspace, step.name));
  return fmt::format("{}@{}  waits for '{}'", made.intent.name, made.intent.number,
                     made.intent.issuer);
}

std::string on_generation(Workspace& workspace, const Step& step) {
  auto& inventory = workspace.inventory();
  const auto generation = ca::find_generation(inventory, step.detail);
  switch (step.action) {
    case Step::Action::revoke:
      ca::revoke(inventory, generation, {});
      return generation.label() + "  is revoked";
    case Step::Action::activate:
      inventory.activate(generation.id);
      return generation.label() + "  signs from now on";
    default:
      inventory.retire(generation.id, step.why);
      return generation.label() + "  is retired";
  }
}

std::string crl(Workspace& workspace, const Step& step, Keys& keys) {
  if (const auto* authority = workspace.hierarchy().authority(step.name))
    return issue_crl(workspace, keys, *authority);
  gone(step.name);
}

std::string export_files(Workspace& workspace, const Step& step, Keys& keys,
                         const ossl::Random& random) {
  for (const auto& wanted : workspace.hierarchy().exports) {
    if (wanted.name != step.name) continue;
    std::string written;
    for (const auto& file : write_export(workspace, keys, wanted, random))
      written += (written.empty() ? "" : ", ") + in_workspace(workspace, file);
    return written;
  }
  gone(step.name);
}

std::string bundle(Workspace& workspace, const Step& step) {
  const auto* wanted = workspace.hierarchy().bundle(step.name);
  if (!wanted) gone(step.name);
  const auto written = write_bundle(workspace, *wanted);
  std::string text =
      fmt::format("version {}  {}", written.version, in_workspace(workspace, written.folder));
  for (const auto& folder : written.deleted) text += "; deleted " + folder.string();
  for (const auto& left : written.left) text += "; left " + left.folder.string() + ": " + left.why;
  return text;
}

}  // namespace

std::string do_step(Workspace& workspace, const Step& step, Keys& keys,
                    const ossl::Random& random) {
  switch (step.action) {
    case Step::Action::rename:
      return rename(workspace, step);
    case Step::Action::adopt:
      return adopt(workspace, step, keys, random);
    case Step::Action::issue:
    case Step::Action::renew:
      return issue(workspace, step, keys, random);
    case Step::Action::request:
      return request(workspace, step, keys);
    case Step::Action::revoke:
    case Step::Action::activate:
    case Step::Action::retire:
      return on_generation(workspace, step);
    case Step::Action::crl:
      return crl(workspace, step, keys);
    case Step::Action::publish:
      return fmt::format("{}  {}", plural(publish(workspace).size(), "file"), step.detail);
    case Step::Action::export_file:
      return export_files(workspace, step, keys, random);
    case Step::Action::write_bundle:
      return bundle(workspace, step);
  }
  throw Error(Error::Kind::internal, "a step of no kind");
}

}  // namespace sealwright::workspace
