#pragma once
// The part of a Windows machine that decides about trust: certificate stores and settings.

#include <string>
#include <vector>

#include "trust/revocation.h"
#include "x509/certificate.h"

namespace sealwright::trust {

/// The LocalMachine stores that matter to code signing. What a driver installation looks at;
/// CurrentUser does not count for it.
struct Stores {
  std::vector<x509::Certificate> root;
  std::vector<x509::Certificate> ca;  ///< Intermediates: help chains, trust nothing.
  std::vector<x509::Certificate>
      trusted_publisher;  ///< End-entity certificates whose packages install silently.
  std::vector<x509::Certificate> disallowed;  ///< Distrusted, and everything under them.
};

/// Default of WinTrust "Software Publishing" State: revocation is checked, offline is all right.
constexpr std::uint32_t default_wintrust_state = 0x23c00;
/// Bits of State: revocation does not matter, or not that of timestamp authorities.
constexpr std::uint32_t ignore_revocation = 0x200, ignore_revocation_of_timestamps = 0x20000;
/// Bit of State: only publishers in TrustedPublisher are accepted.
constexpr std::uint32_t allow_only_per_trust = 0x40000;

/// What a verdict is judged against.
struct Machine {
  Stores stores;
  std::uint32_t wintrust_state = default_wintrust_state;
  RevocationSources revocations;  ///< What the machine has heard of.
  std::string source;             ///< For people: "workspace 'lab' (bundle lab-trust)".
};

bool contains(const std::vector<x509::Certificate>& store, const x509::Certificate& certificate);

}  // namespace sealwright::trust
