// Registry.pol as changes to the registry: its special value names ([MS-GPREG] 3.2.5.1.2).

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/readers.h"
#include "bundle/registry_pol.h"

namespace sealwright::bundle {
namespace {

using Action = RegistryChange::Action;

constexpr std::size_t max_data_bytes = 65'535;  // [MS-GPREG] 2.2.1

/// The rest of `name` where it begins with `prefix`, in any case.
std::optional<std::string> after(const std::string& name, std::string_view prefix) {
  if (!equal_ignoring_case(std::string_view(name).substr(0, prefix.size()), prefix))
    return std::nullopt;
  return name.substr(prefix.size());
}

/// Names between semicolons, in a REG_SZ.
std::vector<std::string> names_in(const PolicyInstruction& instruction) {
  std::vector<std::string> names(1);
  for (const char c : from_utf16le(instruction.data)) {
    if (c == '\0') continue;
    if (c == ';')
      names.emplace_back();
    else
      names.back() += c;
  }
  std::erase(names, "");
  return names;
}

void add(std::vector<RegistryChange>& changes, const PolicyInstruction& instruction,
         RegistryChange change) {
  const auto one = [&](Action action, const std::string& name = {}) {
    change.action = action;
    change.name = name;
    add_bounded(changes, change);
  };
  const std::string& name = instruction.value;
  // Other types make the special names names like any other.
  const bool special =
      instruction.type == reg_sz || after(name, "**SecureKey") || after(name, "**soft.");
  if (!special) {
    if (name.empty() && instruction.data.empty()) return one(Action::create_key);
    change.type = instruction.type;
    change.data = instruction.data;
    return one(Action::set_value, name);
  }
  if (after(name, "**DelVals.")) return one(Action::delete_all_values);
  if (after(name, "**SecureKey")) return;
  if (const auto deleted = after(name, "**Del.")) return one(Action::delete_value, *deleted);
  if (after(name, "**DeleteValues")) {
    for (const auto& value : names_in(instruction)) one(Action::delete_value, value);
    return;
  }
  if (after(name, "**DeleteKeys")) {
    const std::string above = change.key;
    for (const auto& key : names_in(instruction)) {
      change.key = above + "\\" + key;
      one(Action::delete_key);
    }
    return;
  }
  if (name.empty() && instruction.data.empty()) return one(Action::create_key);
  change.type = instruction.type;
  change.data = instruction.data;
  one(Action::set_value, after(name, "**soft.").value_or(name));
}

}  // namespace

std::vector<RegistryChange> registry_pol_changes(BytesView bytes, const std::string& hive,
                                                 const std::string& file,
                                                 std::vector<Fault>& faults) {
  std::vector<RegistryChange> changes;
  std::size_t number = 0;
  for (const auto& instruction : read_registry_pol(bytes)) {
    RegistryChange change;
    change.hive = hive;
    change.key = instruction.key;
    change.position = {file, fmt::format("instruction {}", ++number)};
    if (instruction.data.size() > max_data_bytes)
      faults.push_back({Fault::Severity::error, change.position,
                        "its data is longer than the 65,535 bytes that a policy may hold",
                        "carry this certificate in another way: a preference, or a script"});
    add(changes, instruction, std::move(change));
  }
  return changes;
}

}  // namespace sealwright::bundle
