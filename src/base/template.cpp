#include "base/template.h"

#include <fmt/core.h>

#include <charconv>
#include <kainjow/mustache.hpp>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/template_text.h"

namespace sealwright {
namespace {
using Data = kainjow::mustache::data;

/// What kainjow::mustache can look names up in. Numbers become text; null becomes `invalid`.
Data to_data(const Json& value) {
  switch (value.type()) {
    case Json::Type::null:
      return Data(Data::type::invalid);
    case Json::Type::boolean:
      return Data(value.boolean());
    case Json::Type::integer:
    case Json::Type::number:
      return Data(value.dump());
    case Json::Type::string:
      return Data(value.string());
    case Json::Type::array: {
      std::vector<Data> items;
      items.reserve(value.items().size());
      for (const auto& item : value.items()) items.push_back(to_data(item));
      return Data(items);
    }
    case Json::Type::object:
      break;
  }
  Data object;
  for (const auto& [name, member] : value.members()) object[name] = to_data(member);
  return object;
}

/// Looks up the names that normalize() wrote, and throws where the library would render nothing.
class Context : public kainjow::mustache::basic_context<std::string> {
 public:
  explicit Context(const Data* root) : stack_{root} {}

  void push(const Data* data) override { stack_.push_back(data); }
  void pop() override { stack_.pop_back(); }

  const Data* get(const std::string& tag) const override {
    const auto wanted = decode_name(tag);
    last_ = tag;
    const Data* found = find(wanted.name);
    if (!found) throw Error(Error::Kind::input, place() + " has no value");
    return wanted.use == Use::value ? as_text(found) : as_condition(found);
  }
  const Data* get_partial(const std::string&) const override { return nullptr; }

  /// The tag looked up last: "line 3: 'name'".
  std::string place() const {
    const auto last = decode_name(last_);
    return fmt::format("line {}: '{}'", last.line, last.name);
  }

 private:
  /// The innermost object that has the first part of a dotted name must have all of it.
  const Data* find(std::string_view name) const {
    if (name == ".") return stack_.back();
    const auto dot = name.find('.');
    const std::string first(name.substr(0, dot));
    for (auto scope = stack_.rbegin(); scope != stack_.rend(); ++scope)
      if (const Data* found = (*scope)->get(first))
        return dot == std::string_view::npos ? found : find_below(found, name.substr(dot + 1));
    return nullptr;
  }
  static const Data* find_below(const Data* from, std::string_view name) {
    while (from) {
      const auto dot = name.find('.');
      from = from->get(std::string(name.substr(0, dot)));
      if (dot == std::string_view::npos) break;
      name.remove_prefix(dot + 1);
    }
    return from;
  }
  const Data* as_text(const Data* found) const {
    if (found->is_true()) return &true_text_;
    if (found->is_false()) return &false_text_;
    if (!found->is_string()) throw Error(Error::Kind::input, place() + " is not text");
    return found;
  }
  const Data* as_condition(const Data* found) const {
    const bool nothing =
        found->is_invalid() || (found->is_string() && found->string_value().empty());
    return nothing ? &no_ : found;
  }

  std::vector<const Data*> stack_;
  Data true_text_{"true"}, false_text_{"false"}, no_{false};
  mutable std::string last_;
};

}  // namespace

std::string render(std::string_view text, const Json& data, Escape escape) {
  if (data.type() != Json::Type::object)
    throw Error(Error::Kind::internal, "the data of a template is not an object");
  kainjow::mustache::mustache parsed(normalize(text));
  if (!parsed.is_valid())
    throw Error(Error::Kind::input, "bad template: " + parsed.error_message());
  const Data root = to_data(data);
  Context context(&root);
  parsed.set_custom_escape([&](const std::string& value) {
    try {
      return escaped(value, escape);
    } catch (const Error& error) {
      throw with_prefix(error, context.place());
    }
  });
  return parsed.render(context);
}

}  // namespace sealwright
