#pragma once
// Starting libcrypto.

namespace sealwright::ossl {

/// Starts libcrypto once per process, without openssl.cnf: what this program does must not depend
/// on a machine's configuration, and reading it costs start-up time. Called by everything in this
/// folder; code elsewhere calls it before its first own OpenSSL call.
void start_library();

}  // namespace sealwright::ossl
