// sealwright catalog …: catalogs of a driver package, without signatures.

#include <fmt/format.h>

#include <ostream>

#include "base/encoding.h"
#include "base/file.h"
#include "cli/all_commands.h"
#include "cli/package_options.h"
#include "cli/session.h"
#include "driver/package_sign.h"

namespace sealwright::cli {
namespace {

struct ShowOptions {
  std::string file;
};

constexpr std::size_t max_catalog_file_bytes = std::size_t{256} << 20;

Json to_json(const signing::Catalog& catalog) {
  Json members = Json::array();
  for (const auto& member : catalog.members) {
    Json row = Json::object();
    row.set("tag", member.tag_text())
        .set("kind", member.kind ? Json(signing::to_text(*member.kind)) : Json());
    row.set("digest", to_hex(member.digest()));
    for (const auto& attribute : member.attributes)
      row.set(attribute.name, attribute.text().value_or(to_hex(attribute.value)));
    members.push(std::move(row));
  }
  Json attributes = Json::object();
  for (const auto& attribute : catalog.attributes)
    attributes.set(attribute.name, attribute.text().value_or(to_hex(attribute.value)));
  Json json = Json::object();
  json.set("schema", "sealwright.catalog/1")
      .set("version", catalog.version)
      .set("list_identifier", to_hex(catalog.list_identifier));
  json.set("this_update", to_iso(catalog.this_update))
      .set("attributes", std::move(attributes))
      .set("members", std::move(members));
  return json;
}

void show(const ShowOptions& options, Context& context) {
  const auto catalog = signing::read_catalog(read_file(options.file, max_catalog_file_bytes));
  if (context.globals.json) {
    context.out << to_json(catalog).dump() << "\n";
    return;
  }
  context.out << fmt::format("catalog version {}, {} members, made {}\n", catalog.version,
                             catalog.members.size(), to_iso(catalog.this_update));
  for (const auto& attribute : catalog.attributes)
    context.out << fmt::format("  {} = {}\n", printable(attribute.name),
                               printable(attribute.text().value_or(to_hex(attribute.value)), 2000));
  for (const auto& member : catalog.members) {
    context.out << fmt::format("\n  {}\n", printable(member.tag_text()));
    context.out << fmt::format("    {} {}\n", member.kind ? signing::to_text(*member.kind) : "?",
                               to_hex(member.digest()));
    for (const auto& attribute : member.attributes)
      context.out << fmt::format("    {} = {}\n", printable(attribute.name),
                                 printable(attribute.text().value_or(to_hex(attribute.value))));
  }
}

}  // namespace

void make_catalogs(const CatalogCommand& options, Context& context) {
  const auto package = driver::read_package(options.folder, package_options(options.os, context));
  print_findings(package, context);
  package.require_acceptable();
  const auto built =
      driver::write_catalogs(package, catalog_options(options.catalog_version, context),
                             options.overwrite ? Existing::replace : Existing::refuse);
  Json rows = Json::array();
  for (const auto& catalog : built) {
    rows.push(Json::object()
                  .set("catalog", catalog.name)
                  .set("version", catalog.catalog.version)
                  .set("files", catalog.file_count));
    if (!context.globals.json)
      context.out << fmt::format("{}  version {}, {} files, {}\n", catalog.path.string(),
                                 catalog.catalog.version, catalog.file_count,
                                 driver::os_list(catalog.targets));
  }
  if (context.globals.json)
    context.out
        << Json::object().set("schema", "sealwright.catalog-create/1").set("catalogs", rows).dump()
        << "\n";
}

CommandBuilder<CatalogCommand> catalog_maker(std::string name, std::string summary) {
  auto builder = command<CatalogCommand>(std::move(name), std::move(summary));
  builder.positional("DIR", &CatalogCommand::folder, "The folder of the driver package")
      .required_option("--os", "LIST", &CatalogCommand::os,
                       "Windows versions, as 10_X64 or win11-24h2")
      .option("--catalog-version", "V", &CatalogCommand::catalog_version,
              "auto, 1 (SHA-1) or 2 (SHA-256)")
      .choices({"auto", "1", "2"})
      .flag("--overwrite", &CatalogCommand::overwrite, "Replace a catalog that is there");
  return builder;
}

Command catalog_command() {
  return group("catalog", "Make and read catalogs",
               {catalog_maker("create", "Make the unsigned catalogs of a driver package")
                    .example("sealwright catalog create build/acme-nic --os 10_RS5_X64,10_GE_X64")
                    .runs(make_catalogs),
                command<ShowOptions>("show", "Print what a catalog lists")
                    .positional("FILE", &ShowOptions::file, "A .cat file")
                    .example("sealwright catalog show build/acme-nic/acme-nic.cat")
                    .runs(show)});
}

}  // namespace sealwright::cli
