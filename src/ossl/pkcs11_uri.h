#pragma once
// What a TokenUri holds, for the sources of pkcs11.h.

#include "ossl/pkcs11.h"
#include "ossl/pkcs11_library.h"

namespace sealwright::ossl {

struct TokenUri::Data {
  std::string text;
  UriHandle uri;
  std::string object;
  Bytes id;
  std::string pin_file, module_path, module_name;
};

}  // namespace sealwright::ossl
