#include "bundle/ppkg.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "bundle/gpo_parts.h"
#include "bundle/store_files.h"

namespace sealwright::bundle {
namespace {

bool is_carried(const Entry& entry) {
  return entry.store == Store::root || entry.store == Store::ca;
}

State carried(const State& state) {
  State kept = state;
  const auto is_left = [](const Entry& entry) { return !is_carried(entry); };
  std::erase_if(kept.present, is_left);
  std::erase_if(kept.removed, is_left);
  return kept;
}

void add_certificates(pugi::xml_node parent, const State& state, Store store, const char* list,
                      const char* element) {
  pugi::xml_node group;
  for (const auto& entry : state.present) {
    if (entry.store != store) continue;
    if (!group) group = add_element(parent, list);
    const std::string name =
        fmt::format("{}-{}", registry_name(store), entry.certificate.thumbprint().hex());
    pugi::xml_node certificate = add_element(group, element);
    certificate.append_attribute("CertificateName") = name.c_str();
    certificate.append_attribute("Name") = name.c_str();
    add_text(certificate, "CertificatePath", R"(certificates\)" + name + ".cer");
  }
}

/// Element names and name spaces as in packages of others: Windows IoT's guide and scripts that
/// build packages. RootCertificates is seen there; CACertificates follows its pattern and the
/// reference's names.
Bytes customizations(const State& state, const std::string& name) {
  pugi::xml_document document;
  add_declaration(document);
  pugi::xml_node root = add_element(document, "WindowsCustomizations");
  pugi::xml_node package = add_element(root, "PackageConfig");
  package.append_attribute("xmlns") = "urn:schemas-Microsoft-com:Windows-ICD-Package-Config.v1.0";
  add_text(package, "ID", derived_guid(identity_of("provisioning package", state)));
  add_text(package, "Name", name);
  add_text(package, "Version", fmt::format("{}.0", state.version));
  add_text(package, "OwnerType", "ITAdmin");
  add_text(package, "Rank", "0");
  pugi::xml_node settings = add_element(root, "Settings");
  settings.append_attribute("xmlns") = "urn:schemas-microsoft-com:windows-provisioning";
  pugi::xml_node certificates =
      add_element(add_element(add_element(settings, "Customizations"), "Common"), "Certificates");
  add_certificates(certificates, state, Store::ca, "CACertificates", "CACertificate");
  add_certificates(certificates, state, Store::root, "RootCertificates", "RootCertificate");
  return saved_xml(document, pugi::format_indent);
}

}  // namespace

std::vector<OutputFile> ppkg_files(const State& state, const FormatRequest& request) {
  const State kept = carried(state);
  std::vector<OutputFile> files = {
      {"customizations.xml", customizations(kept, title(state, request))}};
  for (auto& file : certutil_files(kept, request))
    if (file.path != "install.cmd") files.push_back(std::move(file));
  return files;
}

}  // namespace sealwright::bundle
