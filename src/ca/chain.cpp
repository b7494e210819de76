#include "ca/chain.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"

namespace sealwright::ca {
namespace {

using store::Generation;
using store::GenerationState;

constexpr std::size_t max_chain = 32;

Error not_found(const std::string& message, std::string hint = {}) {
  return Error(Error::Kind::state, message, std::move(hint));
}

std::string listed(const std::vector<Generation>& generations) {
  std::string text;
  for (const auto& g : generations)
    text += (text.empty() ? "" : ", ") + g.label() + " (" + std::string(to_text(g.state)) + ")";
  return text;
}

std::vector<Generation> live(std::vector<Generation> generations) {
  std::erase_if(generations, [](const auto& g) { return !is_live(g.state); });
  return generations;
}

/// The newest generation in `state`; nothing where there is none.
std::optional<Generation> newest(const std::vector<Generation>& generations,
                                 GenerationState state) {
  for (auto g = generations.rbegin(); g != generations.rend(); ++g)
    if (g->state == state) return *g;
  return std::nullopt;
}

/// The one before the active generation.
std::optional<Generation> previous(const std::vector<Generation>& generations) {
  const auto active = newest(generations, GenerationState::active);
  if (!active) return std::nullopt;
  for (auto g = generations.rbegin(); g != generations.rend(); ++g)
    if (g->number < active->number) return *g;
  return std::nullopt;
}

std::optional<int> number_of(const std::string& text) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

/// NAME and what stands behind the '@' ("" without one).
struct Reference {
  std::string name, generation;
};

Reference split(const std::string& text) {
  const auto at = text.find('@');
  if (at == std::string::npos) return {text, ""};
  return {text.substr(0, at), text.substr(at + 1)};
}

std::vector<Generation> all_of(const store::Inventory& inventory, const std::string& name) {
  auto generations = inventory.generations_of(name);
  if (!generations.empty()) return generations;
  if (inventory.entity(name))
    throw not_found("'" + name + "' has no certificate yet", "run: sealwright apply");
  std::vector<std::string> names;
  for (const auto& entity : inventory.entities()) names.push_back(entity.name);
  throw not_found("nothing is called '" + printable(name) + "'", did_you_mean(name, names));
}

Generation pick(const std::vector<Generation>& generations, const Reference& reference) {
  const std::string& which = reference.generation;
  std::optional<Generation> found;
  if (which.empty() || which == "active") {
    found = newest(generations, GenerationState::active);
  } else if (which == "next") {
    found = newest(generations, GenerationState::next);
  } else if (which == "previous") {
    found = previous(generations);
  } else if (const auto number = number_of(which)) {
    for (const auto& g : generations)
      if (g.number == *number) found = g;
    if (!found)
      throw not_found("'" + reference.name + "' has no generation " + which,
                      "there are " + listed(generations));
  } else {
    throw Error(Error::Kind::usage, "unknown generation '" + printable(which) + "'",
                "write a number, active, next or previous");
  }
  if (!found)
    throw not_found(
        "'" + reference.name + "' has no " + (which.empty() ? "active" : which) + " generation",
        "there are " + listed(generations));
  return *found;
}

/// The certificate that a thumbprint, SHA-256 or serial number names; nothing when `text` is none
/// of these.
std::optional<Generation> by_number(const store::Inventory& inventory, const std::string& text) {
  constexpr std::string_view serial_prefix = "serial:";
  if (text.starts_with(serial_prefix)) {
    auto digits = from_hex(text.substr(serial_prefix.size()));
    if (!digits)
      throw Error(Error::Kind::usage, "'" + printable(text) + "' is not a serial number",
                  "write serial: and hex digits");
    const auto significant =
        std::find_if(digits->begin(), digits->end(), [](std::uint8_t byte) { return byte != 0; });
    digits->erase(digits->begin(), significant);
    auto found = inventory.find(Serial{*digits});
    for (auto& old : inventory.find(Serial{*digits, true})) found.push_back(std::move(old));
    if (found.empty()) throw not_found("no certificate has the " + text);
    if (found.size() > 1)
      throw not_found("several certificates have the " + text, "they are " + listed(found));
    return found.front();
  }
  if (const auto thumbprint = parse_thumbprint(text)) {
    if (auto found = inventory.find(*thumbprint)) return found;
    throw not_found("no certificate has the thumbprint " + thumbprint->hex());
  }
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != std::tuple_size_v<store::Sha256>) return std::nullopt;
  store::Sha256 sha256{};
  std::copy(bytes->begin(), bytes->end(), sha256.begin());
  if (auto found = inventory.find_sha256(sha256)) return found;
  throw not_found("no certificate has the SHA-256 " + to_hex(sha256));
}

}  // namespace

Generation find_generation(const store::Inventory& inventory, const std::string& reference) {
  if (auto found = by_number(inventory, reference)) return *found;
  const Reference parts = split(reference);
  return pick(all_of(inventory, parts.name), parts);
}

std::vector<Generation> find_generations(const store::Inventory& inventory,
                                         const std::string& reference) {
  const Reference parts = split(reference);
  if (parts.generation == "all") return all_of(inventory, parts.name);
  if (parts.generation == "live") return live(all_of(inventory, parts.name));
  return {find_generation(inventory, reference)};
}

Generation find_exactly(const store::Inventory& inventory, const std::string& reference) {
  if (auto found = by_number(inventory, reference)) return *found;
  const Reference parts = split(reference);
  const auto generations = all_of(inventory, parts.name);
  if (parts.generation.empty()) {
    const auto alive = live(generations);
    if (alive.size() > 1)
      throw not_found("'" + parts.name + "' has several live generations: " + listed(alive),
                      "say which: " + alive.front().label() + " or " + alive.back().label());
  }
  return pick(generations, parts);
}

x509::Certificate certificate_of(const Generation& generation) {
  auto certificate = x509::Certificate::from_der(generation.certificate);
  const bool same = certificate.sha256() == generation.sha256 &&
                    certificate.thumbprint() == generation.thumbprint &&
                    (!generation.key || certificate.public_key().id() == *generation.key);
  if (!same)
    throw Error(Error::Kind::input,
                "the inventory is damaged: the certificate of '" + generation.label() +
                    "' is not the one that was issued",
                "restore the inventory from a backup");
  return certificate;
}

std::vector<x509::Certificate> chain_of(const store::Inventory& inventory,
                                        const Generation& generation) {
  std::vector<x509::Certificate> chain = {certificate_of(generation)};
  for (auto above = generation.issuer; above && chain.size() < max_chain;) {
    const auto issuer = inventory.generation(*above);
    if (!issuer) break;
    chain.push_back(certificate_of(*issuer));
    above = issuer->issuer;
  }
  return chain;
}

std::vector<x509::Certificate> without_root(std::vector<x509::Certificate> chain) {
  if (chain.size() > 1 && chain.back().self_signed()) chain.pop_back();
  return chain;
}

}  // namespace sealwright::ca
