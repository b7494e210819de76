#include "ossl/seal.h"

#include <fmt/format.h>
#include <openssl/core_names.h>

#include <bit>

#include "ossl/failure.h"
#include "ossl/handle.h"
#include "ossl/library.h"

namespace sealwright::ossl {
namespace {

constexpr std::size_t key_octets = 32, nonce_octets = 12, tag_octets = 16;
constexpr std::size_t max_octets = std::size_t{1} << 30;

const EVP_CIPHER* aes_256_gcm() {
  static const Ptr<EVP_CIPHER> cipher = [] {
    start_library();
    return Ptr<EVP_CIPHER>(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  }();
  if (!cipher) throw failure(Error::Kind::crypto, "OpenSSL does not provide AES-256-GCM");
  return cipher.get();
}

Ptr<EVP_CIPHER_CTX> start(const Secret& key, BytesView nonce, int encrypt) {
  if (key.size() != key_octets)
    throw Error(Error::Kind::crypto,
                fmt::format("a sealing key has {} bytes, not {}", key_octets, key.size()));
  Ptr<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  if (!context || EVP_CipherInit_ex2(context.get(), aes_256_gcm(), key.view().data(), nonce.data(),
                                     encrypt, nullptr) != 1)
    throw failure(Error::Kind::crypto, "sealing cannot be started");
  return context;
}

/// Feeds `bytes` into the cipher; with `into` null they are associated data.
bool feed(EVP_CIPHER_CTX* context, BytesView bytes, std::uint8_t* into) {
  int written = 0;
  return bytes.empty() || EVP_CipherUpdate(context, into, &written, bytes.data(),
                                           static_cast<int>(bytes.size())) == 1;
}

Error does_not_open() { return failure(Error::Kind::crypto, "does not open"); }

OSSL_PARAM octets(const char* name, BytesView bytes) {
  // An empty value is a value: OpenSSL takes a null pointer for a missing one.
  static std::uint8_t nothing = 0;
  return OSSL_PARAM_construct_octet_string(
      name, bytes.empty() ? &nothing : const_cast<std::uint8_t*>(bytes.data()), bytes.size());
}

Secret derive(const char* function, const OSSL_PARAM* parameters) {
  start_library();
  const Ptr<EVP_KDF> kdf(EVP_KDF_fetch(nullptr, function, nullptr));
  const Ptr<EVP_KDF_CTX> context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
  Secret key(key_octets);
  if (!context || EVP_KDF_derive(context.get(), key.writable().data(), key.size(), parameters) != 1)
    throw failure(Error::Kind::crypto, fmt::format("{} failed", function));
  return key;
}

void check(const ScryptCost& cost) {
  const bool n_fits = std::has_single_bit(cost.n) && cost.n >= (1u << 10) && cost.n <= (1u << 22);
  if (!n_fits || cost.r < 1 || cost.r > 32 || cost.p < 1 || cost.p > 16)
    throw Error(Error::Kind::input,
                fmt::format("scrypt cost n={} r={} p={} is not supported", cost.n, cost.r, cost.p),
                "n a power of 2 from 2^10 to 2^22, r 1 to 32, p 1 to 16");
}

}  // namespace

Bytes seal(const Secret& key, BytesView plain, BytesView associated_data, const Random& random) {
  if (plain.size() > max_octets || associated_data.size() > max_octets)
    throw Error(Error::Kind::crypto, "too long to be sealed");
  Bytes sealed = random_bytes(random, nonce_octets);
  const Ptr<EVP_CIPHER_CTX> context = start(key, sealed, 1);
  sealed.resize(nonce_octets + plain.size() + tag_octets);
  std::uint8_t* const cipher_text = sealed.data() + nonce_octets;
  std::uint8_t* const tag = cipher_text + plain.size();
  int written = 0;
  if (!feed(context.get(), associated_data, nullptr) || !feed(context.get(), plain, cipher_text) ||
      EVP_CipherFinal_ex(context.get(), tag, &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_octets, tag) != 1)
    throw failure(Error::Kind::crypto, "sealing failed");
  return sealed;
}

Secret unseal(const Secret& key, BytesView sealed, BytesView associated_data) {
  if (sealed.size() < nonce_octets + tag_octets || sealed.size() > max_octets ||
      associated_data.size() > max_octets)
    throw does_not_open();
  const Ptr<EVP_CIPHER_CTX> context = start(key, sealed.first(nonce_octets), 0);
  Bytes tag = copy(sealed.last(tag_octets));
  const BytesView cipher_text =
      sealed.subspan(nonce_octets, sealed.size() - nonce_octets - tag_octets);
  Secret plain(cipher_text.size());
  std::uint8_t none[tag_octets];
  int written = 0;
  if (EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_octets, tag.data()) != 1 ||
      !feed(context.get(), associated_data, nullptr) ||
      !feed(context.get(), cipher_text, plain.writable().data()) ||
      EVP_CipherFinal_ex(context.get(), none, &written) != 1)
    throw does_not_open();
  return plain;
}

Secret scrypt(const Secret& passphrase, BytesView salt, const ScryptCost& cost) {
  check(cost);
  ScryptCost c = cost;
  // The default limit of 32 MiB refuses the default cost.
  std::uint64_t max_bytes = 128 * std::uint64_t{c.r} * (c.n + c.p + 2) + 1024;
  const OSSL_PARAM parameters[] = {
      octets(OSSL_KDF_PARAM_PASSWORD, passphrase.view()),
      octets(OSSL_KDF_PARAM_SALT, salt),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &c.n),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &c.r),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &c.p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &max_bytes),
      OSSL_PARAM_construct_end()};
  return derive("SCRYPT", parameters);
}

Secret hkdf(const Secret& key, BytesView salt, std::string_view info) {
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      octets(OSSL_KDF_PARAM_KEY, key.view()), octets(OSSL_KDF_PARAM_SALT, salt),
      octets(OSSL_KDF_PARAM_INFO, view(info)), OSSL_PARAM_construct_end()};
  return derive("HKDF", parameters);
}

}  // namespace sealwright::ossl
