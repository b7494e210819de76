// The fields of the YAML files as a table for people.

#include "policy/schema.h"
#include "policy/written_hierarchy.h"

namespace sealwright::policy {
namespace {

struct Word {
  std::string_view name, shown;
};
/// What people call the kinds of text.
constexpr Word text_words[] = {
    {"date", "date, e.g. 2026-11-21"},
    {"der", "DER in hex"},
    {"duration", "duration, e.g. 90d"},
    {"hex", "\"0x…\""},
    {"http-url", "http:// URL"},
    {"inventory", "sqlite:PATH or postgresql://…"},
    {"oid", "OID"},
    {"pkcs11-uri", "pkcs11: URI"},
    {"policy", "NAME or NAME@REVISION"},
    {"purpose", "purpose, e.g. codeSigning, or OID"},
    {"url", "URL"},
    {"windows", "Windows version, e.g. win11-24h2"},
    {"accuracy", "time, e.g. 1s"},
    {"country", "two letters"},
};

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string shown(const Shape& shape) {
  using Kind = Shape::Kind;
  switch (shape.kind) {
    case Kind::text:
      for (const auto& word : text_words)
        if (word.name == shape.name) return std::string(word.shown);
      return shape.name;
    case Kind::boolean:
      return "true, false";
    case Kind::integer:
      return std::to_string(shape.min) +
             (shape.min == shape.max ? "" : " to " + std::to_string(shape.max));
    case Kind::choice:
      return joined(shape.choices);
    case Kind::list:
      return "[" + shown(*shape.parts.at(0)) + " …]";
    case Kind::map:
      return "{" + std::string(shape.keys ? shown(*shape.keys) : "NAME") + ": " +
             shown(*shape.parts.at(0)) + " …}";
    case Kind::object: {
      std::vector<std::string> names;
      for (const auto& field : shape.fields()) names.push_back(field.name);
      return "{" + joined(names) + "}";
    }
    case Kind::either:
      break;
  }
  std::string all;
  for (const auto& part : shape.parts) all += (all.empty() ? "" : " or ") + shown(*part);
  return all;
}

void add_rows(const std::vector<FieldInfo>& fields, const std::string& path, std::string& to);

/// The rows below a field: of the fields of an object, of what a map or a list of objects holds.
void add_below(const Shape& shape, const std::string& path, std::string& to) {
  using Kind = Shape::Kind;
  if (shape.kind == Kind::object && shape.name != "secret") add_rows(shape.fields(), path, to);
  if (shape.kind == Kind::either)
    for (const auto& part : shape.parts) add_below(*part, path, to);
  if (shape.kind == Kind::map && !shape.keys) add_below(*shape.parts.at(0), path + ".NAME", to);
  if (shape.kind == Kind::list) add_below(*shape.parts.at(0), path + "[]", to);
}

/// A map of named objects is shown by its rows.
std::string value_of(const Shape& shape) {
  using Kind = Shape::Kind;
  const auto has_fields = [](const Shape& part) {
    return part.kind == Kind::object && !part.fields().empty();
  };
  if (has_fields(shape) && shape.name != "secret") return "{…}";
  if (shape.kind == Kind::object && shape.name != "secret") return "{}";
  if (shape.kind == Kind::map && !shape.keys)
    return "{NAME: " + std::string(has_fields(*shape.parts.at(0)) ? "{…}" : "{}") + " …}";
  if (shape.kind == Kind::list && has_fields(*shape.parts.at(0))) return "[{…} …]";
  if (shape.kind != Kind::either) return shown(shape);
  std::string all;
  for (const auto& part : shape.parts) all += (all.empty() ? "" : " or ") + value_of(*part);
  return all;
}

std::string escaped(const std::string& text) {
  std::string made;
  for (const char c : text) made += c == '|' ? std::string("\\|") : std::string(1, c);
  return made;
}

void add_rows(const std::vector<FieldInfo>& fields, const std::string& path, std::string& to) {
  for (const auto& field : fields) {
    const auto here = (path.empty() ? "" : path + ".") + field.name;
    std::string usual = field.is_required ? "required" : field.default_note;
    if (!field.default_value.empty() && field.default_value != "{}")
      usual = "`" + field.default_value + "`";
    to += "| `" + here + "` | " + escaped(value_of(*field.shape)) + " | " + escaped(usual) + " | " +
          escaped(field.doc) + " |\n";
    add_below(*field.shape, here, to);
  }
}
}  // namespace

std::string reference(YamlFile file) {
  std::string text = "| field | value | default | meaning |\n|---|---|---|---|\n";
  if (file == YamlFile::hierarchy) {
    const auto& fields = hierarchy_fields().list;
    add_rows({fields.begin(), fields.end()}, "", text);
  } else {
    const auto& fields = policy_fields().list;
    add_rows({fields.begin(), fields.end()}, "", text);
  }
  return text;
}

}  // namespace sealwright::policy
