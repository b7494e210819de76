#include "diagnose/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/windows_version.h"
#include "trust/kernel.h"
#include "trust/result_code.h"
#include "trust/stores.h"
#include "trust/wintrust_state.h"
#include "x509/oids.h"

namespace sealwright::diagnose {
namespace {

using Kind = Explanation::Kind;

/// "a; b" → {"a", "b"}
std::vector<std::string> sentences(std::string_view text) {
  std::vector<std::string> made;
  while (!text.empty()) {
    const auto end = text.find("; ");
    made.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
  return made;
}

std::optional<Explanation> explain_code(const std::string& word) {
  const auto* row = trust::find_result_code(word);
  if (!row) return std::nullopt;
  Explanation made;
  made.kind = Kind::result_code;
  made.word = trust::to_text(row->value);
  made.name = row->name;
  made.meaning = row->meaning;
  made.causes = sentences(row->causes);
  made.remedy = row->remedy;
  return made;
}

std::optional<Explanation> explain_purpose(const std::string& word) {
  for (const auto& purpose : x509::key_purposes()) {
    if (!equal_ignoring_case(purpose.name, word) && purpose.oid != word) continue;
    Explanation made;
    made.kind = Kind::purpose;
    made.word = purpose.name;
    made.name = purpose.oid;
    made.meaning = "extended key usage: " + std::string(purpose.meaning) +
                   (purpose.holder.empty() ? "; any authority may give it"
                                           : "; Windows honours it below " +
                                                 std::string(purpose.holder) + "'s own roots only");
    return made;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> state_value(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || text.empty() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string meaning_of(std::uint32_t state) {
  if (state == trust::default_wintrust_state)
    return "the default of WinTrust State: revocation is checked, unreachable servers are all "
           "right";
  if (state == (trust::default_wintrust_state | trust::allow_only_per_trust))
    return "the default of WinTrust State, and only publishers in TrustedPublisher are accepted";
  return "a value of WinTrust State, which says how lenient checks of programs are";
}

/// Only values made of nothing but bits that State has.
std::optional<Explanation> explain_state(const std::string& word) {
  const auto value = state_value(word);
  if (!value || *value == 0 || (*value & ~trust::known_state_bits()) != 0) return std::nullopt;
  Explanation made;
  made.kind = Kind::wintrust_state;
  made.word = fmt::format("0x{:x}", *value);
  made.meaning = meaning_of(*value);
  for (const auto& bit : trust::state_bits())
    made.facts.emplace_back(
        fmt::format("0x{:05x} {}", bit.value, *value & bit.value ? "set" : "clear"),
        *value & bit.value ? bit.set : bit.clear);
  constexpr std::uint32_t offline = 0x400 | 0x800;
  if ((*value & offline) != offline && !(*value & 0x200))
    made.causes.emplace_back(
        "machines without a way to the revocation servers refuse what is signed");
  if (*value != trust::default_wintrust_state)
    made.remedy = fmt::format(
        "the default is 0x{:x}; to demand TrustedPublisher, set 0x{:x} on top of what is there",
        trust::default_wintrust_state, trust::allow_only_per_trust);
  return made;
}

void add_target(Explanation& made, const WindowsTarget& target) {
  const auto name = std::string(to_text(target.architecture));
  made.facts.emplace_back(name, fmt::format("inf2cat {}, catalog OS {}, OSAttr {}", target.inf2cat,
                                            target.catalog_os, target.os_attribute));
  const auto& rule = trust::load_rule(target);
  made.facts.emplace_back(name + " kernel", fmt::format("{} ({})", rule.summary, rule.id));
}

std::optional<Explanation> explain_version(const std::string& word) {
  const auto targets = parse_windows_target(word);
  if (targets.empty()) return std::nullopt;
  const auto& first = *targets.front();
  Explanation made;
  made.kind = Kind::windows_version;
  made.word = first.id;
  made.name = first.title;
  made.meaning = fmt::format("version {}.{}, build {}, released {}", first.major, first.minor,
                             first.build, first.released);
  for (const auto* target : targets) add_target(made, *target);
  return made;
}

std::string trimmed(std::string text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

}  // namespace

std::string_view to_text(Explanation::Kind kind) {
  switch (kind) {
    case Kind::result_code:
      return "result code";
    case Kind::purpose:
      return "extended key usage";
    case Kind::wintrust_state:
      return "WinTrust State";
    case Kind::windows_version:
      return "Windows version";
  }
  return "";
}

std::optional<Explanation> explain(const std::string& word) {
  const auto text = trimmed(word);
  // Windows versions first: "2000" is one, and no code.
  for (const auto ask : {explain_version, explain_code, explain_purpose, explain_state})
    if (auto found = ask(text)) return found;
  return std::nullopt;
}

std::string to_text(const Explanation& explanation) {
  std::string out = explanation.word;
  if (!explanation.name.empty()) out += " " + explanation.name;
  out += fmt::format(" ({})\n  {}\n", to_text(explanation.kind), explanation.meaning);
  if (!explanation.causes.empty()) out += "usual causes:\n";
  for (const auto& cause : explanation.causes) out += fmt::format("  - {}\n", cause);
  std::size_t width = 0;
  for (const auto& [label, text] : explanation.facts) width = std::max(width, label.size());
  for (const auto& [label, text] : explanation.facts)
    out += fmt::format("  {:<{}}  {}\n", label, width, text);
  if (!explanation.remedy.empty()) out += fmt::format("remedy: {}\n", explanation.remedy);
  return out;
}

Json to_json(const Explanation& explanation) {
  Json facts = Json::array();
  for (const auto& [label, text] : explanation.facts)
    facts.push(Json::object().set("label", label).set("text", text));
  return Json::object()
      .set("schema", "sealwright.explain/1")
      .set("kind", to_text(explanation.kind))
      .set("word", explanation.word)
      .set("name", explanation.name.empty() ? Json() : Json(explanation.name))
      .set("meaning", explanation.meaning)
      .set("causes", Json::strings(explanation.causes))
      .set("remedy", explanation.remedy.empty() ? Json() : Json(explanation.remedy))
      .set("facts", facts);
}

}  // namespace sealwright::diagnose
