#pragma once
// RC2, RC4 and friends for reading old files.

#include "ossl/handle.h"

namespace sealwright::ossl {

/// While it lives, OpenSSL's legacy provider is loaded beside the default one (in the global
/// library context: encrypted PVK and RC2 PFX are only found there). For reading old files only.
class LegacyAlgorithms {
 public:
  LegacyAlgorithms();  ///< Throws Error::Kind::crypto when the provider is not installed.

 private:
  Ptr<OSSL_PROVIDER> default_, legacy_;
};

}  // namespace sealwright::ossl
