// Alternative names are critical where the subject is empty, only there.

#include "lint/all_rules.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void look(const Facts& facts, Findings& findings) {
  const auto* extension = facts.extension(oids::subject_alternative_name);
  if (!extension) return;
  if (facts.subject.subject.empty() && !extension->critical)
    findings.add("its subject is empty and its alternative name not critical");
  if (!facts.subject.subject.empty() && extension->critical)
    findings.add("its alternative name is critical, though it has a subject",
                 {.remedy = "do not mark it critical", .severity = Severity::warning});
}
}  // namespace

const Rule alternative_name_critical = {
    {.name = "alternative-name-critical",
     .summary = "Alternative names are critical where the subject is empty, only there",
     .citation = "RFC 5280, 4.2.1.6",
     .severity = Severity::error,
     .why = "Where nothing else names the holder every verifier must look at the alternative "
            "name; elsewhere old ones would refuse it for being critical.",
     .remedy = "mark it critical"},
    look};

}  // namespace sealwright::lint
