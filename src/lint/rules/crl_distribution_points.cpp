// CRLs are fetched over HTTP.

#include <algorithm>

#include "base/encoding.h"
#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  if (!facts.crl_urls) return;
  const auto http = [](const std::string& url) { return ascii_lower(url).starts_with("http://"); };
  if (std::ranges::none_of(*facts.crl_urls, http))
    findings.add(facts.crl_urls->empty()
                     ? "its CRL distribution points hold no URL"
                     : "none of its CRL distribution points begins with http://");
}
}  // namespace

const Rule crl_distribution_points = {
    {.name = "crl-distribution-points",
     .summary = "CRLs are fetched over HTTP",
     .citation = "RFC 5280, 4.2.1.13; CA/B Forum CSBR, 7.1.2.3 (b)",
     .severity = Severity::warning,
     .why = "Windows fetches CRLs over http and, within a domain, LDAP. Over https it would "
            "need another CRL first, and waits.",
     .remedy = "give an http:// URL"},
    look};

}  // namespace sealwright::lint
