// No more authorities follow than allowed.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.basic_constraints && !facts.is_ca() && facts.basic_constraints->path_length)
    findings.add("it has a path length, but is no authority", {.remedy = "remove it"});
  const auto* issuer = facts.subject.issuer_certificate;
  const bool authority = facts.is_ca() && facts.purpose == Purpose::authority;
  if (!issuer || !authority || facts.self_issued()) return;
  const auto above = basic_constraints_of(*issuer);
  if (!above || !above->path_length) return;
  if (*above->path_length == 0)
    findings.add("its issuer may not issue authorities (path length 0)");
  else if (facts.basic_constraints->path_length &&
           *facts.basic_constraints->path_length >= *above->path_length)
    findings.add(
        "its path length is not below its issuer's (" + std::to_string(*above->path_length) + ")",
        {.remedy = "lower it"});
}
}  // namespace

const Rule path_length = {
    {.name = "path-length",
     .summary = "No more authorities follow than allowed",
     .citation = "RFC 5280, 4.2.1.9 and 6.1.4 (m)",
     .severity = Severity::error,
     .why = "Under a path length of 0 an authority may issue to end-entities only; chains "
            "that are longer are refused with 0x80096019.",
     .remedy = "take another issuer"},
    look};

}  // namespace sealwright::lint
