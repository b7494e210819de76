#pragma once
// What this folder knows: libcrypto (its objects, errors, digests, keys and ciphers), DER, and how
// a private key is used without being shown. Above it only x509 sees OpenSSL at all. This header:
// starting libcrypto.

namespace sealwright::ossl {

/// Starts libcrypto once per process, without openssl.cnf: what this program does must not depend
/// on a machine's configuration, and reading it costs start-up time. Called by everything in this
/// folder; code elsewhere calls it before its first own OpenSSL call.
void start_library();

}  // namespace sealwright::ossl
