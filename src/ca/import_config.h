#pragma once
// openssl.cnf, as far as it says where `openssl ca` keeps its files.

#include <map>
#include <string>

#include "base/bytes.h"

namespace sealwright::ca {

/// Where things are; relative paths are as they stand in the file. Empty: not said.
struct OpensslCaConfig {
  std::string section;  ///< "CA_default"
  std::string database, serial, crlnumber, new_certs_dir, certificate, private_key, crl;
};

/// Reads what [ca] default_ca (or ENV::default_ca) leads to: sections, `name = value`, comments,
/// continued lines, quotes, and $name, ${name}, $section::name ($ENV::name gives nothing). See
/// config(5). `.include` is not followed. Throws Error::Kind::input "FILE:LINE: …".
OpensslCaConfig read_openssl_config(BytesView text, const std::string& file);

}  // namespace sealwright::ca
