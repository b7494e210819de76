#include <algorithm>

#include "base/error.h"
#include "ossl/der.h"
#include "x509/pkcs7.h"

namespace sealwright::x509 {
namespace der = ossl::der;
namespace {

const Attribute* find(const std::vector<Attribute>& attributes, const Oid& type) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& a) { return a.type == type; });
  return found == attributes.end() ? nullptr : &*found;
}

/// The one value of the one attribute of this type (RFC 5652, 11: contentType and messageDigest
/// must not occur twice); null where it is not so.
const Bytes* only_value(const std::vector<Attribute>& attributes, const Oid& type) {
  const auto count = std::count_if(attributes.begin(), attributes.end(),
                                   [&](const Attribute& a) { return a.type == type; });
  const Attribute* attribute = find(attributes, type);
  return count == 1 && attribute->values.size() == 1 ? &attribute->values[0] : nullptr;
}

/// Nothing for an algorithm this program does not know, or whose parameters are malformed.
std::optional<ossl::SignatureAlgorithm> algorithm_of(const SignerInfo& signer) {
  try {
    return ossl::signature_algorithm(signer.signature_algorithm_der, signer.digest);
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool signature_valid(const SignerInfo& signer, BytesView signed_bytes, const ossl::PublicKey& key) {
  const auto algorithm = algorithm_of(signer);
  if (!algorithm) return false;
  if (key.verify(*algorithm, signed_bytes, signer.signature)) return true;
  return *algorithm == ossl::SignatureAlgorithm{ossl::Scheme::rsa_pkcs1, ossl::Digest::sha1} &&
         key.verify_bare_digest(ossl::Digest::sha1, signed_bytes, signer.signature);
}

bool digest_matches(const SignerInfo& signer, BytesView content) {
  const Bytes* value = only_value(signer.authenticated, oids::message_digest);
  return value && *value == der::octet_string(ossl::hash(signer.digest, content));
}

Bytes signature_algorithm_der(const ossl::SignatureAlgorithm& algorithm) {
  static const Oid rsa_encryption("1.2.840.113549.1.1.1");
  if (algorithm.scheme == ossl::Scheme::rsa_pkcs1)
    return der::sequence({der::oid(rsa_encryption), der::null()});
  return ossl::algorithm_identifier(algorithm);
}

void check_attributes(const SignerInfo& signer) {
  const Bytes* digest = only_value(signer.authenticated, oids::message_digest);
  if (!only_value(signer.authenticated, oids::content_type) || !digest ||
      digest->size() != 2 + ossl::size_of(signer.digest))
    throw Error(Error::Kind::internal,
                "a signature needs one content type and one message digest of its algorithm");
}

}  // namespace

Attribute content_type_attribute(const Oid& type) { return {oids::content_type, {der::oid(type)}}; }

Attribute message_digest_attribute(BytesView digest) {
  return {oids::message_digest, {der::octet_string(digest)}};
}

Attribute signing_time_attribute(Time time) { return {oids::signing_time, {der::time(time)}}; }

const Attribute* SignerInfo::find_authenticated(const Oid& type) const {
  return find(authenticated, type);
}

const Attribute* SignerInfo::find_unauthenticated(const Oid& type) const {
  return find(unauthenticated, type);
}

BytesView digested_content(const SignedData& data) {
  if (data.content.empty()) return {};
  return der::Reader(data.content, "the signed content").next().content;
}

void sign(SignerInfo& signer, const Certificate& certificate, ossl::Signer& key) {
  check_attributes(signer);
  if (!equal(key.public_key().subject_public_key(), certificate.public_key().subject_public_key()))
    throw Error(Error::Kind::input, "the key is not the certificate's");
  signer.version = 1;
  signer.issuer = certificate.issuer();
  signer.serial = certificate.serial();
  signer.subject_key_identifier.reset();
  signer.digest_algorithm_der = der::sequence({der::oid(ossl::oid_of(signer.digest)), der::null()});
  std::vector<Bytes> attributes;
  for (const Attribute& attribute : signer.authenticated)
    attributes.push_back(encode_attribute(attribute));
  signer.authenticated_der = der::set_of(std::move(attributes));
  const auto algorithm = certificate.public_key().algorithm(signer.digest);
  signer.signature_algorithm_der = signature_algorithm_der(algorithm);
  signer.signature = key.sign(algorithm, signer.authenticated_der);
}

const Certificate* find_certificate(const SignerInfo& signer,
                                    const std::vector<Certificate>& pool) {
  const auto found = std::find_if(pool.begin(), pool.end(), [&](const Certificate& candidate) {
    if (signer.subject_key_identifier) {
      // A malformed extension of one certificate must not hide another.
      try {
        return candidate.subject_key_identifier() == signer.subject_key_identifier;
      } catch (const Error&) {
        return false;
      }
    }
    return candidate.issuer() == signer.issuer && candidate.serial() == signer.serial;
  });
  return found == pool.end() ? nullptr : &*found;
}

SignerCheck check(const SignerInfo& signer, BytesView content, const Certificate& certificate) {
  const bool attributes = !signer.authenticated.empty();
  const BytesView signed_bytes = attributes ? BytesView(signer.authenticated_der) : content;
  SignerCheck result;
  result.signature_valid = signature_valid(signer, signed_bytes, certificate.public_key());
  result.digest_matches = attributes ? digest_matches(signer, content) : result.signature_valid;
  return result;
}

}  // namespace sealwright::x509
