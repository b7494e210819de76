#pragma once
// The subcommands of bundle, one function each, and what they share.

#include "cli/command.h"
#include "workspace/bundles.h"

namespace sealwright::cli {

Command bundle_write_command();     // bundle.cpp
Command bundle_diff_command();
Command bundle_inspect_command();
Command bundle_list_command();      // bundle_versions.cpp
Command bundle_rollback_command();  // bundle_versions.cpp
Command bundle_template_command();  // bundle_template.cpp

/// Throws Error::Kind::state, with the name that may be meant.
const policy::Bundle& find_bundle(const workspace::Workspace& workspace, const std::string& name);

/// A version by its name: "lab-trust@2".
struct BundleVersionName {
  std::string bundle;
  int version = 1;
};
/// Throws Error::Kind::usage.
BundleVersionName parse_bundle_version(const std::string& text);

/// What was written, what became of older folders, and who reads what.
void print_written(const std::string& name, const workspace::WrittenBundle& written,
                   const std::string& remark, Context& context);
/// Sets what describes it; the document has its schema already.
void add_written(const workspace::WrittenBundle& written, Json& json);

}  // namespace sealwright::cli
