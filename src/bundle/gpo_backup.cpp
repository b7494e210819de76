// The XML of a Group Policy backup: manifest.xml, bkupInfo.xml and Backup.xml.

#include <sstream>

#include "base/encoding.h"
#include "bundle/gpo_parts.h"

namespace sealwright::bundle {
namespace {

constexpr const char* operations = "http://www.microsoft.com/GroupPolicy/GPOOperations";
constexpr const char* manifest = "http://www.microsoft.com/GroupPolicy/GPOOperations/Manifest";
constexpr const char* registry_extension = "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}";
/// Under which a backup carries the files of extensions that have no own way (GPMC's).
constexpr const char* unknown_extension = "{F15C46CD-82A0-4C2D-A210-5D0D3182A418}";
constexpr const char* origin_domain = "sealwright.invalid";

void add_cdata(pugi::xml_node parent, const char* name, const std::string& text) {
  add_element(parent, name).append_child(pugi::node_cdata).set_value(xml_text(text).c_str());
}

/// An empty element where there is no text, as the console writes it.
void add_cdata_or_empty(pugi::xml_node parent, const char* name, const std::string& text) {
  if (text.empty())
    add_element(parent, name);
  else
    add_cdata(parent, name, text);
}

/// Low half the version in SYSVOL, high half the one in the directory; a side of version zero is
/// skipped as empty ([MS-GPOL] 3.2.5.1).
std::string version_number(const Gpo& gpo, const GpoSide& side) {
  if (side.files.empty()) return "0";
  const std::uint32_t half = static_cast<std::uint32_t>(gpo.version) & 0x7fff;
  return std::to_string((half << 16) | half);
}

void add_backup_instance(pugi::xml_node parent, const Gpo& gpo) {
  pugi::xml_node instance = add_element(parent, "BackupInst");
  instance.append_attribute("xmlns") = manifest;
  add_cdata(instance, "GPOGuid", gpo.guid);
  add_cdata(instance, "GPODomain", origin_domain);
  add_cdata(instance, "GPODomainGuid", ascii_lower(derived_guid({"domain", gpo.workspace_id})));
  add_cdata(instance, "GPODomainController", std::string("dc.") + origin_domain);
  add_cdata(instance, "BackupTime", to_iso(gpo.made).substr(0, 19));
  add_cdata(instance, "ID", gpo.backup_id);
  add_cdata(instance, "Comment", gpo.comment);
  add_cdata(instance, "GPODisplayName", gpo.name);
}

Bytes backup_info(const Gpo& gpo) {
  pugi::xml_document document;
  add_backup_instance(document, gpo);
  return saved_xml(document, pugi::format_raw | pugi::format_no_declaration);
}

Bytes manifest_xml(const Gpo& gpo) {
  pugi::xml_document document;
  pugi::xml_node backups = add_element(document, "Backups");
  backups.append_attribute("xmlns") = manifest;
  backups.append_attribute("xmlns:mfst") = manifest;
  backups.append_attribute("mfst:version") = "1.0";
  add_backup_instance(backups, gpo);
  return saved_xml(document, pugi::format_raw | pugi::format_no_declaration);
}

void add_core_settings(pugi::xml_node object, const Gpo& gpo) {
  pugi::xml_node core = add_element(object, "GroupPolicyCoreSettings");
  add_cdata(core, "ID", gpo.guid);
  add_cdata(core, "Domain", origin_domain);
  add_element(core, "SecurityDescriptor");
  add_cdata(core, "DisplayName", gpo.name);
  add_cdata(core, "Options", "0");
  add_cdata(core, "UserVersionNumber", version_number(gpo, gpo.user));
  add_cdata(core, "MachineVersionNumber", version_number(gpo, gpo.machine));
  add_cdata_or_empty(core, "MachineExtensionGuids", gpo.machine.extensions);
  add_cdata_or_empty(core, "UserExtensionGuids", gpo.user.extensions);
  add_element(core, "WMIFilter");
}

/// Adds what GPMC says of one file or folder; `path` is below the side's folder.
void add_object(pugi::xml_node extension, const Gpo& gpo, bool user, const char* element,
                const std::string& path) {
  std::string windows = path;
  for (char& c : windows)
    if (c == '/') c = '\\';
  const std::string side = user ? "User" : "Machine";
  pugi::xml_node object = add_element(extension, element);
  object.append_attribute("bkp:Path") =
      (std::string(user ? "%GPO_USER_FSPATH%" : "%GPO_MACH_FSPATH%") + "\\" + windows).c_str();
  object.append_attribute("bkp:SourceExpandedPath") =
      (std::string(R"(\\dc.)") + origin_domain + R"(\sysvol\)" + origin_domain + R"(\Policies\)" +
       gpo.guid + "\\" + side + "\\" + windows)
          .c_str();
  object.append_attribute("bkp:Location") =
      (R"(DomainSysvol\GPO\)" + side + "\\" + windows).c_str();
}

pugi::xml_node add_group(pugi::xml_node object, const char* id, const char* name) {
  pugi::xml_node extension = add_element(object, "GroupPolicyExtension");
  extension.append_attribute("bkp:ID") = id;
  extension.append_attribute("bkp:DescName") = name;
  return extension;
}

/// The folders above a file, outermost first, then the file.
void add_with_folders(pugi::xml_node extension, const Gpo& gpo, bool user,
                      const std::string& path) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
    add_object(extension, gpo, user, "FSObjectDir", path.substr(0, slash));
  add_object(extension, gpo, user, "FSObjectFile", path);
}

void add_files(pugi::xml_node object, const Gpo& gpo, bool of_registry_extension) {
  pugi::xml_node extension;
  for (const bool user : {false, true})
    for (const auto& file : (user ? gpo.user : gpo.machine).files) {
      if ((file.path == "registry.pol") != of_registry_extension) continue;
      if (!extension)
        extension = of_registry_extension
                        ? add_group(object, registry_extension, "Registry")
                        : add_group(object, unknown_extension, "Unknown Extension");
      add_with_folders(extension, gpo, user, file.path);
    }
}

Bytes backup_xml(const Gpo& gpo) {
  pugi::xml_document document;
  add_declaration(document);
  pugi::xml_node scheme = add_element(document, "GroupPolicyBackupScheme");
  scheme.append_attribute("bkp:version") = "2.0";
  scheme.append_attribute("bkp:type") = "GroupPolicyBackupTemplate";
  scheme.append_attribute("xmlns:bkp") = operations;
  scheme.append_attribute("xmlns") = operations;
  pugi::xml_node object = add_element(scheme, "GroupPolicyObject");
  add_element(object, "SecurityGroups");
  add_element(object, "FilePaths");
  add_core_settings(object, gpo);
  add_files(object, gpo, true);
  add_files(object, gpo, false);
  return saved_xml(document, pugi::format_indent);
}

}  // namespace

std::string xml_text(const std::string& text) { return printable(text, 4096); }

pugi::xml_node add_element(pugi::xml_node parent, const char* name) {
  return parent.append_child(name);
}

void add_text(pugi::xml_node parent, const char* name, const std::string& text) {
  add_element(parent, name).text().set(xml_text(text).c_str());
}

Bytes saved_xml(const pugi::xml_document& document, unsigned flags) {
  std::ostringstream out;
  document.save(out, "  ", flags, pugi::encoding_utf8);
  const std::string text = out.str();
  return Bytes(text.begin(), text.end());
}

void add_declaration(pugi::xml_document& document) {
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "utf-8";
}

std::vector<OutputFile> backup_files(const Gpo& gpo) {
  const std::string folder = gpo.backup_id + "/";
  std::vector<OutputFile> files = {{"manifest.xml", manifest_xml(gpo)},
                                   {folder + "Backup.xml", backup_xml(gpo)},
                                   {folder + "bkupInfo.xml", backup_info(gpo)},
                                   {folder + "gpreport.xml", gpo.report}};
  for (const bool user : {false, true})
    for (const auto& file : (user ? gpo.user : gpo.machine).files)
      files.push_back(
          {folder + "DomainSysvol/GPO/" + (user ? "User/" : "Machine/") + file.path, file.content});
  return files;
}

}  // namespace sealwright::bundle
