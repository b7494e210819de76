#pragma once
// The folder diagnose turns what Windows says into causes and remedies.
// This file: single words: error codes, extended key usages, WinTrust State values, Windows
// versions.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace sealwright::diagnose {

/// What a word means and what to do about it.
struct Explanation {
  enum class Kind { result_code, purpose, wintrust_state, windows_version };
  Kind kind = Kind::result_code;
  std::string word;     ///< In its usual spelling: "0x800B0109", "codeSigning".
  std::string name;     ///< "CERT_E_UNTRUSTEDROOT", "1.3.6.1.5.5.7.3.3", "Windows 11 24H2", or "".
  std::string meaning;  ///< One sentence, lower case, no full stop.
  std::vector<std::string> causes;
  std::string remedy;
  /// What more there is to say, in order: bits of a State value, names of a Windows version.
  std::vector<std::pair<std::string, std::string>> facts;
};
std::string_view to_text(Explanation::Kind kind);  ///< "result code", "purpose", …

/// Explains an error code ("0x800B0109", "CERT_E_UNTRUSTEDROOT", "577", "Code 52", negative
/// decimal), an extended key usage ("codeSigning" or its OID), a value of WinTrust State
/// ("0x23c00", "146432", bit by bit), or a Windows version in either spelling. Nothing for any
/// other word.
std::optional<Explanation> explain(const std::string& word);

std::string to_text(const Explanation& explanation);
Json to_json(const Explanation& explanation);  ///< "sealwright.explain/1"

}  // namespace sealwright::diagnose
