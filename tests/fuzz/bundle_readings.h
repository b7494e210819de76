#pragma once
// What fuzz targets demand of what a reader of bundles found.

#include "attempt.h"
#include "bundle/readers.h"

namespace sealwright {

/// Bounded, each with its place, and under its own thumbprint.
inline void require_plausible(const bundle::Contents& contents) {
  require(contents.certificates.size() <= bundle::max_read_changes);
  require(contents.settings.size() <= bundle::max_read_changes);
  require(contents.faults.size() <= bundle::max_read_changes);
  for (const auto& found : contents.certificates) {
    require(!found.position.place.empty());
    if (found.certificate) require(found.certificate->thumbprint() == found.thumbprint);
  }
  for (const auto& fault : contents.faults) require(!fault.message.empty());
}

}  // namespace sealwright
