#pragma once
// What may stand in the YAML files, for editors and for people: made of the tables that read them.

#include "base/json.h"

namespace sealwright::policy {

enum class YamlFile { hierarchy, policy };

/// A JSON Schema (draft 7, which editors understand) of sealwright.yaml or policies/NAME.yaml. What
/// it refuses is refused by the program; what depends on other fields only the program knows.
Json json_schema(YamlFile file);

/// All fields as a table in Markdown: a row a field, by its path.
std::string reference(YamlFile file);

}  // namespace sealwright::policy
