#include "ossl/key_parts.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "base/error.h"
#include "ossl/curve.h"
#include "ossl/der.h"
#include "ossl/failure.h"
#include "ossl/oids.h"

namespace sealwright::ossl {
namespace {

constexpr std::size_t ed25519_octets = 32;

Bytes rsa_algorithm() { return der::sequence({der::oid(Oid(oids::rsa_encryption)), der::null()}); }
Bytes ec_algorithm(Curve curve) {
  return der::sequence({der::oid(Oid(oids::ec_public_key)), der::oid(Oid(facts_of(curve).oid))});
}
Bytes ed25519_algorithm() { return der::sequence({der::oid(Oid(oids::ed25519))}); }

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

Error not_supported(const std::string& what) {
  return Error(Error::Kind::input, what + " are not supported",
               "RSA of two primes, Ed25519, or EC on P-256, P-384 or P-521");
}

bool has_third_prime(const EVP_PKEY* key) {
  BIGNUM* prime = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_FACTOR3, &prime) != 1) return false;
  const Ptr<BIGNUM> owned(prime);
  return true;
}

Bytes rsa_spki(const EVP_PKEY* key) {
  if (has_third_prime(key)) throw not_supported("RSA keys of more than two primes");
  const Bytes numbers = der::sequence(
      {integer(key, OSSL_PKEY_PARAM_RSA_N).view(), integer(key, OSSL_PKEY_PARAM_RSA_E).view()});
  return der::sequence({rsa_algorithm(), der::bit_string(numbers)});
}

/// Uncompressed, whatever form the key was read in.
Bytes point_of(const EVP_PKEY* key, std::size_t octets) {
  Bytes point(1 + 2 * octets);
  std::size_t length = 0;
  if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                      &length) == 1 &&
      length == point.size() && point[0] == 0x04)
    return point;
  point = {0x04};
  append(point, number(key, OSSL_PKEY_PARAM_EC_PUB_X, octets).view());
  append(point, number(key, OSSL_PKEY_PARAM_EC_PUB_Y, octets).view());
  return point;
}

Bytes ec_spki(const EVP_PKEY* key) {
  const auto curve = curve_of(key);
  if (!curve) throw not_supported("EC keys on this curve");
  return der::sequence(
      {ec_algorithm(*curve), der::bit_string(point_of(key, facts_of(*curve).octets))});
}

Secret raw_key(const EVP_PKEY* key, int (*get)(const EVP_PKEY*, unsigned char*, std::size_t*)) {
  Secret bytes(ed25519_octets);
  std::size_t length = bytes.size();
  if (get(key, bytes.writable().data(), &length) != 1) throw unreadable_key();
  return bytes;
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
Secret ec_private_key(const EVP_PKEY* key, const PublicKey& public_key) {
  const std::size_t octets = facts_of(*public_key.curve()).octets;
  const Secret scalar(der::octet_string(number(key, OSSL_PKEY_PARAM_PRIV_KEY, octets).view()));
  const Bytes point = der::constructed(der::context_constructed(1),
                                       {der::bit_string(public_key.subject_public_key())});
  return Secret(der::sequence({der::integer(1), scalar.view(), point}));
}

Secret private_key_info(const Bytes& algorithm, const Secret& key) {
  const Secret wrapped(der::octet_string(key.view()));
  return Secret(der::sequence({der::integer(0), algorithm, wrapped.view()}));
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
  if (EVP_PKEY_is_a(key, "RSA")) return rsa_spki(key);
  if (EVP_PKEY_is_a(key, "EC")) return ec_spki(key);
  if (EVP_PKEY_is_a(key, "ED25519")) {
    const Secret point = raw_key(key, EVP_PKEY_get_raw_public_key);
    return der::sequence({ed25519_algorithm(), der::bit_string(point.view())});
  }
  const char* name = EVP_PKEY_get0_type_name(key);
  throw not_supported(fmt::format("keys of type '{}'", name ? name : "?"));
}

Secret pkcs8_of(const EVP_PKEY* key, const PublicKey& public_key) {
  switch (public_key.type()) {
    case KeyType::rsa:
      return private_key_info(rsa_algorithm(), rsa_private_key(key));
    case KeyType::ec:
      return private_key_info(ec_algorithm(*public_key.curve()), ec_private_key(key, public_key));
    case KeyType::ed25519: {  // RFC 8410, 7: an OCTET STRING inside the OCTET STRING.
      const Secret seed = raw_key(key, EVP_PKEY_get_raw_private_key);
      return private_key_info(ed25519_algorithm(), Secret(der::octet_string(seed.view())));
    }
    case KeyType::other:
      break;
  }
  throw unreadable_key();
}

}  // namespace sealwright::ossl
