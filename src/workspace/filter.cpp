#include "workspace/filter.h"

#include <fnmatch.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"

namespace sealwright::workspace {
namespace {

using store::Generation;

constexpr const char* known_keys =
    "the clauses are kind=, policy=, issuer=, state=, origin=, serial=, name=, name~GLOB, "
    "subject~GLOB, expires<90d and expires>DATE; all must hold";

Error bad(const std::string& text, const std::string& reason, std::string hint = known_keys) {
  return Error(Error::Kind::usage, "'" + printable(text) + "' " + reason, std::move(hint));
}

std::string one_of(const std::string& text, const std::string& value,
                   const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), value) != words.end()) return value;
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  throw bad(text, "has none of the words " + all, did_you_mean(value, words));
}

bool matches(const std::string& glob, const std::string& text) {
  return fnmatch(glob.c_str(), text.c_str(), FNM_CASEFOLD) == 0;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    if (comma > from) parts.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  return parts;
}

Serial serial_of(const std::string& text, const std::string& value) {
  std::string digits = value.size() % 2 ? "0" + value : value;
  const auto bytes = from_hex(ascii_lower(digits));
  if (!bytes || bytes->empty()) throw bad(text, "has no serial number in hex");
  Serial serial;
  const auto first = std::find_if(bytes->begin(), bytes->end() - 1, [](auto b) { return b != 0; });
  serial.value.assign(first, bytes->end());
  return serial;
}

}  // namespace

/// What clauses ask the inventory, once each.
struct Filter::Facts {
  const store::Inventory& inventory;
  std::map<store::GenerationId, std::string> labels = {};
  std::map<std::string, store::Origin> origins = {};

  const std::string& issuer(const Generation& generation) {
    static const std::string none = "none";
    if (!generation.issuer) return none;
    const auto [at, fresh] = labels.try_emplace(*generation.issuer);
    if (fresh)
      if (const auto issuer = inventory.generation(*generation.issuer))
        at->second = issuer->label();
    return at->second;
  }
  std::string origin(const Generation& generation) {
    if (origins.empty())
      for (const auto& entity : inventory.entities()) origins[entity.name] = entity.origin;
    return std::string(store::to_text(origins[generation.name]));
  }
};

Filter::Clause Filter::expiry(const std::string& text, char relation, const std::string& value,
                              Time now) {
  std::optional<Time> bound = parse_time(value);
  if (!bound) try {
      bound = add(now, parse_duration(value));
    } catch (const Error&) {
      throw bad(text, "has neither a duration nor a date",
                "write expires<90d or expires<2027-01-01");
    }
  return {[at = *bound, relation](const Generation& generation, Facts&) {
    return relation == '<' ? generation.not_after < at : generation.not_after > at;
  }};
}

Filter::Clause Filter::clause(const std::string& text, Time now) {
  const auto at = text.find_first_of("=~<>");
  if (at == std::string::npos || at == 0 || at + 1 == text.size())
    throw bad(text, "is no clause of a filter");
  const std::string key = text.substr(0, at), value = text.substr(at + 1);
  const char relation = text[at];
  const std::string word = key + (relation == '>' ? '<' : relation);
  if (word == "expires<") return expiry(text, relation, value, now);
  if (word == "kind=")
    return {[kind = one_of(text, value, {"authority", "certificate"})](const auto& g, Facts&) {
      return store::to_text(g.kind) == kind;
    }};
  if (word == "state=")
    return {
        [state = one_of(text, value, {"next", "active", "retiring", "retired", "revoked", "live"})](
            const auto& g, Facts&) {
          return state == "live" ? store::is_live(g.state) : store::to_text(g.state) == state;
        }};
  if (word == "origin=")
    return {[origin = one_of(text, value, {"hierarchy", "command", "import"})](
                const auto& g, Facts& facts) { return facts.origin(g) == origin; }};
  if (word == "policy=")
    return {[value](const auto& g, Facts&) {
      return value == g.policy.name ||
             value == g.policy.name + "@" + std::to_string(g.policy.revision);
    }};
  if (word == "issuer=")
    return {[value](const auto& g, Facts& facts) {
      const std::string& label = facts.issuer(g);
      return value == label || value == label.substr(0, label.find('@'));
    }};
  if (word == "serial=")
    return {
        [serial = serial_of(text, value)](const auto& g, Facts&) { return g.serial == serial; }};
  if (word == "name=") return {[value](const auto& g, Facts&) { return g.name == value; }};
  if (word == "name~") return {[value](const auto& g, Facts&) { return matches(value, g.name); }};
  if (word == "subject~")
    return {[value](const auto& g, Facts&) { return matches(value, g.subject); }};
  const std::vector<std::string> keys = {"kind",   "policy", "issuer",  "state",  "origin",
                                         "serial", "name",   "subject", "expires"};
  const bool known = std::find(keys.begin(), keys.end(), key) != keys.end();
  throw bad(text, known ? "compares '" + key + "' in a way that is not known"
                        : "asks for '" + printable(key) + "', which is not known");
}

Filter Filter::parse(const std::vector<std::string>& texts, Time now) {
  Filter filter;
  for (const auto& text : texts)
    for (const auto& part : split(text)) filter.clauses_.push_back(clause(part, now));
  return filter;
}

void Filter::each(const store::Inventory& inventory,
                  const std::function<void(const Generation&)>& visit) const {
  Facts facts{inventory};
  inventory.for_each_generation([&](const Generation& generation) {
    if (std::all_of(clauses_.begin(), clauses_.end(),
                    [&](const Clause& clause) { return clause.holds(generation, facts); }))
      visit(generation);
  });
}

}  // namespace sealwright::workspace
