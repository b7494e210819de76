#include "policy/field.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "base/encoding.h"
#include "base/suggest.h"
#include "policy/scalar.h"

namespace sealwright::policy {
namespace {
std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

Error no_value(const Node& node, const std::string& what) {
  const auto colon = what.find(':');
  return node.error(what + " has no value",
                    colon == std::string::npos ? "" : "put a space behind the ':'");
}
}  // namespace

std::string kind_of(const Node& node) {
  switch (node.type) {
    case Node::Type::null:
      return "nothing";
    case Node::Type::scalar:
      return "'" + printable(node.value, 60) + "'";
    case Node::Type::list:
      return "a list";
    case Node::Type::map:
      return "a mapping";
  }
  return {};
}

void expect_map(const Node& node, const std::string& what) {
  if (node.type == Node::Type::map) return;
  if (node.type == Node::Type::null)
    throw node.error(what + " has no value", "write {} for no settings at all");
  const bool glued =
      node.type == Node::Type::scalar && !node.quoted && node.value.find(':') != std::string::npos;
  throw node.error(what + " must be a mapping, not " + kind_of(node),
                   glued ? "put a space behind the ':'" : "");
}

void expect_list(const Node& node, const std::string& what) {
  if (node.type == Node::Type::list) return;
  if (node.type == Node::Type::null) throw no_value(node, what);
  throw node.error(
      what + " must be a list, not " + kind_of(node),
      node.type == Node::Type::scalar ? "write [" + printable(node.value, 60) + "]" : "");
}

void check_members(const Node& node, const std::string& what, const std::string& object,
                   const std::vector<std::string>& names) {
  expect_map(node, what);
  for (const auto& member : node.members) {
    const auto& name = member.key.value;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (member.value.type == Node::Type::null && name.find(':') != std::string::npos)
      throw no_value(member.key, "'" + printable(name, 60) + "'");
    auto hint = did_you_mean(name, names);
    if (hint.empty()) hint = object + " has: " + joined(names);
    throw member.key.error("unknown field '" + printable(name, 60) + "'", hint);
  }
}

Error missing_field(const Node& node, const std::string& name, const std::string& object) {
  return node.error("'" + name + "' is missing", object + " needs it");
}

const Node& default_node(const std::string& yaml) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Document>> known;
  const std::lock_guard lock(mutex);
  auto& document = known[yaml];
  if (!document) document = parse_document(yaml, "default");
  return document->root;
}

std::string read_name_key(const Node& key) {
  check_name(key, key.value);
  return key.value;
}

}  // namespace sealwright::policy
