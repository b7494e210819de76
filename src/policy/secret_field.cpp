// What stands in YAML instead of a secret.

#include "base/encoding.h"
#include "base/suggest.h"
#include "policy/scalar.h"

namespace sealwright::policy {
namespace {
const std::string ways = "write {file: F}, {env: V} or {generate: F}";

/// No excerpt and no value: what stands there may be the secret itself.
Error without_excerpt(const Node& node, const std::string& message) {
  auto error = node.error(message, ways);
  error.excerpt.clear();
  return error;
}
}  // namespace

Type<SecretSource> secret() {
  using From = SecretSource::From;
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::object;
  shape->name = "secret";
  shape->min = shape->max = 1;
  shape->fields = [] {
    const auto way = [](const char* name, const char* doc) {
      FieldInfo info;
      info.name = name;
      info.doc = doc;
      info.shape = text().shape;
      return info;
    };
    return std::vector<FieldInfo>{
        way("file", "the file that holds it"), way("env", "the environment variable that holds it"),
        way("generate", "the file it is written to, made at random once")};
  };
  return {shape, [](const Node& node, const std::string& what) {
            if (node.type != Node::Type::map)
              throw without_excerpt(node, what + " must not stand in this file");
            if (node.members.size() != 1)
              throw without_excerpt(node, what + " must have one of file, env and generate");
            const auto& [key, value] = node.members.front();
            for (const auto& [name, from] : {std::pair{"file", From::file},
                                             {"env", From::environment},
                                             {"generate", From::generate}})
              if (key.value == name)
                return SecretSource{from, text().read(value, "'" + key.value + "'")};
            throw without_excerpt(node, what + " must have one of file, env and generate");
          }};
}

}  // namespace sealwright::policy
