// One file: its structure, its signatures, and what its use demands besides.

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "signing/catalog.h"
#include "trust/result_code.h"
#include "verify/file_verdict.h"
#include "verify/kernel.h"
#include "x509/oids.h"

namespace sealwright::verify {
namespace {

namespace code = trust::code;
namespace fs = std::filesystem;
using signing::FileDefect;
using signing::FileKind;

/// What is wrong around the signatures. False where Windows looks no further.
bool judge_structure(const signing::FileSignature& file, Findings& findings) {
  bool sound = true;
  for (const auto& defect : file.defects) switch (defect.kind) {
      case FileDefect::Kind::bad_table:
        findings.fail("file-structure", code::no_signature, defect.text,
                      "sign again; nothing may change the file afterwards");
        sound = false;
        break;
      case FileDefect::Kind::trailing_bytes:
        // The digest covers what follows the table (Authenticode specification, "Calculating the PE
        // Image Hash", step 14), which no signer wrote there.
        if (file.kind == FileKind::pe)
          findings.fail("file-structure", code::bad_digest,
                        defect.text + ", which no signature covers",
                        "take them off; data must be appended before signing");
        else
          findings.note("file-structure", defect.text + ", which Windows does not read");
        break;
      case FileDefect::Kind::several_entries:
        findings.note("file-structure", defect.text + ": only the first is judged");
        break;
      case FileDefect::Kind::padding:
        findings.note("file-padding",
                      defect.text + "; refused where EnableCertPaddingCheck is set (MS13-098)");
        break;
    }
  return sound;
}

void judge_checksum(const signing::FileSignature& file, Use use, Findings& findings) {
  if (!file.layout || !file.checksum) return;
  if (file.layout->checksum == *file.checksum) {
    findings.pass("file-checksum", "CheckSum is right");
    return;
  }
  const auto text = fmt::format("CheckSum is {:08X}, but should be {:08X}", file.layout->checksum,
                                *file.checksum);
  if (use == Use::kernel && file.layout->checksum != 0)
    findings.fail("file-checksum", code::image_checksum_mismatch, text);
  else
    findings.note("file-checksum", text + "; only kernels and boot code look at it");
}

void judge_page_hashes(const signing::FileSignature& file, Use use, Findings& findings) {
  const auto& indirect = file.signatures.front().indirect;
  if (!indirect || indirect->type != signing::oids::pe_image_data) return;
  bool good = false;
  try {
    const auto stored = signing::read_page_hashes(indirect->value);
    if (!stored) return;
    good = file.page_hashes && *file.page_hashes == *stored;
  } catch (const Error&) {
    good = false;
  }
  constexpr std::string_view rule = "page-hashes";
  if (good)
    findings.pass(rule, "the hash of every page is the signed one");
  else if (use == Use::kernel)
    findings.fail(rule, code::invalid_image_hash, "the page hashes are not those of the file");
  else
    findings.note(rule, "the page hashes are not those of the file, which only kernels look at");
}

void judge_nested(const signing::FileSignature& file, const Signed& about, const Question& question,
                  Findings& findings) {
  for (std::size_t i = 1; i < file.signatures.size(); ++i) {
    Findings inner;
    const auto standing = judge_signature(file.signatures[i], about, question, inner);
    const auto* failure = inner.decisive();
    findings.note("nested-signature",
                  failure ? fmt::format("nested signature {}: {} ({})", i, failure->text,
                                        trust::to_text(failure->code))
                          : fmt::format("nested signature {}: {}", i, signed_by(standing)));
  }
}

void judge_catalog_list(const signing::FileSignature& file, Findings& findings) {
  try {
    const auto catalog = signing::read_trust_list(file.signatures.front().data.content);
    findings.pass("catalog-readable", fmt::format("a catalog of version {} with {} members",
                                                  catalog.version, catalog.members.size()));
  } catch (const Error& error) {
    findings.fail("catalog-readable", code::invalid_catalog_data, error.message);
  }
}

/// Packages that Microsoft's hardware program signed install without a question everywhere.
bool signed_by_windows(const Standing& standing, const Question& question) {
  const auto signature = driver_signature(standing, question);
  const auto has = [&](const Oid& purpose) {
    return std::ranges::find(signature.purposes, purpose) != signature.purposes.end();
  };
  return signature.valid && signature.root_known && signature.root == trust::RootOwner::microsoft &&
         (has(x509::oids::whql_crypto) || has(x509::oids::whql_attested));
}

/// What WinTrust State, and a driver's installation, demand of the signer. SetupAPI looks at the
/// publishers of the machine, not of users.
void judge_publisher(const Standing& standing, FileKind kind, const Question& question,
                     Findings& findings) {
  if (!standing.intact || !standing.trusted || question.use == Use::kernel) return;
  const bool known =
      trust::contains(question.machine.stores.trusted_publisher, *standing.certificate);
  constexpr std::string_view rule = "publisher-trusted";
  const auto who = label(*standing.certificate);
  const bool strict = question.machine.wintrust_state & trust::allow_only_per_trust;
  if (question.use == Use::driver && kind == FileKind::catalog) {
    if (known)
      findings.pass(rule, fmt::format("{} is in TrustedPublisher (0xE0000241)", who));
    else if (signed_by_windows(standing, question))
      findings.pass(rule, fmt::format("{} signs for Microsoft's hardware program", who));
    else
      findings.fail(
          rule, code::trust_not_established,
          fmt::format("{} is not in TrustedPublisher: {}", who,
                      strict ? "WinTrust State allows no other publishers"
                             : "Windows asks an administrator, and refuses everyone else"));
  } else if (strict && !known) {
    findings.fail(rule, code::security_settings,
                  fmt::format("{} is not in TrustedPublisher, and WinTrust State allows no other "
                              "publishers",
                              who));
  }
}

void judge_kernel(JudgedFile& judged, const Question& question, Findings&& signature) {
  std::vector<trust::DriverSignature> signatures;
  if (judged.standing) signatures.push_back(driver_signature(*judged.standing, question));
  judged.verdict.systems = judge_drivers(signatures, question);
  const bool loads = std::ranges::all_of(judged.verdict.systems,
                                         [](const auto& system) { return system.loads == true; });
  // Kernels that load a driver unchecked do so whatever its signature is like.
  for (auto check : signature.checks()) {
    if (loads && check.outcome == Check::Outcome::fail) check.outcome = Check::Outcome::note;
    judged.findings.add({std::move(check)});
  }
  report_load(judged.verdict.systems, judged.findings);
}

std::string kind_of(const signing::FileSignature& file) {
  return std::string(signing::to_text(file.kind));
}

void judge_read(const signing::FileSignature& file, JudgedFile& judged, const Question& question) {
  Findings findings;
  const Signed about{file.kind, &file.computed};
  judged.has_signature = !file.signatures.empty();
  const bool sound = judge_structure(file, findings);
  judge_checksum(file, question.use, findings);
  if (!judged.has_signature) {
    if (sound)
      findings.fail(
          "signature-present", code::no_signature,
          file.kind == FileKind::catalog ? "the catalog is not signed" : "the file is not signed");
  } else {
    auto standing = judge_signature(file.signatures.front(), about, question, findings);
    if (file.kind == FileKind::catalog && file.signatures.front().defect.empty())
      judge_catalog_list(file, findings);
    judge_page_hashes(file, question.use, findings);
    judge_publisher(standing, file.kind, question, findings);
    judge_nested(file, about, question, findings);
    if (file.signatures.front().defect.empty()) {
      judged.verdict.signature = standing.facts;
      judged.standing = std::move(standing);
    }
  }
  if (question.use == Use::kernel)
    judge_kernel(judged, question, std::move(findings));
  else
    judged.findings = std::move(findings);
}

std::string good_reason(const JudgedFile& judged, const Question& question) {
  const auto who = judged.standing && judged.standing->intact ? signed_by(*judged.standing)
                                                              : std::string("not signed");
  return question.use == Use::kernel ? "loads; " + who : who;
}

}  // namespace

std::string_view to_text(Use use) {
  switch (use) {
    case Use::app:
      return "app";
    case Use::driver:
      return "driver";
    case Use::kernel:
      return "kernel";
  }
  return "";
}

Verdict blank(std::string name, std::string kind, const Question& question) {
  Verdict verdict;
  verdict.path = std::move(name);
  verdict.kind = std::move(kind);
  verdict.use = to_text(question.use);
  verdict.trust = question.machine.source;
  verdict.at = question.now;
  return verdict;
}

Verdict not_judged(Verdict verdict, const Error& error) {
  if (error.kind != Error::Kind::input && error.kind != Error::Kind::io) throw error;
  verdict.ok = false;
  verdict.reason = error.message;
  verdict.remedy = error.hint;
  verdict.exit_code = exit_code(error.kind);
  return verdict;
}

std::string signed_by(const Standing& standing) {
  if (!standing.certificate) return "signed";
  auto text = "signed by " + label(*standing.certificate);
  if (standing.stamped) return text + ", timestamped " + to_iso(standing.counts);
  const auto ends = standing.certificate->not_after();
  const std::string which = standing.facts.timestamps.empty() ? ", not timestamped: "
                                                              : ", its timestamp is not trusted: ";
  return text + which + (standing.counts > ends ? "ended " : "good until ") + to_date(ends);
}

JudgedFile judge_signatures(const fs::path& path, std::string name, const Question& question) {
  JudgedFile judged;
  judged.verdict = blank(std::move(name), "file", question);
  try {
    judged.kind = signing::detect(path);
    judged.verdict.kind = signing::to_text(judged.kind);
    if (judged.kind == FileKind::other) {
      judged.findings.fail("file-kind", code::subject_form_unknown,
                           "the file is of no kind that can hold a signature");
      decide(judged.verdict, judged.findings, "");
      return judged;
    }
    const auto file = signing::read_signature(path, {}, question.progress);
    judged.verdict.kind = kind_of(file);
    judge_read(file, judged, question);
    decide(judged.verdict, judged.findings, good_reason(judged, question));
  } catch (const Error& error) {
    judged.verdict = not_judged(std::move(judged.verdict), error);
  }
  return judged;
}

Verdict judge_file(const fs::path& path, const Question& question) {
  return judge_signatures(path, path.string(), question).verdict;
}

}  // namespace sealwright::verify
