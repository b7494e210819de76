#pragma once
// Signing files and reading their signatures: what kind of file it is decides how.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "signing/authenticode.h"

namespace sealwright::signing {

/// By content; scripts, which carry no mark, by the ending of their names.
enum class FileKind { pe, catalog, msi, cab, script, other };
std::string_view to_text(FileKind kind);  ///< "pe", "catalog", …
FileKind detect(const InputFile& file);
FileKind detect(const std::filesystem::path& path);

struct SignedFile {
  FileKind kind = FileKind::other;
  ossl::Digest digest = ossl::Digest::sha256;
  std::string file_digest;  ///< Hex: Authenticode digest of a PE, digest of a catalog's content.
  std::string signature_sha256;  ///< Hex, of the signature's DER.
  std::optional<TimestampFacts> timestamp;
  bool replaced = false;  ///< The file had a signature, which is gone.
};

constexpr std::size_t max_catalog_bytes = 64 * 1024 * 1024;

/// Signs `in` into `out`; the same path signs in place (a new file is renamed over the old one). A
/// signature that is there already is replaced. `out` gets the permissions of `in`. On any failure
/// `out` is as before. Throws Error::Kind::input for files that cannot be signed,
/// Error::Kind::state where `out` exists and `existing` says refuse.
SignedFile sign_file(const std::filesystem::path& in, const std::filesystem::path& out,
                     const Identity& identity, const SignOptions& options,
                     Existing existing = Existing::refuse, const Progress& progress = {});

/// One signature of a file, read but not judged.
struct EmbeddedSignature {
  Bytes der;
  std::string defect;  ///< Why it cannot be read; everything below it is then empty.
  x509::SignedData data;
  std::optional<IndirectData> indirect;  ///< Where the content is one.
  std::optional<OpusInfo> opus;
  std::vector<TimestampFacts> timestamps;
  std::vector<std::string> timestamp_defects;  ///< Of timestamps that cannot be read.

  /// The signer, and its certificate where that came along; null otherwise.
  const x509::SignerInfo* signer() const {
    return data.signers.empty() ? nullptr : &data.signers.front();
  }
  const x509::Certificate* certificate() const;
};

/// What is wrong around the signatures.
struct FileDefect {
  enum class Kind {
    bad_table,        ///< The certificate table's entries do not add up, or are of unknown kind.
    trailing_bytes,   ///< Bytes after the certificate table, or after a catalog.
    several_entries,  ///< More than one WIN_CERTIFICATE; only the first is read.
    padding,          ///< Bytes other than zeros, or more than needed, after the signature.
  };
  Kind kind = Kind::bad_table;
  std::string text;  ///< For people, lower case.
};

struct FileSignature {
  FileKind kind = FileKind::other;
  std::uint64_t file_size = 0;
  /// The primary one first, then the nested ones; empty = the file is not signed.
  std::vector<EmbeddedSignature> signatures;
  std::vector<FileDefect> defects;

  std::optional<PeLayout> layout;  ///< PE only, as are the fields below.
  /// Digests of the image for every algorithm that a signature uses.
  std::map<ossl::Digest, Bytes> computed;
  std::optional<std::uint32_t> checksum;  ///< What CheckSum should say.
  std::optional<PageHashes> page_hashes;  ///< Computed, where the primary signature has some.
};

struct ReadOptions {
  std::vector<ossl::Digest> digests;  ///< To compute in any case.
};

/// Reads the signatures of a PE or a catalog. A damaged signature is a value (`defect`, `defects`);
/// so is none at all. Throws Error::Kind::input for files of other kinds ("not supported by this
/// version") and for PE headers that cannot be read.
FileSignature read_signature(const std::filesystem::path& path, const ReadOptions& options = {},
                             const Progress& progress = {});

/// Reads one signature (ContentInfo) with everything in it but nested ones. `der` may have zeros
/// after it. Never throws for what is in it.
EmbeddedSignature read_embedded(BytesView der);

}  // namespace sealwright::signing
