// Names as text: RFC 4514.

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "x509/name_value.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;

constexpr std::string_view special = "\\\",+;<>#= ";  // RFC 4514, section 3: special, and ESC

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Reads distinguished names left to right; every refusal names the offset it is about.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Bytes parse() {
    std::vector<Bytes> rdns;
    skip_spaces();
    while (at_ < text_.size() || !rdns.empty()) {
      rdns.push_back(rdn());
      if (at_ == text_.size()) break;
      ++at_;  // the comma
    }
    return der::sequence(std::vector<Bytes>(rdns.rbegin(), rdns.rend()));
  }

 private:
  [[noreturn]] void refuse(const std::string& reason, std::size_t offset) const {
    throw Error(Error::Kind::input,
                fmt::format("'{}' is not a distinguished name: {} at offset {}", printable(text_),
                            reason, offset),
                "write it like CN=Driver Signing,O=Acme GmbH,C=DE, with \\ before , + \" \\ < > ;");
  }

  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool at_separator() const {
    return at_ == text_.size() || text_[at_] == ',' || text_[at_] == '+';
  }

  /// attributeTypeAndValue *( "+" attributeTypeAndValue ); stops at "," or the end.
  Bytes rdn() {
    std::vector<Bytes> attributes;
    for (;;) {
      const Oid type_oid = type();
      attributes.push_back(der::sequence({der::oid(type_oid), value(type_oid)}));
      if (at_ == text_.size() || text_[at_] != '+') break;
      ++at_;
    }
    return der::set_of(std::move(attributes));
  }

  Oid type() {
    skip_spaces();
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != '=' && text_[at_] != ',' && text_[at_] != '+') ++at_;
    std::string_view word = text_.substr(start, at_ - start);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (word.empty()) refuse("an attribute type is missing", start);
    if (at_ == text_.size() || text_[at_] != '=')
      refuse(fmt::format("no '=' after '{}'", printable(word)), start);
    ++at_;
    if (auto known = attribute_type(word)) return *known;
    const bool prefixed =
        word.size() > 4 && equal_ignoring_case(word.substr(0, 4), "OID.");  // RFC 2253, section 4
    const std::string_view dotted = prefixed ? word.substr(4) : word;
    try {
      return Oid(dotted);
    } catch (const Error&) {
      refuse(fmt::format("unknown attribute type '{}'", printable(word)), start);
    }
  }

  /// The element of an attribute's value; stops at "," or "+" or the end.
  Bytes value(const Oid& type) {
    skip_spaces();
    const std::size_t start = at_;
    if (at_ < text_.size() && text_[at_] == '#') return hex_value(start);
    const std::string text = at_ < text_.size() && text_[at_] == '"' ? quoted() : plain();
    if (!is_utf8(text)) refuse("a value that is not UTF-8", start);
    try {
      return encode_attribute_value(type, text);
    } catch (const Error& error) {
      refuse(error.message, start);
    }
  }

  /// One escaped character: a special one, or two hex digits that stand for a byte.
  char escaped() {
    const std::size_t start = at_++;
    if (at_ < text_.size() && special.find(text_[at_]) != std::string_view::npos)
      return text_[at_++];
    if (at_ + 1 < text_.size()) {
      const int high = hex_digit(text_[at_]), low = hex_digit(text_[at_ + 1]);
      if (high >= 0 && low >= 0) return at_ += 2, static_cast<char>(high << 4 | low);
    }
    refuse("a '\\' that escapes nothing", start);
  }

  std::string plain() {
    std::string value;
    std::size_t keep = 0;  // trailing spaces do not count unless escaped
    while (!at_separator()) {
      const char c = text_[at_];
      if (c == '"' || c == ';' || c == '<' || c == '>')
        refuse(fmt::format("'{}' needs a '\\' before it", c), at_);
      if (c == '\\') {
        value += escaped();
        keep = value.size();
      } else {
        value += c;
        ++at_;
        if (c != ' ') keep = value.size();
      }
    }
    value.resize(keep);
    return value;
  }

  std::string quoted() {
    const std::size_t start = at_++;
    std::string value;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\')
        value += escaped();
      else
        value += text_[at_++];
    }
    if (at_ == text_.size()) refuse("a '\"' that is not closed", start);
    ++at_;
    skip_spaces();
    if (!at_separator()) refuse("text after a quoted value", at_);
    return value;
  }

  /// "#" and the hex of one DER element (RFC 4514, 2.4).
  Bytes hex_value(std::size_t start) {
    ++at_;
    const std::size_t first = at_;
    while (!at_separator()) ++at_;
    std::string_view digits = text_.substr(first, at_ - first);
    while (digits.ends_with(' ')) digits.remove_suffix(1);
    const auto bytes = from_hex(digits);
    if (!bytes || bytes->empty()) refuse("'#' without pairs of hex digits", start);
    try {
      der::Reader reader(*bytes, "value");
      reader.next();
      reader.end();
    } catch (const Error&) {
      refuse("hex that is not one DER element", start);
    }
    return *bytes;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// RFC 4514, 2.4; beyond it, whatever printable() would not show as it is becomes \HH, which
/// section 3 allows for any character.
std::string escape(std::string_view value) {
  std::string result;
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t start = at;
    next_code_point(value, at);
    const std::string_view piece = value.substr(start, at - start);
    const char c = piece[0];
    const bool at_edge =
        (c == ' ' && (start == 0 || at == value.size())) || (c == '#' && start == 0);
    if (at_edge || std::string_view("\\\",+;<>").find(c) != std::string_view::npos) {
      result += '\\';
      result += c;
    } else if (printable(piece) == piece) {
      result += piece;
    } else {
      for (const char byte : piece)
        result += fmt::format("\\{:02X}", static_cast<unsigned char>(byte));
    }
  }
  return result;
}

std::string to_text(const RawAttribute& attribute) {
  const auto name = attribute_name(attribute.type);
  const auto text = text_value(attribute.value);
  if (!name || !text)
    return std::string(name.value_or(attribute.type.text())) + "=#" + to_hex(attribute.value.whole);
  return std::string(*name) + "=" + escape(*text);
}

}  // namespace

Name Name::parse(std::string_view rfc4514) { return from_der(Parser(rfc4514).parse()); }

std::string Name::text() const {
  const auto rdns = read_rdns(der_);
  std::string result;
  for (auto rdn = rdns.rbegin(); rdn != rdns.rend(); ++rdn) {
    if (!result.empty()) result += ',';
    for (std::size_t i = 0; i < rdn->size(); ++i) result += (i ? "+" : "") + to_text((*rdn)[i]);
  }
  return result;
}

}  // namespace sealwright::x509
