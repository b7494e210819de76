#pragma once
// One file of whatever kind, for the sources that look for what exists (ca/import.h).

#include "ca/import.h"

namespace sealwright::ca {

/// What one file holds.
struct FileContent {
  std::vector<x509::Certificate> certificates;
  std::vector<FoundKey> keys;
  std::vector<x509::Crl> crls;
  bool locked = false;  ///< It holds a key, or all it holds, under a password that is not known.
  std::size_t other_keys = 0;  ///< Of a PFX: keys that are not read.
  std::size_t ignored = 0;     ///< PEM blocks that are neither.
};

/// Throws as find_in_files() says; messages begin with the file's name.
FileContent read_any_file(const std::string& path, const AskFilePassword& ask);

/// The one certificate of a file. Throws Error::Kind::input for none or several.
x509::Certificate read_one_certificate(const std::string& path);

/// Lets keys and certificates find each other. Keys whose certificates are not there stay single.
void match_keys(Found& found);

}  // namespace sealwright::ca
