// sealwright crl issue|show|publish: revocation lists.

#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ca/chain.h"
#include "cli/all_commands.h"
#include "cli/session.h"
#include "verify/show.h"
#include "workspace/publishing.h"

namespace sealwright::cli {
namespace {

struct IssueOptions : KeyWords {
  std::string name, output;
  bool overwrite = false;
};

/// PEM where the name says so, else DER as machines fetch it.
Bytes file_content(const std::string& file, const x509::Crl& crl) {
  if (!file.ends_with(".pem")) return crl.der();
  const auto pem = crl.to_pem();
  return {pem.begin(), pem.end()};
}

void write_list(const IssueOptions& options, const x509::Crl& crl, Context& context) {
  const Bytes content = file_content(options.output, crl);
  if (options.output == "-")
    context.out.write(reinterpret_cast<const char*>(content.data()),
                      static_cast<std::streamsize>(content.size()));
  else
    write_file(options.output, content,
               {Access::everyone, options.overwrite ? Existing::replace : Existing::refuse});
}

void say_issued(const store::Generation& issuer, const store::CrlRecord& record,
                const x509::Crl& crl, const std::vector<std::string>& files, Context& context) {
  if (context.globals.json) {
    context.out << Json::object()
                       .set("schema", "sealwright.crl-issue/1")
                       .set("issuer", issuer.label())
                       .set("number", record.number)
                       .set("entries", crl.entries().size())
                       .set("next_update", to_iso(record.next_update))
                       .set("files", Json::strings(files))
                       .dump()
                << "\n";
    return;
  }
  context.out << fmt::format("{}  list {}, {} revoked, until {}\n", issuer.label(), record.number,
                             crl.entries().size(), to_iso(record.next_update));
  for (const auto& file : files) context.out << "  " << file << "\n";
}

void issue(const IssueOptions& options, Context& context) {
  auto opened = open_workspace_to_change(context);
  auto& workspace = opened.workspace;
  const auto issuer = ca::find_generation(workspace.inventory(), options.name);
  const bool to_pipe = options.output == "-";
  if (!options.output.empty() && !to_pipe && !options.overwrite &&
      std::filesystem::exists(options.output))
    throw Error(Error::Kind::state, "'" + options.output + "' already exists",
                "pass --overwrite to replace it");
  auto keys = open_keys(workspace, options, context);
  const auto signer = keys.signer(issuer);
  const auto record = ca::issue_crl(workspace.inventory(), issuer, *signer,
                                    workspace::crl_terms(workspace, issuer.name));
  const auto crl = x509::Crl::from_der(record.crl);
  std::vector<std::string> files;
  if (!options.output.empty()) {
    write_list(options, crl, context);
    if (!to_pipe) files.push_back(options.output);
  }
  if (!workspace.hierarchy().distribution_publish.empty())
    for (const auto& file : workspace::publish(workspace)) files.push_back(file.string());
  if (!to_pipe) say_issued(issuer, record, crl, files, context);
}

struct ShowOptions {
  std::string thing;
};

verify::Description describe(const std::string& thing, Context& context) {
  if (thing.find_first_of("/.") != std::string::npos || std::filesystem::exists(thing)) {
    auto described = verify::describe(thing);
    if (described.kind != "crl")
      throw Error(Error::Kind::input,
                  "'" + thing + "' is no revocation list (" + described.kind + ")");
    return described;
  }
  const auto workspace = open_workspace(context);
  const auto issuer = ca::find_generation(workspace.inventory(), thing);
  const auto latest = workspace.inventory().latest_crl(issuer.id);
  if (!latest)
    throw Error(Error::Kind::state, "'" + issuer.label() + "' has issued no list yet",
                "issue one with 'sealwright crl issue " + issuer.label() + "'");
  return verify::describe(x509::Crl::from_der(latest->crl));
}

void show(const ShowOptions& options, Context& context) {
  const auto described = describe(options.thing, context);
  context.out << (context.globals.json ? verify::to_json(described).dump() + "\n"
                                       : verify::to_text(described));
}

struct PublishOptions {};

void publish(const PublishOptions&, Context& context) {
  auto opened = open_workspace_to_change(context);
  auto& workspace = opened.workspace;
  std::vector<std::string> files;
  for (const auto& file : workspace::publish(workspace)) files.push_back(file.string());
  if (context.globals.json) {
    context.out << Json::object()
                       .set("schema", "sealwright.crl-publish/1")
                       .set("files", Json::strings(files))
                       .dump()
                << "\n";
    return;
  }
  for (const auto& file : files) context.out << file << "\n";
  if (files.empty()) context.say("Everything is there already.");
}

Command list_issue_command() {
  auto builder = command<IssueOptions>("issue", "Issue the next list of an authority");
  builder.positional("CA", &IssueOptions::name, "An authority, NAME[@N]")
      .option("-o,--output", "FILE", &IssueOptions::output,
              "Also write it there: DER, or PEM for *.pem; - for standard output")
      .flag("--overwrite", &IssueOptions::overwrite, "Replace a file that is there");
  add_key_options(builder);
  return builder.example("sealwright crl issue acme-issuing -o acme-issuing.crl").runs(issue);
}

}  // namespace

Command crl_command() {
  return group("crl", "Revocation lists",
               {list_issue_command(),
                command<ShowOptions>("show", "Print what a list says, without judging it")
                    .positional("CA|FILE", &ShowOptions::thing,
                                "An authority, whose latest list is shown, or a file")
                    .example("sealwright crl show acme-issuing")
                    .runs(show),
                command<PublishOptions>(
                    "publish", "Write lists and issuer certificates where sealwright.yaml says")
                    .example("sealwright crl publish")
                    .runs(publish)});
}

}  // namespace sealwright::cli
