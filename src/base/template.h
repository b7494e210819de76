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

/// Renders `text` with `data` (an object). At most 1 MiB, with sections at most 32 deep.
///
/// {{name}} and {{outer.inner}} must be text, a number or a boolean. {{#name}} renders its content
/// for each item of a list, and once for all else but false, null, "" and an empty list; {{^name}}
/// for just those. Inside, names of the item come first, and {{.}} is the item. A comment {{! … }}
/// alone on its line takes the line with it, as sections do. Partials and {{= =}} are errors.
///
/// Throws Error::Kind::input ("line 3: 'name' has no value") for a missing name, a bad template or
/// a value the format cannot hold; the caller adds the name of the template.
std::string render(std::string_view text, const Json& data, Escape escape);

/// One value made harmless, as render() does it.
std::string escaped(std::string_view value, Escape escape);

}  // namespace sealwright
