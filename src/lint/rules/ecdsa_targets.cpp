// Its targets can verify ECDSA.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& algorithm = facts.subject.algorithm;
  const bool own = facts.subject.public_key.type() == ossl::KeyType::ec;
  if (!own && !(algorithm && algorithm->scheme == ossl::Scheme::ecdsa)) return;
  const std::string what = own ? "its key is for ECDSA" : "it is signed with ECDSA";
  const auto never = facts.targets_where([](const auto& target) { return target.major < 6; });
  if (!never.empty())
    return findings.add(what + ", which " + joined(never) + " cannot verify", {.windows = never});
  if (!own || !facts.signs_code()) return;
  const auto others = facts.targets_where([](const auto&) { return true; });
  findings.add(
      what + ": App Control, Smart App Control and drivers want RSA",
      {.windows = others, .severity = others.empty() ? Severity::info : Severity::warning});
}
}  // namespace

const Rule ecdsa_targets = {
    {.name = "ecdsa-targets",
     .summary = "Its targets can verify ECDSA",
     .citation = "Microsoft: CNG (since Vista); App Control and Smart App Control (RSA only)",
     .severity = Severity::error,
     .windows = "none before Vista; drivers, App Control and Smart App Control in all",
     .why = "XP and Server 2003 know no elliptic curves. Later versions verify ECDSA in "
            "programs, but App Control and Smart App Control take RSA only, and for drivers "
            "nothing else is documented.",
     .remedy = "take RSA with 3072 bits"},
    look};

}  // namespace sealwright::lint
