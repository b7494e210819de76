// A driver package as a whole: would Windows install it, and would its kernel load what it
// installs?

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "trust/result_code.h"
#include "verify/kernel.h"
#include "verify/os_attribute.h"
#include "verify/package.h"

namespace sealwright::verify {
namespace {

namespace code = trust::code;
using driver::Finding;

std::string named(std::string_view text) { return "'" + printable(text) + "'"; }

/// What a finding of inf2cat's kind means for an installation; 0: nothing.
std::uint32_t code_of(const Finding& finding) {
  struct Row {
    std::string_view id;
    std::uint32_t code;
  };
  constexpr Row rows[] = {
      {"no-inf", code::file_not_found},
      {"missing-file", code::file_not_found},
      {"no-catalog-file", code::no_catalog},
      {"bad-catalog-name", code::no_catalog},
      {"inf-not-readable", code::wrong_inf_style},
      {"no-version-section", code::wrong_inf_style},
      {"bad-signature-entry", code::wrong_inf_style},
  };
  if (finding.severity != Finding::Severity::error) return 0;
  for (const auto& row : rows)
    if (row.id == finding.id) return row.code;
  return 0;
}

/// What one Windows version says to the installation; the kernel is asked elsewhere.
struct Installation {
  const WindowsTarget* target = nullptr;
  bool applies = true;  ///< An INF is for this architecture.
  bool asks = false;    ///< An administrator has to agree.
  bool sha2 = false;    ///< A catalog is signed with more than SHA-1.
  Check fault;          ///< `code` 0: none.
  bool installs() const { return applies && fault.code == 0; }
};

class Whole {
 public:
  Whole(const PackageFacts& facts, const Question& question)
      : facts_(facts), question_(question), verdict_(blank(facts.name, "package", question)) {}

  Verdict run() {
    judge_inf_findings();
    if (question_.use == Use::kernel) {
      judge_intact();
      judge_members();
      judge_architectures();
      judge_kernels();
    } else {
      judge_catalogs();
      judge_members();
      judge_systems();
      judge_publishers();
    }
    note_strays();
    decide(verdict_, findings_, good_reason());
    return std::move(verdict_);
  }

 private:
  void judge_inf_findings() {
    for (const auto& finding : facts_.check.package.findings) {
      const auto value = code_of(finding);
      if (value != 0)
        findings_.fail(finding.id, value, finding.text(), finding.remedy);
      else
        findings_.note(finding.id, finding.text());
    }
  }

  void judge_catalogs() {
    for (const auto& catalog : facts_.catalogs) {
      const auto name = named(catalog.check->name);
      if (catalog.judged.verdict.exit_code > 1)
        findings_.fail("catalog-readable", code::invalid_catalog_data,
                       name + ": " + catalog.judged.verdict.reason);
      else if (const auto* fault = catalog.fault())
        findings_.fail(
            fault->rule,
            fault->code == code::explicit_distrust ? code::publisher_not_trusted : fault->code,
            name + ": " + fault->text, fault->remedy);
      else
        findings_.pass("catalogs", name + " is signed, and its signature is trusted");
    }
  }

  /// Kernels have their own idea of trust, but only of signatures that are good.
  void judge_intact() {
    for (const auto& catalog : facts_.catalogs) {
      const auto* fault = catalog.fault();
      if (fault && !(catalog.judged.standing && catalog.judged.standing->intact))
        findings_.fail(fault->rule, fault->code, named(catalog.check->name) + ": " + fault->text,
                       fault->remedy);
    }
  }

  void judge_members() {
    for (const auto& file : facts_.files)
      for (const auto& check : file.judged.findings.checks())
        if (check.outcome == Check::Outcome::fail && check.rule == "catalog-member" &&
            check.code == code::file_not_in_catalog)
          findings_.fail(check.rule, check.code, named(file.file->relative) + ": " + check.text,
                         check.remedy);
  }

  bool has_models_for(Architecture architecture) const {
    const auto& infs = facts_.check.package.infs;
    // Packages without models sections (primitive drivers) say nothing about architectures.
    const bool silent =
        std::ranges::all_of(infs, [](const auto& inf) { return inf.architectures.empty(); });
    return silent || std::ranges::any_of(infs, [&](const auto& inf) {
             return std::ranges::find(inf.architectures, architecture) != inf.architectures.end();
           });
  }

  Installation installation(const WindowsTarget& target) const {
    Installation made{&target, has_models_for(target.architecture), false, false, {}};
    if (!made.applies) return made;
    for (const auto& catalog : facts_.catalogs) {
      const auto& architectures = catalog.check->architectures;
      if (!catalog.check->catalog ||
          std::ranges::find(architectures, target.architecture) == architectures.end())
        continue;
      made.asks = made.asks || catalog.asks();
      made.sha2 = made.sha2 || (catalog.judged.standing &&
                                catalog.judged.standing->digest != ossl::Digest::sha1);
      if (made.fault.code == 0) made.fault = catalog_fault(catalog, target);
    }
    return made;
  }

  /// Whether a catalog is for this version: its form, and the OSAttr of every file it lists.
  Check catalog_fault(const JudgedCatalog& catalog, const WindowsTarget& target) const {
    Findings found;
    const auto name = named(catalog.check->name);
    if (target.needs_catalog_v1() && catalog.check->catalog->version > 1)
      found.fail("catalog-version", code::file_not_in_catalog,
                 name + " is of version 2, and this Windows looks files up by SHA-1 in version 1",
                 "make the catalog with this version in --os, or with --catalog-version 1");
    const auto whole = catalog.check->catalog->attribute("OSAttr");
    for (const auto* file : catalog.files) {
      if (file->membership != driver::Membership::listed) continue;
      const auto& said = file->os_attribute.empty() ? whole : file->os_attribute;
      if (covers(said, target)) continue;
      found.fail("catalog-os", code::os_attribute_mismatch,
                 fmt::format("{} lists '{}' for {} (OSAttr), not for this Windows ({})", name,
                             printable(file->file.relative), printable(said), target.os_attribute));
      break;
    }
    return found.failed() ? *found.decisive() : Check{};
  }

  std::vector<const JudgedPackageFile*> drivers() const {
    std::vector<const JudgedPackageFile*> made;
    for (const auto& file : facts_.files)
      if (file.is_driver()) made.push_back(&file);
    return made;
  }

  void judge_architectures() {
    const bool one_applies = std::ranges::any_of(
        question_.os, [&](const auto* target) { return installation(*target).applies; });
    if (question_.os.empty() || one_applies) return;
    findings_.fail("inf-architecture", code::no_compatible_drivers,
                   "no INF has models for an architecture that was asked about",
                   "name Windows versions that the INF is decorated for with --os");
  }

  void judge_systems() {
    const bool good = !findings_.failed();
    std::vector<Installation> installations;
    for (const auto* target : question_.os) installations.push_back(installation(*target));
    judge_architectures();
    for (const auto& one : installations) {
      if (one.applies && one.fault.code != 0)
        findings_.fail(one.fault.rule, one.fault.code,
                       fmt::format("{} {}: {}", one.target->title,
                                   to_text(one.target->architecture), one.fault.text),
                       one.fault.remedy);
    }
    if (question_.os.empty())
      findings_.skip("catalog-os", "no Windows version was asked about (--os)");
    for (const auto& one : installations) verdict_.systems.push_back(answer(one, good));
  }

  SystemAnswer answer(const Installation& one, bool good) const {
    SystemAnswer made;
    made.target = one.target;
    if (!one.applies) {
      made.installs = false;
      made.install = "no INF is for this architecture";
      return made;
    }
    made.installs = one.installs() && good && !one.asks;
    if (one.fault.code != 0) {
      made.install = "does not install: " + one.fault.text;
      made.rule = one.fault.rule;
      return made;
    }
    if (!good) {
      made.install = "does not install";
      made.rule = findings_.decisive()->rule;
      return made;
    }
    made.install =
        one.asks ? "installs after a question to an administrator" : "installs without a question";
    // Security advisory 3033929; hotfix 2921916 for publishers with SHA-256 certificates.
    if (one.sha2 && one.target->major == 6 && one.target->minor <= 1)
      made.install += ", once SHA-2 support is there (KB4474419; KB2921916)";
    add_load(made);
    return made;
  }

  /// What the kernel of that version says to the drivers that the package installs.
  void add_load(SystemAnswer& made) const {
    Question one = question_;
    one.os = {made.target};
    for (const auto* file : drivers()) {
      const auto answers = judge_drivers(file->signatures, one);
      const auto& answer = answers.front();
      if (made.loads == false || (made.loads.has_value() && answer.loads == true)) continue;
      made.loads = answer.loads;
      made.rule = answer.rule;
      made.remedy = answer.remedy;
      made.kernel = naming(answer.kernel, *file);
    }
  }

  /// "loads it" → "loads 'x.sys'"
  static std::string naming(std::string text, const JudgedPackageFile& file) {
    const auto at = text.find(" it");
    if (at != std::string::npos) text.replace(at + 1, 2, named(file.file->destination));
    return text;
  }

  void judge_publishers() {
    for (const auto& catalog : facts_.catalogs)
      for (const auto& check : catalog.judged.findings.checks())
        if (check.code == code::trust_not_established)
          findings_.fail(check.rule, check.code, named(catalog.check->name) + ": " + check.text,
                         check.remedy);
  }

  void judge_kernels() {
    for (const auto* file : drivers()) {
      for (auto system : file->judged.verdict.systems) {
        system.kernel = naming(system.kernel, *file);
        verdict_.systems.push_back(std::move(system));
      }
      Findings loads;
      report_load(file->judged.verdict.systems, loads);
      for (auto check : loads.checks()) {
        check.text = naming(check.text, *file);
        findings_.add({std::move(check)});
      }
    }
    if (drivers().empty()) findings_.note("kernel", "the package installs no kernel driver (.sys)");
  }

  void note_strays() {
    for (const auto& name : facts_.check.package.stray_catalogs)
      findings_.note("stray-catalog", named(name) + " is a catalog that no INF names");
    if (const auto count = facts_.check.package.unlisted.size())
      findings_.note("unlisted-files", fmt::format("{} {} in the folder that no INF installs",
                                                   count, count == 1 ? "file is" : "files are"));
  }

  std::string good_reason() const {
    const auto count = facts_.files.size();
    const auto size = fmt::format("driver package, {} {}", count, count == 1 ? "file" : "files");
    return size +
           (question_.use == Use::kernel ? ": its drivers load" : ": installs without a question");
  }

  const PackageFacts& facts_;
  const Question& question_;
  Findings findings_;
  Verdict verdict_;
};

}  // namespace

Verdict judge_whole(const PackageFacts& facts, const Question& question) {
  return Whole(facts, question).run();
}

Report judge_package(const std::filesystem::path& folder, const Question& asked) {
  Question question = asked;
  if (question.use == Use::app) question.use = Use::driver;
  Report report;
  PackageFacts facts;
  facts.name = folder.string();
  while (facts.name.size() > 1 && facts.name.ends_with('/')) facts.name.pop_back();
  try {
    facts.check = driver::check_package(folder, {question.os, question.now});
    judge_catalogs(facts, question);
    judge_files(facts, question);
    report.verdicts.push_back(judge_whole(facts, question));
  } catch (const Error& error) {
    report.verdicts = {not_judged(blank(facts.name, "package", question), error)};
    return report;
  }
  for (auto& catalog : facts.catalogs) report.verdicts.push_back(std::move(catalog.judged.verdict));
  for (auto& file : facts.files) report.verdicts.push_back(std::move(file.judged.verdict));
  return report;
}

}  // namespace sealwright::verify
