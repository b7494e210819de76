#pragma once
// Secrets that people keep in files.

#include <filesystem>

#include "ossl/random.h"
#include "ossl/secret.h"

namespace sealwright::workspace {

/// The first line of the file, without its line end; at most 4,096 bytes. Throws Error::Kind::io,
/// or Error::Kind::input when it is empty or longer. The message names the file, never its content.
ossl::Secret secret_from_file(const std::filesystem::path& path);
/// The same, after a file that is not there was made: 128 random bits in hex, 0600.
ossl::Secret generated_secret(const std::filesystem::path& path, const ossl::Random& random);

}  // namespace sealwright::workspace
