#pragma once
// PEM (RFC 7468): blocks between BEGIN and END lines.

#include <string>
#include <vector>

#include "base/bytes.h"

namespace sealwright::x509 {

struct PemBlock {
  std::string label;    ///< "CERTIFICATE"
  std::string headers;  ///< RFC 1421 header lines (Proc-Type, DEK-Info), or empty.
  Bytes der;
};

std::string to_pem(const std::string& label, BytesView der);
bool looks_like_pem(BytesView bytes);
/// All blocks in order; text between them is skipped. Throws Error::Kind::input for a block that
/// does not end or is not base64.
std::vector<PemBlock> read_pem(BytesView text);

}  // namespace sealwright::x509
