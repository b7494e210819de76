#include "ossl/key_parts.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "base/error.h"
#include "ossl/curve.h"
#include "ossl/der.h"
#include "ossl/failure.h"
#include "ossl/oids.h"

namespace sealwright::ossl {
namespace {

/// A public key of an algorithm from parameters, or null.
KeyHandle from_parameters(const char* algorithm, OSSL_PARAM* parameters) {
  const Ptr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    return nullptr;
  return KeyHandle(key);
}

Error unreadable_key() {
  return failure(Error::Kind::crypto, "OpenSSL does not give the numbers of a key");
}

/// Big-endian; as long as `octets`, or as short as it can be.
Secret number(const EVP_PKEY* key, const char* name, std::size_t octets = 0) {
  BIGNUM* found = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &found) != 1) throw unreadable_key();
  const Ptr<BIGNUM> owned(found);
  Secret bytes(octets ? octets : static_cast<std::size_t>(BN_num_bytes(found)));
  if (BN_bn2binpad(found, bytes.writable().data(), static_cast<int>(bytes.size())) < 0)
    throw unreadable_key();
  return bytes;
}

Secret integer(const EVP_PKEY* key, const char* name) {
  return Secret(der::positive_integer(number(key, name).view()));
}

std::optional<Curve> curve_of(const EVP_PKEY* key) {
  char group[64];
  std::size_t length = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                     &length) != 1)
    return std::nullopt;
  return curve_by_group({group, length});
}

/// rsa, ec on a known curve, or ed25519.
KeyType type_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA")) return KeyType::rsa;
  if (EVP_PKEY_is_a(key, "EC") && curve_of(key)) return KeyType::ec;
  if (EVP_PKEY_is_a(key, "ED25519")) return KeyType::ed25519;
  const char* name = EVP_PKEY_get0_type_name(key);
  throw Error(Error::Kind::input,
              EVP_PKEY_is_a(key, "EC")
                  ? std::string("EC keys on this curve are not supported")
                  : "keys of type '" + std::string(name ? name : "?") + "' are not supported",
              "RSA, Ed25519, or EC on P-256, P-384 or P-521");
}

Bytes key_algorithm(const EVP_PKEY* key, KeyType type) {
  switch (type) {
    case KeyType::rsa:
      return der::sequence({der::oid(Oid(oids::rsa_encryption)), der::null()});
    case KeyType::ec:
      return der::sequence(
          {der::oid(Oid(oids::ec_public_key)), der::oid(Oid(facts_of(*curve_of(key)).oid))});
    default:
      return der::sequence({der::oid(Oid(oids::ed25519))});
  }
}

/// An uncompressed point whatever form the key was read in.
Bytes point_of(const EVP_PKEY* key) {
  const std::size_t octets = facts_of(*curve_of(key)).octets;
  Bytes point = {0x04};
  append(point, number(key, OSSL_PKEY_PARAM_EC_PUB_X, octets).view());
  append(point, number(key, OSSL_PKEY_PARAM_EC_PUB_Y, octets).view());
  return point;
}

template <class Result>
Result raw_key(const EVP_PKEY* key, int (*get)(const EVP_PKEY*, unsigned char*, std::size_t*)) {
  std::uint8_t bytes[32];
  std::size_t length = sizeof bytes;
  if (get(key, bytes, &length) != 1) throw unreadable_key();
  Result result(bytes, bytes + length);
  OPENSSL_cleanse(bytes, sizeof bytes);
  return result;
}

Bytes subject_public_key(const EVP_PKEY* key, KeyType type) {
  switch (type) {
    case KeyType::rsa:
      return der::sequence(
          {integer(key, OSSL_PKEY_PARAM_RSA_N).view(), integer(key, OSSL_PKEY_PARAM_RSA_E).view()});
    case KeyType::ec:
      return point_of(key);
    default:
      return raw_key<Bytes>(key, EVP_PKEY_get_raw_public_key);
  }
}

/// RSAPrivateKey (RFC 8017, A.1.2), of two primes.
Secret rsa_private_key(const EVP_PKEY* key) {
  const auto part = [key](const char* name) { return integer(key, name); };
  return Secret(der::sequence(
      {der::integer(0), part(OSSL_PKEY_PARAM_RSA_N).view(), part(OSSL_PKEY_PARAM_RSA_E).view(),
       part(OSSL_PKEY_PARAM_RSA_D).view(), part(OSSL_PKEY_PARAM_RSA_FACTOR1).view(),
       part(OSSL_PKEY_PARAM_RSA_FACTOR2).view(), part(OSSL_PKEY_PARAM_RSA_EXPONENT1).view(),
       part(OSSL_PKEY_PARAM_RSA_EXPONENT2).view(), part(OSSL_PKEY_PARAM_RSA_COEFFICIENT1).view()}));
}

/// ECPrivateKey (RFC 5915, 3) as PKCS#8 holds it: the curve is outside.
Secret ec_private_key(const EVP_PKEY* key) {
  const std::size_t octets = facts_of(*curve_of(key)).octets;
  const Secret scalar(der::octet_string(number(key, OSSL_PKEY_PARAM_PRIV_KEY, octets).view()));
  const Bytes point =
      der::constructed(der::context_constructed(1), {der::bit_string(point_of(key))});
  return Secret(der::sequence({der::integer(1), scalar.view(), point}));
}

Secret private_part(const EVP_PKEY* key, KeyType type) {
  switch (type) {
    case KeyType::rsa:
      return rsa_private_key(key);
    case KeyType::ec:
      return ec_private_key(key);
    default: {  // RFC 8410, 7: an OCTET STRING inside the OCTET STRING.
      const Secret seed(raw_key<Bytes>(key, EVP_PKEY_get_raw_private_key));
      return Secret(der::octet_string(seed.view()));
    }
  }
}

}  // namespace

bool fits(Scheme scheme, KeyType type) {
  switch (scheme) {
    case Scheme::rsa_pkcs1:
    case Scheme::rsa_pss:
      return type == KeyType::rsa;
    case Scheme::ecdsa:
      return type == KeyType::ec;
    case Scheme::ed25519:
      return type == KeyType::ed25519;
  }
  return false;
}

bool set_scheme(EVP_PKEY_CTX* parameters, const SignatureAlgorithm& algorithm) {
  if (algorithm.scheme != Scheme::rsa_pss) return true;  // PKCS#1 v1.5 is OpenSSL's default.
  return EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1;
}

KeyHandle rsa_public_key(BytesView modulus, BytesView exponent) {
  const Ptr<BIGNUM> n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  const Ptr<BIGNUM> e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  const Ptr<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  const Ptr<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  return parameters ? from_parameters("RSA", parameters.get()) : nullptr;
}

KeyHandle ec_public_key(Curve curve, BytesView point) {
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                       const_cast<char*>(facts_of(curve).group), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                        const_cast<std::uint8_t*>(point.data()), point.size()),
      OSSL_PARAM_construct_end()};
  return from_parameters("EC", parameters);
}

KeyHandle ed25519_public_key(BytesView key) {
  return KeyHandle(
      EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, key.data(), key.size()));
}

Bytes spki_of(const EVP_PKEY* key) {
  const KeyType type = type_of(key);
  return der::sequence({key_algorithm(key, type), der::bit_string(subject_public_key(key, type))});
}

Secret pkcs8_of(const EVP_PKEY* key) {
  const KeyType type = type_of(key);
  const Secret wrapped(der::octet_string(private_part(key, type).view()));
  return Secret(der::sequence({der::integer(0), key_algorithm(key, type), wrapped.view()}));
}

}  // namespace sealwright::ossl
