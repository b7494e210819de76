#pragma once
// The fields a YAML object may have, as tables: one line a field, with its type, default and
// meaning. The same table reads the file, finds the nearest name of a mistyped field, and describes
// the format to schemas and reference.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "policy/tree.h"

namespace sealwright::policy {

struct FieldInfo;

/// What may stand somewhere, as data.
struct Shape {
  enum class Kind { text, boolean, integer, choice, list, map, object, either };
  Kind kind = Kind::text;
  std::string name;                  ///< "duration"; for an object "an authority".
  std::string pattern;               ///< Of text: a regular expression, or empty.
  std::vector<std::string> choices;  ///< Of a choice.
  /// Of an integer: its bounds. Of an object: how many of its fields are given; max 0: any number.
  std::int64_t min = 0, max = 0;
  std::vector<std::shared_ptr<const Shape>>
      parts;                          ///< What a list or map holds; the ways of either.
  std::shared_ptr<const Shape> keys;  ///< Of a map; null: names.
  std::function<std::vector<FieldInfo>()> fields;  ///< Of an object.
};
using ShapePtr = std::shared_ptr<const Shape>;

struct FieldInfo {
  std::string name, doc;
  ShapePtr shape;
  bool is_required = false;
  std::string default_value;  ///< YAML text, or empty.
  std::string default_note;   ///< In words, where the default depends on something.
};

/// A type of field: what it looks like and how it becomes a V. `what` is what errors call the
/// value, e.g. "'size'".
template <class V>
struct Type {
  ShapePtr shape;
  std::function<V(const Node& node, const std::string& what)> read;
};

template <class T>
struct Field : FieldInfo {
  std::function<void(const Node&, T&)> read;

  Field required() && {
    is_required = true;
    return std::move(*this);
  }
  /// The value when the field is absent, as YAML text.
  Field defaults(const std::string& yaml) && {
    default_value = yaml;
    return std::move(*this);
  }
  Field note(const std::string& text) && {
    default_note = text;
    return std::move(*this);
  }
};

/// A field called `name` that is kept in `member`, a V or an optional<V>.
template <class T, class M, class V>
Field<T> field(const std::string& name, M T::*member, const Type<V>& type, const std::string& doc) {
  Field<T> made;
  made.shape = type.shape;
  made.doc = doc;
  made.read = [member, type, what = "'" + name + "'"](const Node& node, T& to) {
    to.*member = type.read(node, what);
  };
  made.name = name;
  return made;
}

template <class T>
struct Fields {
  std::string what;  ///< "an authority"
  std::vector<Field<T>> list;
};

/// Throws unless `node` is a map with only these fields.
void check_members(const Node& node, const std::string& what, const std::string& object,
                   const std::vector<std::string>& names);
Error missing_field(const Node& node, const std::string& name, const std::string& object);
/// A default of a table as a node; it lives as long as the program.
const Node& default_node(const std::string& yaml);

template <class T>
T read_object(const Fields<T>& fields, const Node& node, const std::string& what) {
  std::vector<std::string> names;
  for (const auto& field : fields.list) names.push_back(field.name);
  check_members(node, what, fields.what, names);
  T made{};
  if constexpr (requires { made.node; }) made.node = &node;
  for (const auto& field : fields.list) {
    if (const Node* given = node.find(field.name)) {
      field.read(*given, made);
    } else if (field.is_required) {
      throw missing_field(node, field.name, fields.what);
    } else if (!field.default_value.empty()) {
      field.read(default_node(field.default_value), made);
    }
  }
  return made;
}

/// An object with these fields. The table is asked for when it is needed, so that tables may refer
/// to each other.
template <class T>
Type<T> object(const Fields<T>& (*fields)()) {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::object;
  shape->fields = [fields] {
    return std::vector<FieldInfo>(fields().list.begin(), fields().list.end());
  };
  return {std::move(shape), [fields](const Node& node, const std::string& what) {
            return read_object(fields(), node, what);
          }};
}

/// A value that has a name in a map.
template <class V>
struct Named {
  std::string name;
  const Node* key = nullptr;
  V value;
};

/// The key of `node`'s map checked to be a name.
std::string read_name_key(const Node& key);
void expect_map(const Node& node, const std::string& what);
void expect_list(const Node& node, const std::string& what);

/// A map from names to values of one type.
template <class V>
Type<std::vector<Named<V>>> named(Type<V> type) {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::map;
  shape->parts = {type.shape};
  return {std::move(shape), [type = std::move(type)](const Node& node, const std::string& what) {
            expect_map(node, what);
            std::vector<Named<V>> made;
            for (const auto& member : node.members)
              made.push_back({read_name_key(member.key), &member.key,
                              type.read(member.value, "'" + member.key.value + "'")});
            return made;
          }};
}

template <class V>
Type<std::vector<V>> list_of(Type<V> type) {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::list;
  shape->parts = {type.shape};
  return {std::move(shape), [type = std::move(type)](const Node& node, const std::string& what) {
            expect_list(node, what);
            std::vector<V> made;
            for (const auto& item : node.items)
              made.push_back(type.read(item, "an entry of " + what));
            return made;
          }};
}

}  // namespace sealwright::policy
