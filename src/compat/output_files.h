#pragma once
// Files that a tool is told to write.

#include <string>
#include <vector>

namespace sealwright::compat {

/// Whether both words name one file, through links and dots too.
bool same_file(const std::string& one, const std::string& other);

/// Throws Error::Kind::usage where two of `outputs` are one file, or one of them is one of
/// `inputs`. Empty words are none.
void check_apart(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs);

}  // namespace sealwright::compat
