#include "bundle/gpo.h"

#include <pugixml.hpp>
#include <sstream>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/blob.h"
#include "bundle/registry_pol.h"

namespace sealwright::bundle {
namespace {

constexpr const char* operations = "http://www.microsoft.com/GroupPolicy/GPOOperations";
constexpr const char* manifest = "http://www.microsoft.com/GroupPolicy/GPOOperations/Manifest";
constexpr const char* settings = "http://www.microsoft.com/GroupPolicy/Settings";
constexpr const char* types = "http://www.microsoft.com/GroupPolicy/Types";
constexpr const char* public_key_settings =
    "http://www.microsoft.com/GroupPolicy/Settings/PublicKey";

// Client side extensions with the tool that edits them ([MS-GPEF] 1.9): registry, and certificates.
constexpr const char* registry_extension = "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}";
constexpr const char* machine_extensions =
    "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{53D6AB1D-2488-11D1-A28C-00C04FB94F17}]"
    "[{B1BE8D72-6EAC-11D2-A4EA-00C04F79F83A}{53D6AB1D-2488-11D1-A28C-00C04FB94F17}]";
constexpr const char* origin_domain = "sealwright.invalid";

/// Text that XML 1.0 can hold; anything else (control characters) would make the whole backup
/// unreadable.
std::string xml_text(const std::string& text) { return printable(text, 4096); }

std::string display_name(const State& state) {
  return state.display_name.empty() ? state.name : state.display_name;
}

std::string gpo_guid(const State& state) {
  return derived_guid({"gpo", state.workspace_id, state.name});
}

pugi::xml_node add(pugi::xml_node parent, const char* name) { return parent.append_child(name); }

void add_cdata(pugi::xml_node parent, const char* name, const std::string& text) {
  add(parent, name).append_child(pugi::node_cdata).set_value(xml_text(text).c_str());
}

void add_text(pugi::xml_node parent, const char* name, const std::string& text) {
  add(parent, name).text().set(xml_text(text).c_str());
}

Bytes saved(const pugi::xml_document& document, unsigned flags) {
  std::ostringstream out;
  document.save(out, "  ", flags, pugi::encoding_utf8);
  const std::string text = out.str();
  return Bytes(text.begin(), text.end());
}

/// Low half the version in SYSVOL, high half the one in the directory; zero would be skipped as
/// empty ([MS-GPOL] 3.2.5.1).
std::string version_number(const State& state) {
  const std::uint32_t half = static_cast<std::uint32_t>(state.version) & 0x7fff;
  return std::to_string((half << 16) | half);
}

void add_backup_instance(pugi::xml_node parent, const State& state) {
  pugi::xml_node instance = add(parent, "BackupInst");
  instance.append_attribute("xmlns") = manifest;
  add_cdata(instance, "GPOGuid", gpo_guid(state));
  add_cdata(instance, "GPODomain", origin_domain);
  add_cdata(instance, "GPODomainGuid", ascii_lower(derived_guid({"domain", state.workspace_id})));
  add_cdata(instance, "GPODomainController", std::string("dc.") + origin_domain);
  add_cdata(instance, "BackupTime", to_iso(state.made).substr(0, 19));
  add_cdata(instance, "ID", gpo_backup_id(state));
  add_cdata(instance, "Comment", state.name + " version " + std::to_string(state.version));
  add_cdata(instance, "GPODisplayName", display_name(state));
}

Bytes backup_info(const State& state) {
  pugi::xml_document document;
  add_backup_instance(document, state);
  return saved(document, pugi::format_raw | pugi::format_no_declaration);
}

Bytes manifest_xml(const State& state) {
  pugi::xml_document document;
  pugi::xml_node backups = add(document, "Backups");
  backups.append_attribute("xmlns") = manifest;
  backups.append_attribute("xmlns:mfst") = manifest;
  backups.append_attribute("mfst:version") = "1.0";
  add_backup_instance(backups, state);
  return saved(document, pugi::format_raw | pugi::format_no_declaration);
}

void add_core_settings(pugi::xml_node object, const State& state) {
  pugi::xml_node core = add(object, "GroupPolicyCoreSettings");
  add_cdata(core, "ID", gpo_guid(state));
  add_cdata(core, "Domain", origin_domain);
  add(core, "SecurityDescriptor");
  add_cdata(core, "DisplayName", display_name(state));
  add_cdata(core, "Options", "0");
  add_cdata(core, "UserVersionNumber", "0");
  add_cdata(core, "MachineVersionNumber", version_number(state));
  add_cdata(core, "MachineExtensionGuids", machine_extensions);
  add(core, "UserExtensionGuids");
  add(core, "WMIFilter");
}

Bytes backup_xml(const State& state) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "utf-8";
  pugi::xml_node scheme = add(document, "GroupPolicyBackupScheme");
  scheme.append_attribute("bkp:version") = "2.0";
  scheme.append_attribute("bkp:type") = "GroupPolicyBackupTemplate";
  scheme.append_attribute("xmlns:bkp") = operations;
  scheme.append_attribute("xmlns") = operations;
  pugi::xml_node object = add(scheme, "GroupPolicyObject");
  add(object, "SecurityGroups");
  add(object, "FilePaths");
  add_core_settings(object, state);
  pugi::xml_node extension = add(object, "GroupPolicyExtension");
  extension.append_attribute("bkp:ID") = registry_extension;
  extension.append_attribute("bkp:DescName") = "Registry";
  pugi::xml_node file = add(extension, "FSObjectFile");
  file.append_attribute("bkp:Path") = R"(%GPO_MACH_FSPATH%\registry.pol)";
  file.append_attribute("bkp:SourceExpandedPath") =
      (std::string(R"(\\dc.)") + origin_domain + R"(\sysvol\)" + origin_domain + R"(\Policies\)" +
       gpo_guid(state) + R"(\Machine\registry.pol)")
          .c_str();
  file.append_attribute("bkp:Location") = R"(DomainSysvol\GPO\Machine\registry.pol)";
  return saved(document, pugi::format_indent);
}

const char* report_element(Store store) {
  switch (store) {
    case Store::root:
      return "q1:RootCertificate";
    case Store::ca:
      return "q1:IntermediateCACertificate";
    case Store::trusted_publisher:
      return "q1:TrustedPublishersCertificate";
    case Store::disallowed:
      return "q1:UntrustedCertificate";
  }
  return "";
}

/// What the console shows under "Settings": for people, not read by Import-GPO.
Bytes report_xml(const State& state) {
  pugi::xml_document document;
  pugi::xml_node gpo = add(document, "GPO");
  gpo.append_attribute("xmlns:xsd") = "http://www.w3.org/2001/XMLSchema";
  gpo.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
  gpo.append_attribute("xmlns") = settings;
  pugi::xml_node outer = add(gpo, "Identifier");
  pugi::xml_node id = add(outer, "Identifier");
  id.append_attribute("xmlns") = types;
  id.text().set(gpo_guid(state).c_str());
  pugi::xml_node domain = add(outer, "Domain");
  domain.append_attribute("xmlns") = types;
  domain.text().set(origin_domain);
  add_text(gpo, "Name", display_name(state));
  add_text(gpo, "CreatedTime", to_iso(state.made).substr(0, 19));
  add_text(gpo, "ModifiedTime", to_iso(state.made).substr(0, 19));
  pugi::xml_node computer = add(gpo, "Computer");
  add_text(computer, "VersionDirectory", std::to_string(state.version));
  add_text(computer, "VersionSysvol", std::to_string(state.version));
  add_text(computer, "Enabled", "true");
  pugi::xml_node data = add(computer, "ExtensionData");
  pugi::xml_node extension = add(data, "Extension");
  extension.append_attribute("xmlns:q1") = public_key_settings;
  extension.append_attribute("xsi:type") = "q1:PublicKeySettings";
  for (const auto& entry : state.present) {
    pugi::xml_node certificate = add(extension, report_element(entry.store));
    add_text(certificate, "q1:IssuedTo", entry.certificate.subject().display());
    add_text(certificate, "q1:IssuedBy", entry.certificate.issuer().display());
    add_text(certificate, "q1:ExpirationDate", to_iso(entry.certificate.not_after()));
    add(certificate, "q1:Data")
        .text()
        .set(to_hex_upper(encode_blob(entry.certificate, entry.purposes)).c_str());
  }
  add_text(data, "Name", "Public Key");
  const Bytes body = saved(document, pugi::format_indent | pugi::format_no_declaration);
  Bytes utf16 = {0xff, 0xfe};
  append(utf16, utf16le("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n" + text(body)));
  return utf16;
}

}  // namespace

std::string gpo_backup_id(const State& state) {
  return derived_guid({"gpo-backup", state.workspace_id, state.name, std::to_string(state.version),
                       content_of(state).dump(-1)});
}

std::vector<OutputFile> gpo_backup(const State& state) {
  const std::string folder = gpo_backup_id(state) + "/";
  return {{"manifest.xml", manifest_xml(state)},
          {folder + "Backup.xml", backup_xml(state)},
          {folder + "bkupInfo.xml", backup_info(state)},
          {folder + "gpreport.xml", report_xml(state)},
          {folder + "DomainSysvol/GPO/Machine/registry.pol",
           encode_registry_pol(policy_instructions(state))}};
}

}  // namespace sealwright::bundle
