#pragma once
// Strong types where a mix-up is a defect: serial numbers, thumbprints, key ids, object
// identifiers.

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sealwright {

/// A certificate's serial number: a positive INTEGER, big-endian without leading zeros (RFC 5280, 4.1.2.2); zero is
/// one 00 octet. Old tools (makecert among them) also wrote negative ones: `value` then holds the two's complement
/// content octets as they stand, so that hex() is what Windows shows, and `negative` tells FF (-1) from 00 FF (255).
struct Serial {
  Bytes value;
  bool negative = false;
  std::string hex() const;  ///< Upper case, even number of digits.
  auto operator<=>(const Serial&) const = default;
};

/// SHA-1 of a certificate's DER: what Windows calls it.
struct Thumbprint {
  std::array<std::uint8_t, 20> value{};
  std::string hex() const;  ///< 40 upper-case digits.
  auto operator<=>(const Thumbprint&) const = default;
};
/// Any spelling: case, spaces, colons, and the U+200E that Windows copies along. Nothing if it is
/// not 20 bytes of hex.
std::optional<Thumbprint> parse_thumbprint(std::string_view text);

/// SHA-256 of a SubjectPublicKeyInfo: names a key in the inventory.
struct KeyId {
  std::array<std::uint8_t, 32> value{};
  std::string hex() const;  ///< Lower case.
  auto operator<=>(const KeyId&) const = default;
};

/// An object identifier in dotted form, checked: "1.3.6.1.5.5.7.3.3".
class Oid {
 public:
  Oid() = default;
  /// Throws Error::Kind::input unless `dotted` is an OID with arcs below 2^63 and at most 64 of
  /// them.
  explicit Oid(std::string_view dotted);
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Oid&) const = default;

 private:
  std::string text_;
};

}  // namespace sealwright
