#pragma once
// A Windows machine that Wine plays: its registry, its certificate stores, and what they trust.

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "support.h"

namespace sealwright::test {

/// A machine in a scratch folder, with the roots of its host and nothing of ours. Its processes end
/// with it.
class Wine {
 public:
  Wine();
  ~Wine();
  Wine(const Wine&) = delete;
  Wine& operator=(const Wine&) = delete;

  /// `reg import`; fails the test unless it succeeds.
  void import(const std::filesystem::path& reg) const;
  /// The data of a registry value as `reg query` prints it, or nothing.
  std::string value(const std::string& key, const std::string& name) const;
  /// Thumbprints in a store: "machine" "Root", "policy" "CA", "file" a .p7b.
  std::set<std::string> list(const std::string& where, const std::string& store) const;
  /// What the Authenticode policy says about the chain of a certificate file; `others`, a .p7b,
  /// holds what the chain may be built from.
  std::string chain(const std::filesystem::path& der, const std::filesystem::path& others) const;
  /// What PFXImportCertStore finds, sorted: "key THUMBPRINT PROVIDER" for one that signs and
  /// "certificate THUMBPRINT"; or the code of the error. `password` "-": none at all.
  std::set<std::string> pfx(const std::filesystem::path& file, const std::string& password) const;
  /// What WinVerifyTrust says about a signed file, and the Authenticode policy about its chain.
  std::string verify(const std::filesystem::path& file) const;

 private:
  Ran in_wine(const std::vector<std::string>& arguments) const;
  Ran ask(const std::vector<std::string>& arguments) const;
  Scratch scratch_;
};

/// The only machine of a test program; nothing where Wine or the compiler is missing, which it
/// says.
const Wine* wine();

}  // namespace sealwright::test
