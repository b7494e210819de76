#include "bundle/lgpo.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "bundle/readme.h"
#include "bundle/registry_pol.h"
#include "bundle/settings.h"

namespace sealwright::bundle {
namespace {

std::string action(const PolicyInstruction& instruction) {
  if (instruction.type == reg_none) return "CREATEKEY";
  if (instruction.type == reg_dword) {
    ByteReader reader(instruction.data, "setting");
    return fmt::format("DWORD:0x{:08x}", reader.u32());
  }
  std::string bytes;
  for (const auto byte : instruction.data) bytes += (bytes.empty() ? "" : ",") + to_hex({&byte, 1});
  return "BINARY:" + bytes;
}

std::string block(const char* side, const std::string& key, const std::string& value,
                  const std::string& what) {
  return fmt::format("{}\n{}\n{}\n{}\n\n", side, key, value.empty() ? "*" : value, what);
}

std::string blocks(const char* side, const std::vector<PolicyInstruction>& instructions) {
  std::string text;
  for (const auto& instruction : instructions)
    text += block(side, instruction.key, instruction.value, action(instruction));
  return text;
}

/// Takes back each value that the instructions set; empty keys do no harm.
std::string deletions(const std::vector<PolicyInstruction>& instructions) {
  std::string text;
  for (const auto& instruction : instructions)
    if (!instruction.value.empty())
      text += block("Computer", instruction.key, instruction.value, "DELETE");
  return text;
}

/// What instructions would be there if everything that left were still present.
State as_present(const State& state) {
  State left = state;
  left.present = state.removed;
  left.settings = state.reverted;
  left.removed.clear();
  left.reverted.clear();
  return left;
}

}  // namespace

std::vector<OutputFile> lgpo_files(const State& state, const FormatRequest&) {
  const std::string left = deletions(policy_instructions(as_present(state)));
  const std::string import = left + blocks("Computer", policy_instructions(state)) +
                             blocks("User", user_policy_instructions(state));
  const std::string removal = left + deletions(policy_instructions(state)) +
                              blocks("User", user_policy_removal_instructions(state));
  return {{"lgpo.txt", windows_text(import)}, {"remove.txt", windows_text(removal)}};
}

}  // namespace sealwright::bundle
