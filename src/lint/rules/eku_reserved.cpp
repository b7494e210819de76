// It claims no purpose that only Microsoft gives.

#include <algorithm>

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {

constexpr std::string_view reserved[] = {
    "1.3.6.1.4.1.311.10.3.5",  // WHQL
    "1.3.6.1.4.1.311.10.3.5.1", "1.3.6.1.4.1.311.10.3.6",  "1.3.6.1.4.1.311.10.3.7",
    "1.3.6.1.4.1.311.10.3.8",   "1.3.6.1.4.1.311.10.3.19", "1.3.6.1.4.1.311.10.3.20",
    "1.3.6.1.4.1.311.10.3.21",  "1.3.6.1.4.1.311.10.3.22", "1.3.6.1.4.1.311.10.3.23",
    "1.3.6.1.4.1.311.10.3.24",  "1.3.6.1.4.1.311.10.3.25", "1.3.6.1.4.1.311.10.3.30",
    "1.3.6.1.4.1.311.10.3.39",
    "1.3.6.1.4.1.311.61.1.1",  // kernel-mode code signing
    "1.3.6.1.4.1.311.61.4.1",   "1.3.6.1.4.1.311.61.5.1",
};

void look(const Facts& facts, Findings& findings) {
  if (!facts.purposes) return;
  // Microsoft's own certificates: whether they are genuine is for verify to say.
  if (facts.subject.issuer.first("O") == "Microsoft Corporation") return;
  for (const auto& purpose : *facts.purposes)
    if (std::ranges::find(reserved, std::string_view(purpose.text())) != std::end(reserved))
      findings.add("its extended key usage holds " + x509::key_purpose_name(purpose) +
                   ", which gives nothing outside of Microsoft's PKI");
}
}  // namespace

const Rule eku_reserved = {
    {.name = "eku-reserved",
     .summary = "It claims no purpose that only Microsoft gives",
     .citation = "Microsoft: wincrypt.h (szOID_KP_…), Hardware Dev Center",
     .severity = Severity::warning,
     .windows = "Vista and later",
     .why = "Windows honours these purposes only in chains that end in Microsoft's own roots: "
            "in a private PKI they open nothing, and their presence in a stolen key looks "
            "like an attack.",
     .remedy = "leave it out, and let Microsoft's hardware program sign what needs it"},
    look};

}  // namespace sealwright::lint
