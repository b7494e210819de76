#include "verify/signature.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "trust/result_code.h"
#include "verify/stamps.h"
#include "x509/oids.h"

namespace sealwright::verify {
namespace {

namespace code = trust::code;
using signing::FileKind;

constexpr std::string_view time_rule = "chain-valid-in-time";
/// Bit of WinTrust State: expired certificates do not matter.
constexpr std::uint32_t ignore_expiration = 0x100;

/// One signature on its way through the checks.
class Judge {
 public:
  Judge(const signing::EmbeddedSignature& signature, const Signed& about, const Question& question,
        Findings& findings)
      : signature_(signature), about_(about), question_(question), findings_(findings) {}

  Standing run() {
    if (!readable()) return std::move(standing_);
    standing_.pool = signature_.data.certificates;
    standing_.digest = signature_.signer()->digest;
    collect_facts();
    const bool content = content_is_signed();
    const bool signed_well = signature_is_good();
    standing_.intact = content && signed_well;
    if (standing_.certificate) judge_chain();
    return std::move(standing_);
  }

 private:
  /// WinVerifyTrust answers so whether there is no signature or one that it cannot read ("Example C
  /// program: verifying the signature of a PE file").
  bool readable() {
    if (!signature_.defect.empty()) {
      findings_.fail("signature-readable", code::no_signature,
                     "the signature cannot be read: " + signature_.defect,
                     "sign again; nothing may change the signature afterwards");
      return false;
    }
    if (!signature_.signer()) {
      findings_.fail("signature-readable", code::no_signature, "the signature has no signer");
      return false;
    }
    if (signature_.data.signers.size() > 1)
      findings_.note("signature-readable",
                     fmt::format("{} signers in one signature: only the first is judged",
                                 signature_.data.signers.size()));
    const auto& wanted =
        about_.kind == FileKind::catalog ? signing::oids::trust_list : signing::oids::indirect_data;
    if (signature_.data.content_type == wanted) return true;
    findings_.fail("signature-content", code::no_signature,
                   fmt::format("the signature is about {}, not {}",
                               x509::name_of(signature_.data.content_type), x509::name_of(wanted)));
    return false;
  }

  void collect_facts() {
    auto& facts = standing_.facts;
    const auto& signer = *signature_.signer();
    facts.digest = ossl::to_text(signer.digest);
    facts.serial = signer.serial.hex();
    if (signature_.indirect) {
      facts.digest = ossl::to_text(signature_.indirect->digest);
      facts.file_digest = to_hex(signature_.indirect->message_digest);
    }
    if (signature_.opus) {
      facts.description = signature_.opus->description;
      facts.url = signature_.opus->url;
    }
    if (const auto* certificate = signature_.certificate()) {
      standing_.certificate = *certificate;
      facts.signer = certificate->subject().text();
      facts.name = certificate->subject().display();
      facts.thumbprint = certificate->thumbprint().hex();
      facts.serial = certificate->serial().hex();
    }
  }

  bool content_is_signed() {
    if (about_.kind == FileKind::catalog) return true;
    const auto& indirect = *signature_.indirect;
    // sbsigntool writes the statement type there; Windows looks at files, not at this.
    if (indirect.type != signing::oids::pe_image_data)
      findings_.note("signature-content", fmt::format("the signature calls its file {}, not {}",
                                                      x509::name_of(indirect.type),
                                                      x509::name_of(signing::oids::pe_image_data)));
    const auto computed = about_.digests->find(indirect.digest);
    if (computed == about_.digests->end() || computed->second != indirect.message_digest) {
      findings_.fail("file-digest", code::bad_digest,
                     "the file changed after it was signed: its digest is not the signed one");
      return false;
    }
    findings_.pass("file-digest", fmt::format("the file's {} digest is the signed one",
                                              ossl::to_text(indirect.digest)));
    return true;
  }

  bool signature_is_good() {
    if (!standing_.certificate) {
      findings_.fail("signer-certificate", code::no_signer_certificate,
                     fmt::format("the signer's certificate (serial {}) is not in the signature",
                                 signature_.signer()->serial.hex()));
      findings_.skip("signature-value", "without the certificate it cannot be checked");
      return false;
    }
    const auto check = x509::check(*signature_.signer(), x509::digested_content(signature_.data),
                                   *standing_.certificate);
    const bool attributes = !signature_.signer()->authenticated.empty();
    if (attributes && !check.digest_matches) {
      const std::string what =
          about_.kind == FileKind::catalog ? "the catalog's list" : "what the signature says";
      findings_.fail("signed-content", code::bad_digest, what + " changed after it was signed");
      return false;
    }
    if (!check.signature_valid) {
      findings_.fail("signature-value", code::certificate_signature,
                     fmt::format("the signature is not by the key of {}, or its attributes were "
                                 "altered",
                                 label(*standing_.certificate)),
                     "sign again; nothing may change the signature afterwards");
      return false;
    }
    findings_.pass("signature-value", fmt::format("signed by {}", label(*standing_.certificate)));
    return true;
  }

  bool lifetime_signing() const {
    const auto purposes = trust::purposes_of(*standing_.certificate);
    return purposes &&
           std::ranges::find(*purposes, x509::oids::lifetime_signing) != purposes->end();
  }

  void judge_chain() {
    auto stamps = judge_stamps(signature_, question_);
    standing_.facts.timestamps = stamps.facts;
    standing_.counts = stamps.time.value_or(question_.now);
    standing_.stamped = stamps.time.has_value();
    if (stamps.time && lifetime_signing()) {
      findings_.note("lifetime-signing",
                     "the certificate says that its signatures end with it, timestamp or not");
      standing_.counts = question_.now;
      standing_.stamped = false;
    }
    const auto chain = trust::judge_chain(*standing_.certificate, standing_.pool, question_.machine,
                                          x509::oids::code_signing, standing_.counts);
    standing_.trusted = chain.trusted();
    for (const auto& link : chain.path.certificates)
      standing_.facts.chain.push_back({link.subject().text(), link.thumbprint().hex(),
                                       link.serial().hex(), link.not_before(), link.not_after()});
    if (question_.use == Use::kernel) {
      if (stamps.check) findings_.add({*stamps.check});
      note_revoked(chain);
    } else {
      report_chain(chain, stamps);
    }
    for (const auto& remark : chain.remarks) findings_.note(remark.rule, remark.text);
    findings_.add(std::move(stamps.notes));
    note_end();
  }

  /// Whatever is wrong with a chain at any time comes first, then the timestamp, then what a good
  /// timestamp would have mended: revocation, and the end of a certificate.
  void report_chain(const trust::ChainVerdict& chain, const StampVerdict& stamps) {
    const auto mended = [](const trust::Refusal& refusal) {
      return refusal.rule == time_rule || refusal.code == code::revoked;
    };
    for (const auto& refusal : chain.refusals)
      if (!mended(refusal)) findings_.fail(refusal);
    if (stamps.check) findings_.add({*stamps.check});
    for (auto refusal : chain.refusals)
      if (refusal.code == code::revoked) report_revoked(std::move(refusal), stamps);
    for (auto refusal : chain.refusals)
      if (refusal.rule == time_rule) report_time(std::move(refusal), stamps);
    if (!chain.cleared_by.empty() && !chain.has(code::revoked))
      findings_.pass("chain-not-revoked",
                     fmt::format("not revoked, says {}", fmt::join(chain.cleared_by, ", ")));
    if (chain.trusted())
      findings_.pass("chain-root-trusted", fmt::format("its chain ends in {}, which is trusted",
                                                       label(chain.path.certificates.back())));
  }

  void report_revoked(trust::Refusal refusal, const StampVerdict& stamps) {
    if (stamps.facts.empty())
      refusal.reason += "; without a timestamp nobody can tell whether it signed before that";
    findings_.fail(refusal);
  }

  /// Code Integrity asks no list when it loads a driver.
  void note_revoked(const trust::ChainVerdict& chain) {
    for (const auto& refusal : chain.refusals)
      if (refusal.code == code::revoked)
        findings_.note(refusal.rule, refusal.reason + "; the kernel does not ask");
  }

  void report_time(trust::Refusal refusal, const StampVerdict& stamps) {
    if (question_.machine.wintrust_state & ignore_expiration) {
      findings_.note(refusal.rule, refusal.reason + "; WinTrust State ignores that");
      return;
    }
    if (stamps.facts.empty()) refusal.reason += ", and the signature has no timestamp";
    findings_.fail(refusal);
  }

  void note_end() {
    const auto& certificate = *standing_.certificate;
    if (standing_.stamped && certificate.not_after() < question_.now)
      findings_.note("timestamp", fmt::format("{} expired at {}; the timestamp keeps the signature "
                                              "good",
                                              label(certificate), to_iso(certificate.not_after())));
    if (!standing_.stamped && standing_.facts.timestamps.empty())
      findings_.note("timestamp", "no timestamp: the signature ends with its certificate at " +
                                      to_iso(certificate.not_after()));
  }

  const signing::EmbeddedSignature& signature_;
  const Signed& about_;
  const Question& question_;
  Findings& findings_;
  Standing standing_;
};

/// Faults that the kernel sees too: not the missing root, and not time, which is told apart.
bool is_fault(const x509::PathFinding& finding) {
  using x509::PathFault;
  return finding.fault != PathFault::untrusted_root && finding.fault != PathFault::missing_issuer &&
         finding.fault != PathFault::expired && finding.fault != PathFault::not_yet_valid;
}

bool is_expiry(const x509::PathFinding& finding) {
  return finding.fault == x509::PathFault::expired ||
         finding.fault == x509::PathFault::not_yet_valid;
}

/// A cross-certificate of Microsoft's, of one of the path's authorities, among the others; null
/// where there is none. Nothing says yet that it is genuine.
const x509::Certificate* cross_certificate(const x509::Path& path,
                                           const std::vector<x509::Certificate>& pool) {
  for (const auto& candidate : pool) {
    if (trust::owner_named(candidate.issuer()) == trust::RootOwner::other) continue;
    for (const auto& link : path.certificates)
      if (link.subject() == candidate.subject() && link.public_key() == candidate.public_key())
        return &candidate;
  }
  return nullptr;
}

}  // namespace

Standing judge_signature(const signing::EmbeddedSignature& signature, const Signed& about,
                         const Question& question, Findings& findings) {
  return Judge(signature, about, question, findings).run();
}

trust::DriverSignature driver_signature(const Standing& standing, const Question& question) {
  trust::DriverSignature made;
  if (!standing.intact) return made;
  std::vector<x509::Certificate> anchors;
  for (const auto& root : question.machine.stores.root)
    if (trust::owner_of(root) != trust::RootOwner::other) anchors.push_back(root);
  auto pool = standing.pool;
  pool.insert(pool.end(), question.machine.stores.ca.begin(), question.machine.stores.ca.end());
  pool.insert(pool.end(), question.machine.stores.root.begin(), question.machine.stores.root.end());
  const auto path = x509::find_path(*standing.certificate, pool, anchors, standing.counts);
  // The certificate that names the root: the last of the path, or one that leads beyond it.
  const auto* cross = path.anchored ? nullptr : cross_certificate(path, pool);
  const auto& top = cross ? *cross : path.certificates.back();
  made.valid = std::ranges::none_of(path.findings, is_fault);
  made.root_known = path.anchored || top.self_issued();
  if (path.anchored)
    made.root = trust::owner_of(top);
  else if (!made.root_known)
    made.root = trust::owner_named(top.issuer());
  made.root_name = printable(made.root_known ? top.subject().display() : top.issuer().display());
  made.signer_issued = standing.certificate->not_before();
  made.signer_expired = std::ranges::any_of(path.findings, is_expiry);
  made.sha1 = standing.digest == ossl::Digest::sha1;
  made.purposes = trust::purposes_of(*standing.certificate).value_or(std::vector<Oid>());
  return made;
}

}  // namespace sealwright::verify
