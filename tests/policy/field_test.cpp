// The tables of fields as data: what schemas and the reference are made of.

#include "policy/field.h"

#include <catch2/catch.hpp>
#include <set>

#include "policy/written_hierarchy.h"

namespace sealwright::policy {
namespace {

int visited = 0;

void check_shape(const Shape& shape, const std::string& path);

void check_fields(const std::vector<FieldInfo>& fields, const std::string& path) {
  std::set<std::string> names;
  for (const auto& field : fields) {
    const auto here = path + "/" + field.name;
    INFO(here);
    ++visited;
    CHECK(names.insert(field.name).second);
    CHECK(field.doc.size() > 3);
    CHECK_FALSE((field.is_required && !field.default_value.empty()));
    CHECK_FALSE((!field.default_value.empty() && !field.default_note.empty()));
    REQUIRE(field.shape);
    check_shape(*field.shape, here);
  }
}

void check_shape(const Shape& shape, const std::string& path) {
  INFO(path);
  using Kind = Shape::Kind;
  if (shape.kind == Kind::object) check_fields(shape.fields(), path);
  if (shape.kind == Kind::list || shape.kind == Kind::map || shape.kind == Kind::either)
    CHECK_FALSE(shape.parts.empty());
  if (shape.kind == Kind::choice) CHECK_FALSE(shape.choices.empty());
  if (shape.kind == Kind::integer) CHECK(shape.min <= shape.max);
  if (shape.kind == Kind::text) CHECK_FALSE(shape.name.empty());
  for (const auto& part : shape.parts) {
    REQUIRE(part);
    check_shape(*part, path);
  }
}

template <class T>
std::vector<FieldInfo> infos(const Fields<T>& fields) {
  return {fields.list.begin(), fields.list.end()};
}
}  // namespace

TEST_CASE("every field has a meaning and a shape", "[policy]") {
  visited = 0;
  check_fields(infos(hierarchy_fields()), "hierarchy");
  CHECK(visited > 100);
  check_fields(infos(policy_fields()), "policy");
  CHECK(visited > 160);
}

TEST_CASE("every field of the contract is in the tables", "[policy]") {
  const auto names = [](const std::vector<FieldInfo>& fields) {
    std::string all;
    for (const auto& field : fields) all += (all.empty() ? "" : " ") + field.name;
    return all;
  };
  CHECK(names(infos(hierarchy_fields())) ==
        "version name lab organization country inventory targets distribution keyrings authorities "
        "certificates timestamping "
        "exports bundles packages matrix moved");
  CHECK(names(infos(policy_fields())) ==
        "version name revision kind extends description targets key signature validity subject "
        "extensions requests renewal "
        "issuance signing lint negative");
}

}  // namespace sealwright::policy
