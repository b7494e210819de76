#include "bundle/intune.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "bundle/gpo_parts.h"

namespace sealwright::bundle {
namespace {

constexpr const char* provider = "./Device/Vendor/MSFT/RootCATrustedCertificates";

std::string_view node_name(Store store) {
  return store == Store::disallowed ? "UntrustedCertificates" : registry_name(store);
}

/// The node of one certificate; deleting it takes the certificate out.
std::string node(const Entry& entry) {
  return fmt::format("{}/{}/{}", provider, node_name(entry.store),
                     entry.certificate.thumbprint().hex());
}

std::string value_uri(const Entry& entry) { return node(entry) + "/EncodedCertificate"; }

std::string file_name(const Entry& entry) {
  return fmt::format("{}-{}.cer", registry_name(entry.store), entry.certificate.thumbprint().hex());
}

Json row(const Entry& entry) {
  Json json = Json::object();
  json.set("@odata.type", "#microsoft.graph.omaSettingBase64");
  json.set("displayName", fmt::format("{} {}", registry_name(entry.store), printable(entry.label)));
  json.set("description",
           fmt::format("{}; SHA-256 {}", printable(entry.certificate.subject().text(), 400),
                       to_hex(entry.certificate.sha256())));
  json.set("omaUri", value_uri(entry));
  json.set("fileName", file_name(entry));
  json.set("value", to_base64(entry.certificate.der()));
  return json;
}

Bytes profile(const State& state, const FormatRequest& request) {
  Json rows = Json::array();
  for (const auto& entry : state.present) rows.push(row(entry));
  Json json = Json::object();
  json.set("@odata.type", "#microsoft.graph.windows10CustomConfiguration");
  json.set("displayName", printable(title(state, request)));
  json.set("description", fmt::format("{} version {}", state.name, state.version));
  json.set("omaSettings", std::move(rows));
  return copy(view(json.dump() + "\n"));
}

/// A command of SyncML with its number and the node it is about.
pugi::xml_node add_command(pugi::xml_node body, const char* name, int number,
                           const std::string& uri) {
  pugi::xml_node command = add_element(body, name);
  add_text(command, "CmdID", std::to_string(number));
  pugi::xml_node item = add_element(command, "Item");
  add_text(add_element(item, "Target"), "LocURI", uri);
  return item;
}

void add_deletions(pugi::xml_node body, const std::vector<Entry>& entries, int& number) {
  for (const auto& entry : entries) add_command(body, "Delete", ++number, node(entry));
}

Bytes install(const State& state) {
  pugi::xml_document document;
  pugi::xml_node body = add_element(document, "SyncBody");
  body.append_attribute("xmlns") = "SYNCML:SYNCML1.2";
  int number = 0;
  for (const auto& entry : state.present) {
    pugi::xml_node item = add_command(body, "Add", ++number, value_uri(entry));
    pugi::xml_node format = add_element(add_element(item, "Meta"), "Format");
    format.append_attribute("xmlns") = "syncml:metinf";
    format.text().set("b64");
    add_element(item, "Data").text().set(to_base64(entry.certificate.der()).c_str());
  }
  add_deletions(body, state.removed, number);
  return saved_xml(document, pugi::format_indent | pugi::format_no_declaration);
}

Bytes removal(const State& state) {
  pugi::xml_document document;
  pugi::xml_node body = add_element(document, "SyncBody");
  body.append_attribute("xmlns") = "SYNCML:SYNCML1.2";
  int number = 0;
  add_deletions(body, state.present, number);
  add_deletions(body, state.removed, number);
  return saved_xml(document, pugi::format_indent | pugi::format_no_declaration);
}

}  // namespace

std::vector<OutputFile> intune_files(const State& state, const FormatRequest& request) {
  std::vector<OutputFile> files = {{"profile.json", profile(state, request)},
                                   {"install.xml", install(state)},
                                   {"remove.xml", removal(state)}};
  for (const auto& entry : state.present)
    files.push_back({"certificates/" + file_name(entry), copy(entry.certificate.der())});
  return files;
}

}  // namespace sealwright::bundle
