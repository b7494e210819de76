#include "bundle/recognize.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/blob.h"
#include "bundle/readers.h"
#include "bundle/xml_read.h"
#include "x509/content.h"

namespace sealwright::bundle {
namespace {

bool starts_with(BytesView bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && equal(bytes.first(magic.size()), view(magic));
}

bool has_extension(const std::string& name, std::string_view extension) {
  return name.size() >= extension.size() &&
         equal_ignoring_case(name.substr(name.size() - extension.size()), extension);
}

std::optional<FileFormat> xml_format(BytesView bytes) {
  const auto document = parsed_xml(bytes);
  const auto root = local_name(document.document_element());
  if (root == "RegistrySettings") return FileFormat::registry_xml;
  if (root == "SyncBody" || root == "SyncML" || root == "Atomic" || root == "Sequence" ||
      root == "Add" || root == "Replace" || root == "Delete")
    return FileFormat::syncml;
  if (root == "WindowsCustomizations") return FileFormat::provisioning_package;
  if (root == "GroupPolicyBackupScheme" || root == "BackupInst" || root == "Backups" ||
      root == "GPO")
    return FileFormat::gpo_part;
  return std::nullopt;
}

/// The first line that says something: neither empty nor a comment.
std::string first_line(const std::string& text, std::string_view comment) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty() && !line.starts_with(comment)) return line;
  }
  return {};
}

std::optional<FileFormat> text_format(BytesView bytes, const std::string& name) {
  std::string text;
  try {
    text = decoded_text(bytes);
  } catch (const Error&) {
    return std::nullopt;
  }
  // What Windows does with a file goes by its name.
  if (has_extension(name, ".ps1")) return FileFormat::powershell_script;
  if (has_extension(name, ".cmd") || has_extension(name, ".bat"))
    return FileFormat::certutil_script;
  if (has_extension(name, ".reg")) return FileFormat::reg;
  if (has_extension(name, ".ldif") || has_extension(name, ".ldf")) return FileFormat::ldif;
  const std::string first = first_line(text, ";");
  if (first.starts_with('<')) return xml_format(bytes);
  if (first.starts_with("Windows Registry Editor") || first == "REGEDIT4") return FileFormat::reg;
  if (text.find("-----BEGIN ") != std::string::npos) return FileFormat::certificates;
  if (first.starts_with('{') && text.find(bundle_schema) != std::string::npos)
    return FileFormat::manifest;
  if (first.starts_with('{') || first.starts_with('[')) return FileFormat::intune_profile;
  if (first.starts_with("Computer") || first.starts_with("User")) return FileFormat::lgpo;
  // RFC 2849: the version, where it stands, stands before the first record; YAML has versions, too.
  const std::string entry = ascii_lower(first_line(text, "#"));
  const bool has_record = ascii_lower(text).find("\ndn:") != std::string::npos;
  if (entry.starts_with("dn:") || (entry.starts_with("version:") && has_record))
    return FileFormat::ldif;
  return std::nullopt;
}

bool is_blob(BytesView bytes) {
  ByteReader reader(bytes, "blob");
  try {
    while (!reader.at_end())
      if (read_element(reader).id == property_certificate) return true;
  } catch (const Error&) {
    // Then it is none.
  }
  return false;
}

}  // namespace

std::optional<FileFormat> recognize(BytesView bytes, const std::string& name) {
  const bool script = has_extension(name, ".cmd") || has_extension(name, ".bat") ||
                      has_extension(name, ".ps1") || has_extension(name, ".reg");
  if (script) return text_format(bytes, name);
  using std::string_view_literals::operator""sv;
  if (starts_with(bytes, "PReg")) return FileFormat::registry_pol;
  if (starts_with(bytes, "\0\0\0\0CERT"sv)) return FileFormat::serialized_store;
  if (starts_with(bytes, "PK\x03\x04") || starts_with(bytes, "PK\x05\x06")) return FileFormat::zip;
  if (x509::content_of_der(bytes) == x509::Content::pfx) return FileFormat::pfx;
  if (!bytes.empty() && bytes[0] == 0x30) return FileFormat::certificates;
  if (is_blob(bytes)) return FileFormat::blob;
  return text_format(bytes, name);
}

}  // namespace sealwright::bundle
