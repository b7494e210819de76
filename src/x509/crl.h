#pragma once
// Certificate revocation lists (RFC 5280, section 5): read, and built from values to be signed
// elsewhere.

#include "x509/certificate.h"

namespace sealwright::x509 {

namespace oids {
extern const Oid crl_number, reason_code, invalidity_date, delta_crl_indicator,
    issuing_distribution_point, certificate_issuer, expired_certs_on_crl;
}

constexpr std::size_t max_crl_bytes = 64 * 1024 * 1024;

/// CRLReason (RFC 5280, 5.3.1).
enum class RevocationReason {
  unspecified = 0,
  key_compromise = 1,
  ca_compromise = 2,
  affiliation_changed = 3,
  superseded = 4,
  cessation_of_operation = 5,
  certificate_hold = 6,
  remove_from_crl = 8,
  privilege_withdrawn = 9,
  aa_compromise = 10
};
std::string_view to_text(RevocationReason reason);  ///< "keyCompromise"
std::optional<RevocationReason> revocation_reason(
    std::string_view text);  ///< Any case; also "key-compromise".
std::vector<std::string> revocation_reason_names();

/// One entry of a list.
struct RevokedCertificate {
  Serial serial;
  Time revoked{};  ///< What Windows judges signatures by.
  /// Nothing for unspecified (RFC 5280, 5.3.1) and for reasons that do not exist: revoked is
  /// revoked.
  std::optional<RevocationReason> reason;
  std::optional<Time> invalidity;  ///< invalidityDate
  bool operator==(const RevokedCertificate&) const = default;
};

/// One list; immutable and cheap to copy.
class Crl {
 public:
  /// `der` holds one CertificateList and nothing else, at most max_crl_bytes. Nothing is verified.
  /// In time proportional to the size, save for the sorting of serials. Throws Error::Kind::input.
  static Crl from_der(BytesView der);

  const Bytes& der() const;
  const Name& issuer() const;
  Time this_update() const;
  std::optional<Time> next_update() const;
  /// In list order.
  const std::vector<RevokedCertificate>& entries() const;
  /// By binary search; the first in list order, null when not listed. Says nothing about
  /// certificates where critical_unknown() has something.
  const RevokedCertificate* find(const Serial& serial) const;
  const std::vector<Extension>& extensions() const;
  const Extension* extension(const Oid& oid) const;
  std::optional<Bytes> number() const;  ///< cRLNumber: big-endian, without leading zeros.
  std::optional<Bytes> authority_key_identifier() const;
  /// Whether it only tells changes since another list (RFC 5280, 5.2.4).
  bool delta() const { return extension(oids::delta_crl_indicator); }
  /// Critical extensions of the list or of any entry that this class does not understand (among
  /// them issuingDistributionPoint, deltaCRLIndicator and certificateIssuer), sorted, each once.
  /// Where there are any, the list must not be used to tell that a certificate is not revoked (RFC
  /// 5280, 5.2 and 5.3), and entries may be about certificates of other issuers.
  const std::vector<Oid>& critical_unknown() const;
  std::optional<ossl::SignatureAlgorithm> signature_algorithm() const;
  bool signed_by(const ossl::PublicKey& issuer) const;
  std::string to_pem() const;
  bool operator==(const Crl& other) const { return der() == other.der(); }

 private:
  struct Data;
  explicit Crl(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

/// Every list in `bytes`: DER, or PEM with the label X509 CRL. Throws Error::Kind::input when there
/// is none.
std::vector<Crl> read_crls(BytesView bytes);

/// What a list will say: version 2 with authorityKeyIdentifier and cRLNumber (RFC 5280, 5.2).
struct CrlToBeSigned {
  ossl::SignatureAlgorithm algorithm;
  Name issuer;
  Time this_update{}, next_update{};
  std::int64_t number = 1;
  Bytes authority_key_identifier;
  std::vector<RevokedCertificate> entries;  ///< Written sorted by serial.
  /// Certificates that have expired since then are on the list too: expiredCertsOnCRL (X.509).
  std::optional<Time> expired_since{};
};
/// The DER TBSCertList. Throws Error::Kind::internal for an empty issuer, key identifier or serial,
/// a serial that is there twice, a negative number, or an end before the begin.
Bytes encode(const CrlToBeSigned& to_be_signed);
/// Attaches a signature over `tbs`; nothing is verified.
Crl assemble_crl(BytesView tbs, const ossl::SignatureAlgorithm& algorithm, BytesView signature);

}  // namespace sealwright::x509
