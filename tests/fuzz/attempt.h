#pragma once
// What fuzz targets demand of a reader: the value, or an Error that blames the input.

#include <cstdlib>

#include "base/error.h"

namespace sealwright {

template <class Read>
void attempt(Read read) {
  try {
    read();
  } catch (const Error& error) {
    if (error.kind != Error::Kind::input) std::abort();
  }
}

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace sealwright
