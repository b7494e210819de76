#include "x509/content.h"

#include <algorithm>

#include "ossl/der.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;

/// Walks over elements that may be cut short, and says nothing about whether they are any good.
class Walk {
 public:
  explicit Walk(BytesView bytes) : rest_(bytes) {}

  std::uint8_t tag() const { return rest_.size() < 2 ? 0 : rest_[0]; }  ///< 0: there is no more.
  BytesView content() const {
    const auto behind = rest_.subspan(std::min(header(), rest_.size()));
    return behind.subspan(0, std::min(length(), behind.size()));
  }
  Walk enter() const { return Walk(content()); }
  Walk next() const {
    const auto behind = rest_.subspan(std::min(header(), rest_.size()));
    return Walk(behind.subspan(std::min(length(), behind.size())));
  }
  /// Whether the whole element is there.
  bool whole() const { return header() <= rest_.size() && length() <= rest_.size() - header(); }

 private:
  static constexpr std::uint8_t indefinite = 0x80;

  /// Octets of a length in the long form (X.690, 8.1.3.5).
  std::size_t long_form() const {
    return rest_.size() > 1 && rest_[1] > indefinite && rest_[1] <= indefinite + sizeof(std::size_t)
               ? rest_[1] - indefinite
               : 0;
  }
  std::size_t header() const { return 2 + long_form(); }
  /// Of the content; what is left, of an indefinite length.
  std::size_t length() const {
    if (rest_.size() < header()) return 0;
    if (rest_[1] < indefinite) return rest_[1];
    if (long_form() == 0) return rest_.size() - header();
    std::size_t length = 0;
    for (const auto octet : rest_.subspan(2, long_form())) length = length << 8 | octet;
    return length;
  }

  BytesView rest_;
};

/// 1.2.840.113549.1.7 and one more arc: the types of RFC 2315, 14.
bool is_pkcs7_type(BytesView oid) {
  constexpr std::uint8_t arcs[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};
  return oid.size() == std::size(arcs) + 1 && std::ranges::equal(oid.first(std::size(arcs)), arcs);
}

/// What begins with a version: PFX (RFC 7292, 4), PrivateKeyInfo (RFC 5208, 5), RSAPrivateKey (RFC
/// 8017, A.1.2), ECPrivateKey (RFC 5915, 3).
std::string_view versioned_label(const Walk& version) {
  constexpr std::uint8_t pfx_version[] = {3};
  const Walk second = version.next();
  if (second.tag() == der::octet_string_tag) return "EC PRIVATE KEY";
  if (second.tag() == der::integer_tag)
    return second.next().tag() == der::integer_tag ? "RSA PRIVATE KEY" : "";
  if (second.tag() != der::sequence_tag) return "";
  if (std::ranges::equal(version.content(), pfx_version)) return "PKCS12";
  // An AlgorithmIdentifier; that of a timestamp request (RFC 3161, 2.4.1) is one level below.
  return second.enter().tag() == der::oid_tag ? "PRIVATE KEY" : "";
}

/// The signed part of a certificate, a list or a request (RFC 5280, 4.1 and 5.1; RFC 2986, 4).
std::string_view signed_label(Walk part) {
  if (part.tag() == der::context_constructed(0)) return "CERTIFICATE";
  if (part.tag() == der::integer_tag) part = part.next();
  const Walk second = part.next(), third = second.next();
  if (part.tag() != der::sequence_tag || second.tag() != der::sequence_tag) return "";
  if (third.tag() == der::utc_time_tag || third.tag() == der::generalized_time_tag)
    return "X509 CRL";
  return third.tag() == der::context_constructed(0) ? "CERTIFICATE REQUEST" : "CERTIFICATE";
}

}  // namespace

Content content_of_label(std::string_view label) {
  if (label == "CERTIFICATE" || label == "X509 CERTIFICATE") return Content::certificate;
  if (label == "TRUSTED CERTIFICATE") return Content::trusted_certificate;
  if (label == "X509 CRL" || label == "CRL") return Content::crl;
  if (label.ends_with("CERTIFICATE REQUEST")) return Content::request;
  if (label == "PKCS7" || label == "CMS" || label == "PKCS #7 SIGNED DATA") return Content::pkcs7;
  if (label == "PKCS12") return Content::pfx;
  return label.ends_with("PRIVATE KEY") ? Content::private_key : Content::other;
}

Content content_of_der(BytesView bytes) { return content_of_label(label_of_der(bytes)); }

std::string_view label_of_der(BytesView bytes) {
  const Walk file(bytes);
  if (file.tag() != der::sequence_tag) return "";
  const Walk first = file.enter();
  if (first.tag() == der::oid_tag) return is_pkcs7_type(first.content()) ? "PKCS7" : "";
  if (first.tag() == der::integer_tag) return versioned_label(first);
  if (first.tag() != der::sequence_tag) return "";
  const Walk second = first.next();
  // EncryptedPrivateKeyInfo (RFC 5208, 6)
  if (second.tag() == der::octet_string_tag) return "ENCRYPTED PRIVATE KEY";
  const bool not_signed = (first.whole() && second.tag() != der::sequence_tag) ||
                          (second.whole() && second.next().tag() != der::bit_string_tag);
  return not_signed ? "" : signed_label(first.enter());
}

}  // namespace sealwright::x509
