#pragma once
// DER (X.690): a strict bounded reader, and writers that return finished elements.

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/id.h"
#include "base/time.h"

namespace sealwright::ossl::der {

/// Identifier octets used by what we read and write; all are single octets.
enum Tag : std::uint8_t {
  boolean_tag = 0x01,
  integer_tag = 0x02,
  bit_string_tag = 0x03,
  octet_string_tag = 0x04,
  null_tag = 0x05,
  oid_tag = 0x06,
  enumerated_tag = 0x0a,
  utf8_string_tag = 0x0c,
  numeric_string_tag = 0x12,
  printable_string_tag = 0x13,
  teletex_string_tag = 0x14,
  ia5_string_tag = 0x16,
  utc_time_tag = 0x17,
  generalized_time_tag = 0x18,
  visible_string_tag = 0x1a,
  universal_string_tag = 0x1c,
  bmp_string_tag = 0x1e,
  sequence_tag = 0x30,
  set_tag = 0x31,
};
constexpr std::uint8_t context(unsigned number) {
  return std::uint8_t(0x80 | number);
}  ///< [n] primitive
constexpr std::uint8_t context_constructed(unsigned number) {
  return std::uint8_t(0xa0 | number);
}  ///< [n] constructed

struct Element {
  std::uint8_t tag = 0;
  BytesView content;  ///< Without tag and length.
  BytesView whole;    ///< With them.
};

/// Reads the elements of one constructed value, left to right. Definite, minimal lengths and
/// single-octet tags only; every departure throws Error::Kind::input "WHAT is malformed (reason at
/// offset N)". Views point into the bytes given.
class Reader {
 public:
  Reader(BytesView bytes, std::string what)
      : Reader(bytes, std::make_shared<const std::string>(std::move(what)), 0) {}

  bool at_end() const { return position_ == bytes_.size(); }
  std::uint8_t peek() const;  ///< The next tag, or 0 at the end.
  bool next_is(std::uint8_t tag) const { return !at_end() && peek() == tag; }
  Element next();
  Element next(std::uint8_t tag);  ///< Refuses another tag.
  std::optional<Element> next_if(std::uint8_t tag);
  Reader enter(std::uint8_t tag);  ///< A reader of the content of the next element, which must have
                                   ///< this tag.
  std::optional<Reader> enter_if(std::uint8_t tag);
  BytesView rest() const { return bytes_.subspan(position_); }
  void end() const;  ///< Refuses anything left over.

  Oid oid();
  bool boolean();
  Bytes integer();               ///< Two's complement content octets, minimal.
  BytesView integer_content();   ///< The same without the copy.
  std::int64_t small_integer();  ///< Refuses what does not fit.
  BytesView octet_string();
  /// Content without the unused-bits octet, which must be 0 unless `unused` is given.
  BytesView bit_string(int* unused = nullptr);
  Time time();  ///< UTCTime or GeneralizedTime as RFC 5280, 4.1.2.5 allows them.
  /// GeneralizedTime that may carry a fraction of a second, which is dropped (RFC 3161, 2.4.2).
  Time time_with_fraction();
  /// UTF-8 of any of the string types; `what` names the field in the error.
  std::string string();
  void null();

 private:
  Reader(BytesView bytes, std::shared_ptr<const std::string> what, std::size_t base)
      : bytes_(bytes), what_(std::move(what)), base_(base) {}
  [[noreturn]] void malformed(const std::string& reason) const;
  [[noreturn]] void malformed(const std::string& reason, const Element& element) const;
  Reader inside(const Element& element) const;
  std::size_t offset_of(const Element& element) const;
  Element integer_element();
  BytesView length_of_next(std::size_t* header) const;

  BytesView bytes_;
  std::shared_ptr<const std::string> what_;  ///< Shared with the readers of inner elements.
  std::size_t base_;                         ///< Where bytes_ starts in the outermost bytes.
  std::size_t position_ = 0;
};

/// The one element that `bytes` must consist of.
Element only_element(BytesView bytes, std::uint8_t tag, const std::string& what);
/// UTF-8 text of a string element (any type but OCTET STRING), as Reader::string() reads it.
std::string string_of(const Element& element, const std::string& what);

// Writers: each returns one finished element.
Bytes element(std::uint8_t tag, BytesView content);
Bytes sequence(std::initializer_list<BytesView> parts);
Bytes sequence(const std::vector<Bytes>& parts);
Bytes set_of(std::vector<Bytes> parts);  ///< Sorted as DER demands (X.690, 11.6).
Bytes constructed(std::uint8_t tag, std::initializer_list<BytesView> parts);
Bytes constructed(std::uint8_t tag, const std::vector<Bytes>& parts);
Bytes oid(const Oid& oid);
Bytes boolean(bool value);
Bytes integer(std::int64_t value);
Bytes positive_integer(BytesView magnitude);  ///< Big-endian; leading zeros are dropped, one is
                                              ///< added where the sign bit needs it.
Bytes octet_string(BytesView bytes);
Bytes bit_string(BytesView bytes, int unused = 0);
/// A named-bit-list: bit 0 is the most significant of the first octet, trailing zeros dropped
/// (X.690, 11.2.2).
Bytes named_bits(std::uint32_t bits_from_zero);
Bytes null();
Bytes utf8_string(std::string_view text);
Bytes printable_string(std::string_view text);
Bytes ia5_string(std::string_view text);
Bytes bmp_string(std::string_view utf8);
/// UTCTime through 2049, GeneralizedTime after (RFC 5280, 4.1.2.5).
Bytes time(Time time);
Bytes utc_time(Time time);
Bytes generalized_time(Time time);

/// OID ↔ content octets.
Bytes oid_content(const Oid& oid);
Oid oid_from_content(BytesView content, const std::string& what);

}  // namespace sealwright::ossl::der
