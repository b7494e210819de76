// RSA keys have at least 2048 bits.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& key = facts.subject.public_key;
  if (key.type() == ossl::KeyType::rsa && key.bits() < 2048)
    findings.add("an RSA key of " + std::to_string(key.bits()) + " bits can be broken");
}
}  // namespace

const Rule rsa_key_size = {
    {.name = "rsa-key-size",
     .summary = "RSA keys have at least 2048 bits",
     .citation = "NIST SP 800-131A; Microsoft KB2661254",
     .severity = Severity::error,
     .why = "Shorter keys can be factored. Windows has refused less than 1024 bits since 2012 "
            "(KB2661254), and public authorities less than 2048 since 2014.",
     .remedy = "take 3072 bits"},
    look};

}  // namespace sealwright::lint
