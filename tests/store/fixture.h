#pragma once
// What the tests of store share: a clock that stands still until told, and values that differ where
// they must.

#include <catch2/catch.hpp>

#include "base/error.h"
#include "store/inventory.h"
#include "support.h"

namespace sealwright::test {

/// Noon of 2026-01-02, plus what was added.
struct Hours {
  Time now = *parse_time("2026-01-02T12:00:00Z");
  Clock clock() {
    return [this] { return now; };
  }
};

inline const store::WorkspaceRecord& workspace() {
  static const store::WorkspaceRecord record{"00112233445566778899aabbccddeeff", "acme", true, {}};
  return record;
}

inline store::Sha256 digest(std::uint8_t fill) {
  store::Sha256 value;
  value.fill(fill);
  return value;
}

inline store::PolicyRecord policy(const std::string& name, int revision = 1,
                                  std::uint8_t fingerprint = 1) {
  return {{name, revision, digest(fingerprint)}, "name: " + name + "\n", {}};
}

/// An intent for NAME@NUMBER; `seed` sets everything that must be unique.
inline store::IssuanceIntent intent(const std::string& name, int number, std::uint8_t seed) {
  store::IssuanceIntent made;
  made.name = name;
  made.number = number;
  made.policy = policy("driver-signing");
  made.serial = Serial{{0x11, seed}};
  made.issuer_name = digest(0xee);
  made.to_be_signed = digest(seed);
  made.subject = "CN=" + name;
  made.key.value.fill(seed);
  return made;
}

inline store::IssuedCertificate certificate(
    std::uint8_t seed, store::GenerationState state = store::GenerationState::active) {
  store::IssuedCertificate made;
  made.certificate = {0x30, 0x01, seed};
  made.thumbprint.value.fill(seed);
  made.sha256 = digest(seed);
  made.subject = "CN=certificate " + std::to_string(seed);
  made.not_before = *parse_time("2026-01-01");
  made.not_after = *parse_time("2027-01-01") + std::chrono::days(seed);
  made.state = state;
  return made;
}

inline store::Generation issue(store::Inventory& inventory, const std::string& name, int number,
                               std::uint8_t seed,
                               store::GenerationState state = store::GenerationState::active) {
  return inventory.finish_issuance(inventory.begin_issuance(intent(name, number, seed)),
                                   certificate(seed, state));
}

inline std::vector<std::string> event_kinds(const store::Inventory& inventory) {
  std::vector<std::string> kinds;
  for (const auto& event : inventory.events()) kinds.push_back(event.kind);
  return kinds;
}

/// The Error that `work` throws; fails the test when it does not.
template <class Work>
Error error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  throw std::logic_error("unreachable");
}

}  // namespace sealwright::test
