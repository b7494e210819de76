#include "workspace/publishing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "ca/chain.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

/// What the YAML says where it says nothing (YAML.md).
const ca::CrlTerms usual_terms{{0, std::chrono::days(7)}, {0, std::chrono::days(3)}};

std::vector<store::Generation> live_generations(const Workspace& workspace,
                                                const std::string& name) {
  auto generations = workspace.inventory().generations_of(name);
  std::erase_if(generations, [](const auto& g) { return !store::is_live(g.state); });
  return generations;
}

/// Its key is at hand, it is valid at `at`, and may sign lists.
bool can_sign(const Workspace& workspace, const store::Generation& generation, Time at) {
  if (at < generation.not_before || at > generation.not_after) return false;
  if (!generation.key || !workspace.inventory().key(*generation.key)) return false;
  const auto usage = ca::certificate_of(generation).key_usage();
  return !usage || (*usage & x509::crl_sign);
}

struct DueList {
  store::Generation generation;
  std::string reason;
};

/// Whether something was revoked that no list says. Where nobody fetches lists, they are made for
/// such news alone, and carried by hand.
bool has_news(const store::Inventory& inventory, const store::Generation& issuer) {
  const auto latest = inventory.latest_crl(issuer.id);
  return inventory.revocation_count(issuer.id) > (latest ? latest->covers : 0);
}

std::vector<DueList> due_lists(const Workspace& workspace, const policy::Authority& authority,
                               Time at) {
  std::vector<DueList> due;
  const bool regular = has_lists(workspace, authority);
  for (const auto& generation : live_generations(workspace, authority.name)) {
    if (!can_sign(workspace, generation, at)) continue;
    if (!regular && !has_news(workspace.inventory(), generation)) continue;
    if (auto reason = ca::crl_due(workspace.inventory(), generation, crl_terms(authority), at))
      due.push_back({generation, std::move(*reason)});
  }
  return due;
}

/// A file that shall stand in the folder.
struct Published {
  fs::path name;
  Bytes bytes;
  std::optional<std::int64_t> list;  ///< Its number, of a revocation list.
};

std::vector<Published> wanted_files(const Workspace& workspace) {
  std::vector<Published> files;
  for (const auto& authority : workspace.hierarchy().authorities)
    for (const auto& generation : live_generations(workspace, authority.name)) {
      const std::string name = fmt::format("{}-{}", generation.name, generation.number);
      files.push_back({name + ".crt", generation.certificate, std::nullopt});
      if (auto crl = workspace.inventory().latest_crl(generation.id))
        files.push_back({name + ".crl", std::move(crl->crl), crl->number});
    }
  return files;
}

fs::path folder_of(const Workspace& workspace) {
  const fs::path named = workspace.hierarchy().distribution_publish;
  if (named.empty())
    throw Error(Error::Kind::state, "sealwright.yaml does not say where lists are published",
                "add: distribution: {http: URL, publish: DIR}");
  // A relative path is inside the workspace, and shall not be among its own files.
  if (named.is_relative() && !named.lexically_normal().string().starts_with(".."))
    return workspace.resolve_output(named);
  const fs::path folder = workspace.resolve(named).lexically_normal();
  return folder.has_filename() ? folder : folder.parent_path();
}

std::optional<Bytes> content_of(const fs::path& path) {
  std::error_code unreadable;  // read_file() says why
  if (fs::status(path, unreadable).type() == fs::file_type::not_found) return std::nullopt;
  return read_file(path, x509::max_crl_bytes);
}

/// The number of the list in a file; nothing where it is none.
std::optional<Bytes> number_in(BytesView bytes) {
  try {
    return x509::Crl::from_der(bytes).number();
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool larger(const Bytes& number, std::int64_t than) {
  if (number.size() > sizeof(than)) return true;
  std::uint64_t value = 0;
  for (const auto byte : number) value = (value << 8) | byte;
  return value > static_cast<std::uint64_t>(than);
}

/// Machines that saw the newer list would be told the older: what was revoked since would be good
/// again.
void refuse_older(const fs::path& path, BytesView there, std::int64_t number) {
  const auto other = number_in(there);
  if (other && larger(*other, number))
    throw Error(Error::Kind::state,
                fmt::format("'{}' is newer than list {}, the last that the inventory knows of",
                            path.string(), number),
                "was the inventory restored from an old backup? Restore a newer one, or move the "
                "file away");
}

}  // namespace

ca::CrlTerms crl_terms(const policy::Authority& authority) {
  return {authority.crl.lifetime, authority.crl.overlap};
}

ca::CrlTerms crl_terms(const Workspace& workspace, const std::string& authority) {
  const auto* found = workspace.hierarchy().authority(authority);
  return found ? crl_terms(*found) : usual_terms;
}

bool has_lists(const Workspace& workspace, const policy::Authority& authority) {
  const auto& hierarchy = workspace.hierarchy();
  return !hierarchy.distribution_http.empty() || !hierarchy.distribution_publish.empty() ||
         !authority.crl.urls.empty();
}

std::optional<std::string> crl_due(const Workspace& workspace, const policy::Authority& authority) {
  return crl_due(workspace, authority, workspace.now());
}

std::optional<std::string> crl_due(const Workspace& workspace, const policy::Authority& authority,
                                   Time at) {
  const auto due = due_lists(workspace, authority, at);
  if (due.empty()) return std::nullopt;
  if (due.size() == 1) return due.front().reason;
  std::string reasons;
  for (const auto& list : due)
    reasons += (reasons.empty() ? "" : ", ") + list.generation.label() + ": " + list.reason;
  return reasons;
}

std::optional<std::string> list_to_bring(const Workspace& workspace,
                                         const policy::Authority& authority, Time at) {
  const auto& inventory = workspace.inventory();
  if (inventory.workspace().offline || authority.key.store != policy::KeyStore::offline ||
      !has_lists(workspace, authority))
    return std::nullopt;
  std::string said;
  for (const auto& generation : live_generations(workspace, authority.name)) {
    const auto latest = inventory.latest_crl(generation.id);
    if (at > generation.not_after || (!latest && !has_news(inventory, generation))) continue;
    const auto reason = ca::crl_due(inventory, generation, crl_terms(authority), at);
    if (!reason) continue;
    if (!said.empty()) said += "; ";
    if (latest && !has_news(inventory, generation))
      said += fmt::format("the revocation list of '{}' {} {}", generation.label(),
                          at < latest->next_update ? "ends" : "ended", to_iso(latest->next_update));
    else
      said +=
          fmt::format("'{}' has revoked what no list of it says ({})", generation.label(), *reason);
  }
  if (said.empty()) return std::nullopt;
  return said + ": bring a new one by ceremony ('sealwright ceremony request -o FILE')";
}

std::string issue_crl(Workspace& workspace, Keys& keys, const policy::Authority& authority) {
  std::string done;
  for (const auto& [generation, reason] : due_lists(workspace, authority, workspace.now())) {
    const auto signer = keys.signer(generation);
    const auto crl =
        ca::issue_crl(workspace.inventory(), generation, *signer, crl_terms(authority));
    done += fmt::format("{}{}  list {}, {} revoked, until {}", done.empty() ? "" : "; ",
                        generation.label(), crl.number,
                        x509::Crl::from_der(crl.crl).entries().size(), to_iso(crl.next_update));
  }
  if (!workspace.hierarchy().distribution_publish.empty()) publish(workspace);
  return done;
}

std::optional<std::string> publish_due(const Workspace& workspace) {
  if (workspace.hierarchy().distribution_publish.empty()) return std::nullopt;
  const fs::path folder = folder_of(workspace);
  for (const auto& file : wanted_files(workspace)) {
    const auto there = content_of(folder / file.name);
    if (!there) return "'" + file.name.string() + "' is not there";
    if (*there != file.bytes) return "'" + file.name.string() + "' is not the latest";
  }
  return std::nullopt;
}

std::vector<fs::path> publish(Workspace& workspace) {
  const fs::path folder = folder_of(workspace);
  std::error_code unreadable;  // as if it were not there
  if (!fs::is_directory(folder, unreadable) && !fs::is_directory(folder.parent_path(), unreadable))
    throw Error(Error::Kind::state,
                "cannot publish into '" + folder.string() + "': the folder above it is not there",
                "make it, or mount what should be there");
  std::vector<fs::path> written;
  Json names = Json::array();
  for (const auto& file : wanted_files(workspace)) {
    const fs::path path = folder / file.name;
    const auto there = content_of(path);
    if (there == file.bytes) continue;
    if (there && file.list) refuse_older(path, *there, *file.list);
    write_file(path, file.bytes, {Access::everyone, Existing::replace});
    written.push_back(path);
    names.push(file.name.string());
  }
  if (!written.empty())
    workspace.inventory().record_event("distribution.published", folder.string(),
                                       Json::object().set("files", names));
  return written;
}

}  // namespace sealwright::workspace
