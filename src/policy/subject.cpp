// Subjects: read from YAML, completed by what the hierarchy and the policy say, filled in, and
// checked.

#include <algorithm>
#include <array>
#include <regex>

#include "base/encoding.h"
#include "base/suggest.h"
#include "policy/load.h"
#include "policy/scalar.h"

namespace sealwright::policy {
namespace {
// The order of a name in RFC 4514 text: most specific first.
const std::vector<std::string> attribute_order = {
    "E", "UID", "serialNumber", "T", "GN", "SN", "CN", "OU", "O", "STREET", "L", "ST", "DC", "C"};

struct UpperBound {
  std::string_view attribute;
  std::size_t characters;
};
// RFC 5280, appendix A.1 (ub-…).
constexpr UpperBound upper_bounds[] = {{"CN", 64}, {"OU", 64},  {"O", 64},
                                       {"L", 128}, {"ST", 128}, {"C", 2}};

std::string short_name(const Oid& type) {
  for (const auto& name : attribute_order)
    if (x509::attribute_type(name) == type) return name;
  return type.text();
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) next_code_point(text, at);
  return count;
}

/// Throws for a placeholder other than {name} and {generation}.
void check_placeholders(std::string_view value) {
  for (std::size_t at = value.find_first_of("{}"); at != std::string_view::npos;
       at = value.find_first_of("{}", at)) {
    const auto end = value.find('}', at);
    const auto word = value.substr(at, end == std::string_view::npos ? end : end - at + 1);
    if (word != "{name}" && word != "{generation}")
      throw Error(Error::Kind::input, "unknown placeholder '" + printable(word, 60) + "'",
                  "there are {name} and {generation}");
    at = end + 1;
  }
}

std::string filled(std::string value, const std::string& word, const std::string& with) {
  for (auto at = value.find(word); at != std::string::npos; at = value.find(word, at + with.size()))
    value.replace(at, word.size(), with);
  return value;
}

bool has(const Subject& subject, const Oid& type) {
  return std::any_of(subject.attributes.begin(), subject.attributes.end(),
                     [&](const auto& attribute) { return attribute.type == type; });
}

void insert(Subject& subject, const std::string& attribute, const std::string& value) {
  const auto type = x509::attribute_type(attribute);
  if (!type || value.empty() || has(subject, *type)) return;
  const auto before = std::find_if(
      subject.attributes.begin(), subject.attributes.end(),
      [&](const auto& other) { return attribute_rank(other.type) > attribute_rank(*type); });
  subject.attributes.insert(before, {*type, value});
}

Subject read_subject_map(const Node& node) {
  Subject made;
  for (const auto& member : node.members) {
    const auto name = attribute().read(member.key, "'subject'");
    const auto value = text().read(member.value, "'" + name + "'");
    try {
      check_placeholders(value);
    } catch (const Error& error) {
      throw member.value.error(error.message, error.hint);
    }
    made.attributes.push_back({*x509::attribute_type(name), value});
  }
  std::stable_sort(
      made.attributes.begin(), made.attributes.end(),
      [](const auto& a, const auto& b) { return attribute_rank(a.type) < attribute_rank(b.type); });
  return made;
}

[[noreturn]] void refuse(const Policy& policy, const std::string& message, std::string hint = {}) {
  throw Error(Error::Kind::policy, message + " (policy '" + policy.name + "')", std::move(hint));
}
}  // namespace

int attribute_rank(const Oid& type) {
  const auto found = std::find(attribute_order.begin(), attribute_order.end(), short_name(type));
  // Anything else stands behind CN.
  return found == attribute_order.end() ? 6 : static_cast<int>(found - attribute_order.begin());
}

Type<std::string> attribute() {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::choice;
  shape->choices = attribute_order;
  return {shape, [](const Node& node, const std::string& what) {
            const auto& name = scalar(node, what, "the name of an attribute");
            const auto found = std::find(attribute_order.begin(), attribute_order.end(), name);
            if (found != attribute_order.end()) return name;
            throw node.error("unknown name attribute '" + printable(name, 60) + "'",
                             did_you_mean(name, attribute_order));
          }};
}

Type<Subject> subject() {
  auto map = std::make_shared<Shape>();
  map->kind = Shape::Kind::map;
  map->parts = {text().shape};
  map->keys = attribute().shape;
  return {either_shape({std::move(map), text().shape}),
          [](const Node& node, const std::string& what) {
            Subject made;
            if (node.type == Node::Type::map) {
              made = read_subject_map(node);
            } else {
              const auto value = text().read(node, what);
              try {
                made = parse_subject(value);
              } catch (const Error& error) {
                throw node.error(error.message, error.hint);
              }
            }
            if (made.attributes.empty()) throw node.error(what + " names nothing", "write {CN: …}");
            return made;
          }};
}

Subject parse_subject(const std::string& rfc4514) {
  const auto name = x509::Name::parse(rfc4514);
  Subject made;
  made.attributes.assign(name.attributes().rbegin(), name.attributes().rend());
  for (const auto& attribute : made.attributes) check_placeholders(attribute.value);
  return made;
}

Subject complete_subject(Subject subject, const std::string& organization,
                         const std::string& country, const Policy& policy) {
  for (const auto& [attribute, value] : policy.subject.fixed) insert(subject, attribute, value);
  const auto allowed = [&](const std::string& attribute) {
    const auto& list = policy.subject.allowed;
    return std::find(list.begin(), list.end(), attribute) != list.end();
  };
  if (allowed("O")) insert(subject, "O", organization);
  if (allowed("C")) insert(subject, "C", country);
  return subject;
}

x509::Name expand_subject(const Subject& subject, const std::string& name, int generation) {
  auto attributes = subject.attributes;
  for (auto& attribute : attributes) {
    attribute.value = filled(attribute.value, "{generation}", std::to_string(generation));
    attribute.value = filled(attribute.value, "{name}", name);
    const auto known = short_name(attribute.type);
    for (const auto& bound : upper_bounds)
      if (bound.attribute == known && characters(attribute.value) > bound.characters)
        throw Error(Error::Kind::policy,
                    "'" + printable(attribute.value, 80) + "' is longer than the " +
                        std::to_string(bound.characters) + " characters " + known + " may have",
                    "RFC 5280, appendix A.1 sets this limit; shorten it");
  }
  return x509::Name::of(attributes);
}

namespace {
/// All of them: an attribute may be repeated, and readers differ in which one they take.
std::vector<std::string> values_of(const x509::Name& name, const std::string& attribute) {
  const auto type = x509::attribute_type(attribute);
  std::vector<std::string> values;
  for (const auto& one : name.attributes())
    if (type ? one.type == *type : one.type.text() == attribute) values.push_back(one.value);
  return values;
}

void check_fixed(const x509::Name& name, const Policy& policy) {
  for (const auto& [attribute, value] : policy.subject.fixed) {
    const auto values = values_of(name, attribute);
    if (values.empty()) refuse(policy, attribute + " must be '" + value + "', not ''");
    for (const auto& one : values)
      if (one != value)
        refuse(policy, attribute + " must be '" + value + "', not '" + printable(one, 80) + "'");
    if (values.size() > 1)
      refuse(policy, attribute + " is fixed and may stand once, not " +
                         std::to_string(values.size()) + " times");
  }
}

void check_patterns(const x509::Name& name, const Policy& policy) {
  for (const auto& [attribute, pattern] : policy.subject.pattern) {
    // The breadth-first matcher: its time is bounded by the product of pattern and text, whatever
    // the pattern.
    const std::regex regex(pattern, std::regex::ECMAScript | std::regex_constants::__polynomial);
    for (const auto& value : values_of(name, attribute))
      if (!std::regex_match(value, regex))
        refuse(policy,
               attribute + " '" + printable(value, 80) + "' does not match '" + pattern + "'");
  }
}
}  // namespace

void check_subject(const x509::Name& name, const Policy& policy) {
  for (const auto& wanted : policy.subject.required)
    if (name.first(wanted).empty()) refuse(policy, "the subject lacks " + wanted);
  for (const auto& attribute : name.attributes()) {
    const auto known = short_name(attribute.type);
    const auto& allowed = policy.subject.allowed;
    if (std::find(allowed.begin(), allowed.end(), known) == allowed.end())
      refuse(policy, "the subject may not have " + known);
  }
  check_fixed(name, policy);
  check_patterns(name, policy);
}

}  // namespace sealwright::policy
