#include "ca/import_folder.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"

namespace sealwright::ca {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t shown_at_most = 3;

Error mistake(const std::string& where, const std::string& message) {
  return Error(Error::Kind::input, where + ": " + message);
}

void read_authority(const CaFolder& folder, const AskFilePassword& ask, Found& found) {
  const auto certificate = read_one_certificate(folder.certificate.string());
  found.authority = found.certificates.size();
  found.certificates.push_back({certificate, folder.certificate.string(), "", true, {}, {}});
  if (!fs::exists(folder.private_key)) {
    found.notes.push_back("there is no '" + folder.private_key.string() +
                          "': the authority comes without its key");
    return;
  }
  auto content = read_any_file(folder.private_key.string(), ask);
  if (content.locked) found.locked.push_back(folder.private_key.string());
  for (auto& key : content.keys) {
    if (!(key.key.public_key() == certificate.public_key()))
      throw Error(Error::Kind::input, "'" + folder.private_key.string() + "' is not the key of '" +
                                          folder.certificate.string() + "'");
    found.keys.push_back(std::move(key));
  }
}

/// The file of an entry, or nothing.
std::optional<fs::path> file_of(const CaFolder& folder, const IndexEntry& entry) {
  for (const auto& place : folder.certificates) {
    auto path = place.folder / (entry.serial.hex() + place.suffix);
    if (fs::exists(path)) return path;
  }
  return std::nullopt;
}

FoundCertificate read_entry(const fs::path& path, const IndexEntry& entry,
                            const std::string& index) {
  FoundCertificate made{read_one_certificate(path.string()), path.string(), "", true, {}, {}};
  const auto& certificate = made.certificate;
  const std::string where = index + ":" + std::to_string(entry.line);
  if (certificate.serial() != entry.serial)
    throw mistake(path.string(), "its serial number is " + certificate.serial().hex() + ", not " +
                                     entry.serial.hex() + " as " + where + " says");
  if (certificate.not_after() != entry.ends)
    throw mistake(path.string(), "it ends at " + to_iso(certificate.not_after()) + ", not at " +
                                     to_iso(entry.ends) + " as " + where + " says");
  made.revocation = entry.revocation;
  return made;
}

/// The authority's own certificate is in the index where `openssl ca -selfsign` made it.
bool is_authority_itself(const Found& found, const FoundCertificate& read) {
  return found.certificates[*found.authority].certificate == read.certificate;
}

void read_entries(const CaFolder& folder, const std::vector<IndexEntry>& entries,
                  const Progress& progress, Found& found) {
  std::vector<std::string> missing;
  std::size_t missing_count = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (progress) progress(i + 1, entries.size());
    const auto& entry = entries[i];
    if (const auto path = file_of(folder, entry)) {
      auto read = read_entry(*path, entry, folder.index.string());
      if (is_authority_itself(found, read))
        found.certificates[*found.authority].revocation = read.revocation;
      else
        found.certificates.push_back(std::move(read));
    } else if (entry.revocation) {
      found.revoked.push_back(*entry.revocation);
    } else if (++missing_count <= shown_at_most) {
      missing.push_back(entry.serial.hex() + " (" + printable(entry.subject, 80) + ")");
    }
  }
  if (missing_count)
    found.notes.push_back("not taken over, for the certificate is not there: " +
                          listed(missing, missing_count));
}

void read_numbers(const CaFolder& folder, Found& found) {
  if (fs::exists(folder.serial))
    found.next_serial =
        to_hex_upper(read_number_file(read_file(folder.serial), folder.serial.string()));
  if (folder.crl_number.empty() || !fs::exists(folder.crl_number)) return;
  const auto number = read_number_file(read_file(folder.crl_number), folder.crl_number.string());
  std::int64_t value = 0;
  if (number.size() >= sizeof value)
    throw mistake(folder.crl_number.string(), "numbers of revocation lists go up to 56 bits here");
  for (const auto octet : number) value = (value << 8) | octet;
  found.next_crl_number = value;
}

}  // namespace

std::string listed(const std::vector<std::string>& names, std::size_t total) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  if (total > names.size()) text += " and " + std::to_string(total - names.size()) + " more";
  return text;
}

Found read_ca_folder(const CaFolder& folder, const AskFilePassword& ask, const Progress& progress) {
  Found found;
  const auto entries = read_index(read_file(folder.index, max_index_bytes), folder.index.string());
  read_authority(folder, ask, found);
  read_entries(folder, entries, progress, found);
  if (!folder.crl.empty() && fs::exists(folder.crl)) {
    auto content = read_any_file(folder.crl.string(), {});
    for (auto& crl : content.crls) found.crls.push_back(std::move(crl));
  }
  const bool revokes = std::any_of(entries.begin(), entries.end(),
                                   [](const auto& entry) { return entry.revocation.has_value(); });
  if (found.crls.empty() && revokes)
    found.notes.push_back(
        "no revocation list is beside it: bring the last one, or the next plan will issue one");
  read_numbers(folder, found);
  return found;
}

}  // namespace sealwright::ca
