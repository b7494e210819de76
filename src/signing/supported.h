#pragma once
// Inside signing only: what signing and reading signatures share about kinds of files.

#include "signing/file.h"

namespace sealwright::signing {

/// Throws Error::Kind::input for a file of a kind that this version neither signs nor reads.
void demand_supported(const InputFile& file, FileKind kind);

/// All of a catalog; at most max_catalog_bytes.
Bytes read_catalog_bytes(const InputFile& file);

}  // namespace sealwright::signing
