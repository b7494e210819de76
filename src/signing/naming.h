#pragma once
// Inside signing only: how errors show what the user named.

#include <filesystem>
#include <string>

#include "base/encoding.h"

namespace sealwright::signing {

inline std::string quoted(const std::filesystem::path& path) {
  return "'" + printable(path.native(), 4096) + "'";
}

}  // namespace sealwright::signing
