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
/// The header alone. Throws Error::Kind::input.
PvkInfo pvk_info(BytesView bytes);
/// Plain, weakly (40-bit RC4) and strongly (128-bit RC4) encrypted files of RSA keys. Throws
/// Error::Kind::input: "needs a password", "wrong password", what is malformed, "DSA keys are not
/// read".
ossl::PrivateKey read_pvk(BytesView bytes, const ossl::Secret* password);

}  // namespace sealwright::x509
