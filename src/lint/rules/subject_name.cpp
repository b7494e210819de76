// The subject is not empty.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (!facts.subject.subject.empty()) return;
  // An end-entity may be known by its alternative name alone.
  const bool named = facts.alternative_names && !facts.alternative_names->empty();
  findings.add("the subject is empty",
               {.severity = named && !facts.is_ca() ? Severity::warning : Severity::error});
}
}  // namespace

const Rule subject_name = {
    {.name = "subject-name",
     .summary = "The subject is not empty",
     .citation = "RFC 5280, 4.1.2.6",
     .severity = Severity::error,
     .why = "The subject is what Windows shows as publisher when it asks whether to trust a "
            "driver. An authority without one can be nobody's issuer.",
     .remedy = "give it a CN"},
    look};

}  // namespace sealwright::lint
