// Extensions as such.

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "lint/rule.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

void extension_malformed(const Facts& facts, Findings& findings) {
  for (const auto& problem : facts.malformed)
    findings.add(printable(problem), "encode it as RFC 5280 says");
}

void extension_repeated(const Facts& facts, Findings& findings) {
  std::set<Oid> seen;
  for (const auto& extension : facts.subject.extensions)
    if (!seen.insert(extension.oid).second)
      findings.add("extension " + x509::name_of(extension.oid) + " is there twice", "remove one");
}

void extension_critical(const Facts& facts, Findings& findings) {
  const auto known = {
      oids::key_usage,        oids::extended_key_usage,   oids::basic_constraints,
      oids::name_constraints, oids::certificate_policies, oids::subject_alternative_name};
  for (const auto& extension : facts.subject.extensions)
    if (extension.critical && std::find(known.begin(), known.end(), extension.oid) == known.end())
      findings.add("critical extension " + x509::name_of(extension.oid) +
                       " makes verifiers refuse the certificate",
                   "do not mark it critical");
}

constexpr Rule table[] = {
    {{"extension-malformed", "Extensions can be read", "RFC 5280, 4.2", Severity::error},
     extension_malformed},
    {{"extension-repeated", "No extension is there twice", "RFC 5280, 4.2", Severity::error},
     extension_repeated},
    {{"extension-critical", "Critical extensions are known to verifiers",
      "RFC 5280, 4.2 and 6.1.4 (o)", Severity::warning},
     extension_critical},
};
}  // namespace

std::span<const Rule> extension_rules() { return table; }

}  // namespace sealwright::lint
