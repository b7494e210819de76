// sealwright schema hierarchy|policy: what may stand in the YAML files.

#include "policy/schema.h"

#include <ostream>

#include "cli/all_commands.h"

namespace sealwright::cli {
namespace {

struct Options {
  bool reference = false;
};

void print(policy::YamlFile file, const Options& options, Context& context) {
  context.out << (options.reference ? policy::reference(file)
                                    : policy::json_schema(file).dump() + "\n");
}

void hierarchy(const Options& options, Context& context) {
  print(policy::YamlFile::hierarchy, options, context);
}
void policy_file(const Options& options, Context& context) {
  print(policy::YamlFile::policy, options, context);
}

Command describe(const std::string& name, const std::string& summary,
                 void (*run)(const Options&, Context&)) {
  return command<Options>(name, summary)
      .flag("--reference", &Options::reference, "Print a table for people, in Markdown")
      .example("sealwright schema " + name + " > " + name + ".schema.json")
      .runs(run);
}

}  // namespace

Command schema_command() {
  return group("schema", "Print JSON Schemas of the YAML files, for editors",
               {describe("hierarchy", "Describe sealwright.yaml", hierarchy),
                describe("policy", "Describe policies/NAME.yaml", policy_file)});
}

}  // namespace sealwright::cli
