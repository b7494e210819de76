#pragma once
// Registry.pol files ([MS-GPREG] 2.2.1): the registry part of a Group Policy Object.

#include <string>
#include <vector>

#include "base/bytes.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// Registry value types.
enum RegistryType : std::uint32_t { reg_none = 0, reg_sz = 1, reg_binary = 3, reg_dword = 4 };

struct PolicyInstruction {
  std::string key;    ///< Without hive.
  std::string value;  ///< Empty: only the key is made.
  std::uint32_t type = reg_none;
  Bytes data;
  bool operator==(const PolicyInstruction&) const = default;
};

Bytes encode_registry_pol(const std::vector<PolicyInstruction>& instructions);
/// At most 64 MiB and 100,000 instructions. Throws Error::Kind::input with the offset.
std::vector<PolicyInstruction> read_registry_pol(BytesView bytes);

/// The instructions of the policy flavour: certificates under Software\Policies, where they go away
/// by themselves when a later policy lacks them, and AuthenticodeFlags. Sorted by key, without
/// regard to case.
std::vector<PolicyInstruction> policy_instructions(const State& state);

/// What takes all of them out again where nothing does it by itself, as on a machine that LGPO.exe
/// wrote to: the special names of [MS-GPREG] 3.2.5.1.2.
std::vector<PolicyInstruction> policy_removal_instructions(const State& state);

/// The same for the users' side: State of who logs on. It stands outside Software\Policies and so
/// stays when the policy goes; a reverted one is set to what Windows has by itself. State of
/// HKU\.DEFAULT and LocalSystem has no place in a Registry.pol.
std::vector<PolicyInstruction> user_policy_instructions(const State& state);
/// With all that is set given back.
std::vector<PolicyInstruction> user_policy_removal_instructions(const State& state);

}  // namespace sealwright::bundle
