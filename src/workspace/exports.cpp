#include "workspace/exports.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/windows_version.h"
#include "ca/chain.h"
#include "workspace/secret_file.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

constexpr int first_modern_pfx_build = 16299;  // Windows 10 1709; Server 2019 is 17763.

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::optional<store::Generation> generation_of(const Workspace& workspace,
                                               const policy::Export& wanted) {
  const auto& inventory = workspace.inventory();
  if (wanted.generation == "active") return inventory.active(wanted.certificate);
  return ca::find_generation(inventory, wanted.certificate + "@" + wanted.generation);
}

fs::path path_of(const Workspace& workspace, const policy::Export& wanted,
                 const store::Generation& generation) {
  std::string path = replaced(wanted.path, "{name}", wanted.certificate);
  path = replaced(path, "{generation}", std::to_string(generation.number));
  return workspace.resolve_output(replaced(path, "{ext}", ca::file_extension(wanted.format)));
}

std::string event_subject(const policy::Export& wanted) { return "export:" + wanted.name; }

/// Which generation this export wrote last, or "".
std::string last_written(const Workspace& workspace, const policy::Export& wanted) {
  std::string written;
  for (const auto& event : workspace.inventory().events())
    if (event.kind == "export.written" && event.subject == event_subject(wanted))
      written = Json::parse(event.details).at("generation").string();
  return written;
}

}  // namespace

std::optional<std::string> export_due(const Workspace& workspace, const policy::Export& wanted) {
  const auto generation = generation_of(workspace, wanted);
  if (!generation) return std::nullopt;
  if (!fs::exists(path_of(workspace, wanted, *generation))) return "the file is not there";
  const std::string written = last_written(workspace, wanted);
  if (written == generation->label()) return std::nullopt;
  return "the file holds " + (written.empty() ? "something else" : written) + ", not " +
         generation->label();
}

fs::path write_export(Workspace& workspace, Keys& keys, const policy::Export& wanted,
                      const ossl::Random& random) {
  const auto generation = generation_of(workspace, wanted);
  if (!generation)
    throw Error(Error::Kind::state,
                "'" + wanted.certificate + "' has no active generation to export");
  auto& inventory = workspace.inventory();
  const fs::path path = path_of(workspace, wanted, *generation);
  if (fs::exists(path) && last_written(workspace, wanted).empty())
    throw Error(
        Error::Kind::state,
        "'" + path.string() + "' is there, and export '" + wanted.name + "' did not write it",
        "move it away, or choose another path");
  ca::Exported exported;
  if (ca::holds_private_key(wanted.format)) {
    if (!wanted.password)
      throw Error(Error::Kind::policy,
                  "export '" + wanted.name + "' holds a private key and needs a password",
                  "add password: {generate: FILE}");
    const auto key = generation->key ? inventory.key(*generation->key) : std::nullopt;
    if (!key)
      throw Error(Error::Kind::state,
                  "the private key of '" + generation->label() + "' is not in the inventory");
    const ossl::Secret password = read_secret(workspace, *wanted.password, random);
    const auto profile = choose_profile(wanted.profile, workspace.hierarchy().targets).profile;
    exported = ca::export_private(
        inventory, keys.open(key->keyring), *generation,
        {wanted.format, password, "exports." + wanted.name + " of sealwright.yaml", profile});
  } else {
    exported = ca::export_public(inventory, *generation, wanted.format);
  }
  ca::write_exported(path, exported, Existing::replace);
  Json details = Json::object();
  details.set("generation", generation->label()).set("file", wanted.path);
  inventory.record_event("export.written", event_subject(wanted), details);
  return path;
}

ossl::Secret read_secret(const Workspace& workspace, const policy::SecretSource& source,
                         const ossl::Random& random) {
  using From = policy::SecretSource::From;
  if (source.from == From::environment) {
    const char* value = std::getenv(source.value.c_str());
    if (!value || !*value)
      throw Error(Error::Kind::input, "the environment variable '" + source.value + "' is not set");
    return ossl::Secret(std::string_view(value));
  }
  const fs::path path = source.from == From::generate ? workspace.resolve_output(source.value)
                                                      : workspace.resolve(source.value);
  if (source.from == From::generate && !fs::exists(path)) {
    const std::string made = to_hex(ossl::random_bytes(random, 16));
    write_file(path, view(made + "\n"), {Access::owner, Existing::refuse});
    return ossl::Secret(std::string_view(made));
  }
  return secret_from_file(path);
}

ProfileChoice choose_profile(policy::ExportProfile wanted,
                             const std::vector<std::string>& targets) {
  if (wanted == policy::ExportProfile::modern) return {x509::PfxProfile::modern, "asked for"};
  if (wanted == policy::ExportProfile::compatible)
    return {x509::PfxProfile::compatible, "asked for"};
  for (const auto* target : parse_windows_targets(targets))
    if (target->build < first_modern_pfx_build)
      return {x509::PfxProfile::compatible,
              fmt::format("{} cannot read AES-256 PFX files", target->title)};
  return {x509::PfxProfile::modern,
          targets.empty() ? "no older targets are named" : "all targets read AES-256 PFX files"};
}

}  // namespace sealwright::workspace
