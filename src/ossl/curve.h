#pragma once
// What the sources of this folder know about the three curves.

#include <string_view>

#include "ossl/key.h"

namespace sealwright::ossl {

struct CurveFacts {
  Curve curve;
  std::string_view oid;
  const char* name;   ///< As people write it; OpenSSL understands it too.
  const char* group;  ///< OpenSSL's own name of the group.
  int bits;
  std::size_t octets;  ///< Of a coordinate, and of a private key.
};

const CurveFacts& facts_of(Curve curve);
std::optional<Curve> curve_by_oid(const Oid& oid);
std::optional<Curve> curve_by_group(std::string_view group);

}  // namespace sealwright::ossl
