#include "policy/scalar.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/suggest.h"
#include "base/windows_version.h"
#include "ossl/der.h"
#include "policy/load.h"
#include "x509/oids.h"

namespace sealwright::policy {
namespace {
constexpr std::size_t max_text_bytes = 1024;
constexpr std::size_t max_name_characters = 64;

ShapePtr text_shape(std::string name, std::string pattern = {}) {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::text;
  shape->name = std::move(name);
  shape->pattern = std::move(pattern);
  return shape;
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= max_name_characters && text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string shown(const Node& node) { return "'" + printable(node.value, 60) + "'"; }

std::string read_text(const Node& node, const std::string& what, bool lines) {
  const auto& value = scalar(node, what, "text");
  if (value.empty()) throw node.error(what + " is empty", "leave the field out, or write a value");
  if (value.size() > max_text_bytes) throw node.error(what + " is longer than 1,024 bytes");
  for (std::size_t at = 0; at < value.size();) {
    const auto point = next_code_point(value, at);
    if (lines && point == U'\n') continue;
    if (!point || *point < 0x20 || (*point >= 0x7f && *point < 0xa0))
      throw node.error(what + " holds a control character");
  }
  return value;
}

/// base's errors know no place; this one does.
template <class Read>
auto placed(const Node& node, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    throw node.error(error.message, error.hint, error.kind);
  }
}

std::int64_t read_integer(const Node& node, const std::string& what, std::int64_t min,
                          std::int64_t max) {
  const auto& value = scalar(node, what, "a whole number");
  const std::string refusal = what + " must be a whole number, not ";
  if (node.quoted) throw node.error(refusal + "the text " + shown(node), "remove the quotes");
  const bool negative = value.starts_with('-');
  const auto digits = value.substr(negative ? 1 : 0);
  if (!is_digits(digits)) throw node.error(refusal + shown(node));
  if (digits.size() > 1 && digits[0] == '0')
    throw node.error(refusal + shown(node),
                     "a number has no leading zeros: write " +
                         digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1)));
  std::int64_t number = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), number);
  if (result.ec == std::errc() && number >= min && number <= max) return number;
  throw node.error(min == max ? what + " must be " + std::to_string(min) + ", not " + value
                              : what + " must be between " + std::to_string(min) + " and " +
                                    std::to_string(max) + ", not " + printable(value, 60));
}

std::string read_url(const Node& node, const std::string& what) {
  const auto& value = scalar(node, what, "a URL");
  const bool http = value.starts_with("http://") || value.starts_with("https://");
  const bool ascii = std::all_of(value.begin(), value.end(), [](char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\';
  });
  const auto host = value.find("://") + 3;
  if (!http || !ascii || host >= value.size() || value[host] == '/' ||
      value.size() > max_text_bytes)
    throw node.error(what + " must be a URL, not " + shown(node),
                     "write http://HOST/PATH or https://HOST/PATH");
  return value;
}

Reference read_policy_reference(const Node& node, const std::string& what) {
  const auto& value = scalar(node, what, "the name of a policy");
  const auto at = value.find('@');
  check_name(node, value.substr(0, at));
  if (at != std::string::npos) {
    const auto revision = value.substr(at + 1);
    if (!is_digits(revision) || revision[0] == '0' || revision.size() > 6)
      throw node.error("'" + printable(value, 60) + "' has no revision behind the '@'",
                       "write NAME@REVISION, e.g. " + value.substr(0, at) + "@1");
  }
  return {value, &node};
}
}  // namespace

const std::string& scalar(const Node& node, const std::string& what, const std::string& expected) {
  if (node.type == Node::Type::scalar) return node.value;
  if (node.type == Node::Type::null) throw node.error(what + " has no value");
  throw node.error(what + " must be " + expected + ", not " + kind_of(node));
}

bool is_item_name(const std::string& text) {
  return is_name(text) && text != "self" && text != "none";
}

void check_name(const Node& node, const std::string& text) {
  if (is_name(text)) return;
  if (text.size() > max_name_characters) throw node.error("a name is longer than 64 characters");
  throw node.error("'" + printable(text, 60) + "' is not a name",
                   "names are lower-case letters, digits and '-', and begin with a letter");
}

ShapePtr choice_shape(std::vector<std::string> words) {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::choice;
  shape->choices = std::move(words);
  return shape;
}

ShapePtr either_shape(std::vector<ShapePtr> parts) {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::either;
  shape->parts = std::move(parts);
  return shape;
}

std::size_t read_choice(const Node& node, const std::string& what,
                        const std::vector<std::string>& words) {
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i)
    all += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  const auto& value = scalar(node, what, all);
  const auto found = std::find(words.begin(), words.end(), value);
  if (found == words.end())
    throw node.error(what + " must be " + all + ", not " + shown(node), did_you_mean(value, words));
  return static_cast<std::size_t>(found - words.begin());
}

Type<std::string> text() {
  return {text_shape("text"),
          [](const Node& node, const std::string& what) { return read_text(node, what, false); }};
}

Type<std::string> paragraph() {
  return {text_shape("text"),
          [](const Node& node, const std::string& what) { return read_text(node, what, true); }};
}

Type<std::string> name() {
  return {text_shape("name", "^[a-z][a-z0-9-]*$"), [](const Node& node, const std::string& what) {
            check_name(node, scalar(node, what, "a name"));
            return node.value;
          }};
}

Type<Reference> reference() {
  return {text_shape("name", "^[a-z][a-z0-9-]*$"), [](const Node& node, const std::string& what) {
            check_name(node, scalar(node, what, "a name"));
            return Reference{node.value, &node};
          }};
}

Type<Reference> policy_reference() {
  return {text_shape("policy", "^[a-z][a-z0-9-]*(@[1-9][0-9]*)?$"), read_policy_reference};
}

Type<bool> boolean() {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::boolean;
  return {shape, [](const Node& node, const std::string& what) {
            const auto& value = scalar(node, what, "true or false");
            if (node.quoted)
              throw node.error(what + " must be true or false, not the text " + shown(node),
                               "remove the quotes");
            if (value != "true" && value != "false")
              throw node.error(what + " must be true or false, not " + shown(node));
            return value == "true";
          }};
}

Type<std::int64_t> integer(std::int64_t min, std::int64_t max) {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::integer;
  shape->min = min;
  shape->max = max;
  return {shape, [min, max](const Node& node, const std::string& what) {
            return read_integer(node, what, min, max);
          }};
}

Type<Duration> duration_or_zero() {
  return {text_shape("duration", "^[0-9]+(min|h|d|w|mo|y)( *[0-9]+(min|h|d|w|mo|y))*$"),
          [](const Node& node, const std::string& what) {
            const auto& value = scalar(node, what, "a duration");
            return placed(node, [&] { return parse_duration(value); });
          }};
}

Type<Duration> duration() {
  return {duration_or_zero().shape, [](const Node& node, const std::string& what) {
            const auto read = duration_or_zero().read(node, what);
            if (read == Duration{}) throw node.error(what + " must be longer than nothing");
            return read;
          }};
}

Type<std::chrono::milliseconds> accuracy() {
  return {text_shape("accuracy", "^[1-9][0-9]*(s|ms)$"),
          [](const Node& node, const std::string& what) {
            const auto& value = scalar(node, what, "a time");
            const auto digits = value.substr(0, value.find_first_not_of("0123456789"));
            const auto unit = value.substr(digits.size());
            if (digits.empty() || digits[0] == '0' || digits.size() > 4 ||
                (unit != "s" && unit != "ms"))
              throw node.error(what + " must be a time, not " + shown(node), "write 1s or 500ms");
            const int number = std::stoi(digits);
            return std::chrono::milliseconds(unit == "s" ? number * 1000 : number);
          }};
}

Type<Time> date() {
  return {text_shape("date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z)?$"),
          [](const Node& node, const std::string& what) {
            const auto read = parse_time(scalar(node, what, "a date"));
            if (!read)
              throw node.error(what + " must be a date, not " + shown(node),
                               "write 2026-11-21 or 2026-11-21T17:36:05Z");
            return *read;
          }};
}

Type<std::string> url() { return {text_shape("url", "^https?://"), read_url}; }

Type<std::string> http_url() {
  return {text_shape("http-url", "^http://"), [](const Node& node, const std::string& what) {
            const auto value = read_url(node, what);
            if (value.starts_with("http://")) return value;
            throw node.error(what + " must be an http:// URL, not " + shown(node),
                             "https needs a check of certificates before it can help with one");
          }};
}

Type<std::string> pkcs11_uri() {
  return {text_shape("pkcs11-uri", "^pkcs11:.+"), [](const Node& node, const std::string& what) {
            const auto value = read_text(node, what, false);
            if (value.find("pin-value") != std::string::npos) {
              auto error = node.error(what + " must not hold a PIN",
                                      "use --pin-file, --pin-env or SEALWRIGHT_PIN");
              error.excerpt.clear();
              throw error;
            }
            if (!value.starts_with("pkcs11:") || value.size() == 7)
              throw node.error(what + " must be a PKCS#11 URI, not " + shown(node),
                               "write \"pkcs11:token=TOKEN;object=NAME\"");
            return value;
          }};
}

Type<Oid> oid() {
  return {text_shape("oid", "^[0-2](\\.[0-9]+)+$"), [](const Node& node, const std::string& what) {
            const auto& value = scalar(node, what, "an OID");
            return placed(node, [&] { return Oid(value); });
          }};
}

Type<Oid> purpose() {
  return {text_shape("purpose"), [](const Node& node, const std::string& what) {
            const auto& value = scalar(node, what, "an extended key usage");
            const auto found = x509::key_purpose(value);
            if (found) return *found;
            std::vector<std::string> names;
            for (const auto& known : x509::key_purposes()) names.emplace_back(known.name);
            auto hint = did_you_mean(value, names);
            if (hint.empty()) hint = "write a name like codeSigning, or an OID";
            throw node.error("unknown extended key usage " + shown(node), hint);
          }};
}

Type<std::uint32_t> hex32() {
  return {text_shape("hex", "^0x[0-9A-Fa-f]{1,8}$"), [](const Node& node, const std::string& what) {
            const auto& value = scalar(node, what, "a hexadecimal number");
            std::uint32_t number = 0;
            const auto digits =
                std::string_view(value).substr(std::min<std::size_t>(2, value.size()));
            const auto result =
                std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
            if (!value.starts_with("0x") || result.ec != std::errc() || digits.empty() ||
                result.ptr != digits.data() + digits.size())
              throw node.error(what + " must be a hexadecimal number, not " + shown(node),
                               "write it like \"0x800B0101\"");
            return number;
          }};
}

Type<std::string> windows() {
  return {text_shape("windows"), [](const Node& node, const std::string& what) {
            const auto& value = scalar(node, what, "a Windows version");
            placed(node, [&] { return parse_windows_targets({value}); });
            return value;
          }};
}

Type<Bytes> hex_der() {
  return {text_shape("der", "^([0-9A-Fa-f]{2})+$"), [](const Node& node, const std::string& what) {
            const auto bytes = from_hex(scalar(node, what, "DER in hex"));
            if (!bytes) throw node.error(what + " must be DER in hex, not " + shown(node));
            placed(node, [&] {
              ossl::der::Reader reader(*bytes, what);
              reader.next();
              reader.end();
              return 0;
            });
            return *bytes;
          }};
}

}  // namespace sealwright::policy
