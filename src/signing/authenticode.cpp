#include "signing/authenticode.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"

namespace sealwright::signing {
namespace der = ossl::der;
namespace {

void check_key(const Identity& identity) {
  const ossl::PublicKey& key = identity.certificate.public_key();
  if (!identity.signer || identity.signer->public_key() != key)
    throw Error(Error::Kind::input, "the key is not the certificate's");
  if (key.type() != ossl::KeyType::rsa && key.type() != ossl::KeyType::ec)
    throw Error(Error::Kind::policy,
                "Windows does not know signatures of a key of type " + key.description(),
                "use an RSA or ECDSA key");
}

void check_options(const SignOptions& options) {
  if (options.digest == ossl::Digest::md5)
    throw Error(Error::Kind::usage, "md5 is no digest for signatures", "use sha256");
  const bool printable_ascii =
      std::ranges::all_of(options.url, [](char c) { return c > ' ' && c < 0x7f; });
  if (!printable_ascii)
    throw Error(Error::Kind::usage,
                "'" + printable(options.url) + "' is not a URL of ASCII characters");
}

/// Leaf, chain and cross-certificates. The root goes with the machines that trust it, not with the
/// file; of the others a SET in DER order is made without duplicates, for signatures that lack this
/// were refused ("No signature found").
std::vector<x509::Certificate> certificates_of(const Identity& identity,
                                               const SignOptions& options) {
  std::vector<x509::Certificate> result{identity.certificate};
  for (const x509::Certificate& certificate : identity.chain)
    if (options.include_root || !certificate.self_signed()) result.push_back(certificate);
  result.insert(result.end(), options.cross_certificates.begin(), options.cross_certificates.end());
  return result;
}

std::vector<x509::Attribute> attributes_of(const Oid& content_type, BytesView digest,
                                           const SignOptions& options) {
  std::vector<x509::Attribute> attributes{
      {oids::opus_info, {encode(OpusInfo{options.description, options.url})}},
      x509::content_type_attribute(content_type),
      {oids::statement_type, {der::sequence({der::oid(oids::individual_signing)})}},
      x509::message_digest_attribute(digest)};
  if (options.signing_time)
    attributes.push_back(x509::signing_time_attribute(*options.signing_time));
  return attributes;
}

}  // namespace

Signature sign_content(const Oid& content_type, BytesView content, const Identity& identity,
                       const SignOptions& options) {
  check_key(identity);
  check_options(options);
  x509::SignedData data;
  data.content_type = content_type;
  data.content = copy(content);
  data.certificates = certificates_of(identity, options);

  const BytesView digested = x509::digested_content(data);
  x509::SignerInfo signer;
  signer.digest = options.digest;
  signer.authenticated = attributes_of(content_type, ossl::hash(options.digest, digested), options);
  x509::sign(signer, identity.certificate, *identity.signer);
  // A token that answers garbage, or a fault in an RSA calculation, must not reach a file.
  const x509::SignerCheck check = x509::check(signer, digested, identity.certificate);
  if (!check.signature_valid || !check.digest_matches)
    throw Error(Error::Kind::crypto, "the key made a signature that is not valid");

  Signature result;
  if (options.timestamp) {
    Bytes token = options.timestamp->stamp(signer.signature, options.digest);
    result.timestamp = read_token(token);
    if (!check_timestamp(*result.timestamp, signer.signature).good())
      throw Error(Error::Kind::crypto, "the timestamp that was made is not valid");
    signer.unauthenticated.push_back({oids::timestamp_token, {std::move(token)}});
  }
  data.signers.push_back(std::move(signer));
  result.der = x509::encode(data, x509::CertificateOrder::sorted);
  return result;
}

}  // namespace sealwright::signing
