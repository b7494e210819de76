#include "verify/stamps.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "trust/chain.h"
#include "trust/result_code.h"
#include "verify/findings.h"
#include "x509/oids.h"

namespace sealwright::verify {
namespace {

constexpr std::string_view rule = "timestamp";

using signing::TimestampFacts;

/// Why a timestamp does not count, or "".
struct Fault {
  std::string text, remedy;
  std::vector<trust::Remark> remarks = {};  ///< On one that counts.
};

Fault fault_of(const TimestampFacts& stamp, BytesView signature_value, const Question& question) {
  const auto check = signing::check_timestamp(stamp, signature_value);
  if (!check.certificate_present)
    return {"the certificate of the timestamp is not in the signature", ""};
  if (!check.imprint_matches) return {"the timestamp covers another signature", ""};
  if (!check.signature_valid) return {"the signature of the timestamp is not valid", ""};
  if (!check.certificate_named)
    return {"the timestamp names another certificate than the one that signed it", ""};
  // Of old countersignatures the chain decides, as of every certificate without usages.
  if (stamp.kind == TimestampFacts::Kind::rfc3161 && !check.purpose)
    return {
        fmt::format("{} made the timestamp, and is not for timestamps", label(*stamp.certificate)),
        ""};
  const auto chain = trust::judge_chain(*stamp.certificate, stamp.certificates, question.machine,
                                        x509::oids::time_stamping, stamp.time);
  if (chain.trusted()) return {"", "", chain.remarks};
  const auto& refusal = chain.refusals.front();
  return {
      fmt::format("the timestamp is not trusted: {} ({})", refusal.reason,
                  trust::to_text(refusal.code)),
      refusal.code == trust::code::untrusted_root || refusal.code == trust::code::chaining
          ? "put the root of the timestamp authority into LocalMachine\\Root, or timestamp with "
            "an authority that the machines trust"
          : refusal.remedy};
}

StampFacts facts_of(const TimestampFacts& stamp, bool trusted) {
  return {stamp.kind == TimestampFacts::Kind::rfc3161 ? "rfc3161" : "pkcs9", stamp.time,
          stamp.certificate ? stamp.certificate->subject().text() : "", trusted};
}

Check failure(const Fault& fault) {
  Findings findings;
  findings.fail(rule, trust::code::time_stamp, fault.text, fault.remedy);
  return findings.checks().front();
}

void add_fault(const Fault& fault, StampVerdict& verdict) {
  if (!verdict.check)
    verdict.check = failure(fault);
  else
    verdict.notes.push_back({std::string(rule), Check::Outcome::note, fault.text, 0, ""});
}

}  // namespace

StampVerdict judge_stamps(const signing::EmbeddedSignature& signature, const Question& question) {
  StampVerdict verdict;
  const auto* signer = signature.signer();
  if (!signer) return verdict;
  std::vector<Fault> faults;
  for (const auto& stamp : signature.timestamps) {
    auto fault = fault_of(stamp, signer->signature, question);
    verdict.facts.push_back(facts_of(stamp, fault.text.empty()));
    if (!fault.text.empty()) {
      faults.push_back(std::move(fault));
    } else if (!verdict.time) {
      verdict.time = stamp.time;
      verdict.check =
          Check{std::string(rule), Check::Outcome::pass,
                fmt::format("timestamped {} by {}", to_iso(stamp.time), label(*stamp.certificate)),
                0, ""};
      for (auto& remark : fault.remarks)
        verdict.notes.push_back({std::move(remark.rule), Check::Outcome::note,
                                 "the timestamp's " + std::move(remark.text), 0, ""});
    }
  }
  for (const auto& defect : signature.timestamp_defects)
    faults.push_back({"the timestamp cannot be read: " + defect, ""});
  for (const auto& fault : faults) add_fault(fault, verdict);
  return verdict;
}

}  // namespace sealwright::verify
