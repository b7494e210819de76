#pragma once
// Inside base only: checks a template and rewrites its tags, so that the Mustache library meets
// nothing but plain variables and balanced sections, and every name carries the line it is on.

#include <string>
#include <string_view>

namespace sealwright {

enum class Use { value, section };

struct TagName {
  Use use;
  std::size_t line;
  std::string_view name;
};

/// The template with comments taken out (with their line, if they are alone on it) and each name
/// encoded. Throws Error::Kind::input "line N: …" for unescaped output, partials, set-delimiter
/// tags, unbalanced sections, sections over 32 deep, and names other than letters, digits, '_', '-'
/// and dots between.
std::string normalize(std::string_view text);

/// Takes apart a name that normalize() encoded.
TagName decode_name(std::string_view encoded);

}  // namespace sealwright
