#include "cli/package_options.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "cli/session.h"

namespace sealwright::cli {

driver::PackageOptions package_options(const std::vector<std::string>& os, const Context& context) {
  driver::PackageOptions options;
  options.targets = parse_os(os);
  options.now = context.clock();
  return options;
}

driver::CatalogOptions catalog_options(const std::string& version, Context& context) {
  const auto known = driver::catalog_version_by_name(version);
  if (!known)
    throw Error(Error::Kind::usage, "unknown catalog version '" + printable(version) + "'",
                "write auto, 1 or 2");
  driver::CatalogOptions options;
  options.version = *known;
  options.time = context.clock();
  options.random = context.random;
  options.progress = context.progress("hashing");
  return options;
}

void print_findings(const driver::Package& package, Context& context) {
  for (const auto& finding : package.findings) {
    if (finding.severity == driver::Finding::Severity::warning) context.warn(finding.text());
    if (finding.severity == driver::Finding::Severity::note) context.say("note: " + finding.text());
  }
}

}  // namespace sealwright::cli
