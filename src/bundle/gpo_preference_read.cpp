// Reads Registry.xml of Group Policy preferences ([MS-GPPREF] 2.2.1.17).

#include <fmt/format.h>

#include <charconv>
#include <pugixml.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/readers.h"
#include "bundle/xml_read.h"

namespace sealwright::bundle {
namespace {

using Action = RegistryChange::Action;

constexpr int max_depth = 32;

struct Walk {
  const std::string& file;
  std::vector<Fault>& faults;
  std::vector<RegistryChange> changes;
  std::size_t items = 0;
};

std::string attribute(pugi::xml_node node, const char* name) {
  return node.attribute(name).value();
}

bool has_filters(pugi::xml_node node) { return bool(child(node, "Filters").first_child()); }

/// Notes what keeps an item from doing what it says; whether it is turned off.
bool is_off(pugi::xml_node node, const Position& position, Walk& walk) {
  if (attribute(node, "disabled") == "1") {
    walk.faults.push_back({Fault::Severity::note, position, "it is turned off", ""});
    return true;
  }
  if (has_filters(node))
    walk.faults.push_back({Fault::Severity::note, position,
                           "filters decide on which machines it counts",
                           "look at its item-level targeting in the Group Policy editor"});
  return false;
}

void take_value(const std::string& type, const std::string& value, RegistryChange& change,
                Walk& walk) {
  const auto fault = [&](const char* message, const char* remedy) {
    walk.faults.push_back({Fault::Severity::error, change.position, message, remedy});
  };
  if (type == "REG_BINARY") {
    change.type = 3;
    if (const auto bytes = from_hex(value))
      change.data = *bytes;
    else
      fault("its value is not pairs of hex digits",
            "write the bytes as hex digits without separators");
  } else if (type == "REG_DWORD") {
    change.type = 4;
    std::uint32_t number = 0;
    const auto end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, number, 16);
    if (read.ec != std::errc() || read.ptr != end)
      fault("its value is not a number in hex", "write eight hex digits, as in 00023C00");
    put_u32le(change.data, number);
  } else {
    change.type = 1;
    change.data = utf16le(value);
  }
}

void take_item(pugi::xml_node item, bool conditional, Walk& walk) {
  const Position position{walk.file, fmt::format("item {}", ++walk.items)};
  if (is_off(item, position, walk)) return;
  const auto properties = child(item, "Properties");
  RegistryChange change;
  change.hive = attribute(properties, "hive");
  change.key = attribute(properties, "key");
  change.name = attribute(properties, "name");
  change.position = position;
  change.conditional = conditional || has_filters(item);
  const std::string action = attribute(properties, "action");
  const bool whole_key = change.name.empty() && attribute(properties, "default") != "1";
  if (action == "D") {
    change.action = whole_key ? Action::delete_key : Action::delete_value;
  } else if (whole_key) {
    change.action = Action::create_key;
  } else {
    take_value(attribute(properties, "type"), attribute(properties, "value"), change, walk);
  }
  add_bounded(walk.changes, std::move(change));
}

void take_items(pugi::xml_node parent, bool conditional, Walk& walk, int depth) {
  if (depth > max_depth)
    throw Error(Error::Kind::input, fmt::format("collections nested over {} deep", max_depth));
  for (const auto node : parent.children()) {
    if (local_name(node) == "Registry") take_item(node, conditional, walk);
    if (local_name(node) != "Collection") continue;
    if (!is_off(node, {walk.file, fmt::format("collection behind item {}", walk.items)}, walk))
      take_items(node, conditional || has_filters(node), walk, depth + 1);
  }
}

}  // namespace

std::vector<RegistryChange> registry_xml_changes(BytesView bytes, const std::string& file,
                                                 std::vector<Fault>& faults) {
  const auto document = parsed_xml(bytes);
  const auto root = document.document_element();
  if (local_name(root) != "RegistrySettings")
    throw Error(Error::Kind::input, "not a Registry.xml (its root is not RegistrySettings)");
  Walk walk{file, faults, {}, 0};
  if (!is_off(root, {file, ""}, walk)) take_items(root, false, walk, 0);
  return std::move(walk.changes);
}

}  // namespace sealwright::bundle
