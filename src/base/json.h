#pragma once
// JSON values: built by every report and plan, printed in the order they were built in.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sealwright {

/// A JSON value. Objects keep the order of insertion, so that output is stable.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;  ///< null
  Json(bool value) : value_(value) {}
  Json(std::int64_t value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(unsigned value) : value_(std::int64_t{value}) {}
  Json(std::size_t value);  ///< Throws Error::Kind::internal from 2^63 on.
  Json(double value) : value_(value) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  static Json object() { return Json(Object{}); }
  static Json array() { return Json(Array{}); }
  template <class T>
  static Json strings(const std::vector<T>& values) {
    Array array;
    for (const auto& value : values) array.emplace_back(std::string(value));
    return Json(std::move(array));
  }

  Json& set(std::string key, Json value);  ///< On an object; appends or replaces. Returns *this.
  Json& push(Json value);                  ///< On an array. Returns *this.

  enum class Type { null, boolean, integer, number, string, array, object };
  Type type() const { return static_cast<Type>(value_.index()); }
  bool is_null() const { return type() == Type::null; }
  const Json* find(
      std::string_view key) const;             ///< Null unless this is an object that has the key.
  const Json& at(std::string_view key) const;  ///< Throws Error::Kind::input "'KEY' is missing".
  /// Each throws Error::Kind::input when the value is of another type.
  bool boolean() const;
  std::int64_t integer() const;
  double number() const;  ///< An integer too.
  const std::string& string() const;
  const Array& items() const;
  const Object& members() const;

  std::string dump(
      int indent = 2) const;  ///< With indent < 0 on one line. Invalid UTF-8 is replaced by U+FFFD.
  /// Strict JSON; repeated keys, depth over 64, integers from 2^63 on and text after the value are
  /// errors (Error::Kind::input).
  static Json parse(std::string_view text);

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

}  // namespace sealwright
