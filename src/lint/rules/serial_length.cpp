// The serial number is positive and at most 20 octets.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& serial = facts.subject.serial;
  const auto bits = bit_length(serial.value);
  if (serial.negative) return findings.add("the serial number is negative");
  if (bits == 0) findings.add("the serial number is zero", {.remedy = "draw a random one"});
  // As an INTEGER it needs a sign bit: 20 octets hold 159 bits.
  if (bits > 159)
    findings.add("the serial number is longer than 20 octets",
                 {.remedy = "draw one of at most 159 bits"});
}
}  // namespace

const Rule serial_length = {
    {.name = "serial-length",
     .summary = "The serial number is positive and at most 20 octets",
     .citation = "RFC 5280, 4.1.2.2",
     .severity = Severity::error,
     .why = "Serial numbers name certificates in signatures and revocation lists. Windows "
            "takes odd ones (makecert wrote negative ones), other verifiers and CRL tools "
            "refuse them or read another number.",
     .remedy = "draw 159 random bits"},
    look};

}  // namespace sealwright::lint
