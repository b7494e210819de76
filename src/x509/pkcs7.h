#pragma once
// PKCS#7 v1.5 SignedData (RFC 2315) and its CMS cousin (RFC 5652), in DER: the envelope of
// Authenticode signatures, catalogs, timestamp tokens, SPC and P7B files.

#include <optional>
#include <vector>

#include "x509/certificate.h"

namespace sealwright::x509 {

namespace oids {
extern const Oid pkcs7_data, pkcs7_signed_data, content_type, message_digest, signing_time,
    counter_signature, sequence_number;
}

constexpr std::size_t max_signers = 64;
constexpr std::size_t max_bag_certificates = 1024;

/// An attribute of a SignerInfo: the values are whole DER elements.
struct Attribute {
  Oid type;
  std::vector<Bytes> values;
};

// Attributes that every signature has, or may have (RFC 5652, 11).
Attribute content_type_attribute(const Oid& type);
Attribute message_digest_attribute(BytesView digest);
Attribute signing_time_attribute(Time time);

/// Who signed, and over what (RFC 2315, 9.2).
struct SignerInfo {
  int version = 1;
  /// issuerAndSerialNumber; empty when `subject_key_identifier` is used (CMS version 3).
  Name issuer;
  Serial serial;
  std::optional<Bytes> subject_key_identifier;
  ossl::Digest digest = ossl::Digest::sha256;
  std::vector<Attribute> authenticated;  ///< Empty: the signature is over the content itself.
  /// As a SET OF (tag 0x31): exactly the bytes that are signed, also where a signer did not sort
  /// them. Filled by the reader and by sign().
  Bytes authenticated_der;
  Bytes digest_algorithm_der;     ///< AlgorithmIdentifier as read; from `digest` when empty.
  Bytes signature_algorithm_der;  ///< AlgorithmIdentifier of digestEncryptionAlgorithm.
  Bytes signature;                ///< encryptedDigest
  std::vector<Attribute> unauthenticated;

  const Attribute* find_authenticated(const Oid& type) const;
  const Attribute* find_unauthenticated(const Oid& type) const;
};

struct SignedData {
  int version = 1;
  /// AlgorithmIdentifiers as read; when empty and signers exist, written from the signers.
  std::vector<Bytes> digest_algorithms;
  Oid content_type;
  /// The whole element inside content's [0]: a SEQUENCE in Authenticode and catalogs, an OCTET
  /// STRING in CMS; empty = absent.
  Bytes content;
  std::vector<Certificate> certificates;
  /// Whole elements of the bag that are no X.509 certificates ([0] to [3]: RFC 5652, 10.2.2).
  std::vector<Bytes> other_certificates;
  std::vector<Bytes> crls;
  std::vector<SignerInfo> signers;
};

/// Reads ContentInfo(signedData).
///
/// At most max_signers and max_bag_certificates; bytes after it are an error unless `trailing` is
/// given, which gets their number (signatures in PE files are padded). Certificates that cannot be
/// read are an error, and so is a signer whose digest algorithm this program does not know.
/// BER with indefinite lengths is read too, and what is returned is its DER form: P7B files and CMS
/// messages made by streaming writers are like that (OpenSSL's -stream, Java's BER generators).
///
/// Throws Error::Kind::input. Nothing is verified.
SignedData read_signed_data(BytesView der, std::size_t* trailing = nullptr);
/// One SignerInfo by itself: the value of a countersignature attribute (RFC 2315, 9.2; PKCS#9).
SignerInfo read_signer_info(BytesView der);

/// `sorted`: as a SET OF is in DER, without duplicates: what Windows needs in signatures.
enum class CertificateOrder { as_given, sorted };
/// DER ContentInfo(signedData).
Bytes encode(const SignedData& data, CertificateOrder order = CertificateOrder::sorted);
Bytes encode_signer_info(const SignerInfo& signer);
Bytes encode_attribute(const Attribute& attribute);

/// What a signature's messageDigest covers: content octets without tag and length (RFC 2315, 9.3;
/// also for OCTET STRING). Empty for absent content. A view into `data`.
BytesView digested_content(const SignedData& data);

/// Signs: sets `signer.authenticated_der`, algorithms and signature over the attributes, which must
/// hold contentType and messageDigest already; issuer and serial are taken from `certificate`.
/// For RSA the algorithm is written as rsaEncryption with NULL, for EC as ecdsa-with-SHA…, as
/// verifiers of Authenticode expect.
///
/// Throws Error::Kind::internal for missing attributes, Error::Kind::input when `key` is not the
/// certificate's, and what Signer::sign() throws.
void sign(SignerInfo& signer, const Certificate& certificate, ossl::Signer& key);

/// The certificate in `pool` that `signer` names; null if there is none.
const Certificate* find_certificate(const SignerInfo& signer, const std::vector<Certificate>& pool);
const Certificate* find_certificate(const SignerInfo& signer, std::vector<Certificate>&&) = delete;

/// Whether the signature over the attributes (or over `content` where there are none) is by
/// `certificate`'s key, and, where there are attributes, whether messageDigest is the digest of
/// `content`. Where there are none both have the same value.
struct SignerCheck {
  bool digest_matches = false;
  bool signature_valid = false;
};
/// RSA signatures with SHA-1 whose padding holds the bare digest are valid too: Symantec's legacy
/// timestamp service made such, and Windows accepts them (8 of the 16 countersignatures in
/// the corpus).
/// The contentType attribute is not looked at: Windows reads the encapsulated content type only,
/// and callers know which one they expect.
SignerCheck check(const SignerInfo& signer, BytesView content, const Certificate& certificate);

/// Certs-only SignedData, as SPC and P7B files are (content type data, no content, no signers; like
/// `openssl crl2pkcs7 -nocrl`). Certificates in the order given.
Bytes certificates_only(const std::vector<Certificate>& certificates);

}  // namespace sealwright::x509
