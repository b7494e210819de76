#pragma once
// Private keys in PEM form, for the sources of this folder.

#include "ossl/secret.h"

namespace sealwright::ossl {

/// PKCS#8 PEM as PrivateKey::to_encrypted_pem() promises it.
Bytes encrypted_pem(const Secret& pkcs8, const Secret& password);

/// The same without encryption (RFC 5958, section 5): nothing of it is left in memory but the
/// result.
Secret plain_pem(const Secret& pkcs8);

/// Throws Error::Kind::input for an ENCRYPTED PRIVATE KEY whose iteration count asks for minutes of
/// work; OpenSSL would do them.
void refuse_costly(BytesView pem);

}  // namespace sealwright::ossl
