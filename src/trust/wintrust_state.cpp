#include "trust/wintrust_state.h"

namespace sealwright::trust {
namespace {

// Windows SDK, wintrust.h; choices of the SetReg tool as documented.
constexpr StateBit bits[] = {
    {0x20, "WTPF_TRUSTTEST", "the test root is trusted (ignored since Windows XP SP1)",
     "the test root is not trusted"},
    {0x80, "WTPF_TESTCANBEVALID", "certificates under the test root can be valid",
     "certificates under the test root are never valid"},
    {0x100, "WTPF_IGNOREEXPIRATION", "expired certificates are accepted",
     "expired certificates are refused"},
    {0x200, "WTPF_IGNOREREVOKATION", "revocation of signers is not checked",
     "revocation of signers is checked"},
    {0x400, "WTPF_OFFLINEOK_IND", "individual publishers pass when revocation servers are offline",
     "individual publishers are refused when revocation servers are offline"},
    {0x800, "WTPF_OFFLINEOK_COM", "commercial publishers pass when revocation servers are offline",
     "commercial publishers are refused when revocation servers are offline"},
    {0x1000, "WTPF_OFFLINEOKNBU_IND",
     "individual publishers pass when servers are offline, without a word to the user",
     "individual publishers are shown to the user when servers are offline"},
    {0x2000, "WTPF_OFFLINEOKNBU_COM",
     "commercial publishers pass when servers are offline, without a word to the user",
     "commercial publishers are shown to the user when servers are offline"},
    {0x10000, "WTPF_VERIFY_V1_OFF", "certificates of version 1 are not accepted",
     "certificates of version 1 are accepted"},
    {0x20000, "WTPF_IGNOREREVOCATIONONTS", "revocation of timestamp authorities is not checked",
     "revocation of timestamp authorities is checked"},
    {0x40000, "WTPF_ALLOWONLYPERTRUST", "only publishers in TrustedPublisher are accepted",
     "publishers outside TrustedPublisher are accepted"},
};

}  // namespace

std::span<const StateBit> state_bits() { return bits; }

std::uint32_t known_state_bits() {
  std::uint32_t all = 0;
  for (const auto& bit : bits) all |= bit.value;
  return all;
}

}  // namespace sealwright::trust
