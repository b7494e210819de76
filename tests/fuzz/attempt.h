#pragma once
// What fuzz targets demand of a reader: the value, or an Error that blames the input.

#include <cstdlib>

#include "base/error.h"

namespace sealwright {

/// `other`: Error::Kind::crypto for readers that are given a password, which may be wrong.
template <class Read>
void attempt(Read read, Error::Kind other = Error::Kind::input) {
  try {
    read();
  } catch (const Error& error) {
    if (error.kind != Error::Kind::input && error.kind != other) std::abort();
  }
}

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace sealwright
