#include "bundle/registry_pol.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/blob.h"
#include "bundle/settings.h"

namespace sealwright::bundle {
namespace {

constexpr std::uint32_t signature = 0x67655250;  // "PReg"
constexpr std::uint32_t version = 1;
constexpr std::size_t max_bytes = std::size_t{64} << 20;
constexpr std::size_t max_instructions = 100'000;
/// Thumbprints in one **DeleteKeys, whose data may be 65,535 bytes long.
constexpr std::size_t max_deleted_keys = 700;
constexpr std::string_view policy_root = R"(Software\Policies\Microsoft\SystemCertificates)";

void put_unit(Bytes& to, char16_t unit) { put_u16le(to, static_cast<std::uint16_t>(unit)); }

void put_text(Bytes& to, const std::string& text) {
  append(to, utf16le(text));
  put_unit(to, 0);
}

void expect(ByteReader& reader, char16_t unit) {
  const std::size_t at = reader.position();
  if (reader.u16() != unit)
    throw Error(Error::Kind::input,
                fmt::format("Registry.pol: '{}' expected at offset {}", char(unit), at));
}

std::string read_text_field(ByteReader& reader) {
  Bytes units;
  while (const std::uint16_t unit = reader.u16()) put_u16le(units, unit);
  return from_utf16le(units);
}

PolicyInstruction read_instruction(ByteReader& reader) {
  PolicyInstruction instruction;
  expect(reader, u'[');
  instruction.key = read_text_field(reader);
  expect(reader, u';');
  instruction.value = read_text_field(reader);
  expect(reader, u';');
  instruction.type = reader.u32();
  expect(reader, u';');
  const std::uint32_t size = reader.u32();
  expect(reader, u';');
  instruction.data = copy(reader.take(size));
  expect(reader, u']');
  return instruction;
}

PolicyInstruction instruction_of(const Setting& setting, std::uint32_t value) {
  PolicyInstruction made{
      key_of(setting, Place::policy), std::string(value_name(setting.kind)), reg_dword, {}};
  put_u32le(made.data, value);
  return made;
}

}  // namespace

Bytes encode_registry_pol(const std::vector<PolicyInstruction>& instructions) {
  Bytes bytes;
  put_u32le(bytes, signature);
  put_u32le(bytes, version);
  for (const auto& instruction : instructions) {
    put_unit(bytes, u'[');
    put_text(bytes, instruction.key);
    put_unit(bytes, u';');
    put_text(bytes, instruction.value);
    put_unit(bytes, u';');
    put_u32le(bytes, instruction.type);
    put_unit(bytes, u';');
    put_u32le(bytes, static_cast<std::uint32_t>(instruction.data.size()));
    put_unit(bytes, u';');
    append(bytes, instruction.data);
    put_unit(bytes, u']');
  }
  return bytes;
}

std::vector<PolicyInstruction> read_registry_pol(BytesView bytes) {
  if (bytes.size() > max_bytes)
    throw Error(Error::Kind::input, "Registry.pol is longer than 64 MiB");
  ByteReader reader(bytes, "Registry.pol");
  if (reader.u32() != signature)
    throw Error(Error::Kind::input, "not a Registry.pol file (it does not start with 'PReg')");
  if (reader.u32() != version) throw Error(Error::Kind::input, "Registry.pol: unknown version");
  std::vector<PolicyInstruction> instructions;
  while (!reader.at_end()) {
    if (instructions.size() == max_instructions)
      throw Error(Error::Kind::input, "Registry.pol holds more than 100,000 instructions");
    instructions.push_back(read_instruction(reader));
  }
  return instructions;
}

std::vector<PolicyInstruction> user_policy_instructions(const State& state) {
  std::vector<PolicyInstruction> instructions;
  const auto add = [&](const Setting& setting, const std::optional<std::uint32_t>& value) {
    if (setting.scope == Setting::Scope::current_user && value)
      instructions.push_back(instruction_of(setting, *value));
  };
  for (const auto& setting : state.settings) add(setting, setting.value);
  for (const auto& setting : state.reverted) add(setting, windows_default(setting.kind));
  return instructions;
}

std::vector<PolicyInstruction> user_policy_removal_instructions(const State& state) {
  State left = state;
  left.reverted.insert(left.reverted.end(), state.settings.begin(), state.settings.end());
  left.settings.clear();
  return user_policy_instructions(left);
}

std::vector<PolicyInstruction> policy_removal_instructions(const State& state) {
  std::vector<PolicyInstruction> instructions;
  const auto add = [&](std::string key, std::string name, const std::string& text) {
    Bytes data = utf16le(text);
    put_unit(data, 0);
    instructions.push_back({std::move(key), std::move(name), reg_sz, std::move(data)});
  };
  std::map<Store, std::vector<std::string>> thumbprints;
  for (const auto* list : {&state.present, &state.removed})
    for (const auto& entry : *list)
      thumbprints[entry.store].push_back(entry.certificate.thumbprint().hex());
  for (const auto& [store, all] : thumbprints)
    for (std::span<const std::string> rest = all; !rest.empty();) {
      const auto some = rest.first(std::min(rest.size(), max_deleted_keys));
      rest = rest.subspan(some.size());
      add(fmt::format(R"({}\{}\Certificates)", policy_root, registry_name(store)), "**DeleteKeys",
          fmt::format("{}", fmt::join(some, ";")));
    }
  for (const auto* settings : {&state.settings, &state.reverted})
    for (const auto& setting : *settings)
      if (setting.scope == Setting::Scope::machine)
        add(key_of(setting, Place::policy), fmt::format("**del.{}", value_name(setting.kind)), " ");
  return instructions;
}

std::vector<PolicyInstruction> policy_instructions(const State& state) {
  std::vector<PolicyInstruction> instructions;
  std::set<Store> touched;
  for (const auto& entry : state.present) {
    touched.insert(entry.store);
    instructions.push_back(
        {fmt::format(R"({}\{}\Certificates\{})", policy_root, registry_name(entry.store),
                     entry.certificate.thumbprint().hex()),
         "Blob", reg_binary, encode_blob(entry.certificate, entry.purposes)});
  }
  for (const auto& entry : state.removed) touched.insert(entry.store);
  // Like the Group Policy editor: each store has its three keys, empty ones as key-only
  // instructions ([MS-GPEF] 2.2.1).
  for (const Store store : touched)
    for (const char* sub : {"Certificates", "CRLs", "CTLs"}) {
      const bool filled = sub == std::string_view("Certificates") &&
                          std::any_of(state.present.begin(), state.present.end(),
                                      [&](const Entry& entry) { return entry.store == store; });
      if (!filled)
        instructions.push_back(
            {fmt::format(R"({}\{}\{})", policy_root, registry_name(store), sub), "", reg_none, {}});
    }
  for (const auto& setting : state.settings)
    if (setting.scope == Setting::Scope::machine)
      instructions.push_back(instruction_of(setting, setting.value));
  std::stable_sort(instructions.begin(), instructions.end(), [](const auto& a, const auto& b) {
    return ascii_lower(a.key) < ascii_lower(b.key);
  });
  return instructions;
}

}  // namespace sealwright::bundle
