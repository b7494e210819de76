// The catalogs and files of a driver package.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "trust/result_code.h"
#include "verify/kernel.h"
#include "verify/package.h"

namespace sealwright::verify {
namespace {

namespace code = trust::code;
using driver::Membership;

constexpr std::size_t most_names = 5;

std::string named(std::string_view text) { return "'" + printable(text) + "'"; }

/// "'a', 'b' and 3 more"
std::string some(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most_names); ++i)
    text += (i == 0 ? "" : ", ") + named(names[i]);
  if (names.size() > most_names) text += fmt::format(" and {} more", names.size() - most_names);
  return text;
}

JudgedFile judge_catalog(const driver::CatalogCheck& check, const PackageFacts& facts,
                         const Question& question) {
  JudgedFile judged;
  const auto name = facts.path_of(check.path.empty() ? check.name : check.path.filename().string());
  if (!check.catalog) {
    judged.verdict = blank(name, "catalog", question);
    judged.kind = signing::FileKind::catalog;
    const bool missing = check.path.empty();
    judged.findings.fail(
        "catalog-readable", code::invalid_catalog_data,
        missing ? "the catalog that the INF names is not there" : check.defect,
        missing ? "make the catalog (sealwright package sign), or copy it here" : "");
    decide(judged.verdict, judged.findings, "");
    return judged;
  }
  judged = judge_signatures(check.path, name, question);
  if (judged.verdict.exit_code > 1) return judged;
  if (!check.unmatched_members.empty())
    judged.findings.note("catalog-members", "it lists what is not in the package as it is: " +
                                                some(check.unmatched_members));
  decide(judged.verdict, judged.findings, judged.verdict.reason);
  return judged;
}

/// "sha1, sha256"
std::string names_of(const std::vector<ossl::Digest>& digests) {
  std::string text;
  for (const auto digest : digests)
    text += (text.empty() ? "" : ", ") + std::string(ossl::to_text(digest));
  return text;
}

void judge_membership(const driver::FileCheck& check, Findings& findings) {
  constexpr std::string_view rule = "catalog-member";
  const auto catalog = named(check.catalog);
  switch (check.membership) {
    case Membership::listed:
      findings.pass(rule, fmt::format("listed in {} ({})", catalog, names_of(check.found_by)));
      return;
    case Membership::line_endings_crlf:
    case Membership::line_endings_lf:
      findings.fail(rule, code::file_not_in_catalog,
                    fmt::format("{} lists it with other line ends ({})", catalog,
                                check.membership == Membership::line_endings_crlf ? "CR LF" : "LF"),
                    "restore its line ends (version control changed them; mark it '-text' in "
                    ".gitattributes), or make the catalog again");
      return;
    case Membership::changed:
      findings.fail(rule, code::file_not_in_catalog,
                    "it changed after " + catalog + " was made: its hash is not listed");
      return;
    case Membership::not_listed:
      findings.fail(rule, code::file_not_in_catalog, catalog + " does not list it");
      return;
    case Membership::no_catalog:
      findings.fail(rule, check.catalog.empty() ? code::no_catalog : code::invalid_catalog_data,
                    check.catalog.empty() ? "no catalog is named that could list it"
                                          : catalog + " is missing or not readable");
      return;
  }
}

constexpr std::string_view own_signature = "its own signature: ";

/// Its own signature, which an installation does not look at.
void add_own_signature(JudgedPackageFile& made, Question question) {
  question.use = Use::app;
  auto own = judge_signatures(made.file->source, made.judged.verdict.path, question);
  if (own.verdict.exit_code > 1 || own.kind != signing::FileKind::pe) return;
  made.judged.kind = own.kind;
  made.judged.verdict.kind = own.verdict.kind;
  if (!own.has_signature) return;
  made.judged.has_signature = true;
  made.judged.standing = std::move(own.standing);
  made.judged.verdict.signature = std::move(own.verdict.signature);
  for (auto check : own.findings.checks()) {
    if (check.outcome == Check::Outcome::fail) {
      check.outcome = Check::Outcome::note;
      check.text = std::string(own_signature) + check.text;
    }
    made.judged.findings.add({std::move(check)});
  }
}

/// Why a file's own signature does not count, as add_own_signature() noted it.
std::string own_fault(const Findings& findings) {
  for (const auto& check : findings.checks())
    if (check.text.starts_with(own_signature)) return check.text;
  return "its own signature does not count";
}

/// "listed in 'x.cat' (which is refused); signed by …"
std::string good_reason(const JudgedPackageFile& file, const PackageFacts& facts) {
  std::string text;
  for (const auto* check : file.checks) {
    if (text.find(named(check->catalog)) != std::string::npos) continue;
    text += (text.empty() ? "listed in " : ", ") + named(check->catalog);
    const auto* catalog = facts.find_catalog(check->catalog);
    if (catalog && catalog->fault()) text += " (which is refused)";
  }
  const auto& judged = file.judged;
  if (!judged.standing) return text;
  if (judged.standing->intact && judged.standing->trusted)
    return text + "; " + signed_by(*judged.standing);
  return text + "; " + own_fault(judged.findings);
}

void collect_signatures(JudgedPackageFile& file, const PackageFacts& facts,
                        const Question& question) {
  if (file.judged.standing)
    file.signatures.push_back(driver_signature(*file.judged.standing, question));
  for (const auto* check : file.checks) {
    const auto* catalog = facts.find_catalog(check->catalog);
    if (check->membership == Membership::listed && catalog && catalog->kernel)
      file.signatures.push_back(*catalog->kernel);
  }
}

void judge_load(JudgedPackageFile& file, const PackageFacts& facts, const Question& question) {
  if (!file.is_driver()) return;
  collect_signatures(file, facts, question);
  if (question.use != Use::kernel) return;
  file.judged.verdict.systems = judge_drivers(file.signatures, question);
  report_load(file.judged.verdict.systems, file.judged.findings);
}

std::string kind_of(const driver::PackageFile& file) { return file.is_inf ? "inf" : "file"; }

}  // namespace

const Check* JudgedCatalog::fault() const {
  const auto& checks = judged.findings.checks();
  const auto found = std::ranges::find_if(checks, [](const Check& one) {
    return one.outcome == Check::Outcome::fail && one.code != code::trust_not_established;
  });
  return found == checks.end() ? nullptr : &*found;
}

bool JudgedCatalog::asks() const {
  return std::ranges::any_of(judged.findings.checks(), [](const Check& one) {
    return one.code == code::trust_not_established;
  });
}

bool JudgedPackageFile::is_driver() const {
  return ascii_lower(file->destination).ends_with(".sys");
}

const JudgedCatalog* PackageFacts::find_catalog(std::string_view wanted) const {
  const auto found = places.find(ascii_lower(wanted));
  return found == places.end() ? nullptr : &catalogs[found->second];
}

std::string PackageFacts::path_of(std::string_view relative) const {
  return (std::filesystem::path(name) / relative).string();
}

void judge_catalogs(PackageFacts& facts, const Question& question) {
  for (const auto& check : facts.check.catalogs) {
    facts.places.emplace(ascii_lower(check.name), facts.catalogs.size());
    auto& made = facts.catalogs.emplace_back();
    made.check = &check;
    made.judged = judge_catalog(check, facts, question);
    if (made.judged.standing) made.kernel = driver_signature(*made.judged.standing, question);
  }
  for (const auto& check : facts.check.files)
    if (const auto found = facts.places.find(ascii_lower(check.catalog));
        found != facts.places.end())
      facts.catalogs[found->second].files.push_back(&check);
}

void judge_files(PackageFacts& facts, const Question& question) {
  std::map<std::string, std::size_t> place;
  for (const auto& check : facts.check.files) {
    const auto [at, added] = place.emplace(check.file.relative, facts.files.size());
    if (added) {
      auto& made = facts.files.emplace_back();
      made.file = &check.file;
      made.judged.verdict =
          blank(facts.path_of(check.file.relative), kind_of(check.file), question);
    }
    facts.files[at->second].checks.push_back(&check);
  }
  for (auto& file : facts.files) {
    for (const auto* check : file.checks) judge_membership(*check, file.judged.findings);
    // An installation looks at catalogs; kernels at what a file carries as well.
    if (file.checks.front()->hashes.kind == signing::MemberKind::pe)
      add_own_signature(file, question);
    judge_load(file, facts, question);
    decide(file.judged.verdict, file.judged.findings, good_reason(file, facts));
  }
}

}  // namespace sealwright::verify
