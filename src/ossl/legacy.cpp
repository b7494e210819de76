#include "ossl/legacy.h"

#include "ossl/failure.h"
#include "ossl/library.h"

namespace sealwright::ossl {

LegacyAlgorithms::LegacyAlgorithms() {
  start_library();
  // The retained fallback keeps the default provider for the rest of the program when ours is
  // unloaded.
  default_.reset(OSSL_PROVIDER_try_load(nullptr, "default", 1));
  legacy_.reset(OSSL_PROVIDER_try_load(nullptr, "legacy", 1));
  if (!default_ || !legacy_)
    throw failure(Error::Kind::crypto, "OpenSSL's legacy provider cannot be loaded",
                  "install the package that has ossl-modules/legacy.so (Debian: libssl3)");
}

}  // namespace sealwright::ossl
