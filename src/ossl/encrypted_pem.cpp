#include "ossl/encrypted_pem.h"

#include <fmt/format.h>
#include <openssl/pem.h>

#include <algorithm>

#include "base/encoding.h"
#include "ossl/der.h"
#include "ossl/failure.h"
#include "ossl/handle.h"
#include "ossl/library.h"

namespace sealwright::ossl {
namespace {

constexpr int written_iterations = 600'000;  // OWASP's figure for PBKDF2-HMAC-SHA256, 2023.
constexpr int salt_octets = 16;
constexpr std::int64_t max_iterations = 10'000'000;
constexpr std::string_view pbes2 = "1.2.840.113549.1.5.13";

Error not_encrypted() {
  return failure(Error::Kind::crypto, "the private key cannot be encrypted");
}

Ptr<X509_SIG> encrypt(const Secret& pkcs8, const Secret& password) {
  const unsigned char* at = pkcs8.view().data();
  const Ptr<PKCS8_PRIV_KEY_INFO> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(pkcs8.size())));
  Ptr<X509_ALGOR> scheme(PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), written_iterations, nullptr,
                                           salt_octets, nullptr, NID_hmacWithSHA256));
  if (!info || !scheme) throw not_encrypted();
  Ptr<X509_SIG> sealed(PKCS8_set0_pbe(password.text().data(), static_cast<int>(password.size()),
                                      info.get(), scheme.get()));
  if (!sealed) throw not_encrypted();
  (void)scheme.release();  // Now part of sealed.
  return sealed;
}

/// PBES1 (RFC 8018, A.3) and the PKCS#12 schemes have salt and count; PBES2 (A.4) has them, for
/// PBKDF2, one level down. scrypt there is bounded by OpenSSL's limit of 32 MiB.
std::int64_t iterations(BytesView encrypted_private_key_info) {
  der::Reader outer(encrypted_private_key_info, "encrypted private key");
  der::Reader algorithm = outer.enter(der::sequence_tag).enter(der::sequence_tag);
  const bool is_pbes2 = algorithm.oid().text() == pbes2;
  der::Reader parameters = algorithm.enter(der::sequence_tag);
  if (is_pbes2) {
    der::Reader derivation = parameters.enter(der::sequence_tag);
    derivation.oid();
    parameters = derivation.enter(der::sequence_tag);
  }
  parameters.octet_string();
  return parameters.small_integer();
}

}  // namespace

Bytes encrypted_pem(const Secret& pkcs8, const Secret& password) {
  start_library();
  const Ptr<X509_SIG> sealed = encrypt(pkcs8, password);
  const Ptr<BIO> bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PKCS8(bio.get(), sealed.get()) != 1) throw not_encrypted();
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return Bytes(text, text + length);
}

Secret plain_pem(const Secret& pkcs8) {
  constexpr std::string_view begin = "-----BEGIN PRIVATE KEY-----\n",
                             end = "-----END PRIVATE KEY-----\n";
  constexpr std::size_t line_octets = 64;  // RFC 7468, section 2
  Secret base64((pkcs8.size() + 2) / 3 * 4 + 1);
  const int length = EVP_EncodeBlock(base64.writable().data(), pkcs8.view().data(),
                                     static_cast<int>(pkcs8.size()));
  const std::string_view all = base64.text().substr(0, static_cast<std::size_t>(length));
  Secret pem(begin.size() + all.size() + (all.size() + line_octets - 1) / line_octets + end.size());
  auto to = std::copy(begin.begin(), begin.end(), pem.writable().begin());
  for (std::size_t at = 0; at < all.size(); at += line_octets) {
    const auto line = all.substr(at, line_octets);
    to = std::copy(line.begin(), line.end(), to);
    *to++ = '\n';
  }
  std::copy(end.begin(), end.end(), to);
  return pem;
}

void refuse_costly(BytesView pem) {
  constexpr std::string_view begin = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
  const std::string_view all(reinterpret_cast<const char*>(pem.data()), pem.size());
  for (std::size_t at = 0; (at = all.find(begin, at)) != all.npos;) {
    at += begin.size();
    const std::size_t end = std::min(all.find("-----END", at), all.size());
    const auto der = from_base64(all.substr(at, end - at));
    if (!der) throw Error(Error::Kind::input, "encrypted private key is not base64");
    if (const auto count = iterations(*der); count > max_iterations)
      throw Error(Error::Kind::input,
                  fmt::format("encrypted private key asks for {} iterations", count),
                  fmt::format("at most {} are accepted", max_iterations));
    at = end;
  }
}

}  // namespace sealwright::ossl
