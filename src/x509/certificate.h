#pragma once
// X.509 certificates: read, and built from values to be signed elsewhere.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ossl/der.h"
#include "ossl/key.h"
#include "ossl/signer.h"
#include "x509/extension.h"
#include "x509/name.h"

namespace sealwright::x509 {

constexpr std::size_t max_certificate_bytes = 256 * 1024;

/// One certificate; immutable and cheap to copy.
class Certificate {
 public:
  /// Reads one certificate (RFC 5280, section 4.1) from `der`.
  ///
  /// `der` holds the certificate and nothing else: bytes after it are an error, since no signature
  /// covers them. At most max_certificate_bytes. The result owns its data. Nothing is verified: see
  /// verify::judge().
  ///
  /// Throws Error::Kind::input unless `der` is exactly one well-formed certificate. The message
  /// names no file; the caller that opened the file adds the name.
  static Certificate from_der(BytesView der);

  const Bytes& der() const;
  BytesView tbs() const;  ///< The whole TBSCertificate element: what the signature covers.
  int version() const;    ///< 1 to 3.
  const Serial& serial() const;
  const Name& issuer() const;
  const Name& subject() const;
  Time not_before() const;
  Time not_after() const;
  const ossl::PublicKey& public_key() const;
  BytesView signature_algorithm_der() const;  ///< AlgorithmIdentifier.
  std::optional<ossl::SignatureAlgorithm> signature_algorithm() const;
  BytesView signature() const;
  const std::vector<Extension>& extensions() const;
  const Extension* extension(const Oid& oid) const;

  const Thumbprint& thumbprint() const;
  const std::array<std::uint8_t, 32>& sha256() const;

  // What extensions say; each throws Error::Kind::input when its extension is malformed.
  std::optional<std::uint32_t> key_usage() const;              ///< Nothing when absent.
  std::optional<std::vector<Oid>> extended_key_usage() const;  ///< Nothing when absent.
  std::optional<BasicConstraints> basic_constraints() const;
  bool is_ca() const;
  std::optional<Bytes> subject_key_identifier() const;
  std::optional<Bytes> authority_key_identifier() const;
  /// Names are compared octet for octet, as Windows does (CertCompareCertificateName).
  bool self_issued() const { return issuer() == subject(); }
  /// Whether the signature is by `issuer`'s key. Names, dates and constraints are not looked at.
  bool signed_by(const ossl::PublicKey& issuer) const;
  bool self_signed() const { return self_issued() && signed_by(public_key()); }
  std::string to_pem() const;
  bool operator==(const Certificate& other) const { return der() == other.der(); }

 private:
  struct Data;
  explicit Certificate(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

/// The DER INTEGER of a serial, and back: what stands in certificates and in issuerAndSerialNumber.
/// Negative serials keep every octet, since a signature made with such a certificate must name it
/// exactly.
Bytes encode(const Serial& serial);
Serial read_serial(ossl::der::Reader& reader);

/// A "TRUSTED CERTIFICATE" block of OpenSSL: what it trusts it for stands behind it, and is left
/// out.
Certificate read_trusted_certificate(BytesView bytes);

/// Every certificate in `bytes`: one DER certificate, PEM blocks, or a PKCS#7 (DER or PEM). In file
/// order. "TRUSTED CERTIFICATE" blocks are passed over: they may say that theirs is not trusted. Throws Error::Kind::input when there is none or one is malformed.
std::vector<Certificate> read_certificates(BytesView bytes);

/// What a certificate will say (RFC 5280, 4.1.2).
struct ToBeSigned {
  Serial serial;
  ossl::SignatureAlgorithm algorithm;
  Name issuer, subject;
  Time not_before{}, not_after{};
  ossl::PublicKey public_key;
  std::vector<Extension> extensions;  ///< In the order they are written.
};

/// The DER TBSCertificate, version 3. Throws Error::Kind::internal for an empty issuer or serial,
/// or end before begin.
Bytes encode(const ToBeSigned& to_be_signed);
/// Attaches a signature over `tbs`; nothing is verified.
Certificate assemble(BytesView tbs, const ossl::SignatureAlgorithm& algorithm, BytesView signature);

/// A serial of 159 random bits: positive, 20 octets at most, never zero (RFC 5280, 4.1.2.2; CA/B
/// Forum 7.1).
Serial random_serial(const std::function<void(std::span<std::uint8_t>)>& random);

}  // namespace sealwright::x509
