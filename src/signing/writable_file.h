#pragma once
// Inside signing only: writing to a WritableFile.

#include "signing/pe.h"

namespace sealwright::signing {

/// Throws Error::Kind::io with what the system says about `error` (errno).
[[noreturn]] void cannot_write(const WritableFile& to, int error);

void write_at(const WritableFile& to, std::uint64_t offset, BytesView bytes);

}  // namespace sealwright::signing
