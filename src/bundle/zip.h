#pragma once
// Zip files in memory (PKWARE's APPNOTE 6.3): a bundle that is handed over as one file.

#include <vector>

#include "base/time.h"
#include "bundle/output.h"

namespace sealwright::bundle {

inline constexpr std::size_t max_zip_entries = 100'000;
inline constexpr std::size_t max_unpacked_bytes = std::size_t{256} << 20;

/// The files in their order, each with the time `made` (UTC, to two seconds; 1980 to 2107) and no
/// extra fields: the same files give the same bytes, with the same version of zlib. Paths are
/// relative, with '/'.
Bytes write_zip(const std::vector<OutputFile>& files, Time made);

/// The files in `bytes`, in the order of its directory; folders are left out. '\' in a name, as old
/// archivers of Windows write it, is read as '/'.
///
/// Throws Error::Kind::input for what is no zip file, or damaged (CRC-32 of each entry), or packed
/// otherwise than by storing and deflating, or encrypted; for names that are absolute, climb, name
/// a drive, are not UTF-8, hold control characters or stand there twice (in any case of letters);
/// above max_zip_entries, and above max_unpacked_bytes in all, whatever the sizes it declares.
std::vector<OutputFile> read_zip(BytesView bytes);

}  // namespace sealwright::bundle
