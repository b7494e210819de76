#pragma once
// For ca alone: SHA-256 as the inventory keeps it.

#include <algorithm>

#include "ossl/digest.h"
#include "store/records.h"

namespace sealwright::ca {

inline store::Sha256 sha256(BytesView bytes) {
  const Bytes digest = ossl::hash(ossl::Digest::sha256, bytes);
  store::Sha256 result{};
  std::copy(digest.begin(), digest.end(), result.begin());
  return result;
}

}  // namespace sealwright::ca
