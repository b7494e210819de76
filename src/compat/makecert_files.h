#pragma once
// The files that makecert reads and writes.

#include "compat/makecert_wish.h"
#include "compat/tool.h"
#include "x509/certificate.h"

namespace sealwright::compat {

/// OUT.cer may be written: nothing is there, or one certificate and nothing else. Throws
/// Error::Kind::state for anything else, since a word that was meant for a flag may name the user's
/// key.
void check_certificate_place(const std::string& path);
/// The same for a PFX: what is there must be one with this key and password.
void check_pfx_place(const std::string& path, const ossl::PublicKey& key,
                     const ossl::Secret& password);

/// Whose the PVK is: where its password may be.
enum class KeyHolder { subject, issuer };

/// The key in a PVK that is there. Errors name the file; one without a password that it needs has
/// the ways to give it as its hint.
ossl::PrivateKey read_key_file(const std::string& path, KeyHolder holder, const CommandLine& line,
                               World& world);
/// Whether it is there, and needs no password.
bool is_plain_key_file(const std::string& path);
/// Whether `-sky` agrees with the PVK that is there. Throws Error::Kind::input where it does not.
void check_key_type(const std::string& path, std::optional<bool> exchange);
/// The content of a new PVK, which will be `path`: encrypted where there is a password, else plain,
/// which is warned about.
ossl::Secret key_file(const std::string& path, const ossl::PrivateKey& key,
                      std::optional<bool> exchange, const CommandLine& line, World& world);

/// The PFX of -p12, compatible with everything that an old script hands it to.
Bytes pfx_file(const ossl::PrivateKey& key, const x509::Certificate& certificate,
               const std::vector<x509::Certificate>& chain, const std::string& name,
               const ossl::Secret& password);

}  // namespace sealwright::compat
