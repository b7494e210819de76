// sealwright request NAME: a key, and a request for an authority that somebody else runs.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "cli/all_commands.h"
#include "cli/one_shot_options.h"
#include "cli/session.h"
#include "workspace/one_shot.h"

namespace sealwright::cli {
namespace {

struct Options : KeyWords {
  std::string name, policy, subject, template_word, output, reason = "cancelled by hand";
  std::vector<std::string> san;
  bool cancel = false, overwrite = false;
};

std::uint32_t version_of(std::string_view text, const std::string& word) {
  std::uint32_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size())
    throw Error(Error::Kind::usage, "'" + printable(word) + "' is not a certificate template",
                "write its name, or OID, OID:MAJOR or OID:MAJOR.MINOR");
  return value;
}

/// NAME, or OID[:MAJOR[.MINOR]]. Template names have letters; an OID has none.
x509::Extension template_of(const std::string& word) {
  const bool by_oid = word.find_first_not_of("0123456789.:") == std::string::npos &&
                      word.find('.') != std::string::npos;
  if (!by_oid) return x509::certificate_template_name_extension(word);
  const auto colon = std::min(word.find(':'), word.size());
  x509::CertificateTemplate wanted;
  try {
    wanted.oid = Oid(word.substr(0, colon));
  } catch (Error& error) {
    error.kind = Error::Kind::usage;
    throw;
  }
  if (colon < word.size()) {
    const std::string_view version = std::string_view(word).substr(colon + 1);
    const auto dot = std::min(version.find('.'), version.size());
    wanted.major = version_of(version.substr(0, dot), word);
    if (dot < version.size()) wanted.minor = version_of(version.substr(dot + 1), word);
  }
  return x509::certificate_template_extension(wanted);
}

void cancel(workspace::Workspace& workspace, const Options& options, Context& context) {
  auto& inventory = workspace.inventory();
  const auto waiting = inventory.waiting_request(options.name);
  if (!waiting)
    throw Error(Error::Kind::state, "no request for '" + printable(options.name) + "' is waiting");
  inventory.cancel_request(waiting->id, options.reason);
  const auto label = options.name + "@" + std::to_string(waiting->intent.number);
  if (context.globals.json)
    context.out
        << Json::object().set("schema", "sealwright.request/1").set("cancelled", label).dump()
        << "\n";
  else
    context.out << "cancelled  " << label << "\n";
}

/// What waits already is written again, unless something else is wanted by now.
store::RequestRecord make_or_find(workspace::Workspace& workspace, const Options& options,
                                  Context& context) {
  const bool plain = options.policy.empty() && options.subject.empty() &&
                     options.template_word.empty() && options.san.empty();
  auto waiting = workspace.inventory().waiting_request(options.name);
  if (waiting && plain) {
    context.say("it waits since " + to_date(waiting->created) + ": the same request again");
    return *waiting;
  }
  workspace::OneShot wanted;
  wanted.name = options.name;
  wanted.policy = options.policy;
  wanted.subject = options.subject;
  wanted.san = parse_san(options.san);
  std::vector<x509::Extension> extra;
  if (!options.template_word.empty()) extra.push_back(template_of(options.template_word));
  auto keys = open_keys(workspace, options, context);
  return workspace::request_one(workspace, keys, wanted, extra);
}

void run(const Options& options, Context& context) {
  if (!options.cancel && options.output.empty())
    throw Error(Error::Kind::usage, "where shall the request go?", "name a file with -o FILE.csr");
  check_output(options.output, options.overwrite);
  auto opened = open_workspace_to_change(context);
  auto& workspace = opened.workspace;
  if (options.cancel) return cancel(workspace, options, context);
  const auto waiting = make_or_find(workspace, options, context);
  const auto request = x509::Request::from_der(waiting.intent.request);
  write_text(options.output, request.to_pem(), options.overwrite, context);
  const auto label = waiting.intent.name + "@" + std::to_string(waiting.intent.number);
  if (context.globals.json)
    context.out << Json::object()
                       .set("schema", "sealwright.request/1")
                       .set("request", label)
                       .set("subject", waiting.intent.subject)
                       .set("key", waiting.intent.key.hex())
                       .set("file", options.output)
                       .dump()
                << "\n";
  else if (options.output != "-")
    context.out << fmt::format("request  {}  {}  {}\n", label, request.public_key().description(),
                               options.output);
  context.say("Next, with what comes back: sealwright ceremony accept FILE");
}

}  // namespace

Command request_command() {
  auto builder = command<Options>(
      "request", "Make a key, and a request for an authority that somebody else runs");
  builder.positional("NAME", &Options::name, "What it is or will be called in the inventory")
      .option("--policy", "P", &Options::policy, "A policy; only for names that the YAML lacks")
      .option("--subject", "DN", &Options::subject, "RFC 4514 (default: CN=NAME)")
      .option("--san", "NAME", &Options::san,
              "dns:HOST, ip:ADDRESS, email:A@B or uri:URL; may be repeated")
      .option("--template", "T", &Options::template_word,
              "The template an AD CS authority shall use: its name, or OID[:MAJOR[.MINOR]]")
      .option("-o,--output", "FILE", &Options::output, "The request (PEM), or - for stdout")
      .flag("--overwrite", &Options::overwrite, "Replace a file that is there")
      .flag("--cancel", &Options::cancel,
            "The request that waits is given up, and its key destroyed")
      .option("--reason", "TEXT", &Options::reason, "Why it is cancelled; goes on record");
  add_key_options(builder);
  return builder
      .example(
          "sealwright request net-driver --policy driver-signing --template DriverSigning -o "
          "net-driver.csr")
      .runs(run);
}

}  // namespace sealwright::cli
