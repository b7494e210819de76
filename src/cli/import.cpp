// sealwright import: certificates, keys and histories that other programs left, taken over as they
// are.

#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/suggest.h"
#include "ca/import_folder.h"
#include "cli/all_commands.h"
#include "cli/secrets.h"
#include "cli/session.h"
#include "workspace/adoption_import.h"
#include "workspace/adoption_yaml.h"
#include "workspace/lock.h"

namespace sealwright::cli {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t most_rows = 50;
constexpr const char* password_variable = "SEALWRIGHT_PASSWORD";

struct Options {
  std::vector<std::string> paths;
  std::string from = "files", name, policy, keyring, password_file, passphrase_file, write_yaml;
  bool dry_run = false, overwrite = false;
};

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

ca::ImportFrom from_of(const Options& options) {
  if (const auto from = ca::import_from(options.from)) return *from;
  const auto meant = did_you_mean(options.from, ca::import_from_names());
  throw Error(Error::Kind::usage, "'" + printable(options.from) + "' cannot be imported from",
              meant.empty() ? "write files, easy-rsa or openssl-ca" : meant);
}

/// The workspace that it is for; without one, or with a sealwright.yaml that 'init' has not seen,
/// only the YAML can be written.
std::unique_ptr<workspace::Workspace> workspace_for(const Options& options, Context& context) {
  const bool may_be_missing =
      context.globals.workspace.empty() && (options.dry_run || !options.write_yaml.empty());
  if (!may_be_missing) return std::make_unique<workspace::Workspace>(open_workspace(context));
  fs::path folder;
  try {
    folder = workspace::find("", fs::current_path());
  } catch (const Error& error) {
    if (error.kind != Error::Kind::state) throw;
    return nullptr;
  }
  if (!fs::exists(workspace::inventory_path(policy::load_hierarchy(folder), folder)))
    return nullptr;
  return std::make_unique<workspace::Workspace>(open_workspace(context));
}

/// What an import works with.
struct Import {
  std::unique_ptr<workspace::Workspace> workspace;
  std::unique_ptr<workspace::Lock> lock;
  policy::PolicySet shipped;
  ca::Found found;
  std::vector<x509::Certificate> answers;  ///< To requests that wait.
  std::vector<std::string> accepted;
  ca::ImportTerms terms;
  std::optional<ca::ImportPolicies> policies;
  ca::Arrangement arrangement;
};

ca::ImportTerms terms_for(const Import& work, const Options& options, Context& context,
                          policy::PolicySet& policies) {
  ca::ImportTerms terms;
  if (work.workspace)
    terms = workspace::terms_of(*work.workspace, nullptr, work.found);
  else
    terms.now = context.clock();
  terms.name = options.name;
  if (!options.name.empty() && ca::name_from(options.name) != options.name)
    throw Error(Error::Kind::usage, "'" + printable(options.name) + "' cannot be a name",
                "small letters, digits and '-', as '" + ca::name_from(options.name) + "'");
  if (!options.policy.empty()) terms.policy = policies.get(options.policy);
  const auto& keyrings = terms.keyrings;
  if (!options.keyring.empty() && !keyrings.empty() &&
      std::find(keyrings.begin(), keyrings.end(), options.keyring) == keyrings.end())
    throw Error(Error::Kind::state, "there is no keyring '" + printable(options.keyring) + "'",
                "there is: " + ca::listed(keyrings, keyrings.size()));
  terms.keyring = options.keyring;
  return terms;
}

Import look(const Options& options, Context& context) {
  const auto from = from_of(options);
  Import work;
  work.workspace = workspace_for(options, context);
  if (work.workspace && !options.dry_run)
    work.lock = std::make_unique<workspace::Lock>(
        *work.workspace, [&] { context.say("another run is at work here: waiting for it"); });
  work.found = ca::find_existing(
      from, options.paths,
      [&](const std::string& file) {
        return std::optional(read_secret({"password of '" + file + "'", options.password_file,
                                          "--password-file", password_variable, ""},
                                         context));
      },
      context.progress("reading"));
  if (work.workspace && from == ca::ImportFrom::files)
    work.answers = workspace::answers_in(*work.workspace, work.found);
  auto& policies = work.workspace ? work.workspace->policies() : work.shipped;
  work.terms = terms_for(work, options, context, policies);
  work.policies.emplace(policies);
  work.arrangement = ca::arrange(work.found, work.terms, *work.policies,
                                 work.workspace ? &work.workspace->inventory() : nullptr);
  return work;
}

workspace::ImportYamlOptions yaml_options(const Import& work, const Options& options) {
  workspace::ImportYamlOptions made;
  made.now = work.terms.now;
  made.keyring = options.keyring;
  made.password =
      options.password_file.empty()
          ? fmt::format("{{env: {}}}", password_variable)
          : "{file: " + workspace::yaml_text(fs::weakly_canonical(options.password_file).string()) +
                "}";
  if (!work.workspace) return made;
  made.current = read_text(work.workspace->folder() / workspace::hierarchy_file);
  for (const auto* item : work.workspace->hierarchy().in_issuing_order())
    made.present.insert(item->name);
  for (const auto& arrival : work.arrangement.arrivals)
    if (arrival.known_issuer)
      made.issuers.emplace(*arrival.known_issuer,
                           work.workspace->inventory().generation(*arrival.known_issuer)->name);
  return made;
}

/// What stands beside the YAML: new policies, certificates taken out of P7B files and, in a
/// workspace, the program's policies as they are now, pinned as init does it.
std::vector<workspace::ImportYaml::File> files_beside(const workspace::ImportYaml& yaml,
                                                      const Import& work, const fs::path& folder,
                                                      policy::PolicySet& policies) {
  auto files = yaml.files;
  if (!work.workspace) return files;
  std::vector<policy::PolicyPtr> shipped;
  for (const auto& used : yaml.used)
    if (std::none_of(files.begin(), files.end(), [&](const auto& file) {
          return file.path == "policies/" + used->name + ".yaml";
        }))
      shipped.push_back(used);
  for (const auto& file : policies.files(shipped)) {
    const std::string path = "policies/" + file.name + ".yaml";
    if (!fs::exists(folder / path)) files.push_back({path, file.text});
  }
  return files;
}

void refuse_existing(const Options& options) {
  if (options.write_yaml.empty() || options.overwrite || !fs::exists(options.write_yaml)) return;
  throw Error(Error::Kind::state, "'" + options.write_yaml + "' already exists",
              "pass --overwrite to replace it");
}

void write_yaml(Import& work, const Options& options, Context& context) {
  const fs::path file = options.write_yaml, folder = file.parent_path();
  const auto yaml = workspace::yaml_for(work.found, work.arrangement, *work.policies,
                                        yaml_options(work, options));
  auto& policies = work.workspace ? work.workspace->policies() : work.shipped;
  const auto existing = options.overwrite ? Existing::replace : Existing::refuse;
  // What it needs is there before it is.
  for (const auto& beside : files_beside(yaml, work, folder, policies))
    if (!fs::exists(folder / beside.path) || read_text(folder / beside.path) != beside.text)
      write_file(folder / beside.path, view(beside.text), {Access::everyone, existing});
  write_file(file, view(yaml.text), {Access::everyone, existing});
  context.say(fmt::format("Wrote '{}': {}.", file.string(),
                          counted(yaml.items, "new entry", "new entries")));
  if (yaml.left_out)
    context.say(
        fmt::format("{} certificates are not in it: they come with their authority, and "
                    "are left as they are.",
                    yaml.left_out));
}

void print_json(const Import& work, const workspace::ImportReport& report,
                const ca::ImportResult& result, Context& context) {
  Json json = Json::object();
  json.set("schema", "sealwright.import/1").set("from", ca::to_text(work.found.from));
  json.set("imported", Json::object()
                           .set("certificates", result.certificates)
                           .set("keys", result.keys)
                           .set("revocations", result.revocations)
                           .set("lists", result.lists));
  json.set("answers", Json::strings(work.accepted));
  const Json found = workspace::to_json(report);
  for (const auto& [key, value] : found.members()) json.set(key, value);
  context.out << json.dump() << "\n";
}

void print(const Import& work, const workspace::ImportReport& report, Context& context) {
  for (const auto& answer : work.answers)
    context.say("note: a request waits for the certificate of " +
                printable(answer.subject().text()));
  context.out << workspace::to_text(report, most_rows) << std::flush;
  for (const auto& note : report.notes) context.say("note: " + note);
  for (const auto& finding : report.findings)
    context.say(fmt::format("note: {}: {} ({})", finding.rule, finding.message,
                            ca::listed(finding.names, finding.count)));
}

void run(const Options& options, Context& context) {
  refuse_existing(options);
  auto work = look(options, context);
  const auto targets =
      work.workspace ? work.workspace->hierarchy().targets : std::vector<std::string>();
  const auto report = workspace::report_on(work.found, work.arrangement, targets, work.terms.now);
  if (!context.globals.json) print(work, report, context);
  ca::ImportResult result;
  if (work.workspace && !options.dry_run) {
    auto keys = open_keys(*work.workspace, options.passphrase_file, context);
    result = workspace::import_all(*work.workspace, keys, work.found, work.arrangement,
                                   context.progress("importing"));
    // Its issuer may have come with it.
    for (const auto& answer : work.answers) {
      auto accepted = workspace::accept_answer(*work.workspace, answer);
      for (const auto& note : accepted.notes) context.say("note: " + note);
      work.accepted.push_back(std::move(accepted.text));
    }
    for (std::size_t i = work.arrangement.notes.size(); i < result.notes.size(); ++i)
      context.say("note: " + result.notes[i]);
  }
  if (!options.write_yaml.empty() && !options.dry_run) write_yaml(work, options, context);
  if (context.globals.json) return print_json(work, report, result, context);
  for (const auto& accepted : work.accepted) context.out << accepted << "\n";
  if (options.dry_run)
    context.say("Nothing was changed.");
  else if (!work.workspace)
    context.say("Next: look at it, then 'sealwright init' and 'sealwright apply' in its folder.");
  else if (result.nothing_new() && work.answers.empty())
    context.out << "Already there: nothing was changed.\n";
  else if (!result.nothing_new())
    context.out << fmt::format("Imported {}, {}, {}.\n",
                               counted(result.certificates, "certificate", "certificates"),
                               counted(result.keys, "key", "keys"),
                               counted(result.revocations, "revocation", "revocations"));
}

}  // namespace

Command import_command() {
  return command<Options>("import", "Take over certificates, keys and CAs that exist already")
      .positional("PATH", &Options::paths,
                  "Files (PEM, DER, PFX, SPC, P7B, PVK), or the folder of a CA")
      .option("--from", "WHAT", &Options::from, "files (default), easy-rsa or openssl-ca")
      .choices({"files", "easy-rsa", "openssl-ca"})
      .option("--name", "NAME", &Options::name, "What the one thing is called from now on")
      .option("--policy", "NAME", &Options::policy,
              "What it goes on under (default: what fits its usages)")
      .option("--keyring", "NAME", &Options::keyring, "Where its key goes")
      .option("--password-file", "FILE", &Options::password_file, "Holds the password of the files")
      .option("--passphrase-file", "FILE", &Options::passphrase_file,
              "Holds the passphrase of the workspace")
      .flag("--dry-run", &Options::dry_run, "Only list what is there")
      .option("--write-yaml", "FILE", &Options::write_yaml,
              "Write a sealwright.yaml that says what was found")
      .flag("--overwrite", &Options::overwrite, "Replace a file that is there")
      .example("sealwright import --from easy-rsa /etc/openvpn/pki --write-yaml sealwright.yaml")
      .runs(run);
}

}  // namespace sealwright::cli
