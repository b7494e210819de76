// Windows knows the key's algorithm.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& key = facts.subject.public_key;
  const auto& algorithm = facts.subject.algorithm;
  const Details details{.windows = facts.targets_where([](const auto&) { return true; }),
                        .severity = facts.targets.empty() ? Severity::warning : Severity::error};
  if (key.type() == ossl::KeyType::ed25519 || key.type() == ossl::KeyType::other)
    findings.add("Windows does not verify signatures of a key of type " + key.description(),
                 details);
  else if (algorithm && algorithm->scheme == ossl::Scheme::ed25519)
    findings.add("it is signed with Ed25519, which Windows does not verify", details);
}
}  // namespace

const Rule key_algorithm = {
    {.name = "key-algorithm",
     .summary = "Windows knows the key's algorithm",
     .citation = "Microsoft: CryptoAPI and Authenticode (RSA, ECDSA on the NIST curves)",
     .severity = Severity::error,
     .why = "Windows answers 'invalid algorithm' to certificates with Ed25519 and other keys "
            "that CryptoAPI does not know.",
     .remedy = "take RSA, or ECDSA on P-256 or P-384"},
    look};

}  // namespace sealwright::lint
