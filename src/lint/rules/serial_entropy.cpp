// The serial number can hold 64 random bits.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& serial = facts.subject.serial;
  const auto bits = bit_length(serial.value);
  if (serial.negative || bits == 0 || bits >= 64) return;
  // Every second number of 64 random bits has 63 or less, one of 512 has 55 or less.
  findings.add(
      "the serial number has " + std::to_string(bits) + " bits: it cannot hold 64 random ones",
      {.severity = bits < 56 ? Severity::error : Severity::warning});
}
}  // namespace

const Rule serial_entropy = {
    {.name = "serial-entropy",
     .summary = "The serial number can hold 64 random bits",
     .citation = "CA/B Forum CSBR, 7.1",
     .severity = Severity::error,
     .why = "Whoever foresees a certificate's bytes can prepare a collision of its digest; 64 "
            "random bits in the serial number prevent that.",
     .remedy = "draw 64 random bits or more"},
    look};

}  // namespace sealwright::lint
