// sealwright lint FILE…: every certificate of a file against the rules, with reasons and remedies.

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/all_commands.h"
#include "cli/secrets.h"
#include "cli/session.h"
#include "cli/verify_setup.h"
#include "lint/report.h"
#include "policy/load.h"
#include "signing/file.h"
#include "workspace/workspace.h"
#include "x509/content.h"
#include "x509/pkcs12.h"

namespace sealwright::cli {
namespace {
namespace fs = std::filesystem;
using x509::Certificate;

constexpr std::size_t max_linted_bytes = 64 * 1024 * 1024;  // signed files may be larger

struct Options {
  std::vector<std::string> files, os, crl;
  std::string policy, at, issuer, password_file, fail_on = "error";
  bool list = false;
};

/// What the command line says, read once.
struct Question {
  policy::PolicyPtr policy;
  std::vector<std::string> targets;
  std::optional<Time> at;
  Time now{};
  std::vector<Certificate> issuers;
  trust::RevocationSources lists;
  lint::Severity fail_on = lint::Severity::error;
};

/// A certificate of a file, and what the file tells about it.
struct Found {
  Certificate certificate;
  std::string role = {};
  std::optional<lint::Purpose> purpose = {};
  std::optional<Time> at = {};  ///< A timestamp's time: when signer and timestamper had to be good.
};
using Contents = std::vector<Found>;

void add(Contents& contents, Found found) {
  const auto same = [&](const Found& one) { return one.certificate == found.certificate; };
  if (std::ranges::none_of(contents, same)) contents.push_back(std::move(found));
}

void add_signature(Contents& contents, const signing::EmbeddedSignature& signature) {
  if (!signature.defect.empty()) throw Error(Error::Kind::input, signature.defect);
  std::optional<Time> at;
  if (!signature.timestamps.empty()) at = signature.timestamps.front().time;
  if (const auto* signer = signature.certificate())
    add(contents, {*signer, "signer", lint::Purpose::code_signing, at});
  for (const auto& stamp : signature.timestamps) {
    if (stamp.certificate)
      add(contents, {*stamp.certificate, "timestamper", lint::Purpose::timestamping, stamp.time});
    for (const auto& one : stamp.certificates)
      add(contents, {.certificate = one, .at = stamp.time});
  }
  for (const auto& one : signature.data.certificates) add(contents, {.certificate = one, .at = at});
}

/// Nobody is asked for the password of a file that has none.
x509::PfxContent open_pfx(BytesView bytes, const std::string& path, const Options& options,
                          Context& context) {
  try {
    return x509::read_pfx(bytes, ossl::Secret());
  } catch (const Error& error) {
    if (error.kind != Error::Kind::crypto) throw;
  }
  return x509::read_pfx(bytes, read_secret({"password of '" + path + "'", options.password_file,
                                            "--password-file", "SEALWRIGHT_PASSWORD", ""},
                                           context));
}

Contents contents_of(const std::string& path, const Options& options, Context& context) {
  Contents contents;
  if (signing::detect(fs::path(path)) != signing::FileKind::other) {
    const auto file = signing::read_signature(path);
    for (const auto& signature : file.signatures) add_signature(contents, signature);
    if (contents.empty()) throw Error(Error::Kind::input, "it is not signed");
    return contents;
  }
  const auto bytes = read_file(path, max_linted_bytes);
  if (x509::content_of_der(bytes) == x509::Content::pfx) {
    const auto pfx = open_pfx(bytes, path, options, context);
    if (pfx.certificate) add(contents, {*pfx.certificate, "of the key"});
    for (const auto& one : pfx.chain) add(contents, {.certificate = one});
    if (contents.empty()) throw Error(Error::Kind::input, "it holds no certificate");
    return contents;
  }
  for (const auto& one : x509::read_certificates(bytes)) add(contents, {.certificate = one});
  return contents;
}

/// The issuer of `certificate` in `pool`: by name and signature, of several with one key the one
/// that ends last, since any of them serves; else by name alone. Null for a self-signed one, which
/// is its own. Of many with one name a few are tried, so that no file costs minutes.
const Certificate* issuer_in(const std::vector<Certificate>& pool, const Certificate& certificate) {
  constexpr int most_tries = 16;
  if (certificate.self_signed()) return nullptr;
  const Certificate *by_name = nullptr, *best = nullptr;
  int tries = 0;
  for (const auto& one : pool) {
    if (one == certificate || one.subject() != certificate.issuer()) continue;
    if (++tries > most_tries) break;
    if (!by_name) by_name = &one;
    if (best && one.not_after() <= best->not_after()) continue;
    if (certificate.signed_by(one.public_key())) best = &one;
  }
  return best ? best : by_name;
}

bool issues_another(const std::vector<Certificate>& own, const Certificate& certificate) {
  return std::ranges::any_of(own, [&](const auto& one) {
    return one.issuer() == certificate.subject() && !(one == certificate);
  });
}

/// A policy is about what a file is for: its end-entities, or of authorities' policies the roots or
/// the intermediates.
bool is_meant(const policy::Policy& policy, const std::vector<Certificate>& own,
              const Certificate& certificate) {
  if (own.size() == 1) return true;
  if (!policy.is_authority()) return !issues_another(own, certificate);
  return certificate.self_issued() == (policy.kind == policy::Kind::root);
}

/// Nothing where no list tells.
std::optional<bool> is_revoked(const trust::RevocationSources& lists,
                               const Certificate& certificate, const Certificate& issuer, Time at) {
  std::optional<bool> revoked;
  for (const auto& list : lists)
    if (const auto fact = list->find(certificate, issuer))
      revoked = revoked.value_or(false) || (fact->revoked && fact->since <= at);
  return revoked;
}

lint::Judged judge(const Found& found, const std::vector<Certificate>& own,
                   const std::vector<Certificate>& pool, const Question& question) {
  auto subject = lint::Subject::of(found.certificate);
  subject.purpose = found.purpose;
  subject.now = question.at ? *question.at : found.at.value_or(question.now);
  subject.targets = question.targets;
  subject.known = pool;
  subject.issuer_certificate = issuer_in(pool, found.certificate);
  // One that was named outright is meant, even if its name says otherwise.
  if (!subject.issuer_certificate && own.size() == 1 && !question.issuers.empty())
    subject.issuer_certificate = &question.issuers.front();
  if (subject.issuer_certificate)
    subject.revoked =
        is_revoked(question.lists, found.certificate, *subject.issuer_certificate, *subject.now);
  if (question.policy && is_meant(*question.policy, own, found.certificate))
    subject.policy = question.policy.get();
  return {found.certificate, found.role, *subject.now, lint::check(subject)};
}

lint::JudgedFile judge_file(const std::string& path, const Options& options,
                            const Question& question, Context& context) {
  lint::JudgedFile made{path, {}, {}};
  try {
    const auto contents = contents_of(path, options, context);
    std::vector<Certificate> own;
    for (const auto& found : contents) own.push_back(found.certificate);
    auto pool = own;
    pool.insert(pool.end(), question.issuers.begin(), question.issuers.end());
    for (const auto& found : contents)
      made.certificates.push_back(judge(found, own, pool, question));
  } catch (const Error& error) {
    if (error.kind == Error::Kind::usage) throw;  // nobody could be asked for a password
    made.problem = error.message;
    context.exit_code = std::max(context.exit_code, exit_code(error.kind));
  }
  return made;
}

/// Of the workspace where there is one, else of the program.
policy::PolicyPtr policy_of(const std::string& name, Context& context) {
  if (name.empty()) return nullptr;
  fs::path workspace;
  try {
    workspace = workspace::find(context.globals.workspace, fs::current_path());
  } catch (const Error& error) {
    if (error.kind != Error::Kind::state || !context.globals.workspace.empty()) throw;
    return policy::PolicySet().get(name);
  }
  return policy::PolicySet(workspace / "policies").get(name);
}

Question question_of(const Options& options, Context& context) {
  Question question;
  question.policy = policy_of(options.policy, context);
  (void)parse_os(options.os);  // says which one is not known
  question.targets = split_list(options.os);
  if (question.targets.empty() && question.policy) question.targets = question.policy->targets;
  question.now = context.clock();
  if (!options.at.empty()) question.at = parse_at(options.at);
  if (!options.issuer.empty()) try {
      question.issuers = x509::read_certificates(read_file(options.issuer, max_linted_bytes));
    } catch (const Error& error) {
      if (error.kind == Error::Kind::io) throw;
      throw with_prefix(error, options.issuer);
    }
  question.lists = read_lists(options.crl);
  if (options.fail_on == "warning")
    question.fail_on = lint::Severity::warning;
  else if (options.fail_on != "error")
    throw Error(Error::Kind::usage, "unknown severity '" + printable(options.fail_on) + "'",
                "write --fail-on error or --fail-on warning");
  return question;
}

void run(const Options& options, Context& context) {
  if (options.list) {
    context.out << (context.globals.json ? lint::rules_json().dump() + "\n" : lint::rules_text());
    return;
  }
  if (options.files.empty())
    throw Error(Error::Kind::usage, "FILE is required", "see 'sealwright lint --help'");
  const auto question = question_of(options, context);
  std::vector<lint::JudgedFile> files;
  for (const auto& path : options.files)
    files.push_back(judge_file(path, options, question, context));
  context.out << (context.globals.json ? lint::to_json(files).dump() + "\n" : lint::to_text(files));
  for (const auto& file : files)
    for (const auto& judged : file.certificates) {
      const bool fails = std::ranges::any_of(judged.findings, [&](const auto& finding) {
        return finding.severity >= question.fail_on;
      });
      if (fails || lint::blocks(judged.findings, question.policy.get()))
        context.exit_code = std::max(context.exit_code, 1);
    }
}

}  // namespace

Command lint_command() {
  return command<Options>("lint", "Judge the certificates of any file by the rules of issuance")
      .optional_positional("FILE", &Options::files,
                           "Certificates, SPC, P7B, PFX, signed programs, catalogs")
      .flag("--list", &Options::list, "Print every rule instead")
      .option("--policy", "NAME", &Options::policy, "What the certificates should be like")
      .option("--os", "LIST", &Options::os, "Windows versions they are for")
      .option("--at", "TIME", &Options::at, "Judge at this time (default: the timestamp's, or now)")
      .option("--issuer", "FILE", &Options::issuer, "Issuers that are not in the file")
      .option("--crl", "FILE", &Options::crl, "Revocation lists of the issuers")
      .option("--password-file", "FILE", &Options::password_file, "Holds the password of a PFX")
      .option("--fail-on", "SEVERITY", &Options::fail_on, "error (default) or warning")
      .example("sealwright lint driver.cat --os win10-22h2,win11-24h2")
      .runs(run);
}

}  // namespace sealwright::cli
