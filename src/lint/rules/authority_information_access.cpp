// Issuers and OCSP are asked over HTTP.

#include <algorithm>

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (!facts.access) return;
  const auto http = [](const std::string& url) { return ascii_lower(url).starts_with("http://"); };
  if (facts.access->issuers.empty() && facts.access->ocsp.empty())
    findings.add("its authority information access holds no URL");
  for (const auto* urls : {&facts.access->issuers, &facts.access->ocsp})
    if (!urls->empty() && std::ranges::none_of(*urls, http))
      findings.add("'" + printable(urls->front()) +
                   "' in its authority information access does "
                   "not begin with http://");
}
}  // namespace

const Rule authority_information_access = {
    {.name = "authority-information-access",
     .summary = "Issuers and OCSP are asked over HTTP",
     .citation = "RFC 5280, 4.2.2.1; CA/B Forum CSBR, 7.1.2.3 (c)",
     .severity = Severity::warning,
     .why = "Windows fetches missing issuers from here. For https it would have to verify "
            "another chain first, and a file share is there for some machines only.",
     .remedy = "give http:// URLs"},
    look};

}  // namespace sealwright::lint
