#pragma once
// What is refused in a YAML file before it is parsed, since yaml-cpp would let it pass.

#include <string>

#include "policy/tree.h"

namespace sealwright::policy {

/// `text` without a byte order mark and with LF line ends. Throws Error::Kind::input when it is
/// longer than max_yaml_bytes.
std::string cleaned_yaml_text(std::string text, const std::string& file);

/// Refuses malformed UTF-8, control characters, tabs in indentation, directives, a second document,
/// and text after "...".
void check_yaml_lines(const Source& source);

}  // namespace sealwright::policy
