#pragma once
// Keys on PKCS#11 tokens (smart cards, USB tokens, HSMs), named by RFC 7512 URIs. A private key
// there is made there and never leaves it; what this program holds is a Signer.
//
// p11-kit (libp11-kit.so.0) reads the URIs, finds the modules that are registered on this machine
// and shares them with other users in the process. It is opened with dlopen when the first URI is
// parsed, as the modules themselves are: linked in, it would cost every start of the program 0.3 ms
// for a library that most runs never call.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ossl/random.h"
#include "ossl/signer.h"

namespace sealwright::ossl {

/// A PKCS#11 URI (RFC 7512): which module, token and object is meant. Cheap to copy.
class TokenUri {
 public:
  /// Understood are token, manufacturer, serial, model, slot-id, slot-description,
  /// slot-manufacturer, library-*, object, id, type, module-path, module-name and pin-source. At
  /// most 4,096 bytes. Throws Error::Kind::input for text that is malformed or has other
  /// attributes, Error::Kind::policy for a pin-value (the PIN would stand where the URI stands) and
  /// Error::Kind::state where p11-kit is not installed.
  static TokenUri parse(std::string_view text);
  /// Whether it begins as one does: "pkcs11:". Needs no p11-kit.
  static bool looks_like(std::string_view text);

  const std::string& text() const;  ///< As it was written; it holds no secret.
  std::string object() const;       ///< The label of the object, or empty.
  Bytes id() const;                 ///< CKA_ID of the object, or empty.
  std::string pin_file() const;     ///< The path of pin-source=file:…, or empty.
  /// The same token, but the object with this label and this id (empty: any).
  TokenUri for_object(const std::string& label, BytesView id = {}) const;

  struct Data;
  const Data& data() const { return *data_; }  ///< For the sources of this folder.

 private:
  explicit TokenUri(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

/// Gets the PIN of the token with this label. Called at most once for each token, and only when the
/// token demands a login that has no keypad of its own.
using AskPin = std::function<Secret(const std::string& token_label)>;

struct TokenOptions {
  AskPin ask_pin;           ///< Empty: Error::Kind::usage where a PIN is needed.
  std::string module_path;  ///< The module to use for URIs that name none; empty: those registered.
  Random random = system_random();
};

/// A private key on a token.
struct TokenKey {
  TokenUri uri;  ///< Names the object by label and id, so that another of that label is no match.
  std::unique_ptr<Signer> signer;
};

/// The tokens that a command uses. Modules are loaded, sessions opened and logins made when they
/// are first needed, and ended with the last of this object and the Signers it gave. May be used by
/// several threads; a token makes one signature at a time.
///
/// All members throw Error::Kind::state when no token, or more than one, is what the URI says (the
/// message names those that are there), when the module cannot be loaded, and when the token goes
/// away; Error::Kind::crypto when the token refuses the PIN. Tokens lock themselves after a few
/// wrong PINs: one that was refused is never tried again, and the login stays refused.
class Tokens {
 public:
  explicit Tokens(TokenOptions options);
  Tokens(Tokens&&) noexcept;
  Tokens& operator=(Tokens&&) noexcept;
  ~Tokens();

  /// Whether the token has a private or a public key that is what `uri` says. Logs in only when no
  /// public key answers the question.
  bool exists(const TokenUri& uri);
  /// The one private key that `uri` names. Its public key is that of the CKO_PUBLIC_KEY or the
  /// certificate with the same CKA_ID, or stands in the private key itself. Each signature is
  /// verified before it is given out. Throws Error::Kind::state when there is no such key, or more
  /// than one, or its public key is nowhere, or it is neither RSA nor on a curve of ossl::Curve.
  TokenKey find(const TokenUri& uri);
  std::unique_ptr<Signer> signer(const TokenUri& uri) { return find(uri).signer; }
  /// Makes a key pair on the token: private, sensitive, not extractable, for signing only; label
  /// from `uri`, which must have one (Error::Kind::input); id from `uri`, or random. Throws
  /// Error::Kind::state when the token has a key of that label already, Error::Kind::crypto when it
  /// cannot make such a key. Ed25519 is not made.
  TokenKey generate(const TokenUri& uri, const KeySpec& spec);
  /// DER of the one certificate on the token with the CKA_ID of the key that `uri` names; nothing
  /// where there is none.
  std::optional<Bytes> certificate(const TokenUri& uri);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sealwright::ossl
