// RSA keys that sign have at most 4096 bits.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& key = facts.subject.public_key;
  if (facts.signs() && key.type() == ossl::KeyType::rsa && key.bits() > 4096)
    findings.add(
        "an RSA key of " + std::to_string(key.bits()) + " bits is too long for some systems",
        {.windows = facts.targets_where([](const auto&) { return true; })});
}
}  // namespace

const Rule rsa_key_size_limit = {
    {.name = "rsa-key-size-limit",
     .summary = "RSA keys that sign have at most 4096 bits",
     .citation = "Microsoft: App Control for Business, code signing certificates",
     .severity = Severity::warning,
     .windows = "Windows 10 and later with App Control; slow before Windows 7",
     .why = "App Control takes RSA keys of 2048, 3072 and 4096 bits only; a signed policy "
            "with another key can keep a machine from booting. Old systems and smart cards "
            "are slow or fail with larger keys.",
     .remedy = "take 3072 or 4096 bits"},
    look};

}  // namespace sealwright::lint
