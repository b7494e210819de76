#pragma once
// What other programs left: certificates, keys and histories, read from their files. Nothing here
// knows an inventory; see ca/import_arrange.h for what becomes of it.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "ossl/key.h"
#include "store/records.h"
#include "x509/certificate.h"
#include "x509/crl.h"

namespace sealwright::ca {

enum class ImportFrom { files, easy_rsa, openssl_ca };
std::string_view to_text(ImportFrom from);  ///< "easy-rsa"
std::optional<ImportFrom> import_from(std::string_view name);
std::vector<std::string> import_from_names();

/// The password of a file, or nothing when it is not known: its keys are then left where they are
/// (FoundKeys::locked). Called at most once for each file.
using AskFilePassword = std::function<std::optional<ossl::Secret>(const std::string& file)>;

struct FoundCertificate {
  x509::Certificate certificate;
  std::string file;
  std::string name;   ///< What the other program calls it (easy-rsa: its file), or empty.
  bool alone = true;  ///< Nothing else in the file could be meant by naming it.
  std::optional<std::size_t> key;  ///< Of Found::keys.
  std::optional<store::RevokedSerial> revocation;
};

struct FoundKey {
  ossl::PrivateKey key;
  std::string file;
  bool encrypted = false;  ///< A password was needed.
};

/// Everything that was found.
struct Found {
  ImportFrom from = ImportFrom::files;
  std::string path;  ///< The folder; empty for files.
  std::vector<FoundCertificate> certificates;
  std::vector<FoundKey> keys;
  std::vector<std::string> locked;            ///< Key files whose password is not known.
  std::optional<std::size_t> authority;       ///< Whose folder it is: of `certificates`.
  std::vector<store::RevokedSerial> revoked;  ///< Below the authority; their certificates are gone.
  std::vector<x509::Crl> crls;
  std::optional<std::int64_t> next_crl_number;
  std::string next_serial;         ///< Hex, or empty.
  std::vector<std::string> notes;  ///< What is there and is not taken over, or looks odd.
};

/// Reads files of any kind: certificates (DER, PEM), PFX, SPC and P7B, PVK, private keys (PEM, DER,
/// plain or encrypted), revocation lists (DER, PEM). Keys and certificates that belong together
/// find each other by the public key, whatever the order.
///
/// Throws Error::Kind::input for a file that is none of these, a Java keystore (with the keytool
/// command that converts it), Error::Kind::crypto for a wrong password; the message names the file.
Found find_in_files(const std::vector<std::string>& paths, const AskFilePassword& ask);

/// The folder of `openssl ca`: PATH holds index.txt, or PATH is, or holds, the openssl.cnf that
/// says where things are. Throws what reading throws, and Error::Kind::input when what index.txt
/// says is not what the files say.
Found find_in_openssl_ca(const std::string& path, const AskFilePassword& ask,
                         const Progress& progress = {});

/// A pki folder of easy-rsa 3 (or the folder above it). The authority's key must open; the others
/// are taken when they do.
Found find_in_easy_rsa(const std::string& path, const AskFilePassword& ask,
                       const Progress& progress = {});

/// By `from`. Throws Error::Kind::usage for several folders.
Found find_existing(ImportFrom from, const std::vector<std::string>& paths,
                    const AskFilePassword& ask, const Progress& progress = {});

}  // namespace sealwright::ca
