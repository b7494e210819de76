// Roots have no path length.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (facts.is_ca() && facts.purpose == Purpose::authority && facts.self_issued() &&
      facts.basic_constraints->path_length)
    findings.add("a root with a path length breaks chains over cross-certificates");
}
}  // namespace

const Rule root_path_length = {
    {.name = "root-path-length",
     .summary = "Roots have no path length",
     .citation = "RFC 5280, 6.1.4: it counts cross-certificates",
     .severity = Severity::warning,
     .why = "When the root is rotated, chains over the cross-certificate are one longer, and "
            "break at a path length that was right before.",
     .remedy = "leave path_length out"},
    look};

}  // namespace sealwright::lint
