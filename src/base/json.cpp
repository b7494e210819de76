#include "base/json.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright {
namespace {

constexpr std::size_t max_depth = 64;

[[noreturn]] void fail(const std::string& message) { throw Error(Error::Kind::input, message); }

const char* type_name(Json::Type type) {
  constexpr const char* names[] = {"null", "a boolean", "an integer", "a number",
                                   "text", "a list",    "an object"};
  return names[static_cast<std::size_t>(type)];
}

/// Where byte `at` of `text` is, counting lines and bytes of the line from 1.
std::string place(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, std::min(at, text.size()));
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("line {}, column {}", line, before.size() - line_start + 1);
}

[[noreturn]] void fail_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) fail("JSON ends too early, at " + place(text, at));
  fail(fmt::format("not JSON at {}, near '{}'", place(text, at), printable(text.substr(at), 20)));
}

void refuse_repeated_keys(const Json::Object& object) {
  std::vector<std::string_view> keys;
  keys.reserve(object.size());
  for (const auto& [key, value] : object) keys.push_back(key);
  std::ranges::sort(keys);
  const auto twice = std::ranges::adjacent_find(keys);
  if (twice != keys.end()) fail("JSON key '" + printable(*twice) + "' is repeated");
}

/// Builds a value from nlohmann's events. The stack holds the containers still open, so that
/// neither depth nor a repeated key is left to a library's default.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(std::string_view text) : text_(text) {}
  Json take() { return std::move(root_); }

  bool null() override { return put(Json()); }
  bool boolean(bool value) override { return put(Json(value)); }
  bool number_integer(number_integer_t value) override { return put(Json(std::int64_t{value})); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
      fail(fmt::format("JSON number {} is too large", value));
    return put(Json(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t&) override { return put(Json(value)); }
  bool string(string_t& value) override { return put(Json(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Open{Json::Object{}, {}}); }
  bool start_array(std::size_t) override { return open(Open{Json::Array{}, {}}); }
  bool key(string_t& value) override {
    open_.back().key = std::move(value);
    return true;
  }
  bool end_object() override {
    refuse_repeated_keys(std::get<Json::Object>(open_.back().container));
    return close();
  }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t at, const std::string& token,
                   const nlohmann::json::exception& error) override {
    if (dynamic_cast<const nlohmann::json::out_of_range*>(&error))
      fail("JSON number " + printable(token, 40) + " is too large");
    fail_at(text_, at > 0 ? at - 1 : 0);  // `at` counts the bytes read, the offending one included
  }

 private:
  struct Open {
    std::variant<Json::Object, Json::Array> container;
    std::string key;
  };

  bool open(Open container) {
    if (open_.size() >= max_depth)
      fail(fmt::format("JSON is nested more than {} levels deep", max_depth));
    open_.push_back(std::move(container));
    return true;
  }
  bool close() {
    auto closed = std::move(open_.back().container);
    open_.pop_back();
    return put(std::visit([](auto& values) { return Json(std::move(values)); }, closed));
  }
  bool put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (auto& into = open_.back(); auto* array = std::get_if<Json::Array>(&into.container)) {
      array->push_back(std::move(value));
    } else {
      std::get<Json::Object>(into.container).emplace_back(std::move(into.key), std::move(value));
    }
    return true;
  }

  std::string_view text_;
  std::vector<Open> open_;
  Json root_;
};

class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  std::string out;

  void write(const Json& value, int level) {
    switch (value.type()) {
      case Json::Type::null:
        out += "null";
        break;
      case Json::Type::boolean:
        out += value.boolean() ? "true" : "false";
        break;
      case Json::Type::integer:
        out += std::to_string(value.integer());
        break;
      case Json::Type::number:
        out += nlohmann::json(value.number()).dump();
        break;
      case Json::Type::string:
        quote(value.string());
        break;
      case Json::Type::array:
        list('[', ']', value.items(), level, [&](const Json& item) { write(item, level + 1); });
        break;
      case Json::Type::object:
        list('{', '}', value.members(), level, [&](const auto& member) {
          quote(member.first);
          out += indent_ < 0 ? ":" : ": ";
          write(member.second, level + 1);
        });
        break;
    }
  }

 private:
  void quote(const std::string& text) {
    using nlohmann::json;
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
      return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
    });
    out +=
        plain ? '"' + text + '"' : json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  }
  void line(int level) {
    if (indent_ < 0) return;
    out += '\n';
    out.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(level), ' ');
  }
  template <class Values, class WriteOne>
  void list(char open, char close, const Values& values, int level, WriteOne write_one) {
    out += open;
    bool first = true;
    for (const auto& value : values) {
      if (!first) out += ',';
      first = false;
      line(level + 1);
      write_one(value);
    }
    if (!first) line(level);
    out += close;
  }

  int indent_;
};

}  // namespace

Json::Json(std::size_t value) {
  if (value > std::size_t{std::numeric_limits<std::int64_t>::max()})
    throw Error(Error::Kind::internal, fmt::format("{} is too large for JSON", value));
  value_ = static_cast<std::int64_t>(value);
}

Json& Json::set(std::string key, Json value) {
  auto* object = std::get_if<Object>(&value_);
  if (!object) throw Error(Error::Kind::internal, "Json::set on " + std::string(type_name(type())));
  for (auto& [name, old] : *object) {
    if (name != key) continue;
    old = std::move(value);
    return *this;
  }
  object->emplace_back(std::move(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  auto* array = std::get_if<Array>(&value_);
  if (!array) throw Error(Error::Kind::internal, "Json::push on " + std::string(type_name(type())));
  array->push_back(std::move(value));
  return *this;
}

const Json* Json::find(std::string_view key) const {
  const auto* object = std::get_if<Object>(&value_);
  if (!object) return nullptr;
  const auto found = std::ranges::find(*object, key, &Object::value_type::first);
  return found == object->end() ? nullptr : &found->second;
}

const Json& Json::at(std::string_view key) const {
  if (const auto* value = find(key)) return *value;
  fail("'" + printable(key) + "' is missing");
}

namespace {
template <class T>
const T& expect(const T* value, Json::Type expected, Json::Type found) {
  if (!value) fail(fmt::format("expected {}, found {}", type_name(expected), type_name(found)));
  return *value;
}
}  // namespace

bool Json::boolean() const { return expect(std::get_if<bool>(&value_), Type::boolean, type()); }

std::int64_t Json::integer() const {
  return expect(std::get_if<std::int64_t>(&value_), Type::integer, type());
}

double Json::number() const {
  if (const auto* whole = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*whole);
  return expect(std::get_if<double>(&value_), Type::number, type());
}

const std::string& Json::string() const {
  return expect(std::get_if<std::string>(&value_), Type::string, type());
}

const Json::Array& Json::items() const {
  return expect(std::get_if<Array>(&value_), Type::array, type());
}

const Json::Object& Json::members() const {
  return expect(std::get_if<Object>(&value_), Type::object, type());
}

std::string Json::dump(int indent) const {
  Writer writer(indent);
  writer.write(*this, 0);
  return std::move(writer.out);
}

Json Json::parse(std::string_view text) {
  // nlohmann takes a NUL for the end of the text; no JSON text holds one.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) fail_at(text, nul);
  Builder builder(text);
  nlohmann::json::sax_parse(text, &builder);
  return builder.take();
}

}  // namespace sealwright
