// A pki folder of easy-rsa 3: `openssl ca` underneath, with a name for each certificate, which is
// that of its file.

#include <algorithm>
#include <map>

#include "base/error.h"
#include "ca/import_folder.h"

namespace sealwright::ca {
namespace {
namespace fs = std::filesystem;

CaFolder places(const fs::path& pki) {
  CaFolder made;
  made.index = pki / "index.txt";
  made.certificate = pki / "ca.crt";
  made.private_key = pki / "private/ca.key";
  made.crl = pki / "crl.pem";
  made.serial = pki / "serial";
  made.crl_number = pki / "crlnumber";
  // renew moves away what revoke has not seen yet; 3.0 and 3.1 have different folders for it.
  made.certificates = {{pki / "certs_by_serial", ".pem"},
                       {pki / "revoked/certs_by_serial", ".crt"},
                       {pki / "renewed/certs_by_serial", ".crt"}};
  return made;
}

std::vector<fs::path> files_in(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == extension && entry.is_regular_file())
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// Gives certificates the names of their files; one whose copy by serial number is gone (renew
/// removes it) is taken from there.
void name_certificates(const fs::path& pki, Found& found) {
  std::map<std::array<std::uint8_t, 32>, std::size_t> known;
  for (std::size_t i = 0; i < found.certificates.size(); ++i)
    known.emplace(found.certificates[i].certificate.sha256(), i);
  for (const char* folder : {"issued", "renewed/issued"})
    for (const auto& file : files_in(pki / folder, ".crt")) {
      const auto certificate = read_one_certificate(file.string());
      const auto at = known.find(certificate.sha256());
      if (at == known.end()) {
        found.certificates.push_back(
            {certificate, file.string(), file.stem().string(), true, {}, {}});
        continue;
      }
      found.certificates[at->second].name = file.stem().string();
      found.certificates[at->second].file = file.string();
    }
}

/// Asks for nothing: a key opens with the authority's password, or without one, or is left there.
void read_keys(const fs::path& pki, const std::optional<ossl::Secret>& password, Found& found) {
  const AskFilePassword known = [&](const std::string&) {
    return password ? std::optional(password->clone()) : std::nullopt;
  };
  for (const char* folder : {"private", "renewed/private"})
    for (const auto& file : files_in(pki / folder, ".key")) {
      if (file.filename() == "ca.key") continue;
      try {
        auto content = read_any_file(file.string(), known);
        if (content.locked) found.locked.push_back(file.string());
        for (auto& key : content.keys) found.keys.push_back(std::move(key));
      } catch (const Error& error) {
        if (!error.message.ends_with("wrong password")) throw;
        found.locked.push_back(file.string());
      }
    }
}

/// Keys of requests that wait, or of certificates that went.
void drop_single_keys(Found& found) {
  std::vector<std::string> single;
  std::size_t count = 0;
  for (std::size_t i = 0; i < found.keys.size(); ++i) {
    const bool used = std::any_of(found.certificates.begin(), found.certificates.end(),
                                  [&](const auto& certificate) { return certificate.key == i; });
    if (!used && ++count <= 3) single.push_back(found.keys[i].file);
  }
  if (count)
    found.notes.push_back("keys without a certificate are left where they are: " +
                          listed(single, count));
}

}  // namespace

Found find_in_easy_rsa(const std::string& path, const AskFilePassword& ask,
                       const Progress& progress) {
  fs::path pki = path;
  if (!fs::exists(pki / "index.txt") && fs::exists(pki / "pki/index.txt")) pki /= "pki";
  for (const char* name : {"index.txt", "ca.crt"})
    if (!fs::exists(pki / name))
      throw Error(Error::Kind::input,
                  "'" + path + "' is no pki folder of easy-rsa: there is no '" + name + "'",
                  "name the folder that 'easyrsa init-pki' made");
  std::optional<ossl::Secret> password;
  const AskFilePassword remember = [&](const std::string& file) {
    if (ask) password = ask(file);
    return password ? std::optional(password->clone()) : std::nullopt;
  };
  auto found = read_ca_folder(places(pki), remember, progress);
  found.from = ImportFrom::easy_rsa;
  found.path = path;
  name_certificates(pki, found);
  read_keys(pki, password, found);
  match_keys(found);
  drop_single_keys(found);
  return found;
}

}  // namespace sealwright::ca
