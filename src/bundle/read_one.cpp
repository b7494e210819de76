#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/read_parts.h"
#include "bundle/reader_parts.h"
#include "bundle/state.h"

namespace sealwright::bundle {
namespace {

/// Files that are named by a store, as ours are, go into that one; the importer decides of others.
std::string store_of_name(const std::string& path) {
  const std::string name = name_of(path);
  const auto store = store_by_registry_name(name.substr(0, name.find('.')));
  return store ? std::string(registry_name(*store)) : std::string();
}

void read_blob_file(const OutputFile& file, Contents& contents) {
  FoundCertificate found;
  found.position.file = file.path;
  found.thumbprint = read_blob(file.content).certificate.thumbprint();
  take_blob(found, file.content, contents);
  contents.certificates.push_back(std::move(found));
}

std::string policy_hive(const std::string& path) {
  return ("/" + ascii_lower(folder_of(path))).ends_with("/user/") ? "HKEY_CURRENT_USER"
                                                                  : "HKEY_LOCAL_MACHINE";
}

[[noreturn]] void refuse(FileFormat format) {
  if (format == FileFormat::pfx)
    throw Error(Error::Kind::input, "it is a PFX, which may carry a private key",
                "no bundle has one; 'sealwright show' says what is in it");
  if (format == FileFormat::manifest)
    throw Error(Error::Kind::input, "it is the manifest of a bundle", "name its folder");
  throw Error(Error::Kind::input, "it is a part of a Group Policy backup",
              "name the folder that holds Backup.xml");
}

}  // namespace

void read_certificate_file(const OutputFile& file, Contents& contents) {
  for (const auto& certificate : x509::read_certificates(file.content)) {
    FoundCertificate found;
    found.store = store_of_name(file.path);
    if (!found.store.empty()) found.location = Location::machine;
    found.thumbprint = certificate.thumbprint();
    found.certificate = certificate;
    found.position = {file.path, fmt::format("certificate {}", contents.certificates.size() + 1)};
    add_bounded(contents.certificates, std::move(found));
  }
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::string name_of(const std::string& path) { return path.substr(folder_of(path).size()); }

namespace {

/// Scripts are read word by word; ours with 5,000 certificates has 13 MiB.
void check_script_size(BytesView bytes) {
  constexpr std::size_t most = std::size_t{16} << 20;
  if (bytes.size() > most) throw Error(Error::Kind::input, "the script is longer than 16 MiB");
}

}  // namespace

void read_one(const OutputFile& file, FileFormat format, const Folder& beside, Contents& contents) {
  const Bytes& bytes = file.content;
  const std::string& name = file.path;
  switch (format) {
    case FileFormat::registry_pol:
      contents.format = "registry-pol";
      return interpret(registry_pol_changes(bytes, policy_hive(name), name, contents.faults),
                       contents);
    case FileFormat::reg:
      contents.format = "reg";
      return interpret(reg_changes(bytes, name), contents);
    case FileFormat::registry_xml:
      contents.format = "gpo";
      return interpret(registry_xml_changes(bytes, name, contents.faults), contents);
    case FileFormat::lgpo:
      contents.format = "lgpo";
      return interpret(lgpo_changes(bytes, name), contents);
    case FileFormat::serialized_store:
      contents.format = "sst";
      read_serialized_store(bytes, name, contents);
      for (auto& found : contents.certificates) {
        found.store = store_of_name(name);
        if (!found.store.empty()) found.location = Location::machine;
      }
      return;
    case FileFormat::ldif:
      contents.format = "ldif";
      return read_ldif(bytes, name, contents);
    case FileFormat::syncml:
      contents.format = "intune";
      return read_syncml(bytes, name, contents);
    case FileFormat::intune_profile:
      contents.format = "intune";
      return read_intune_profile(bytes, name, contents);
    case FileFormat::certutil_script:
      contents.format = "certutil";
      check_script_size(bytes);
      return read_certutil_script(bytes, name, beside, contents);
    case FileFormat::powershell_script:
      contents.format = "powershell";
      check_script_size(bytes);
      return read_powershell_script(bytes, name, contents);
    case FileFormat::provisioning_package:
      contents.format = "ppkg-xml";
      return read_provisioning_package(bytes, name, beside, contents);
    case FileFormat::blob:
      contents.format = "blob";
      return read_blob_file(file, contents);
    case FileFormat::certificates:
      contents.format = name.ends_with(".p7b") ? "p7b" : "certificate";
      return read_certificate_file(file, contents);
    case FileFormat::pfx:
    case FileFormat::zip:
    case FileFormat::manifest:
    case FileFormat::gpo_part:
      refuse(format);
  }
}

}  // namespace sealwright::bundle
