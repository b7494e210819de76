#pragma once
// Microsoft's private key files (.pvk): what makecert -sv writes and pvk2pfx reads.

#include "ossl/key.h"

namespace sealwright::x509 {

constexpr std::size_t max_pvk_bytes = 64 * 1024;

struct PvkInfo {
  bool encrypted = false;
  bool exchange = false;  ///< Key type AT_KEYEXCHANGE (1); else AT_SIGNATURE (2).
};
bool looks_like_pvk(BytesView bytes);
/// The header alone. Throws Error::Kind::input for a file that is none, is cut short, or whose
/// lengths contradict each other.
PvkInfo pvk_info(BytesView bytes);
/// Plain, weakly (40-bit RC4) and strongly (128-bit RC4) encrypted files of RSA keys. The password
/// of a plain file is not looked at. There is no MAC: a wrong password shows by what comes out, and
/// every number is held against the others, so that a damaged key is never used.
///
/// Throws Error::Kind::input: "needs a password", "wrong password", what is malformed, "DSA keys
/// are not read"; Error::Kind::crypto when OpenSSL's legacy provider, which has RC4, cannot be
/// loaded.
ossl::PrivateKey read_pvk(BytesView bytes, const ossl::Secret* password);

}  // namespace sealwright::x509
