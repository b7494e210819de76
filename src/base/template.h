#pragma once
// Mustache templates of the text files we write. Values are escaped for the format of the file; a
// name that the data lacks, and unescaped output ({{{x}}} or {{&x}}), are errors.

#include <string>
#include <string_view>

#include "base/json.h"

namespace sealwright {

/// What the rendered text is, and so how a value is made harmless in it.
enum class Escape {
  plain,  ///< Text for people: control characters and bidirectional marks made visible.
  xml,    ///< Element content and attribute values; characters XML 1.0 cannot hold are refused.
  reg,    ///< Inside a quoted string, key name or comment of a .reg file; line ends and NUL are
          ///< refused.
  cmd,    ///< A cmd.exe script: only [A-Za-z0-9 ._-] stay, all else becomes '_'.
  ps,     ///< Inside a single-quoted PowerShell string; all quote characters doubled, line ends and
          ///< NUL refused.
};

/// Renders `text` with `data` (an object). Throws Error::Kind::input for a missing name, a bad
/// template or a value the format cannot hold.
std::string render(std::string_view text, const Json& data, Escape escape);

/// One value made harmless, as render() does it.
std::string escaped(std::string_view value, Escape escape);

}  // namespace sealwright
