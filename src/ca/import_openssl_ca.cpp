// The folder of `openssl ca`: as its openssl.cnf says, else by the names that CA.pl and the manual
// use.

#include "base/error.h"
#include "base/file.h"
#include "ca/import_config.h"
#include "ca/import_folder.h"

namespace sealwright::ca {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t max_config_bytes = std::size_t{1} << 20;

/// The first of `names` that is there; else the first, for the message.
fs::path first_of(const fs::path& folder, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (fs::exists(folder / name)) return folder / name;
  return folder / *names.begin();
}

CaFolder by_usual_names(const fs::path& folder) {
  CaFolder made;
  made.index = folder / "index.txt";
  made.certificate = first_of(folder, {"cacert.pem", "certs/cacert.pem", "certs/ca.crt", "ca.crt",
                                       "ca.pem", "certs/ca.cert.pem"});
  made.private_key = first_of(folder, {"private/cakey.pem", "private/ca.key", "ca.key",
                                       "private/ca.key.pem", "private/ca.pem"});
  made.crl = first_of(folder, {"crl.pem", "crl/crl.pem", "crl/ca.crl.pem"});
  made.serial = folder / "serial";
  made.crl_number = folder / "crlnumber";
  made.certificates = {{folder / "newcerts", ".pem"}, {folder / "certs", ".pem"}};
  return made;
}

/// `dir = ./demoCA` is relative to wherever openssl was started: the folder of the file, or, where
/// nothing is there, the one in which the file lies by another way (demoCA/openssl.cnf).
fs::path resolved(const fs::path& folder, const std::string& path) {
  const fs::path direct = folder / path;
  if (fs::exists(direct)) return direct.lexically_normal();
  const fs::path above = folder / ".." / path;
  return (fs::exists(above) ? above : direct).lexically_normal();
}

CaFolder by_config(const fs::path& file) {
  const auto config = read_openssl_config(read_file(file, max_config_bytes), file.string());
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const auto need = [&](const std::string& value, const char* name) {
    if (!value.empty()) return resolved(folder, value);
    throw Error(Error::Kind::input,
                file.string() + ": section '" + config.section + "' does not say '" + name + "'");
  };
  CaFolder made;
  made.index = need(config.database, "database");
  made.certificate = need(config.certificate, "certificate");
  made.private_key = need(config.private_key, "private_key");
  made.certificates = {{need(config.new_certs_dir, "new_certs_dir"), ".pem"}};
  if (!config.serial.empty()) made.serial = resolved(folder, config.serial);
  if (!config.crlnumber.empty()) made.crl_number = resolved(folder, config.crlnumber);
  made.crl =
      config.crl.empty() ? made.index.parent_path() / "crl.pem" : resolved(folder, config.crl);
  return made;
}

CaFolder find_folder(const fs::path& path) {
  if (!fs::is_directory(path)) return by_config(path);
  if (fs::exists(path / "openssl.cnf")) {
    const auto made = by_config(path / "openssl.cnf");
    // A copy of the system's file beside the index leads elsewhere.
    if (fs::exists(made.index) || !fs::exists(path / "index.txt")) return made;
  }
  return by_usual_names(path);
}

}  // namespace

Found find_in_openssl_ca(const std::string& path, const AskFilePassword& ask,
                         const Progress& progress) {
  if (!fs::exists(path)) throw Error(Error::Kind::io, "'" + path + "' does not exist");
  const auto folder = find_folder(path);
  for (const auto& [what, file] :
       {std::pair{"index", folder.index}, {"certificate", folder.certificate}})
    if (!fs::exists(file))
      throw Error(Error::Kind::input,
                  "'" + path + "' is no folder of 'openssl ca': there is no " + what + " '" +
                      file.string() + "'",
                  "name the folder that holds index.txt, or the openssl.cnf");
  auto found = read_ca_folder(folder, ask, progress);
  found.from = ImportFrom::openssl_ca;
  found.path = path;
  match_keys(found);
  return found;
}

}  // namespace sealwright::ca
