#pragma once
// Certificate extensions (RFC 5280, 4.2): values built and read.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/id.h"

namespace sealwright::x509 {

struct Extension {
  Oid oid;
  bool critical = false;
  Bytes value;  ///< DER inside the OCTET STRING.
  bool operator==(const Extension&) const = default;
};

/// Bits of KeyUsage, in the order of RFC 5280, 4.2.1.3 (bit 0 = digitalSignature).
enum KeyUsage : std::uint32_t {
  digital_signature = 1u << 0,
  content_commitment = 1u << 1,
  key_encipherment = 1u << 2,
  data_encipherment = 1u << 3,
  key_agreement = 1u << 4,
  key_cert_sign = 1u << 5,
  crl_sign = 1u << 6,
  encipher_only = 1u << 7,
  decipher_only = 1u << 8,
};
std::optional<std::uint32_t> key_usage_bit(
    std::string_view name);  ///< "digitalSignature", also "nonRepudiation".
std::vector<std::string> key_usage_names(std::uint32_t bits);

struct BasicConstraints {
  bool ca = false;
  std::optional<int> path_length;
};

struct GeneralName {
  enum class Kind { email, dns, uri, ip, directory } kind = Kind::dns;
  std::string value;  ///< Text; `ip` as text or CIDR in constraints; `directory` as RFC 4514.
};

struct NameConstraints {
  std::vector<GeneralName> permitted, excluded;
};

Extension key_usage_extension(std::uint32_t bits, bool critical);
Extension extended_key_usage_extension(const std::vector<Oid>& purposes, bool critical);
Extension basic_constraints_extension(const BasicConstraints& constraints, bool critical);
Extension subject_key_identifier_extension(BytesView key_identifier);
Extension authority_key_identifier_extension(BytesView key_identifier);
Extension crl_distribution_points_extension(const std::vector<std::string>& urls);
/// caIssuers and OCSP access descriptions; either may be empty, not both.
Extension authority_information_access_extension(const std::vector<std::string>& issuer_urls,
                                                 const std::vector<std::string>& ocsp_urls);
Extension subject_alternative_name_extension(const std::vector<GeneralName>& names, bool critical);
Extension name_constraints_extension(const NameConstraints& constraints);
struct CertificatePolicy {
  Oid oid;
  std::string cps;  ///< URL, or empty.
};
Extension certificate_policies_extension(const std::vector<CertificatePolicy>& policies);

// Readers of extension values; throw Error::Kind::input when malformed.
std::uint32_t read_key_usage(BytesView value);
std::vector<Oid> read_extended_key_usage(BytesView value);
BasicConstraints read_basic_constraints(BytesView value);
Bytes read_subject_key_identifier(BytesView value);
std::optional<Bytes> read_authority_key_identifier(BytesView value);     ///< keyIdentifier only.
std::vector<std::string> read_crl_distribution_points(BytesView value);  ///< URIs of fullName.
struct AuthorityInformationAccess {
  std::vector<std::string> issuers, ocsp;
};
AuthorityInformationAccess read_authority_information_access(BytesView value);
/// The names of subjectAlternativeName of the kinds above; others (otherName, x400Address …) are
/// left out.
std::vector<GeneralName> read_general_names(BytesView value);
NameConstraints read_name_constraints(BytesView value);
std::vector<CertificatePolicy> read_certificate_policies(BytesView value);

}  // namespace sealwright::x509
