#pragma once
// Certificates and keys as files that other programs read.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/file.h"
#include "ca/keyring.h"
#include "ca/recording.h"
#include "policy/hierarchy.h"
#include "x509/pkcs12.h"

namespace sealwright::ca {

using policy::ExportFormat;
using policy::holds_private_key;

std::string file_extension(ExportFormat format);  ///< "pfx"

/// `pattern` with {name}, {generation} and {ext} filled in.
std::string export_path(std::string pattern, const std::string& name, int generation,
                        ExportFormat format);

/// A file to be: its bytes, wiped at the end, and whether they are secret.
struct Exported {
  ossl::Secret content;
  Access access = Access::everyone;
};

/// pem and der: the certificate. chain: PEM, the certificate and its issuers up to the root. spc:
/// PKCS#7 of the certificate and its intermediates, as cert2spc makes it. p7b: PKCS#7 of the chain.
/// jks-howto: what to type so that Java has key and certificates. The same bytes each time.
/// Throws Error::Kind::usage for a format that needs the private key.
Exported export_public(const store::Inventory& inventory, const store::Generation& generation,
                       ExportFormat format);

/// A certification request, PEM, and its signature on record.
struct ExportedRequest {
  Exported exported;
  std::unique_ptr<RecordingSigner> signer;
};
/// A PKCS#10 request for the key of `generation`, with its subject and what an authority can be
/// asked for: every extension but key identifiers and the addresses of lists and issuers, which are
/// its next issuer's to say. `signer` is the generation's key; `file` goes on record.
ExportedRequest export_request(store::Inventory& inventory, const store::Generation& generation,
                               std::unique_ptr<ossl::Signer> signer, const std::string& file);
/// To be said once its file is written.
void finish_request(RecordingSigner& signer, const Exported& exported);
/// The request of a name that waits for its certificate.
Exported waiting_request(const store::RequestRecord& waiting);

/// How a PFX is made; see policy::PfxPlan.
struct PfxForm {
  x509::PfxProfile profile = x509::PfxProfile::modern;
  int iterations = 2048;
  policy::SignDefaults::Chain chain = policy::SignDefaults::Chain::no_root;
  std::string friendly_name;  ///< Empty: the name of the certificate.
  std::string csp;            ///< Empty: none is named.
};

/// What a person said when asking for private keys by name.
struct PrivateExport {
  ExportFormat format = ExportFormat::pfx;
  const ossl::Secret& password;  ///< Encrypts the files; of `protection` given, not empty.
  std::string reason;            ///< Goes on record; needed where the policy says `export: ask`.
  PfxForm pfx = {};
  /// Of a PFX: `empty` and `none` are the two ways of no password. Of the others: `none` is plain.
  x509::PfxPassword protection = x509::PfxPassword::given;
};

/// The key of `generation`, which may leave for this `reason` in this format: what export_private()
/// would throw, but before anything is opened or asked for. A key on a token never leaves it, and
/// a PVK holds RSA keys only.
store::KeyRecord exportable_key(const store::Inventory& inventory,
                                const store::Generation& generation, ExportFormat format,
                                const std::string& reason);

/// One private key, and the file it is for, which goes on record.
struct PrivateItem {
  store::Generation generation;
  std::string file;
  PfxForm pfx = {};
};

/// pfx: the private key, its certificate and its chain. pvk and pkcs8 (PEM): the key alone. Either
/// all are made, and the events are durable, or nothing is. Throws Error::Kind::policy where the
/// policy under which a key was made forbids it or wants a reason, Error::Kind::state when the
/// inventory does not hold it, Error::Kind::input for one that the format cannot hold.
std::vector<Exported> export_private(store::Inventory& inventory, const OpenKeyrings& keyrings,
                                     const std::vector<PrivateItem>& items,
                                     const PrivateExport& request);

/// Writes one (secrets 0600).
void write_exported(const std::filesystem::path& path, const Exported& exported, Existing existing);
/// Writes all, as write_files() does.
struct ExportFile {
  std::filesystem::path path;
  Exported exported;
};
void write_exported(const std::vector<ExportFile>& files, Existing existing,
                    const std::function<void(std::size_t)>& written);

}  // namespace sealwright::ca
