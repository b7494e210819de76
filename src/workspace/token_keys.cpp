// Keys of generations on tokens.

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "workspace/keys.h"

namespace sealwright::workspace {
namespace {

std::string filled(std::string text, const std::string& mark, const std::string& value) {
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
    text.replace(at, mark.size(), value);
  return text;
}

std::string place_of(const ossl::TokenUri& uri) { return "'" + printable(uri.object()) + "'"; }

void check_unused(const store::Inventory& inventory, const policy::Item& item,
                  const ossl::TokenUri& uri, const ossl::PublicKey& key) {
  if (const auto owners = inventory.find(key.id()); !owners.empty())
    throw Error(Error::Kind::state,
                "the key " + place_of(uri) + " on the token belongs to '" + owners.back().label() +
                    "', and '" + item.name + "' needs a new one",
                "let each generation have its own, with key: {label: \"" + item.name +
                    "-{generation}\"}, or say renewal: {key: reuse} in its policy");
}

void check_kind(const policy::Item& item, const ossl::TokenUri& uri, const ossl::PublicKey& key) {
  const auto& spec = item.policy->key.spec;
  if (key.description() == to_text(spec)) return;
  throw Error(Error::Kind::policy,
              "the key " + place_of(uri) + " on the token is " + key.description() +
                  ", and policy '" + item.policy->name + "' wants " + to_text(spec),
              "name another key, or another policy");
}

}  // namespace

ossl::TokenUri token_uri(const policy::Item& item, int generation) {
  const auto uri = ossl::TokenUri::parse(item.key.uri);
  // A key that is named by its id alone is meant as it is.
  if (item.key.label.empty() && uri.object().empty() && !uri.id().empty()) return uri;
  std::string label = !item.key.label.empty() ? item.key.label
                      : uri.object().empty()  ? "{name}@{generation}"
                                              : uri.object();
  label = filled(std::move(label), "{generation}", std::to_string(generation));
  label = filled(std::move(label), "{name}", item.name);
  return uri.for_object(label, uri.id());
}

ossl::Tokens& Keys::tokens() {
  if (!tokens_) tokens_.emplace(token_options_);
  return *tokens_;
}

ca::NewKey Keys::token_key(const policy::Item& item) {
  auto& inventory = workspace_.inventory();
  const auto uri = token_uri(item, inventory.next_number(item.name));
  const bool there = tokens().exists(uri);
  auto key = there ? tokens().find(uri) : tokens().generate(uri, item.policy->key.spec);
  const ossl::PublicKey& public_key = key.signer->public_key();
  if (there) {
    check_unused(inventory, item, key.uri, public_key);
    check_kind(item, key.uri, public_key);
  }
  store::KeyRecord record;
  record.id = public_key.id();
  record.keyring = item.key.keyring;
  record.spki = public_key.spki();
  record.algorithm = public_key.description();
  record.export_rule = store::ExportRule::never;
  record.uri = key.uri.text();
  return {std::move(record), std::move(key.signer)};
}

}  // namespace sealwright::workspace
