#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "signing/naming.h"
#include "signing/supported.h"

namespace sealwright::signing {
namespace {

/// Enough for the magic numbers, and for the head of a catalog.
constexpr std::size_t head_bytes = 1024;
/// Where the first OBJECT IDENTIFIER of a ContentInfo must have ended.
constexpr std::size_t signed_data_type_bytes = 32;

constexpr std::array<std::string_view, 9> script_endings = {
    ".ps1", ".psm1", ".psd1", ".ps1xml", ".psc1", ".cdxml", ".vbs", ".js", ".wsf"};

bool starts_with(BytesView head, std::string_view magic) {
  return head.size() >= magic.size() && equal(head.first(magic.size()), view(magic));
}

bool contains(BytesView bytes, const Oid& oid) {
  const Bytes type = ossl::der::oid(oid);
  return std::search(bytes.begin(), bytes.end(), type.begin(), type.end()) != bytes.end();
}

/// ContentInfo(signedData) over a trust list has both types at its beginning. A file that only
/// looks like it is found out when it is read.
bool is_catalog(BytesView head) {
  return !head.empty() && head[0] == ossl::der::sequence_tag &&
         contains(head.first(std::min(head.size(), signed_data_type_bytes)),
                  x509::oids::pkcs7_signed_data) &&
         contains(head, oids::trust_list);
}

bool is_script(const std::filesystem::path& path) {
  const std::string ending = ascii_lower(path.extension().native());
  return std::ranges::find(script_endings, ending) != script_endings.end();
}

}  // namespace

std::string_view to_text(FileKind kind) {
  switch (kind) {
    case FileKind::pe:
      return "pe";
    case FileKind::catalog:
      return "catalog";
    case FileKind::msi:
      return "msi";
    case FileKind::cab:
      return "cab";
    case FileKind::script:
      return "script";
    case FileKind::other:
      break;
  }
  return "other";
}

FileKind detect(const InputFile& file) {
  if (is_pe(file)) return FileKind::pe;
  Bytes head(std::min<std::uint64_t>(head_bytes, file.size()));
  file.read_at(0, head);
  if (is_catalog(head)) return FileKind::catalog;
  if (starts_with(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) return FileKind::msi;
  if (starts_with(head, "MSCF")) return FileKind::cab;
  return is_script(file.path()) ? FileKind::script : FileKind::other;
}

void demand_supported(const InputFile& file, FileKind kind) {
  const auto refuse = [&](const char* what) {
    return Error(Error::Kind::input, quoted(file.path()) + " is " + what,
                 "PE files (.exe, .dll, .sys, …) and catalogs (.cat) are supported");
  };
  switch (kind) {
    case FileKind::pe:
    case FileKind::catalog:
      return;
    case FileKind::msi:
      throw refuse("an MSI or another compound file, not supported by this version");
    case FileKind::cab:
      throw refuse("a cabinet, not supported by this version");
    case FileKind::script:
      throw refuse("a script, not supported by this version");
    case FileKind::other:
      throw refuse("of no kind that can hold a signature");
  }
}

Bytes read_catalog_bytes(const InputFile& file) {
  if (file.size() > max_catalog_bytes)
    throw Error(Error::Kind::input, quoted(file.path()) + " is longer than " +
                                        std::to_string(max_catalog_bytes) + " bytes");
  Bytes bytes(file.size());
  file.read_at(0, bytes);
  return bytes;
}

FileKind detect(const std::filesystem::path& path) { return detect(InputFile(path)); }

}  // namespace sealwright::signing
