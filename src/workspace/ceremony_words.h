#pragma once
// For the sources of ceremonies alone: extensions in the words people agree to.

#include <string>
#include <vector>

#include "x509/extension.h"

namespace sealwright::workspace {

enum class Words {
  all,      ///< Every extension.
  telling,  ///< Without what follows from the keys, the issuer and the policy alone.
};
/// One line for each name and purpose, one for each other extension: "name dns:pki.example", "usage
/// codeSigning", "CA TRUE, path length 0", "other 1.2.3.4 (critical) 0500". Printable. What is not
/// understood to its last octet stands as hex, what is long by its SHA-256: nothing hides.
std::vector<std::string> words_of(const std::vector<x509::Extension>& extensions, Words words);

}  // namespace sealwright::workspace
