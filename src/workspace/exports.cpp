// What `exports:` of the YAML asks for.

#include "workspace/exports.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ca/chain.h"
#include "workspace/secret_file.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

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
  return workspace.resolve_output(
      ca::export_path(wanted.path, wanted.certificate, generation.number, wanted.format));
}

std::string event_subject(const policy::Export& wanted) { return "export:" + wanted.name; }

const char* chain_name(policy::SignDefaults::Chain chain) {
  using Chain = policy::SignDefaults::Chain;
  return chain == Chain::full ? "full" : chain == Chain::leaf ? "leaf" : "no-root";
}

/// How the files are made, so that an edit of the YAML is seen. Passwords are not looked at.
std::string form_of(const Workspace& workspace, const policy::Export& wanted,
                    const std::vector<store::Generation>& generations) {
  std::string text = policy::to_text(wanted.format);
  if (wanted.format != policy::ExportFormat::pfx || generations.empty()) return text;
  const auto form = choose_pfx(workspace, generations.front(), wanted.pfx).form;
  text += fmt::format(" {} {} chain {}",
                      form.profile == x509::PfxProfile::modern ? "modern" : "compatible",
                      form.iterations, chain_name(form.chain));
  if (!form.friendly_name.empty()) text += " called " + form.friendly_name;
  if (!form.csp.empty()) text += " for " + form.csp;
  return text;
}

/// Which generations this export wrote last, how and where, or "". SHA-256 values: names may
/// change.
struct Written {
  std::string labels, sha256, form, path;
};
std::string text_of(const Json& details, const char* name) {
  const Json* value = details.find(name);
  return value ? value->string() : "";
}
Written last(const Workspace& workspace, const policy::Export& wanted, const char* kind) {
  const auto event = workspace.inventory().last_event(kind, event_subject(wanted));
  if (!event) return {};
  const Json details = Json::parse(event->details);
  return {text_of(details, "generation"), text_of(details, "sha256"), text_of(details, "form"),
          text_of(details, "file")};
}
Written last_written(const Workspace& workspace, const policy::Export& wanted) {
  return last(workspace, wanted, "export.written");
}

Written now_wanted(const Workspace& workspace, const policy::Export& wanted,
                   const std::vector<store::Generation>& generations) {
  Written written;
  written.form = form_of(workspace, wanted, generations);
  written.path = wanted.path;
  for (const auto& generation : generations) {
    written.labels += (written.labels.empty() ? "" : ", ") + generation.label();
    written.sha256 += (written.sha256.empty() ? "" : " ") + to_hex(generation.sha256);
  }
  return written;
}

void record(Workspace& workspace, const policy::Export& wanted, const char* kind,
            const Written& now) {
  Json details = Json::object();
  details.set("generation", now.labels).set("sha256", now.sha256).set("file", now.path);
  details.set("form", now.form);
  workspace.inventory().record_event(kind, event_subject(wanted), details);
}

/// Whether files at its path are its own: it wrote there, or a run that was killed began to.
bool is_ours(const Workspace& workspace, const policy::Export& wanted) {
  return last_written(workspace, wanted).path == wanted.path ||
         last(workspace, wanted, "export.begun").path == wanted.path;
}

void check_free(const Workspace& workspace, const policy::Export& wanted,
                const std::vector<ExportItem>& items) {
  using From = policy::SecretSource::From;
  const bool ours = is_ours(workspace, wanted);
  for (const auto& item : items) {
    if (wanted.password && wanted.password->from == From::generate &&
        workspace.resolve_output(wanted.password->value).lexically_normal() ==
            item.path.lexically_normal())
      throw Error(Error::Kind::policy,
                  "export '" + wanted.name + "' would write its password over itself",
                  "choose another file for the password");
    if (!ours && fs::exists(fs::symlink_status(item.path)))
      throw Error(Error::Kind::state,
                  "'" + item.path.string() + "' is there, and export '" + wanted.name +
                      "' did not write it",
                  "move it away, or choose another path");
  }
}

ExportJob job_of(const Workspace& workspace, const policy::Export& wanted,
                 const std::vector<store::Generation>& generations) {
  ExportJob job;
  job.format = wanted.format;
  job.pfx = wanted.pfx;
  job.reason = "exports." + wanted.name + " of sealwright.yaml";
  for (const auto& generation : generations)
    job.items.push_back({generation.name, generation.number, generation, std::nullopt,
                         path_of(workspace, wanted, generation)});
  return job;
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
  const Written written = last_written(workspace, wanted),
                now = now_wanted(workspace, wanted, generations);
  const bool same =
      written.sha256.empty() ? written.labels == now.labels : written.sha256 == now.sha256;
  if (!same)
    return "the file holds " + (written.labels.empty() ? "something else" : written.labels) +
           ", not " + now.labels;
  // Before files were recorded with how they are made.
  if (written.form.empty() || written.form == now.form) return std::nullopt;
  return "the file was written as '" + written.form + "', not '" + now.form + "'";
}

std::vector<fs::path> write_export(Workspace& workspace, Keys& keys, const policy::Export& wanted,
                                   const ossl::Random& random) {
  const auto generations = generations_of(workspace, wanted);
  if (generations.empty())
    throw Error(Error::Kind::state, "'" + wanted.certificate + "' has no " + wanted.generation +
                                        " generation to export");
  auto job = job_of(workspace, wanted, generations);
  check_free(workspace, wanted, job.items);
  for (const auto& item : job.items) check_export(workspace.inventory(), job, item);
  open_for(job, workspace.inventory(), keys);
  if (policy::holds_private_key(wanted.format)) {
    if (!wanted.password)
      throw Error(Error::Kind::policy,
                  "export '" + wanted.name + "' holds a private key and needs a password",
                  "add password: {generate: FILE}");
    job.password = read_secret(workspace, *wanted.password, random);
  }
  const Written now = now_wanted(workspace, wanted, generations);
  auto made = make_exports(workspace, keys, job);
  if (!is_ours(workspace, wanted)) record(workspace, wanted, "export.begun", now);
  made.write(Existing::replace);
  record(workspace, wanted, "export.written", now);
  std::vector<fs::path> paths;
  for (const auto& item : job.items) paths.push_back(item.path);
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
  return source.from == From::generate ? generated_secret(path, random) : secret_from_file(path);
}

}  // namespace sealwright::workspace
