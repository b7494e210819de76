#pragma once
// Secrets from where people keep them: a file, an environment variable, a systemd credential, or a
// prompt. Never from argv.

#include <optional>
#include <string>

#include "cli/context.h"
#include "ossl/pkcs11.h"

namespace sealwright::cli {

/// One secret and the places it may come from, tried in this order.
struct SecretSource {
  std::string what;         ///< "passphrase of the workspace"
  std::string file;         ///< What --…-file said, or empty.
  std::string file_option;  ///< "--passphrase-file", for hints.
  std::string variable;     ///< Environment variable.
  std::string credential;   ///< Name below $CREDENTIALS_DIRECTORY, or empty.
};

/// The secret from one of its places, without asking anybody; nothing where it is in none.
std::optional<ossl::Secret> read_known_secret(const SecretSource& source);
/// The secret; asks at a terminal as the last resort. Throws Error::Kind::usage when it is nowhere
/// and nobody can be asked.
ossl::Secret read_secret(const SecretSource& source, Context& context);
/// The same for a new secret: a prompt asks twice.
ossl::Secret read_new_secret(const SecretSource& source, Context& context);

SecretSource passphrase_source(const std::string& file);

/// How tokens are reached: their modules (PKCS11_MODULE_PATH, else those registered with p11-kit),
/// and where their PIN comes from. `variable` is empty for SEALWRIGHT_PIN. Nothing is read before a
/// token wants its PIN.
ossl::TokenOptions token_options(const std::string& pin_file, const std::string& variable,
                                 Context& context);

}  // namespace sealwright::cli
