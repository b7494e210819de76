// Nobody else can find the private key.

#include "ossl/weak_key.h"

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto weakness = ossl::weakness_of(facts.subject.public_key);
  // Short keys are the matter of rsa-key-size.
  if (weakness && weakness->name != "rsa-too-short") findings.add("the key " + weakness->message);
}
}  // namespace

const Rule weak_key = {
    {.name = "weak-key",
     .summary = "Nobody else can find the private key",
     .citation = "CA/B Forum CSBR, 6.1.1.3; CVE-2008-0166; CVE-2017-15361",
     .severity = Severity::error,
     .why = "Keys of broken generators (Debian 2006 to 2008, Infineon's ROCA) and keys with "
            "special primes can be computed from the certificate alone: anybody can sign with "
            "them.",
     .remedy = "make a new key with another program or token, and revoke this one"},
    look};

}  // namespace sealwright::lint
