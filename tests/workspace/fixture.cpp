#include "fixture.h"

#include <catch2/catch.hpp>

#include "base/file.h"
#include "workspace/init.h"

namespace sealwright::test {
namespace fs = std::filesystem;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

LabWorkspace::LabWorkspace(const std::function<std::string(std::string)>& edit_text) {
  workspace::InitOptions options;
  options.folder = scratch / "lab";
  options.hierarchy = "driver-lab";
  options.no_passphrase = true;
  options.clock = [this] { return now; };
  options.keyring_options.random = ossl::system_random();
  workspace::init(options);
  for (const auto& file : fs::directory_iterator(scratch / "lab/policies")) {
    std::string text = read_text(file.path());
    const auto key = text.find("\nkey: {algorithm: rsa, size: ");
    REQUIRE(key != std::string::npos);
    const auto size = text.find_first_of(",}", key + 28);
    text.replace(key, size - key, "\nkey: {algorithm: ecdsa, curve: p256");
    write_file(file.path(), view(text), {Access::everyone, Existing::replace});
  }
  if (edit_text) edit(edit_text);
}

void LabWorkspace::edit(const std::function<std::string(std::string)>& change) const {
  const fs::path yaml = scratch.path() / "lab/sealwright.yaml";
  write_file(yaml, view(change(read_text(yaml))), {Access::everyone, Existing::replace});
}

void LabWorkspace::edit_policy(const std::string& name,
                               const std::function<std::string(std::string)>& change) const {
  const fs::path yaml = scratch.path() / "lab/policies" / (name + ".yaml");
  write_file(yaml, view(change(read_text(yaml))), {Access::everyone, Existing::replace});
}

workspace::Workspace LabWorkspace::open() const {
  return workspace::Workspace::open(scratch.path() / "lab", [this] { return now; });
}

namespace {

workspace::Plan applied(workspace::Workspace workspace, const workspace::PlanOptions& options) {
  auto plan = workspace::make_plan(workspace, options);
  auto keys = keys_of(workspace);
  workspace::apply(workspace, plan, keys, {ossl::system_random(), {}});
  return plan;
}

}  // namespace

workspace::Plan LabWorkspace::apply() const { return applied(open(), {}); }
workspace::Plan LabWorkspace::apply_due() const { return applied(open(), {{}, true}); }

store::SignatureId record_signature(const LabWorkspace& lab, int number,
                                    std::optional<Time> timestamp) {
  auto workspace = lab.open();
  auto& inventory = workspace.inventory();
  store::SignatureIntent intent;
  intent.generation = inventory.generation("driver-signing", number)->id;
  intent.file_name = "driver.sys";
  intent.kind = "pe";
  intent.digest_algorithm = "sha256";
  const auto id = inventory.begin_signature(intent);
  store::SignatureResult result;
  result.timestamp = timestamp;
  inventory.finish_signature(id, result);
  return id;
}

std::vector<std::string> steps(const workspace::Plan& plan) {
  std::vector<std::string> all;
  for (const auto& step : plan.steps)
    all.push_back(std::string(workspace::to_text(step.action)) + " " + step.name);
  return all;
}

std::vector<std::string> notices(const workspace::Plan& plan) {
  std::vector<std::string> all;
  for (const auto& notice : plan.notices)
    all.push_back(std::string(workspace::to_text(notice.kind)) + " " +
                  (notice.name.empty() ? "" : notice.name + ": ") + notice.text);
  return all;
}

workspace::Keys keys_of(workspace::Workspace& workspace) {
  ca::KeyringOptions options;
  options.random = ossl::system_random();
  return {workspace,
          []() -> ossl::Secret { throw std::logic_error("a lab asks for no passphrase"); },
          options};
}

}  // namespace sealwright::test
