#pragma once
// Certificates and keys as files that other programs read.

#include <filesystem>
#include <optional>
#include <string>

#include "base/file.h"
#include "ca/keyring.h"
#include "policy/hierarchy.h"
#include "x509/pkcs12.h"

namespace sealwright::ca {

using policy::export_format;
using policy::ExportFormat;

bool holds_private_key(ExportFormat format);
std::string file_extension(ExportFormat format);  ///< "pfx"

/// A file to be: its bytes, and whether they are secret.
struct Exported {
  Bytes bytes;
  Access access = Access::everyone;
};

/// pem and der: the certificate. chain: PEM, the certificate and its issuers up to the root. spc:
/// PKCS#7 of the certificate and its intermediates, as cert2spc makes it. p7b: PKCS#7 of the chain.
/// Throws Error::Kind::usage for a format that is not made here.
Exported export_public(const store::Inventory& inventory, const store::Generation& generation,
                       ExportFormat format);

/// What a person said when asking for a private key by name.
struct PrivateExport {
  ExportFormat format = ExportFormat::pfx;
  const ossl::Secret& password;  ///< Encrypts the file; must not be empty.
  std::string reason;            ///< Goes on record; needed where the policy says `export: ask`.
  x509::PfxProfile profile = x509::PfxProfile::modern;
};

/// The key of `generation`, which may leave for this `reason`: what export_private() would throw,
/// but before anything is opened or asked for. A key on a token never leaves it.
store::KeyRecord exportable_key(const store::Inventory& inventory,
                                const store::Generation& generation, const std::string& reason);

/// pfx: the private key, its certificate and the intermediates. pkcs8: the private key as encrypted
/// PEM. The event is durable before this returns. Throws Error::Kind::policy where the policy under
/// which the key was made forbids it or wants a reason, Error::Kind::state when the inventory does
/// not hold the key.
Exported export_private(store::Inventory& inventory, const OpenKeyrings& keyrings,
                        const store::Generation& generation, const PrivateExport& request);

/// Writes it (secrets 0600).
void write_exported(const std::filesystem::path& path, const Exported& exported, Existing existing);

}  // namespace sealwright::ca
