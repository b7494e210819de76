// sealwright ceremony …: one readable file each way to the keys in the safe.

#include "workspace/ceremony.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/all_commands.h"
#include "cli/one_shot_options.h"
#include "cli/session.h"

namespace sealwright::cli {
namespace {

namespace fs = std::filesystem;

struct Options : KeyWords {
  std::string file, output, number, by, as;
  std::vector<std::string> only;
  bool yes = false, overwrite = false;
};

/// "anna@pki1": who is at the keyboard, where nothing else was said.
std::string by(const Options& options) {
  if (!options.by.empty()) return options.by;
  const passwd* user = getpwuid(getuid());
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return std::string(user ? user->pw_name : "somebody") + "@" + host;
}

std::string file_text(const std::string& file) {
  return read_text(file, workspace::max_ceremony_bytes);
}

Json json_of(const std::vector<workspace::CeremonyItem>& items) {
  Json rows = Json::array();
  for (const auto& item : items) {
    Json row = Json::object();
    row.set("name", item.name).set("what", item.what).set("lines", Json::strings(item.lines));
    row.set("refused", item.refused ? Json(item.refused->message) : Json());
    rows.push(std::move(row));
  }
  return rows;
}

void show_items(const std::vector<workspace::CeremonyItem>& items,
                const workspace::CeremonyOrigin& origin, const workspace::CeremonyFile& file,
                std::ostream& out) {
  out << fmt::format("PKI '{}', made by {} on {}\n", origin.workspace, printable(origin.by),
                     to_iso(origin.made))
      << workspace::to_text(items) << "\nnumber  " << file.number << "\n";
}

void check_typed(const std::string& typed, const workspace::CeremonyFile& file) {
  if (workspace::same_number(typed, file.number)) return;
  throw Error(Error::Kind::policy,
              "'" + printable(typed) + "' is not the number of this file: nothing was done",
              "have it read aloud again where the file was made; if it still is another, the file "
              "was changed on its way");
}

/// A person compares the number with those on the other side; a lab has none.
void confirm(const workspace::Workspace& workspace, const workspace::CeremonyFile& file,
             const std::string& shown, const Options& options, Context& context) {
  if (!options.number.empty()) check_typed(options.number, file);
  if (workspace.hierarchy().lab) return;
  if (options.yes || !context.terminal) {
    if (options.yes && !options.number.empty()) return;
    throw Error(Error::Kind::usage, "nobody is there to compare the number of the file",
                "give --yes and --number with the number that the other side reads aloud");
  }
  context.err << shown << "\nThe number that the other side reads aloud: " << std::flush;
  std::string typed;
  std::getline(std::cin, typed);
  check_typed(typed, file);
}

/// An authority that comes as a plain file will be trusted: a person compares its SHA-256.
void confirm_authorities(const workspace::Workspace& workspace,
                         const std::vector<x509::Certificate>& certificates, const Options& options,
                         Context& context) {
  std::string shown;
  for (const auto& certificate : certificates)
    if (certificate.is_ca() && !workspace.inventory().find_sha256(certificate.sha256()))
      shown += "  " + certificate.subject().text() + "\n      SHA-256  " +
               to_hex(certificate.sha256()) + "\n";
  if (shown.empty() || options.yes || workspace.hierarchy().lab) return;
  if (!context.terminal)
    throw Error(Error::Kind::usage, "nobody is there to compare the authority's SHA-256",
                "compare it with its owner's, then give --yes");
  context.err << "The file brings authorities that will be trusted:\n"
              << shown << "Did their owners tell you the same SHA-256? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "yes") throw Error(Error::Kind::usage, "not accepted");
}

// ---- request

fs::path csr_path(const fs::path& folder, const store::RequestRecord& waiting) {
  return folder / fmt::format("{}-{}.csr", waiting.intent.name, waiting.intent.number);
}

void request(const Options& options, Context& context) {
  if (options.output.empty())
    throw Error(Error::Kind::usage, "where shall the request go?", "name a file or folder with -o");
  auto opened = open_workspace_to_change(context);
  auto& workspace = opened.workspace;
  const bool folder = options.output.ends_with('/') || fs::is_directory(options.output);
  const fs::path file = folder
                            ? fs::path(options.output) / (workspace.hierarchy().name + ".ceremony")
                            : fs::path(options.output);
  check_output(file, options.overwrite);
  auto keys = open_keys(workspace, options, context);
  const auto asked = workspace::ask(workspace, keys, by(options));
  Json files = Json::array();
  for (const auto& waiting : asked.foreign) {
    const auto path = csr_path(file.parent_path(), waiting);
    write_text(path, x509::Request::from_der(waiting.intent.request).to_pem(), true, context);
    files.push(path.string());
    if (!context.globals.json)
      context.out << fmt::format("request  {}@{}  {}\n", waiting.intent.name, waiting.intent.number,
                                 path.string());
  }
  const bool empty = asked.request.empty();
  if (!empty) write_text(file, asked.file.text, options.overwrite, context);
  if (context.globals.json) {
    context.out << Json::object()
                       .set("schema", "sealwright.ceremony-request/1")
                       .set("file", empty ? Json() : Json(file.string()))
                       .set("number", empty ? Json() : Json(asked.file.number))
                       .set("items", json_of(workspace::items_of(asked.request)))
                       .set("requests", std::move(files))
                       .dump()
                << "\n";
    return;
  }
  if (empty && asked.foreign.empty()) context.out << "Nothing waits for anybody elsewhere.\n";
  if (empty || file == "-") return;
  show_items(workspace::items_of(asked.request), asked.request.origin, asked.file, context.out);
  context.say("\nNext: take '" + file.string() + "' to the safe, and read the number aloud there.");
}

// ---- show

/// In the workspace in the safe, what it would refuse is said too.
std::vector<workspace::CeremonyItem> items_shown(const workspace::CeremonyRequest& request,
                                                 Context& context) {
  const auto workspace = open_workspace_if_any(context);
  if (!workspace || !workspace->inventory().workspace().offline)
    return workspace::items_of(request);
  return workspace::judge(*workspace, request, {{}, {}, context.random});
}

void show(const Options& options, Context& context) {
  const auto text = file_text(options.file);
  const bool is_request = text.find("\nceremony: request\n") != std::string::npos ||
                          text.find("\nceremony: request\r") != std::string::npos;
  std::vector<workspace::CeremonyItem> items;
  workspace::CeremonyOrigin origin;
  workspace::CeremonyFile file;
  if (is_request) {
    const auto read = workspace::read_ceremony_request(text, options.file);
    items = items_shown(read.request, context);
    origin = read.request.origin;
    file = read.file;
  } else {
    const auto read = workspace::read_ceremony_answer(text, options.file);
    items = workspace::items_of(read.answer);
    origin = read.answer.origin;
    file = read.file;
  }
  for (const auto& item : items)
    if (item.refused) context.exit_code = 1;
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.ceremony/1")
                       .set("kind", is_request ? "request" : "answer")
                       .set("workspace", origin.workspace)
                       .set("made", to_iso(origin.made))
                       .set("by", origin.by)
                       .set("number", file.number)
                       .set("sha256", to_hex(file.sha256))
                       .set("items", json_of(items))
                       .dump()
                << "\n";
  else
    show_items(items, origin, file, context.out);
}

// ---- perform

void perform(const Options& options, Context& context) {
  check_output(options.output, options.overwrite);
  const auto asked = workspace::read_ceremony_request(file_text(options.file), options.file);
  auto opened = open_workspace_to_change(context);
  auto& safe = opened.workspace;
  workspace::PerformOptions wanted{split_list(options.only), by(options), context.random};
  const auto items = workspace::judge(safe, asked.request, wanted);
  for (const auto& item : items) {
    if (!item.refused) continue;
    context.err << workspace::to_text(items) << "\n";
    throw *item.refused;
  }
  confirm(safe, asked.file, workspace::to_text(items), options, context);
  auto keys = open_keys(safe, options, context);
  const auto done = workspace::perform(safe, keys, asked, wanted);
  write_text(options.output, done.file.text, options.overwrite, context);
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.ceremony/1")
                       .set("kind", "answer")
                       .set("file", options.output)
                       .set("number", done.file.number)
                       .set("items", json_of(workspace::items_of(done.answer)))
                       .dump()
                << "\n";
  else if (options.output != "-")
    show_items(workspace::items_of(done.answer), done.answer.origin, done.file, context.out);
  context.say("\nNext: take '" + options.output + "' back, and read its number aloud there.");
}

// ---- accept

void show_accepted(const std::vector<workspace::AcceptedItem>& items, Context& context) {
  if (context.globals.json) {
    Json rows = Json::array();
    for (const auto& item : items)
      rows.push(Json::object()
                    .set("name", item.name)
                    .set("text", item.text)
                    .set("warnings", Json::strings(item.warnings)));
    context.out << Json::object()
                       .set("schema", "sealwright.ceremony-accept/1")
                       .set("items", std::move(rows))
                       .dump()
                << "\n";
    return;
  }
  for (const auto& item : items) {
    for (const auto& warning : item.warnings) context.warn(item.name + ": " + warning);
    context.out << item.name << "  " << item.text << "\n";
  }
  context.say("Next: sealwright plan");
}

void accept(const Options& options, Context& context) {
  const Bytes bytes = read_file(options.file, workspace::max_ceremony_bytes);
  auto opened = open_workspace_to_change(context);
  auto& workspace = opened.workspace;
  if (!workspace::looks_like_ceremony(text(bytes))) {
    std::vector<x509::Certificate> certificates;
    try {
      certificates = x509::read_certificates(bytes);
    } catch (const Error& error) {
      throw with_prefix(error, options.file);
    }
    confirm_authorities(workspace, certificates, options, context);
    show_accepted(workspace::accept_certificates(workspace, certificates, options.as), context);
    return;
  }
  const auto answered = workspace::read_ceremony_answer(text(bytes), options.file);
  workspace::check_answer(workspace, answered.answer);
  confirm(workspace, answered.file, workspace::to_text(workspace::items_of(answered.answer)),
          options, context);
  show_accepted(workspace::accept_answer(workspace, answered), context);
}

/// The options of the two that people agree to.
CommandBuilder<Options>& agreeing(CommandBuilder<Options>& builder) {
  return builder
      .option("--number", "DIGITS", &Options::number,
              "The number that the other side reads aloud; needed with --yes")
      .flag("--yes", &Options::yes, "Do not ask: the number was compared");
}

constexpr const char* by_help = "Who does it, for the record (default: you, at this machine)";

Command request_subcommand() {
  auto builder =
      command<Options>("request", "Write what waits for keys in the safe, and CSRs for others");
  builder
      .required_option("-o,--output", "FILE", &Options::output,
                       "The file that goes to the safe; CSRs for others are written beside it")
      .option("--by", "WHO", &Options::by, by_help)
      .flag("--overwrite", &Options::overwrite, "Replace a file that is there");
  add_key_options(builder);
  return builder.example("sealwright ceremony request -o to-the-safe.ceremony").runs(request);
}

Command perform_subcommand() {
  auto builder =
      command<Options>("perform", "In the safe: judge the file, sign, and write the answer");
  builder.positional("FILE", &Options::file, "What 'ceremony request' wrote")
      .required_option("-o,--output", "ANSWER", &Options::output, "The file that goes back")
      .option("--only", "NAME", &Options::only, "Only these of what is asked for")
      .option("--by", "WHO", &Options::by, by_help);
  agreeing(builder).flag("--overwrite", &Options::overwrite, "Replace a file that is there");
  add_key_options(builder);
  return builder
      .example("sealwright ceremony perform to-the-safe.ceremony -o from-the-safe.ceremony")
      .runs(perform);
}

Command accept_subcommand() {
  auto builder =
      command<Options>("accept", "Take over what came back from the safe, or from others");
  builder.positional("FILE", &Options::file, "The answer, or certificates as PEM, DER or P7B")
      .option("--as", "NAME", &Options::as,
              "The external item of the YAML whose certificate it is");
  return agreeing(builder)
      .example("sealwright ceremony accept from-the-safe.ceremony")
      .runs(accept);
}

}  // namespace

Command ceremony_command() {
  return group("ceremony", "Have keys in the safe sign, by one readable file each way",
               {request_subcommand(),
                command<Options>("show", "Print what a file asks for or brings, and its number")
                    .positional("FILE", &Options::file, "A file of a ceremony")
                    .example("sealwright ceremony show to-the-safe.ceremony")
                    .runs(show),
                perform_subcommand(), accept_subcommand()});
}

}  // namespace sealwright::cli
