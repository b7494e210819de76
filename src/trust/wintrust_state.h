#pragma once
// WinTrust "Software Publishing" State: a DWORD in the registry, one bit for each leniency.

#include <cstdint>
#include <span>
#include <string_view>

namespace sealwright::trust {

/// One bit of State (wintrust.h, WTPF_*).
struct StateBit {
  std::uint32_t value;
  std::string_view name;  ///< "WTPF_IGNOREREVOKATION"
  std::string_view set;   ///< What holds while it is set; lower case, no full stop.
  std::string_view clear;
};
std::span<const StateBit> state_bits();  ///< Ascending.
/// All bits that mean anything.
std::uint32_t known_state_bits();

}  // namespace sealwright::trust
