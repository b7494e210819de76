#pragma once
// What `catalog` and `package` share: a driver package, and the Windows versions it is for.

#include <string>
#include <vector>

#include "cli/command.h"
#include "driver/catalog_build.h"

namespace sealwright::cli {

driver::PackageOptions package_options(const std::vector<std::string>& os, const Context& context);
driver::CatalogOptions catalog_options(const std::string& version, Context& context);
/// Warnings and notes on stderr; errors are thrown by require_acceptable().
void print_findings(const driver::Package& package, Context& context);

struct CatalogCommand {
  std::string folder, catalog_version = "auto";
  std::vector<std::string> os;
  bool overwrite = false;
};
void make_catalogs(const CatalogCommand& options, Context& context);
CommandBuilder<CatalogCommand> catalog_maker(std::string name, std::string summary);

}  // namespace sealwright::cli
