#include "ca/import.h"

#include <set>

#include "base/error.h"
#include "ca/import_file.h"

namespace sealwright::ca {

std::string_view to_text(ImportFrom from) {
  switch (from) {
    case ImportFrom::files:
      return "files";
    case ImportFrom::easy_rsa:
      return "easy-rsa";
    case ImportFrom::openssl_ca:
      return "openssl-ca";
  }
  return "";
}

std::optional<ImportFrom> import_from(std::string_view name) {
  for (const auto from : {ImportFrom::files, ImportFrom::easy_rsa, ImportFrom::openssl_ca})
    if (to_text(from) == name) return from;
  return std::nullopt;
}

std::vector<std::string> import_from_names() { return {"files", "easy-rsa", "openssl-ca"}; }

Found find_in_files(const std::vector<std::string>& paths, const AskFilePassword& ask) {
  Found found;
  std::set<std::array<std::uint8_t, 32>> certificates;
  std::set<KeyId> keys;
  for (const auto& path : paths) {
    if (std::filesystem::is_directory(path))
      throw Error(Error::Kind::input, "'" + path + "' is a folder",
                  "name its files, or pass --from easy-rsa or --from openssl-ca");
    auto content = read_any_file(path, ask);
    if (content.locked) found.locked.push_back(path);
    if (content.other_keys)
      found.notes.push_back(path + ": only the first key is read, " +
                            std::to_string(content.other_keys) + " more are in it");
    // The certificate of a PFX's key is the one that naming the file means.
    bool first = !content.keys.empty();
    const bool alone = content.certificates.size() == 1;
    for (auto& certificate : content.certificates) {
      if (certificates.insert(certificate.sha256()).second)
        found.certificates.push_back({std::move(certificate), path, "", alone || first, {}, {}});
      first = false;
    }
    for (auto& key : content.keys)
      if (keys.insert(key.key.public_key().id()).second) found.keys.push_back(std::move(key));
    for (auto& crl : content.crls) found.crls.push_back(std::move(crl));
  }
  match_keys(found);
  return found;
}

Found find_existing(ImportFrom from, const std::vector<std::string>& paths,
                    const AskFilePassword& ask, const Progress& progress) {
  if (from == ImportFrom::files) return find_in_files(paths, ask);
  if (paths.size() != 1)
    throw Error(Error::Kind::usage,
                "--from " + std::string(to_text(from)) + " takes one folder at a time");
  return from == ImportFrom::easy_rsa ? find_in_easy_rsa(paths.front(), ask, progress)
                                      : find_in_openssl_ca(paths.front(), ask, progress);
}

}  // namespace sealwright::ca
