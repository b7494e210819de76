#pragma once
// Text codings of bytes: hex, base64, UTF-8 and UTF-16.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sealwright {

std::string to_hex(BytesView bytes);        ///< Lower case, no separators.
std::string to_hex_upper(BytesView bytes);  ///< As Windows writes thumbprints.
/// Nothing unless `text` is an even number of hex digits and nothing else.
std::optional<Bytes> from_hex(std::string_view text);

std::string to_base64(BytesView bytes);  ///< One line, padded (RFC 4648, section 4).
/// White space is skipped; anything else outside the alphabet, or bad padding, gives nothing.
std::optional<Bytes> from_base64(std::string_view text);

bool is_utf8(std::string_view text);  ///< Well-formed: no overlong forms, no surrogates.

/// The code point that starts at `text[at]`, and `at` moved behind it; nothing, and `at` moved by
/// one byte, where the bytes there are not well-formed. Needs at < text.size().
std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at);
/// Appends a Unicode scalar value as UTF-8.
void append_utf8(std::string& to, char32_t code_point);

/// `utf8` must be well-formed (throws Error::Kind::input). No terminator is added.
Bytes utf16le(std::string_view utf8);
Bytes utf16be(std::string_view utf8);
/// Throws Error::Kind::input on an odd length or an unpaired surrogate. NULs and a byte order
/// mark are kept.
std::string from_utf16le(BytesView bytes);
std::string from_utf16be(BytesView bytes);
/// 8-bit text as Windows-1252, with undefined bytes mapped to themselves. Never fails.
std::string from_windows1252(std::string_view bytes);

std::string ascii_lower(std::string_view text);
std::string ascii_upper(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);  ///< ASCII case only.

/// `text` with control characters, bidirectional marks and malformed UTF-8 shown as \xHH or
/// \u{HHHH}: for anything from outside that goes to a terminal or an error message. At most
/// `max_bytes`, then "…".
std::string printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace sealwright
