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

/// None where there is no such generation yet.
std::vector<store::Generation> generations_of(const Workspace& workspace,
                                              const policy::Export& wanted) {
  const auto& inventory = workspace.inventory();
  if (wanted.generation == "active") {
    const auto active = inventory.active(wanted.certificate);
    return active ? std::vector{*active} : std::vector<store::Generation>{};
  }
  try {
    const std::string selector = wanted.generation == "all" ? "live" : wanted.generation;
    return ca::find_generations(inventory, wanted.certificate + "@" + selector);
  } catch (const Error& error) {
    if (error.kind == Error::Kind::state) return {};
    throw;
  }
}

fs::path path_of(const Workspace& workspace, const policy::Export& wanted,
                 const store::Generation& generation) {
  std::string path = replaced(wanted.path, "{name}", wanted.certificate);
  path = replaced(path, "{generation}", std::to_string(generation.number));
  return workspace.resolve_output(replaced(path, "{ext}", ca::file_extension(wanted.format)));
}

std::string event_subject(const policy::Export& wanted) { return "export:" + wanted.name; }

/// Which generations this export wrote last, or "". SHA-256 values: names may change.
struct Written {
  std::string labels, sha256;
};
Written last_written(const Workspace& workspace, const policy::Export& wanted) {
  const auto event = workspace.inventory().last_event("export.written", event_subject(wanted));
  if (!event) return {};
  const Json details = Json::parse(event->details);
  const Json* sha256 = details.find("sha256");
  return {details.at("generation").string(), sha256 ? sha256->string() : ""};
}

Written now_wanted(const std::vector<store::Generation>& generations) {
  Written written;
  for (const auto& generation : generations) {
    written.labels += (written.labels.empty() ? "" : ", ") + generation.label();
    written.sha256 += (written.sha256.empty() ? "" : " ") + to_hex(generation.sha256);
  }
  return written;
}

ca::Exported exported(Workspace& workspace, Keys& keys, const policy::Export& wanted,
                      const store::Generation& generation, const ossl::Random& random) {
  auto& inventory = workspace.inventory();
  if (!ca::holds_private_key(wanted.format))
    return ca::export_public(inventory, generation, wanted.format);
  if (!wanted.password)
    throw Error(Error::Kind::policy,
                "export '" + wanted.name + "' holds a private key and needs a password",
                "add password: {generate: FILE}");
  const std::string reason = "exports." + wanted.name + " of sealwright.yaml";
  const auto key = ca::exportable_key(inventory, generation, reason);
  const ossl::Secret password = read_secret(workspace, *wanted.password, random);
  const auto profile = choose_profile(wanted.profile, workspace.hierarchy().targets).profile;
  return ca::export_private(inventory, keys.open(key.keyring), generation,
                            {wanted.format, password, reason, profile});
}

void check_free(const policy::Export& wanted, const std::vector<fs::path>& paths, bool ours) {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (std::find(paths.begin(), paths.begin() + std::ptrdiff_t(i), paths[i]) !=
        paths.begin() + std::ptrdiff_t(i))
      throw Error(Error::Kind::policy,
                  "export '" + wanted.name + "' would write several generations into one file",
                  "put {generation} into its path");
    if (!ours && fs::exists(paths[i]))
      throw Error(
          Error::Kind::state,
          "'" + paths[i].string() + "' is there, and export '" + wanted.name + "' did not write it",
          "move it away, or choose another path");
  }
}

}  // namespace

bool was_written(const Workspace& workspace, const policy::Export& wanted) {
  return !last_written(workspace, wanted).labels.empty();
}

std::optional<std::string> export_due(const Workspace& workspace, const policy::Export& wanted) {
  const auto generations = generations_of(workspace, wanted);
  if (generations.empty()) return std::nullopt;
  for (const auto& generation : generations)
    if (!fs::exists(path_of(workspace, wanted, generation))) return "the file is not there";
  const Written written = last_written(workspace, wanted), now = now_wanted(generations);
  if (written.sha256.empty() ? written.labels == now.labels : written.sha256 == now.sha256)
    return std::nullopt;
  return "the file holds " + (written.labels.empty() ? "something else" : written.labels) +
         ", not " + now.labels;
}

std::vector<fs::path> write_export(Workspace& workspace, Keys& keys, const policy::Export& wanted,
                                   const ossl::Random& random) {
  const auto generations = generations_of(workspace, wanted);
  if (generations.empty())
    throw Error(Error::Kind::state, "'" + wanted.certificate + "' has no " + wanted.generation +
                                        " generation to export");
  std::vector<fs::path> paths;
  for (const auto& generation : generations)
    paths.push_back(path_of(workspace, wanted, generation));
  check_free(wanted, paths, was_written(workspace, wanted));
  for (std::size_t i = 0; i < paths.size(); ++i)
    ca::write_exported(paths[i], exported(workspace, keys, wanted, generations[i], random),
                       Existing::replace);
  const Written now = now_wanted(generations);
  Json details = Json::object();
  details.set("generation", now.labels).set("sha256", now.sha256).set("file", wanted.path);
  workspace.inventory().record_event("export.written", event_subject(wanted), details);
  return paths;
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
