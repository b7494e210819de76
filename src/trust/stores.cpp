#include "trust/stores.h"

#include <algorithm>

namespace sealwright::trust {

bool contains(const std::vector<x509::Certificate>& store, const x509::Certificate& certificate) {
  return std::find(store.begin(), store.end(), certificate) != store.end();
}

}  // namespace sealwright::trust
