// RSA keys that sign have at least 3072 bits.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& key = facts.subject.public_key;
  if (facts.signs() && key.type() == ossl::KeyType::rsa && key.bits() >= 2048 && key.bits() < 3072)
    findings.add("an RSA key of " + std::to_string(key.bits()) +
                 " bits is below what code signing asks for");
}
}  // namespace

const Rule rsa_key_size_recommended = {
    {.name = "rsa-key-size-recommended",
     .summary = "RSA keys that sign have at least 3072 bits",
     .citation = "CA/B Forum CSBR, 6.1.5",
     .severity = Severity::warning,
     .why = "Public code signing has asked for 3072 bits since 2021: signatures are to hold "
            "for many years. Windows itself takes 2048.",
     .remedy = "take 3072 bits"},
    look};

}  // namespace sealwright::lint
