#pragma once
// Authenticode signatures: what is said about a file (SpcIndirectDataContent), who said it and with
// which attributes. "Windows Authenticode Portable Executable Signature Format", 2008-03-21; what
// real files hold where that says nothing.

#include <optional>
#include <string>
#include <vector>

#include "ossl/signer.h"
#include "signing/oids.h"
#include "signing/pe.h"
#include "signing/timestamp.h"
#include "x509/pkcs7.h"

namespace sealwright::signing {

/// SpcIndirectDataContent: the digest of a file and how to calculate it.
struct IndirectData {
  Oid type;     ///< data.type: oids::pe_image_data, cab_data, …
  Bytes value;  ///< data.value: one DER element, or empty.
  ossl::Digest digest = ossl::Digest::sha256;
  Bytes message_digest;
};
Bytes encode(const IndirectData& data);
/// `der` is exactly one SpcIndirectDataContent. Throws Error::Kind::input.
IndirectData read_indirect_data(BytesView der);

/// SpcPeImageData.flags: signatures in files have none, members of catalogs these two.
enum class ImageFlags { none, resources_and_import_tables };
/// SpcPeImageData. `link` is there when there are no page hashes; Microsoft's tools wrote
/// "<<<Obsolete>>>" and since about 2017 nothing.
Bytes pe_image_data(ImageFlags flags, const std::optional<PageHashes>& page_hashes = {},
                    std::string_view link = {});
/// An SpcLink that names a file: the value of SPC_CAB_DATA, also for flat files in catalogs.
Bytes spc_file_link(std::string_view link = {});
/// Page hashes inside an SpcPeImageData; nothing where it has none. Throws Error::Kind::input.
std::optional<PageHashes> read_page_hashes(BytesView pe_image_data);

/// SpcSpOpusInfo: what the publisher says about the file.
struct OpusInfo {
  std::string description;  ///< programName
  std::string url;          ///< moreInfo
};
Bytes encode(const OpusInfo& info);
OpusInfo read_opus_info(BytesView der);

/// Whose signatures these are. The chain may hold the root; it is left out of signatures unless
/// SignOptions::include_root says otherwise.
struct Identity {
  x509::Certificate certificate;
  std::vector<x509::Certificate> chain;
  ossl::Signer* signer = nullptr;  ///< Not owned; its key is the certificate's.
};

struct SignOptions {
  /// Of the file, the attributes and the timestamp's imprint: sha1, sha256, sha384 or sha512.
  ossl::Digest digest = ossl::Digest::sha256;
  std::string description = {}, url = {};
  /// Added to the signature's certificates.
  std::vector<x509::Certificate> cross_certificates = {};
  bool include_root = false;              ///< The chain's root goes along too.
  bool page_hashes = false;               ///< PE only.
  std::optional<Time> signing_time = {};  ///< The signer's own claim; written only if given.
  Timestamper* timestamp = nullptr;       ///< Not owned; null = no timestamp.
};

struct Signature {
  Bytes der;  ///< ContentInfo(signedData)
  std::optional<TimestampFacts> timestamp;
};

/// Signs `content` (one DER element) as Microsoft's tools do: SignedData version 1; attributes
/// contentType, SpcSpOpusInfo, SpcStatementType (individual), messageDigest; certificates = leaf,
/// chain without self-signed ones, cross-certificates, sorted, no duplicates. The same input gives
/// the same bytes for RSA. Throws Error::Kind::input when the signer's key is not the
/// certificate's, and what signer and timestamper throw.
Signature sign_content(const Oid& content_type, BytesView content, const Identity& identity,
                       const SignOptions& options);

}  // namespace sealwright::signing
