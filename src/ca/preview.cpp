#include "ca/preview.h"

#include <map>
#include <tuple>

#include "ca/preparation.h"
#include "ca/sha256.h"
#include "ossl/der.h"
#include "ossl/weak_key.h"

namespace sealwright::ca {
namespace {

namespace der = ossl::der;

/// A fixed stream of bytes, so that the same plan is made of the same inventory.
ossl::Random fixed_random(const std::string& seed) {
  return [seed, block = 0u, left = Bytes()](std::span<std::uint8_t> to) mutable {
    for (auto& byte : to) {
      if (left.empty()) {
        const auto hash = sha256(view(seed + std::to_string(block++)));
        left.assign(hash.begin(), hash.end());
      }
      byte = left.back();
      left.pop_back();
    }
  };
}

ossl::PublicKey rsa_key(const Bytes& modulus) {
  static const Bytes exponent = {1, 0, 1};
  const Bytes key =
      der::sequence({der::positive_integer(modulus), der::positive_integer(exponent)});
  const Bytes algorithm = der::sequence({der::oid(Oid("1.2.840.113549.1.1.1")), der::null()});
  return ossl::PublicKey::from_spki(der::sequence({algorithm, der::bit_string(key)}));
}

/// A key whose modulus looks like one. Nobody knows its factors, and nothing is signed with it;
/// rules about keys find nothing to say but what its length deserves.
ossl::PublicKey rsa_stand_in(int bits) {
  const auto random = fixed_random("sealwright stand-in RSA-" + std::to_string(bits));
  Bytes number((std::size_t(bits) + 7) / 8);
  const int unused = int(number.size()) * 8 - bits;
  for (;;) {
    random(number);
    number.front() = std::uint8_t((number.front() & 0xff >> unused) | 0xc0 >> unused);
    number.back() |= 1;
    auto key = rsa_key(number);
    const auto weakness = ossl::weakness_of(key);
    if (!weakness || weakness->name != "small-factor") return key;
  }
}

/// Made once each: a plan of many certificates has few kinds of keys.
const ossl::PublicKey& stand_in(const ossl::KeySpec& spec) {
  static std::map<std::tuple<ossl::KeyType, int, ossl::Curve>, ossl::PublicKey> made;
  const bool rsa = spec.type == ossl::KeyType::rsa;
  const auto [at, fresh] = made.try_emplace({spec.type, rsa ? spec.bits : 0, spec.curve});
  if (fresh)
    at->second = rsa ? rsa_stand_in(spec.bits) : ossl::PrivateKey::generate(spec).public_key();
  return at->second;
}

}  // namespace

Preview preview(const store::Inventory& inventory, const Order& order, policy::KeyStore store) {
  const auto prepared = Preparation::of(inventory, order, stand_in(order.policy->key.spec), store,
                                        fixed_random("sealwright stand-in " + order.name));
  const auto& contents = prepared.contents();
  const Bytes no_signature(64);
  const auto certificate =
      x509::assemble(prepared.to_be_signed(), contents.algorithm, no_signature);
  Preview preview;
  preview.findings = prepared.findings();
  auto& generation = preview.generation;
  generation.kind =
      order.policy->is_authority() ? store::EntityKind::authority : store::EntityKind::certificate;
  generation.name = order.name;
  generation.number = prepared.number();
  generation.state = prepared.state();
  generation.policy = {order.policy->name, order.policy->revision, {}};
  generation.certificate = certificate.der();
  generation.serial = contents.serial;
  generation.thumbprint = certificate.thumbprint();
  generation.sha256 = certificate.sha256();
  generation.subject = contents.subject.text();
  generation.not_before = contents.not_before;
  generation.not_after = contents.not_after;
  return preview;
}

}  // namespace sealwright::ca
