#pragma once
// What fuzz targets demand of what a reader of bundles found.

#include "attempt.h"
#include "bundle/readers.h"

namespace sealwright {

/// Bounded, each with its place, and under its own thumbprint, or with a fault that says it is not.
inline void require_plausible(const bundle::Contents& contents) {
  require(contents.certificates.size() <= bundle::max_read_changes);
  require(contents.settings.size() <= bundle::max_read_changes);
  require(contents.faults.size() <= bundle::max_read_changes);
  for (const auto& found : contents.certificates) {
    require(!found.position.place.empty());
    if (found.certificate && found.certificate->thumbprint() != found.thumbprint)
      require(!contents.faults.empty());
  }
  for (const auto& fault : contents.faults) require(!fault.message.empty());
}

/// What changes to the registry mean: an addition has its certificate.
inline void require_meaning(const std::vector<bundle::RegistryChange>& changes,
                            bundle::Contents contents = {}) {
  bundle::interpret(changes, contents);
  require_plausible(contents);
  for (const auto& found : contents.certificates)
    require(found.certificate || found.action == bundle::FoundCertificate::Action::remove);
}

}  // namespace sealwright
