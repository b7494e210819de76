#pragma once
// The fetched algorithm of a digest, for the sources of this folder and x509.

#include "ossl/digest.h"
#include "ossl/handle.h"

namespace sealwright::ossl {

/// Fetched on first use and kept for the life of the process; not owned by the caller.
const EVP_MD* fetched(Digest digest);

}  // namespace sealwright::ossl
