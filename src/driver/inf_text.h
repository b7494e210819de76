#pragma once
// Inside driver only: the bytes of an INF as UTF-8.

#include <string>

#include "driver/inf.h"

namespace sealwright::driver {

struct InfText {
  InfEncoding encoding = InfEncoding::ansi;
  std::string utf8;  ///< Without byte order mark.
};

/// Throws Error::Kind::input (without the file's name) for UTF-16 that is not well-formed, and for
/// NULs.
InfText decode_inf(BytesView bytes);

}  // namespace sealwright::driver
