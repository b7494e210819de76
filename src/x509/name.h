#pragma once
// Distinguished names (RFC 5280, 4.1.2.4): as RFC 4514 text, as DER.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/id.h"

namespace sealwright::x509 {

struct NameAttribute {
  Oid type;
  std::string value;  ///< UTF-8; for a value that is no text, "#" and the hex of its DER element.
  bool operator==(const NameAttribute&) const = default;
};

/// A distinguished name; keeps the DER it was read from, so that re-encoding an issuer's name
/// changes no byte.
class Name {
 public:
  Name() = default;
  /// RFC 4514: "CN=Driver Signing,O=Acme GmbH,C=DE" (most specific first). Known types by short
  /// name (CN O OU C L ST STREET DC UID E serialNumber SN GN T …) or dotted OID. Spaces around ',',
  /// '+' and '=' and values in double quotes (RFC 2253, section 4) are accepted too. Throws
  /// Error::Kind::input with the offset in bytes.
  static Name parse(std::string_view rfc4514);
  /// Attributes in the order of RFC 4514 text, most specific first, one per RDN. C and serialNumber
  /// are written as PrintableString, DC and E as IA5String, all else as UTF8String.
  static Name of(const std::vector<NameAttribute>& most_specific_first);
  /// Reads exactly one DER Name. Throws Error::Kind::input when malformed; what a value's bytes
  /// mean is not judged.
  static Name from_der(BytesView der);

  const Bytes& der() const { return der_; }
  /// RFC 4514, with control characters and bidirectional marks as \HH too: safe to print. Types
  /// without a short name and values that are no text are written as #hex (RFC 4514, 2.4).
  std::string text() const;
  bool empty() const { return attributes_.empty(); }
  /// In DER order (least specific first).
  const std::vector<NameAttribute>& attributes() const { return attributes_; }
  std::string first(std::string_view short_name) const;  ///< Most specific value, or "".
  std::string common_name() const { return first("CN"); }
  /// What Windows shows as "issued to": CN, else OU, O, E, else the whole text.
  std::string display() const;
  bool operator==(const Name& other) const { return der_ == other.der_; }

 private:
  Bytes der_ = {0x30, 0x00};
  std::vector<NameAttribute> attributes_;
};

/// "CN" → 2.5.4.3, any case, also "commonName"; nothing for an unknown name.
std::optional<Oid> attribute_type(std::string_view short_name);
/// 2.5.4.3 → "CN"; nothing for an unknown type.
std::optional<std::string_view> attribute_name(const Oid& type);

}  // namespace sealwright::x509
