#pragma once
// Keys to and from their numbers, for the sources of this folder. OpenSSL's encoders and decoders
// cost 20 times what the numbers cost (they look up providers for every structure), so the
// structures are ours.

#include "ossl/handle.h"
#include "ossl/key.h"

namespace sealwright::ossl {

bool fits(Scheme scheme, KeyType type);
/// Padding and salt of RSA signatures; nothing for the others.
bool set_scheme(EVP_PKEY_CTX* parameters, const SignatureAlgorithm& algorithm);

// Null where OpenSSL refuses the numbers, a point off its curve for one. Numbers are big-endian and
// positive.
KeyHandle rsa_public_key(BytesView modulus, BytesView exponent);
KeyHandle ec_public_key(Curve curve, BytesView point);
KeyHandle ed25519_public_key(BytesView key);

/// DER SubjectPublicKeyInfo. Throws Error::Kind::input for a key of a kind this program does not
/// use.
Bytes spki_of(const EVP_PKEY* key);
/// DER PrivateKeyInfo (RFC 5208) of a key pair.
Secret pkcs8_of(const EVP_PKEY* key, const PublicKey& public_key);
/// The key of a PrivateKeyInfo as pkcs8_of() writes it; null for any other form, which OpenSSL may
/// still know, and for numbers that OpenSSL refuses.
KeyHandle key_of_own_pkcs8(BytesView pkcs8);

}  // namespace sealwright::ossl
