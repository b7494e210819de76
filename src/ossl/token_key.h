#pragma once
// Keys on a token: found, read, made and used; for the sources of pkcs11.h.

#include "ossl/key.h"
#include "ossl/signer.h"
#include "ossl/token_session.h"

namespace sealwright::ossl {

/// A private key on a token, with what stands beside it.
struct FoundKey {
  ObjectHandle handle = 0;
  std::string label;
  Bytes id;
  PublicKey public_key;
};

// The caller holds the session's mutex and has logged in.

/// The attributes that `uri` demands of an object of this class.
Template wanted_by(const TokenUri& uri, CK_OBJECT_CLASS object_class);
/// The one private key that `uri` names. Throws as Tokens::find() does.
FoundKey find_key(TokenSession& session, const TokenUri& uri);
/// The public half of a private key with this CKA_ID. Throws Error::Kind::state.
PublicKey public_key_of(TokenSession& session, ObjectHandle private_key, BytesView id);
/// Public key of the CKO_PUBLIC_KEY `object`, or of an RSA private key that shows it; nothing where
/// its numbers are missing or of a kind this program does not use.
std::optional<PublicKey> read_public_key(TokenSession& session, ObjectHandle object);
/// DER of the X.509 certificates with this id; an empty id has none.
std::vector<Bytes> certificates_with_id(TokenSession& session, BytesView id);
/// Makes a key pair. Throws as Tokens::generate() does.
FoundKey generate_key(TokenSession& session, const std::string& label, BytesView id,
                      const KeySpec& spec);

/// Signs with the key, and verifies what it signed. It shares the session and takes the mutex by
/// itself, later.
std::unique_ptr<Signer> token_signer(std::shared_ptr<TokenSession> session, const FoundKey& key);

}  // namespace sealwright::ossl
