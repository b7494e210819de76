#pragma once
// Inside verify only: files that hold private keys, described without showing any.

#include "verify/show.h"
#include "x509/pem.h"

namespace sealwright::verify {

/// Throws what read_pfx() throws.
Description describe_pfx(BytesView bytes, const PasswordSource& password);
/// The header alone where the file is encrypted and the password not known.
Description describe_pvk(BytesView bytes, const PasswordSource& password);
/// A block of PKCS#8 or one of the traditional forms: how it is encrypted, and what key it is
/// unless the password is not known. Throws what PrivateKey::from_pem() throws.
Description describe_private_key(const x509::PemBlock& block, const PasswordSource& password);

}  // namespace sealwright::verify
