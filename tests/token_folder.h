#pragma once
// Tokens in a scratch folder, kept there by SoftHSM: for tests of whatever uses tokens.

#include <string>
#include <vector>

#include "support.h"

namespace sealwright::test {

/// The path of SoftHSM's module, or empty (with a warning that the test is skipped) where it or
/// pkcs11-tool is not installed.
std::string softhsm();

/// Sets SOFTHSM2_CONF of this process for its lifetime.
class TokenFolder {
 public:
  static constexpr const char* pin = "246810";

  TokenFolder();
  ~TokenFolder();
  TokenFolder(const TokenFolder&) = delete;
  TokenFolder& operator=(const TokenFolder&) = delete;

  /// Makes a token; returns its serial number.
  std::string add(const std::string& label) const;
  /// pkcs11-tool, logged in to the token with this label.
  Ran tool(const std::string& label, const std::vector<std::string>& words) const;
  std::string file(const std::string& name) const { return (scratch_ / name).string(); }

 private:
  Scratch scratch_;
};

}  // namespace sealwright::test
