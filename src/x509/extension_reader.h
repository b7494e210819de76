#pragma once
// A reader of one extension's value: its errors name the extension.

#include <string>

#include "ossl/der.h"

namespace sealwright::x509 {

struct ExtensionReader : ossl::der::Reader {
  ExtensionReader(BytesView value, const std::string& name)
      : Reader(value, "the extension " + name) {}
};

}  // namespace sealwright::x509
