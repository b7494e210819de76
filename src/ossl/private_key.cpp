#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

#include "base/error.h"
#include "ossl/curve.h"
#include "ossl/digest_handle.h"
#include "ossl/encrypted_pem.h"
#include "ossl/failure.h"
#include "ossl/handle.h"
#include "ossl/key_parts.h"
#include "ossl/legacy.h"
#include "ossl/library.h"

namespace sealwright::ossl {
namespace {

constexpr int min_rsa_bits = 1024, max_rsa_bits = 16384;
constexpr std::size_t max_pem_bytes = std::size_t{1} << 20;
constexpr std::size_t max_pkcs8_bytes = std::size_t{1} << 14;  // RSA-16384 has 9,300.

/// What the callback of from_pem() is given and reports back.
struct Asked {
  const Secret* password = nullptr;
  bool asked = false;
};

int give_password(char* buffer, int size, int, void* context) {
  auto& asked = *static_cast<Asked*>(context);
  asked.asked = true;
  if (!asked.password || asked.password->size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(asked.password->view(), buffer);
  return static_cast<int>(asked.password->size());
}

KeyHandle read_pem(BytesView pem, Asked& asked) {
  const Ptr<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return nullptr;
  return KeyHandle(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &asked));
}

/// Whether OpenSSL just failed for want of an algorithm: RC2, DES and PBKDF1 are only in its legacy
/// provider.
bool lacks_algorithm() {
  const unsigned long error = ERR_peek_error();
  return ERR_GET_LIB(error) == ERR_LIB_EVP && ERR_GET_REASON(error) == ERR_R_UNSUPPORTED;
}

Error crypto_failure(const std::string& message) { return failure(Error::Kind::crypto, message); }

/// Key generation costs look-ups before it costs numbers: the context of the last spec is kept per
/// thread.
EVP_PKEY_CTX* generator(const KeySpec& spec) {
  thread_local Ptr<EVP_PKEY_CTX> context;
  thread_local KeySpec made_for;
  if (context && made_for.type == spec.type && made_for.bits == spec.bits &&
      made_for.curve == spec.curve)
    return context.get();
  const char* name = spec.type == KeyType::rsa  ? "RSA"
                     : spec.type == KeyType::ec ? "EC"
                                                : "ED25519";
  context.reset(EVP_PKEY_CTX_new_from_name(nullptr, name, nullptr));
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1 ||
      (spec.type == KeyType::rsa &&
       EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), spec.bits) != 1) ||
      (spec.type == KeyType::ec &&
       EVP_PKEY_CTX_set_group_name(context.get(), facts_of(spec.curve).group) != 1)) {
    context.reset();
    throw crypto_failure("key generation cannot be started");
  }
  made_for = spec;
  return context.get();
}

}  // namespace

PrivateKey::PrivateKey(KeyHandle key)
    : key_(std::move(key)), public_key_(PublicKey::from_spki(spki_of(key_.get()))) {
  ERR_clear_error();  // Of questions whose answer was no, and of decoders that were tried.
}

PrivateKey PrivateKey::generate(const KeySpec& spec) {
  if (spec.type == KeyType::other)
    throw Error(Error::Kind::input, "keys of this type cannot be generated");
  if (spec.type == KeyType::rsa && (spec.bits < min_rsa_bits || spec.bits > max_rsa_bits))
    throw Error(Error::Kind::input,
                fmt::format("RSA keys of {} bits cannot be generated", spec.bits),
                fmt::format("{} to {} bits", min_rsa_bits, max_rsa_bits));
  start_library();
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_generate(generator(spec), &made) != 1) throw crypto_failure("no key was generated");
  return PrivateKey(KeyHandle(made));
}

PrivateKey PrivateKey::from_pkcs8(BytesView pkcs8) {
  start_library();
  if (pkcs8.size() > max_pkcs8_bytes)
    throw Error(Error::Kind::input, "private key is longer than 16 KiB");
  if (KeyHandle own = key_of_own_pkcs8(pkcs8)) return PrivateKey(std::move(own));
  const unsigned char* at = pkcs8.data();
  const Ptr<PKCS8_PRIV_KEY_INFO> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(pkcs8.size())));
  if (!info || at != pkcs8.data() + pkcs8.size())
    throw failure(Error::Kind::input, "private key is not a PKCS#8 PrivateKeyInfo");
  KeyHandle key(EVP_PKCS82PKEY(info.get()));
  if (!key) throw failure(Error::Kind::input, "private key is malformed or of an unknown type");
  return PrivateKey(std::move(key));
}

PrivateKey PrivateKey::from_pem(BytesView pem, const Secret* password) {
  start_library();
  if (pem.size() > max_pem_bytes)
    throw Error(Error::Kind::input, "private key is longer than 1 MiB");
  refuse_costly(pem);
  Asked asked{password};
  KeyHandle key = read_pem(pem, asked);
  if (!key && password && lacks_algorithm()) {
    const LegacyAlgorithms legacy;
    key = read_pem(pem, asked);
  }
  if (key) return PrivateKey(std::move(key));
  if (!asked.asked) throw failure(Error::Kind::input, "no private key in PEM form found");
  if (password)
    throw failure(Error::Kind::crypto, "wrong password",
                  "the file has no MAC: it may also be damaged");
  throw failure(Error::Kind::input, "needs a password");
}

Secret PrivateKey::to_pkcs8() const { return pkcs8_of(key_.get(), public_key_); }

Bytes PrivateKey::to_encrypted_pem(const Secret& password) const {
  return encrypted_pem(to_pkcs8(), password);
}

Secret PrivateKey::to_plain_pem() const { return plain_pem(to_pkcs8()); }

Bytes PrivateKey::sign(const SignatureAlgorithm& algorithm, BytesView message) const {
  if (!fits(algorithm.scheme, public_key_.type()))
    throw Error(Error::Kind::crypto, fmt::format("a key {} cannot make signatures {}",
                                                 public_key_.description(), to_text(algorithm)));
  const Ptr<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;  // Owned by context.
  const EVP_MD* md = algorithm.scheme == Scheme::ed25519 ? nullptr : fetched(algorithm.digest);
  std::size_t length = 0;
  if (!context || EVP_DigestSignInit(context.get(), &parameters, md, nullptr, key_.get()) != 1 ||
      !set_scheme(parameters, algorithm) ||
      EVP_DigestSign(context.get(), nullptr, &length, message.data(), message.size()) != 1)
    throw crypto_failure("a signature cannot be started");
  Bytes signature(length);
  if (EVP_DigestSign(context.get(), signature.data(), &length, message.data(), message.size()) != 1)
    throw crypto_failure("a signature cannot be made");
  signature.resize(length);
  return signature;
}

}  // namespace sealwright::ossl
