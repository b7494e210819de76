#include "ossl/curve.h"

#include "ossl/oids.h"

namespace sealwright::ossl {
namespace {
constexpr CurveFacts curves[] = {
    {Curve::p256, oids::p256, "P-256", "prime256v1", 256, 32},
    {Curve::p384, oids::p384, "P-384", "secp384r1", 384, 48},
    {Curve::p521, oids::p521, "P-521", "secp521r1", 521, 66},
};
}  // namespace

const CurveFacts& facts_of(Curve curve) { return curves[static_cast<std::size_t>(curve)]; }

std::optional<Curve> curve_by_oid(const Oid& oid) {
  for (const CurveFacts& known : curves)
    if (oid.text() == known.oid) return known.curve;
  return std::nullopt;
}

std::optional<Curve> curve_by_group(std::string_view group) {
  for (const CurveFacts& known : curves)
    if (group == known.group || group == known.name) return known.curve;
  return std::nullopt;
}

}  // namespace sealwright::ossl
