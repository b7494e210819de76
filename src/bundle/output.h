#pragma once
// What the writers of bundles produce.

#include <string>

#include "base/bytes.h"

namespace sealwright::bundle {

struct OutputFile {
  std::string path;  ///< Relative, with '/'.
  Bytes content;
};

}  // namespace sealwright::bundle
