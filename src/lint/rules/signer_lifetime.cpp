// Signers of code live 460 days at most.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  using namespace std::chrono;
  if (!facts.signs_code()) return;
  const auto from = facts.subject.not_before, to = facts.subject.not_after;
  // The last second counts (RFC 5280, 4.1.2.5).
  const auto length = to - from + seconds(1);
  const bool shortened = from >= sys_days(year(2026) / 3 / 1);
  if (shortened ? length > days(460) : lasts_months(from, to, 39))
    findings.add("it lives " + std::to_string(ceil<days>(length).count()) + " days, " +
                 (shortened ? "more than 460" : "more than 39 months"));
}
}  // namespace

const Rule signer_lifetime = {
    {.name = "signer-lifetime",
     .summary = "Signers of code live 460 days at most",
     .citation = "CA/B Forum CSBR, 6.3.2 (39 months before 2026-03-01)",
     .severity = Severity::warning,
     .why = "The longer a key signs, the longer a thief can. Public authorities are held to "
            "this; a private one decides for itself, and says so in its policy.",
     .remedy = "shorten its lifetime, or relax the rule with a reason"},
    look};

}  // namespace sealwright::lint
