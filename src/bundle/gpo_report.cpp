// gpreport.xml of a Group Policy backup.

#include "base/encoding.h"
#include "bundle/gpo_parts.h"

namespace sealwright::bundle {
namespace {

constexpr const char* settings = "http://www.microsoft.com/GroupPolicy/Settings";
constexpr const char* types = "http://www.microsoft.com/GroupPolicy/Types";
constexpr const char* origin_domain = "sealwright.invalid";

}  // namespace

pugi::xml_node add_extension(pugi::xml_node side, const char* space, const char* type,
                             const char* name) {
  pugi::xml_node data = add_element(side, "ExtensionData");
  pugi::xml_node extension = add_element(data, "Extension");
  extension.append_attribute("xmlns:q1") = space;
  extension.append_attribute("xsi:type") = type;
  add_text(data, "Name", name);
  return extension;
}

Bytes gpo_report(const Gpo& gpo, const std::function<void(pugi::xml_node side, bool user)>& fill) {
  pugi::xml_document document;
  pugi::xml_node root = add_element(document, "GPO");
  root.append_attribute("xmlns:xsd") = "http://www.w3.org/2001/XMLSchema";
  root.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
  root.append_attribute("xmlns") = settings;
  pugi::xml_node outer = add_element(root, "Identifier");
  pugi::xml_node id = add_element(outer, "Identifier");
  id.append_attribute("xmlns") = types;
  id.text().set(gpo.guid.c_str());
  pugi::xml_node domain = add_element(outer, "Domain");
  domain.append_attribute("xmlns") = types;
  domain.text().set(origin_domain);
  add_text(root, "Name", gpo.name);
  add_text(root, "CreatedTime", to_iso(gpo.made).substr(0, 19));
  add_text(root, "ModifiedTime", to_iso(gpo.made).substr(0, 19));
  for (const bool user : {false, true}) {
    if ((user ? gpo.user : gpo.machine).files.empty()) continue;
    pugi::xml_node side = add_element(root, user ? "User" : "Computer");
    add_text(side, "VersionDirectory", std::to_string(gpo.version));
    add_text(side, "VersionSysvol", std::to_string(gpo.version));
    add_text(side, "Enabled", "true");
    fill(side, user);
  }
  const Bytes body = saved_xml(document, pugi::format_indent | pugi::format_no_declaration);
  Bytes utf16 = {0xff, 0xfe};
  append(utf16, utf16le("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n" + text(body)));
  return utf16;
}

}  // namespace sealwright::bundle
