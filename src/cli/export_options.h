#pragma once
// The words of `export`, and what of them goes together.

#include <optional>
#include <string>
#include <vector>

#include "cli/session.h"
#include "policy/hierarchy.h"

namespace sealwright::cli {

struct ExportOptions : KeyWords {
  std::vector<std::string> names;
  std::string format, output, out_password_file, generate_password, reason;
  std::optional<std::string> profile, iterations, chain, friendly_name, csp;
  bool empty_password = false, no_password = false, overwrite = false;
};

void add_export_options(CommandBuilder<ExportOptions>& builder);

/// Throws Error::Kind::usage for a format that is not known, and for options that it does not have
/// or that contradict each other.
policy::ExportFormat checked_format(const ExportOptions& options);
/// Throws Error::Kind::usage.
policy::PfxPlan plan_of(const ExportOptions& options);

}  // namespace sealwright::cli
