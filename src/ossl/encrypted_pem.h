#pragma once
// Encrypted private keys in PEM form, for the sources of this folder.

#include "ossl/secret.h"

namespace sealwright::ossl {

/// PKCS#8 PEM as PrivateKey::to_encrypted_pem() promises it.
Bytes encrypted_pem(const Secret& pkcs8, const Secret& password);

/// Throws Error::Kind::input for an ENCRYPTED PRIVATE KEY whose iteration count asks for minutes of
/// work; OpenSSL would do them.
void refuse_costly(BytesView pem);

}  // namespace sealwright::ossl
