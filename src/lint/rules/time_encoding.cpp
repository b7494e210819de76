// Dates are UTCTime until 2049, GeneralizedTime after.

#include "lint/all_rules.h"
#include "ossl/der.h"

namespace sealwright::lint {
namespace {
namespace der = ossl::der;

constexpr Time sys_days_2050 = std::chrono::sys_days(std::chrono::year(2050) / 1 / 1);

void look(const Facts& facts, Findings& findings) {
  if (!facts.encoding) return;
  const auto look_at = [&](const char* what, std::uint8_t tag, Time time) {
    if (tag == der::generalized_time_tag && time < sys_days_2050)
      findings.add(std::string(what) + " (" + to_iso(time) + ") is a GeneralizedTime");
  };
  look_at("its beginning", facts.encoding->not_before_tag, facts.subject.not_before);
  look_at("its end", facts.encoding->not_after_tag, facts.subject.not_after);
}
}  // namespace

const Rule time_encoding = {
    {.name = "time-encoding",
     .summary = "Dates are UTCTime until 2049, GeneralizedTime after",
     .citation = "RFC 5280, 4.1.2.5",
     .severity = Severity::error,
     .why = "A date has one right form, with seconds and Z. Dates in other forms are refused "
            "by strict readers, and by this one where they cannot be understood at all.",
     .remedy = "write dates before 2050 as UTCTime"},
    look};

}  // namespace sealwright::lint
