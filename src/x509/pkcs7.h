#pragma once
// PKCS#7 v1.5 SignedData (RFC 2315) and its CMS cousin (RFC 5652), in DER: the envelope of Authenticode signatures, catalogs,
// timestamp tokens, SPC and P7B files.

#include <optional>
#include <vector>

#include "x509/certificate.h"

namespace sealwright::x509 {

namespace oids {
extern const Oid pkcs7_data, pkcs7_signed_data, content_type, message_digest, signing_time, counter_signature, sequence_number;
}

/// An attribute of a SignerInfo: the values are whole DER elements.
struct Attribute {
  Oid type;
  std::vector<Bytes> values;
};

/// Who signed, and over what (RFC 2315, 9.2).
struct SignerInfo {
  int version = 1;
  Name issuer;          ///< issuerAndSerialNumber; empty when `subject_key_identifier` is used (CMS version 3).
  Serial serial;
  std::optional<Bytes> subject_key_identifier;
  ossl::Digest digest = ossl::Digest::sha256;
  std::vector<Attribute> authenticated;    ///< Empty: the signature is over the content itself.
  Bytes authenticated_der;                 ///< As a SET OF (tag 0x31): exactly the bytes that are signed. Filled by the reader and by the signer.
  Bytes digest_algorithm_der;              ///< AlgorithmIdentifier as read; written from `digest` when empty.
  Bytes signature_algorithm_der;           ///< AlgorithmIdentifier of digestEncryptionAlgorithm.
  Bytes signature;                         ///< encryptedDigest
  std::vector<Attribute> unauthenticated;

  const Attribute* find_authenticated(const Oid& type) const;
  const Attribute* find_unauthenticated(const Oid& type) const;
};

struct SignedData {
  int version = 1;
  std::vector<Bytes> digest_algorithms;  ///< AlgorithmIdentifiers as read; when empty and signers exist, written from the signers.
  Oid content_type;
  /// The whole element inside content's [0]: a SEQUENCE in Authenticode and catalogs, an OCTET STRING in CMS; empty = absent.
  Bytes content;
  std::vector<Certificate> certificates;
  std::vector<Bytes> crls;
  std::vector<SignerInfo> signers;
};

/// Reads ContentInfo(signedData). At most 64 signers and 1,024 certificates; bytes after it are an error unless `trailing`
/// is given, which gets their number (signatures in PE files are padded). Certificates that cannot be read are an error.
/// Throws Error::Kind::input. Nothing is verified.
SignedData read_signed_data(BytesView der, std::size_t* trailing = nullptr);

/// `sorted`: as a SET OF is in DER, without duplicates: what Windows needs in signatures.
enum class CertificateOrder { as_given, sorted };
/// DER ContentInfo(signedData).
Bytes encode(const SignedData& data, CertificateOrder order = CertificateOrder::sorted);
Bytes encode_attribute(const Attribute& attribute);

/// What a signature's messageDigest covers: content octets without tag and length (RFC 2315, 9.3; also for OCTET STRING).
BytesView digested_content(const SignedData& data);

/// Signs: sets `signer.authenticated_der`, algorithms and signature over the attributes, which must hold contentType and
/// messageDigest already; issuer and serial are taken from `certificate`.
/// For RSA the algorithm is written as rsaEncryption with NULL, for EC as ecdsa-with-SHA…, as verifiers of Authenticode expect.
void sign(SignerInfo& signer, const Certificate& certificate, ossl::Signer& key);

/// The certificate in `pool` that `signer` names; null if there is none.
const Certificate* find_certificate(const SignerInfo& signer, const std::vector<Certificate>& pool);

/// Whether the signature over the attributes (or over `content` where there are none) is by `certificate`'s key, and, where there
/// are attributes, whether messageDigest is the digest of `content`.
struct SignerCheck {
  bool digest_matches = false;
  bool signature_valid = false;
};
SignerCheck check(const SignerInfo& signer, BytesView content, const Certificate& certificate);

/// Certs-only SignedData, as SPC and P7B files are (content type data, no content, no signers; like
/// `openssl crl2pkcs7 -nocrl`). Certificates in the order given.
Bytes certificates_only(const std::vector<Certificate>& certificates);

}  // namespace sealwright::x509
