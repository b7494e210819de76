#pragma once
// What the tests of ossl share: bytes written as hex, and files for outside programs.

#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/file.h"
#include "support.h"

namespace sealwright::test {

/// Spaces are skipped.
inline Bytes hex(std::string text) {
  std::erase(text, ' ');
  return from_hex(text).value();
}

/// What `openssl ARGUMENTS` prints, or "" and a message on stderr where it fails.
inline std::string openssl(std::vector<std::string> arguments, const std::string& input = {}) {
  arguments.insert(arguments.begin(), "openssl");
  const Ran ran = run(arguments, input);
  return ran.exit_code == 0 ? ran.out : "failed: " + ran.err;
}

inline Bytes bytes(const std::string& text) { return copy(view(text)); }

}  // namespace sealwright::test
