#pragma once
// Certification requests (PKCS#10, RFC 2986): what somebody who holds a key asks an authority for.

#include "x509/certificate.h"
#include "x509/pkcs7.h"

namespace sealwright::x509 {

namespace oids {
/// extensionRequest (RFC 2985, 5.4.2), and szOID_CERT_EXTENSIONS, which Windows writes instead.
extern const Oid extension_request, microsoft_extension_request;
/// szOID_ENROLL_CERTTYPE_EXTENSION (template by name), szOID_CERTIFICATE_TEMPLATE (by OID).
extern const Oid certificate_template_name, certificate_template;
}  // namespace oids

constexpr std::size_t max_request_bytes = 256 * 1024;
constexpr std::size_t max_request_extensions = 64;

/// One request; immutable and cheap to copy.
class Request {
 public:
  /// `der` holds one CertificationRequest and nothing else, at most max_request_bytes. Nothing is
  /// verified. Throws Error::Kind::input; two extensionRequest attributes, and an extension that is
  /// there twice, are malformed.
  static Request from_der(BytesView der);

  const Bytes& der() const;
  const Name& subject() const;
  const ossl::PublicKey& public_key() const;
  std::optional<ossl::SignatureAlgorithm> signature_algorithm() const;
  const std::vector<Extension>& extensions() const;  ///< Of extensionRequest; may be empty.
  const Extension* extension(const Oid& oid) const;
  const std::vector<Attribute>& attributes() const;  ///< All, extensionRequest included.
  /// Whether the request's own key made its signature: the proof that the asker holds it.
  bool verified() const;
  const std::array<std::uint8_t, 32>& sha256() const;  ///< Of der().
  std::string to_pem() const;
  bool operator==(const Request& other) const { return der() == other.der(); }

 private:
  struct Data;
  explicit Request(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

/// The one request in `bytes`: DER, or PEM with the label CERTIFICATE REQUEST or NEW CERTIFICATE
/// REQUEST. Throws Error::Kind::input, also for several.
Request read_request(BytesView bytes);

/// What a request will say.
struct RequestContents {
  Name subject;
  std::vector<Extension> extensions;  ///< As extensionRequest; left out when empty.
};
/// Signed by `signer`, whose public key it holds.
Request make_request(const RequestContents& contents, ossl::Digest digest, ossl::Signer& signer);

/// The template that an AD CS authority shall use, by its name: szOID_ENROLL_CERTTYPE_EXTENSION
/// ([MS-WCCE], 2.2.2.7.7.1).
Extension certificate_template_name_extension(const std::string& name);
/// By its OID and version: szOID_CERTIFICATE_TEMPLATE ([MS-WCCE], 2.2.2.7.7.2).
struct CertificateTemplate {
  Oid oid;
  std::uint32_t major = 100;
  std::optional<std::uint32_t> minor;
};
Extension certificate_template_extension(const CertificateTemplate& wanted);

}  // namespace sealwright::x509
