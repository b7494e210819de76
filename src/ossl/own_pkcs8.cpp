// PrivateKeyInfo in the form this program writes, read without OpenSSL's decoders: those take 20
// times as long, and a command that signs once would spend more on opening its key than on using
// it.

#include <openssl/core_names.h>

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "ossl/curve.h"
#include "ossl/der.h"
#include "ossl/key_parts.h"
#include "ossl/oids.h"

namespace sealwright::ossl {
namespace {

constexpr std::string_view what = "private key";

/// A big-endian number as OSSL_PARAM wants it, wiped at the end (what OSSL_PARAM_BLD makes is not).
Secret native(BytesView number) {
  Secret bytes(number);
  if constexpr (std::endian::native == std::endian::little) std::ranges::reverse(bytes.writable());
  return bytes;
}

OSSL_PARAM number_parameter(const char* name, Secret& number) {
  return OSSL_PARAM_construct_BN(name, number.writable().data(), number.size());
}

KeyHandle key_pair(const char* algorithm, OSSL_PARAM* parameters) {
  const Ptr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters) != 1)
    return nullptr;
  return KeyHandle(key);
}

/// RSAPrivateKey (RFC 8017, A.1.2), of two primes.
KeyHandle read_rsa(BytesView private_key) {
  constexpr const char* names[] = {OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
                                   OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                                   OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                                   OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
  der::Reader outer(private_key, std::string(what));
  der::Reader reader = outer.enter(der::sequence_tag);
  if (reader.small_integer() != 0) return nullptr;
  std::vector<Secret> numbers;
  std::vector<OSSL_PARAM> parameters;
  for (const char* name : names) {
    const BytesView number = reader.integer_content();
    if (number[0] >= 0x80) return nullptr;
    numbers.push_back(native(number));
    parameters.push_back(number_parameter(name, numbers.back()));
  }
  reader.end();
  parameters.push_back(OSSL_PARAM_construct_end());
  return key_pair("RSA", parameters.data());
}

/// ECPrivateKey (RFC 5915, 3) with its public key.
KeyHandle read_ec(Curve curve, BytesView private_key) {
  const CurveFacts& facts = facts_of(curve);
  der::Reader outer(private_key, std::string(what));
  der::Reader reader = outer.enter(der::sequence_tag);
  if (reader.small_integer() != 1) return nullptr;
  Secret scalar = native(reader.octet_string());
  const Bytes point = copy(reader.enter(der::context_constructed(1)).bit_string());
  reader.end();
  if (scalar.size() != facts.octets || point.size() != 1 + 2 * facts.octets || point[0] != 0x04)
    return nullptr;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(facts.group),
                                       0),
      number_parameter(OSSL_PKEY_PARAM_PRIV_KEY, scalar),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                        const_cast<std::uint8_t*>(point.data()), point.size()),
      OSSL_PARAM_construct_end()};
  return key_pair("EC", parameters);
}

/// RFC 8410, 7.
KeyHandle read_ed25519(BytesView private_key) {
  const BytesView seed = der::Reader(private_key, std::string(what)).octet_string();
  return KeyHandle(
      EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, seed.data(), seed.size()));
}

KeyHandle read(BytesView pkcs8) {
  der::Reader outer(pkcs8, std::string(what));
  der::Reader reader = outer.enter(der::sequence_tag);
  outer.end();
  if (reader.small_integer() != 0) return nullptr;
  der::Reader algorithm = reader.enter(der::sequence_tag);
  const BytesView key = reader.octet_string();
  reader.end();
  const std::string oid = algorithm.oid().text();
  if (oid == oids::rsa_encryption) return read_rsa(key);
  if (oid == oids::ed25519) return read_ed25519(key);
  if (oid != oids::ec_public_key || !algorithm.next_is(der::oid_tag)) return nullptr;
  const auto curve = curve_by_oid(algorithm.oid());
  return curve ? read_ec(*curve, key) : nullptr;
}

}  // namespace

KeyHandle key_of_own_pkcs8(BytesView pkcs8) {
  try {
    return read(pkcs8);
  } catch (const Error&) {
    return nullptr;  // Another form: OpenSSL is asked.
  }
}

}  // namespace sealwright::ossl
