#pragma once
// Portable executables as far as signatures go: where the checksum and the certificate table are,
// what the Authenticode digest covers, and how a signature gets into the file. One pass over the
// file gives every figure; memory use does not grow with the file.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "base/file.h"
#include "base/progress.h"
#include "ossl/digest.h"

namespace sealwright::signing {

enum class PeFormat { pe32, pe32_plus };

/// Where in the file things are; checked against the file's size.
struct PeLayout {
  PeFormat format = PeFormat::pe32;
  std::uint16_t machine = 0;  ///< IMAGE_FILE_MACHINE_*: 0x14c x86, 0x8664 x64, 0xaa64 ARM64.
  std::uint64_t file_size = 0;
  std::uint64_t checksum_offset = 0;   ///< Of the CheckSum field, 4 bytes.
  std::uint64_t directory_offset = 0;  ///< Of the certificate table's directory entry, 8 bytes.
  std::uint64_t section_table_offset = 0;
  std::uint16_t section_count = 0;
  std::uint32_t section_alignment = 0, file_alignment = 0, header_bytes = 0;
  std::uint32_t checksum = 0;                      ///< As stored.
  std::uint64_t table_offset = 0, table_size = 0;  ///< Both 0 in a file without a signature.

  bool has_table() const { return table_size != 0; }
  /// Where the digested content ends: at the certificate table, else at the end of the file.
  std::uint64_t content_end() const { return has_table() ? table_offset : file_size; }
  /// Bytes after the certificate table. There must be none (MS12-024): Windows refuses such a
  /// signature.
  std::uint64_t trailing_bytes() const {
    return has_table() ? file_size - table_offset - table_size : 0;
  }
};

/// Whether the file starts like a PE: "MZ", and "PE\0\0" where e_lfanew points.
bool is_pe(const InputFile& file);

/// Reads the headers (PE/COFF specification, section 3). Throws Error::Kind::input ("'X' is not a
/// PE file: reason") for other magics, headers outside the file, fewer than 5 data directories, and
/// a certificate table that overlaps the headers or reaches past the end.
PeLayout read_pe(const InputFile& file);

/// The layout of the same file with its signature taken off.
PeLayout without_signature(PeLayout layout);

/// One hash for each page of the image as it is mapped, so that the kernel can check pages as they
/// are read.
struct PageHashes {
  ossl::Digest digest = ossl::Digest::sha256;
  /// Entries of (file offset, 4 bytes little-endian; hash): headers first, a hash of zeros last.
  Bytes table;
  bool operator==(const PageHashes&) const = default;
};

struct DigestOptions {
  std::optional<ossl::Digest> page_hashes;  ///< SHA-1 or SHA-256.
};

struct PeDigests {
  std::vector<Bytes> digests;  ///< In the order asked for.
  /// Of the file as it stands: what its CheckSum field should say.
  std::uint32_t checksum = 0;
  /// Of the content without CheckSum and directory entry, to be added to; see embed_signature().
  std::uint64_t content_sum = 0;
  std::optional<PageHashes> page_hashes;
};

/// Authenticode digests of the image: all bytes but CheckSum, the certificate table's directory
/// entry and the table itself. A file without a table is digested as if zeros padded it to a
/// multiple of 8, as the signer will write it (Authenticode PE specification, "Calculating the PE
/// Image Hash"; makecat does the same). Bytes behind a table are digested, as that demands,
/// although no signature with such bytes counts any more: see PeLayout::trailing_bytes().
PeDigests digest_pe(const InputFile& file, const PeLayout& layout,
                    std::span<const ossl::Digest> algorithms, const DigestOptions& options = {},
                    const Progress& progress = {});

/// One WIN_CERTIFICATE.
struct CertificateEntry {
  std::uint64_t offset = 0;  ///< In the file.
  std::uint32_t length = 0;  ///< dwLength: header, certificate and padding.
  std::uint16_t revision = 0;
  std::uint16_t type = 0;
  Bytes certificate;  ///< With the padding.
};
constexpr std::uint16_t win_certificate_revision = 0x0200, win_certificate_pkcs7 = 0x0002;
constexpr std::size_t max_certificate_table_bytes = 32 * 1024 * 1024;

/// The entries of the certificate table; none without one. At most 64 entries and
/// max_certificate_table_bytes. Throws Error::Kind::input where lengths do not add up to the
/// table's size.
std::vector<CertificateEntry> read_certificate_table(const InputFile& file, const PeLayout& layout);

/// A file that is open for writing, and its name for errors.
struct WritableFile {
  int fd = -1;
  std::filesystem::path name;
};

/// Copies the content of `from` (what digest_pe covers, and the two fields it skips) to the start
/// of the empty file `to`. May run beside a digest of the same file. Throws Error::Kind::io.
void copy_content(const InputFile& from, const PeLayout& layout, const WritableFile& to);

/// Completes a file that holds the content (see copy_content()): pads it, appends `signature` (DER)
/// as the only WIN_CERTIFICATE, points the directory at it and sets CheckSum from `digests` without
/// reading anything again. `layout` and `digests` are those of the input without_signature().
/// Throws Error::Kind::input where the file would reach 4 GiB, Error::Kind::io.
void embed_signature(const PeLayout& layout, const PeDigests& digests, BytesView signature,
                     const WritableFile& to);

}  // namespace sealwright::signing
