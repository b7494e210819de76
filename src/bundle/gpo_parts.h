#pragma once
// Inside bundle only: the parts that a Group Policy backup is put together from.

#include <functional>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// Text that XML 1.0 can hold: control characters would make the whole file unreadable.
std::string xml_text(const std::string& text);
pugi::xml_node add_element(pugi::xml_node parent, const char* name);
void add_text(pugi::xml_node parent, const char* name, const std::string& text);
Bytes saved_xml(const pugi::xml_document& document, unsigned flags);
/// <?xml version="1.0" encoding="utf-8"?>
void add_declaration(pugi::xml_document& document);

/// One side of a Group Policy Object.
struct GpoSide {
  std::string extensions;  ///< Client side extensions with their tools, as in the directory.
  /// In this order, below Machine or User: "registry.pol", "Preferences/Registry/Registry.xml".
  std::vector<OutputFile> files;
};

struct Gpo {
  std::string guid, backup_id;
  std::string name, comment;
  std::string workspace_id;
  Time made{};
  int version = 1;
  GpoSide machine, user;
  Bytes report;  ///< gpreport.xml
};

/// Its backup, in a folder of the id beside manifest.xml.
std::vector<OutputFile> backup_files(const Gpo& gpo);

/// What the console shows under "Settings", for people: Import-GPO does not read it. `fill` adds
/// the ExtensionData elements of the machine's or the users' side.
Bytes gpo_report(const Gpo& gpo, const std::function<void(pugi::xml_node side, bool user)>& fill);
/// The element of an extension in a side of the report.
pugi::xml_node add_extension(pugi::xml_node side, const char* space, const char* type,
                             const char* name);

/// One item of Registry.xml ([MS-GPPREF] 2.2.1.17).
struct PreferenceItem {
  std::string hive, key;
  std::string value_name;  ///< Empty: the key itself, with all below it.
  std::string type, value;
  bool removal = false;
  std::string description;
};
/// What the machine's or the users' Registry.xml does: what is present, then what goes.
std::vector<PreferenceItem> preference_items(const State& state, bool user);
/// What takes all of it out again.
std::vector<PreferenceItem> preference_removal_items(const State& state, bool user);

/// Registry.xml; `seed` makes the items' identifiers differ from those of other policies.
Bytes registry_xml(const std::vector<PreferenceItem>& items, Time changed, const std::string& seed);

/// Adds the ExtensionData element of these items to a side of the report.
void report_items(pugi::xml_node side, const std::vector<PreferenceItem>& items, Time changed,
                  const std::string& seed);

}  // namespace sealwright::bundle
