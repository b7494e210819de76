// The half of base/template.h that makes one value harmless.

#include <limits>

#include "base/encoding.h"
#include "base/error.h"
#include "base/template.h"

namespace sealwright {
namespace {

[[noreturn]] void refuse(std::string_view piece, const char* format) {
  throw Error(Error::Kind::input,
              "the value holds " + printable(piece) + ", which " + format + " cannot hold");
}

/// Calls put(code point, its bytes) for each character; malformed UTF-8 is refused.
template <class Put>
std::string mapped(std::string_view value, const char* format, Put put) {
  std::string result;
  for (std::size_t at = 0; at < value.size();) {
    const auto start = at;
    const auto c = next_code_point(value, at);
    const auto piece = value.substr(start, at - start);
    if (!c) refuse(piece, format);
    put(result, *c, piece);
  }
  return result;
}

/// Whatever a program may take for the end of a line or of the text (0x1a ends a text file on
/// Windows).
bool ends_line_or_text(char32_t c) {
  return (c < 0x20 && c != '\t') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

std::string xml(std::string_view value) {
  constexpr const char* format = "XML";
  return mapped(value, format, [](std::string& to, char32_t c, std::string_view piece) {
    // Production 2, Char, of XML 1.0. White space is written by number: attribute values would lose
    // it.
    if (c == '\t' || c == '\n' || c == '\r')
      to += "&#" + std::to_string(static_cast<unsigned>(c)) + ";";
    else if (c < 0x20 || c == 0xfffe || c == 0xffff)
      refuse(piece, format);
    else if (c == '&')
      to += "&amp;";
    else if (c == '<')
      to += "&lt;";
    else if (c == '>')
      to += "&gt;";
    else if (c == '"')
      to += "&quot;";
    else if (c == '\'')
      to += "&apos;";
    else
      to += piece;
  });
}

std::string reg(std::string_view value) {
  constexpr const char* format = "a .reg file";
  return mapped(value, format, [](std::string& to, char32_t c, std::string_view piece) {
    if (ends_line_or_text(c)) refuse(piece, format);
    if (c == '\\' || c == '"') to += '\\';
    to += piece;
  });
}

std::string cmd(std::string_view value) {
  std::string result;
  for (std::size_t at = 0; at < value.size();) {
    const auto c = next_code_point(value, at).value_or(0);
    const bool harmless = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          (c >= '0' && c <= '9') || c == ' ' || c == '.' || c == '_' || c == '-';
    result += harmless ? static_cast<char>(c) : '_';
  }
  return result;
}

std::string ps(std::string_view value) {
  constexpr const char* format = "a PowerShell string";
  return mapped(value, format, [](std::string& to, char32_t c, std::string_view piece) {
    if (ends_line_or_text(c)) refuse(piece, format);
    // PowerShell takes each of these for a single quote (about_Quoting_Rules).
    if (c == '\'' || (c >= 0x2018 && c <= 0x201b)) to += piece;
    to += piece;
  });
}

}  // namespace

std::string escaped(std::string_view value, Escape escape) {
  switch (escape) {
    case Escape::plain:
      break;
    case Escape::xml:
      return xml(value);
    case Escape::reg:
      return reg(value);
    case Escape::cmd:
      return cmd(value);
    case Escape::ps:
      return ps(value);
  }
  return printable(value, std::numeric_limits<std::size_t>::max());
}

}  // namespace sealwright
