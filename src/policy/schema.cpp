#include "policy/schema.h"

#include <algorithm>

#include "base/windows_version.h"
#include "policy/written_hierarchy.h"
#include "x509/oids.h"

namespace sealwright::policy {
namespace {

bool is_number(const std::string& word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

/// One of these words. Readers of YAML take some for numbers.
Json words(const std::vector<std::string>& list) {
  Json all = Json::array();
  for (const auto& word : list) {
    all.push(word);
    if (is_number(word)) all.push(std::stoi(word));
  }
  return Json::object().set("enum", std::move(all));
}

/// In both spellings, with and without architecture.
Json windows_schema() {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  };
  for (const auto& target : windows_targets()) add(std::string(target.id));
  for (const auto& target : windows_targets())
    add(std::string(target.id) + "-" + std::string(to_text(target.architecture)));
  for (const auto& target : windows_targets()) {
    const std::string name(target.inf2cat);
    add(name);
    add(name.substr(0, name.rfind('_')));
  }
  std::erase_if(names, [](const auto& name) { return parse_windows_target(name).empty(); });
  return words(names);
}

Json purpose_schema() {
  std::vector<std::string> names;
  for (const auto& purpose : x509::key_purposes()) names.emplace_back(purpose.name);
  Json oid = Json::object().set("type", "string").set("pattern", "^[0-2](\\.[0-9]+)+$");
  return Json::object().set("anyOf", Json::array().push(words(names)).push(std::move(oid)));
}

Json text_schema(const Shape& shape) {
  if (shape.name == "windows") return windows_schema();
  if (shape.name == "purpose") return purpose_schema();
  Json made = Json::object();
  if (!shape.pattern.empty()) {
    const bool may_be_number = shape.name == "hex" || shape.name == "der";
    made.set("type", may_be_number ? Json::strings<std::string>({"string", "integer"}) : "string");
    return made.set("pattern", shape.pattern);
  }
  made.set("type", Json::strings<std::string>({"string", "number", "boolean"}));
  return made.set("minLength", 1).set("maxLength", 1024);
}

/// What `extends` may leave to another policy is not required of this file.
enum class Required { all, in_lists };

Json schema_of(const Shape& shape, Required required);

/// A default of the table as JSON.
Json default_of(const Node& node, const Shape& shape) {
  using Kind = Shape::Kind;
  if (node.type == Node::Type::map) {
    Json made = Json::object();
    return made;  // {}: the fields have defaults of their own
  }
  if (node.type == Node::Type::list) {
    Json made = Json::array();
    for (const auto& item : node.items) made.push(item.value);
    return made;
  }
  if (shape.kind == Kind::boolean) return node.value == "true";
  if (shape.kind == Kind::integer) return std::stoi(node.value);
  return node.value;
}

Json field_schema(const FieldInfo& field, Required required) {
  Json made = schema_of(*field.shape, required);
  std::string doc = field.doc;
  if (!field.default_note.empty()) doc += " (default: " + field.default_note + ")";
  made.set("description", doc);
  if (!field.default_value.empty())
    made.set("default", default_of(default_node(field.default_value), *field.shape));
  return made;
}

Json object_schema(const std::vector<FieldInfo>& fields, Required required) {
  Json properties = Json::object(), needed = Json::array();
  for (const auto& field : fields) {
    properties.set(field.name, field_schema(field, required));
    if (field.is_required && required == Required::all) needed.push(field.name);
  }
  Json made = Json::object();
  made.set("type", "object").set("properties", std::move(properties));
  if (!needed.items().empty()) made.set("required", std::move(needed));
  return made.set("additionalProperties", false);
}

Json schema_of(const Shape& shape, Required required) {
  using Kind = Shape::Kind;
  Json made = Json::object();
  switch (shape.kind) {
    case Kind::text:
      return text_schema(shape);
    case Kind::boolean:
      return made.set("type", "boolean");
    case Kind::integer:
      return made.set("type", "integer").set("minimum", shape.min).set("maximum", shape.max);
    case Kind::choice:
      return words(shape.choices);
    case Kind::list:
      return made.set("type", "array").set("items", schema_of(*shape.parts.at(0), Required::all));
    case Kind::map: {
      Json keys = shape.keys ? schema_of(*shape.keys, required)
                             : Json::object()
                                   .set("type", "string")
                                   .set("pattern", "^[a-z][a-z0-9-]*$")
                                   .set("maxLength", 64);
      return made.set("type", "object")
          .set("propertyNames", std::move(keys))
          .set("additionalProperties", schema_of(*shape.parts.at(0), required));
    }
    case Kind::object:
      made = object_schema(shape.fields(), required);
      if (shape.min > 0) made.set("minProperties", shape.min);
      if (shape.max > 0) made.set("maxProperties", shape.max);
      return made;
    case Kind::either:
      break;
  }
  Json ways = Json::array();
  for (const auto& part : shape.parts) ways.push(schema_of(*part, required));
  return made.set("anyOf", std::move(ways));
}

Json document(const std::string& name, const std::string& title, const std::string& about) {
  return Json::object()
      .set("$schema", "http://json-schema.org/draft-07/schema#")
      .set("$id", "https://sealwright.invalid/schema/" + name + "-1.json")
      .set("title", title)
      .set("description", about);
}

void merge(Json& to, const Json& from) {
  for (const auto& [name, value] : from.members()) to.set(name, value);
}

Json words_required(const std::vector<std::string>& names) {
  return Json::object().set("required", Json::strings(names));
}
}  // namespace

Json json_schema(YamlFile file) {
  if (file == YamlFile::hierarchy) {
    const auto& fields = hierarchy_fields().list;
    Json made = document("sealwright", "sealwright.yaml", "What should exist in a workspace");
    merge(made, object_schema({fields.begin(), fields.end()}, Required::all));
    return made;
  }
  const auto& fields = policy_fields().list;
  Json made = document("policy", "policies/NAME.yaml", "What a kind of certificate must look like");
  merge(made, object_schema({fields.begin(), fields.end()}, Required::in_lists));
  made.set("required", Json::strings<std::string>({"version", "name", "revision"}));
  return made.set(
      "anyOf",
      Json::array().push(words_required({"extends"})).push(words_required({"kind", "validity"})));
}

}  // namespace sealwright::policy
