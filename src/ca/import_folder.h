#pragma once
// What the folders of `openssl ca` and of easy-rsa have in common: an index, the authority's
// certificate and key, and a file for each certificate, for the sources that read them.

#include "ca/import_file.h"
#include "ca/import_index.h"

namespace sealwright::ca {

struct CaFolder {
  std::filesystem::path index, certificate, private_key, crl, serial, crl_number;
  /// FOLDER/SERIALSUFFIX holds the certificate of that serial number.
  struct BySerial {
    std::filesystem::path folder;
    std::string suffix;
  };
  std::vector<BySerial> certificates;
};

/// Index, authority, key, every certificate that is there, list and numbers. What the index says
/// and a file does not is an error; what is not there is a note, and a revoked serial number stays
/// in Found::revoked.
Found read_ca_folder(const CaFolder& folder, const AskFilePassword& ask, const Progress& progress);

/// "a, b, c and 4 more"
std::string listed(const std::vector<std::string>& names, std::size_t total);

}  // namespace sealwright::ca
