// Reading the signatures of files. What is damaged inside a signature is a value: whether it is
// bad, and how, is for others to say.

#include <algorithm>
#include <set>

#include "base/error.h"
#include "signing/file.h"
#include "signing/pe_pages.h"
#include "signing/supported.h"

namespace sealwright::signing {
namespace {

constexpr std::size_t max_nested = 32, max_timestamps = 32;

/// Runs `read`; what it throws about the input becomes text.
template <class Read>
std::string defect_of(Read read) {
  try {
    read();
    return {};
  } catch (const Error& error) {
    return error.message;
  }
}

void read_timestamps(const x509::SignerInfo& signer, EmbeddedSignature& into) {
  const auto keep = [&into](auto read) {
    if (into.timestamps.size() + into.timestamp_defects.size() == max_timestamps) return;
    std::string defect = defect_of([&] { into.timestamps.push_back(read()); });
    if (!defect.empty()) into.timestamp_defects.push_back(std::move(defect));
  };
  for (const x509::Attribute& attribute : signer.unauthenticated)
    for (const Bytes& value : attribute.values) {
      if (attribute.type == oids::timestamp_token) keep([&] { return read_token(value); });
      if (attribute.type == x509::oids::counter_signature)
        keep([&] { return read_counter_signature(value, into.data.certificates); });
    }
}

/// The signature's DER, its content and its attributes.
std::size_t read_parts(BytesView bytes, EmbeddedSignature& into) {
  std::size_t trailing = 0;
  into.data = x509::read_signed_data(bytes, &trailing);
  into.der = copy(bytes.first(bytes.size() - trailing));
  if (into.data.content_type == oids::indirect_data)
    into.indirect = read_indirect_data(into.data.content);
  if (const x509::SignerInfo* signer = into.signer()) {
    // Not what a signature hangs on: without it there is just no description.
    if (const auto* opus = signer->find_authenticated(oids::opus_info);
        opus && !opus->values.empty())
      defect_of([&] { into.opus = read_opus_info(opus->values.front()); });
    read_timestamps(*signer, into);
  }
  return trailing;
}

/// `trailing` gets the bytes behind the DER.
EmbeddedSignature read_one(BytesView bytes, BytesView* trailing) {
  EmbeddedSignature result;
  std::size_t left = 0;
  std::string defect = defect_of([&] { left = read_parts(bytes, result); });
  if (!defect.empty()) {
    result = EmbeddedSignature{};
    result.der = copy(bytes);
    result.defect = std::move(defect);
  } else if (trailing) {
    *trailing = bytes.last(left);
  }
  return result;
}

void add_nested(FileSignature& file) {
  const x509::SignerInfo* signer = file.signatures.front().signer();
  if (!signer) return;
  std::vector<EmbeddedSignature> nested;
  for (const x509::Attribute& attribute : signer->unauthenticated) {
    if (attribute.type != oids::nested_signature) continue;
    for (const Bytes& value : attribute.values)
      if (nested.size() < max_nested) nested.push_back(read_one(value, nullptr));
  }
  std::ranges::move(nested, std::back_inserter(file.signatures));
}

void judge_padding(BytesView padding, FileSignature& file) {
  const bool zeros = std::ranges::all_of(padding, [](std::uint8_t byte) { return byte == 0; });
  if (padding.size() < 8 && zeros) return;
  file.defects.push_back(
      {FileDefect::Kind::padding,
       zeros ? std::to_string(padding.size()) + " bytes of padding after the signature"
             : "bytes after the signature that are not padding"});
}

void read_table(const InputFile& in, FileSignature& file) {
  std::vector<CertificateEntry> entries;
  const std::string defect = defect_of([&] { entries = read_certificate_table(in, *file.layout); });
  if (!defect.empty()) file.defects.push_back({FileDefect::Kind::bad_table, defect});
  if (file.layout->trailing_bytes() != 0)
    file.defects.push_back(
        {FileDefect::Kind::trailing_bytes,
         std::to_string(file.layout->trailing_bytes()) + " bytes after the certificate table"});
  if (entries.empty()) return;
  if (entries.size() > 1)
    file.defects.push_back({FileDefect::Kind::several_entries,
                            std::to_string(entries.size()) + " entries in the certificate table"});
  const CertificateEntry& entry = entries.front();
  if (entry.type != win_certificate_pkcs7 || entry.revision != win_certificate_revision) {
    file.defects.push_back(
        {FileDefect::Kind::bad_table, "a certificate table entry of unknown kind (revision " +
                                          std::to_string(entry.revision) + ", type " +
                                          std::to_string(entry.type) + ")"});
    return;
  }
  BytesView padding;
  file.signatures.push_back(read_one(entry.certificate, &padding));
  judge_padding(padding, file);
  add_nested(file);
}

std::optional<PageHashes> stored_page_hashes(const EmbeddedSignature& signature) {
  std::optional<PageHashes> result;
  if (signature.indirect && signature.indirect->type == oids::pe_image_data)
    defect_of([&] { result = read_page_hashes(signature.indirect->value); });
  return result;
}

/// Whether page hashes can be calculated at all; where not, those of the signature are left without
/// a match.
bool has_pages(const InputFile& in, const PeLayout& layout, ossl::Digest digest) {
  return defect_of([&] { PageHasher(in, layout, digest); }).empty();
}

void compute(const InputFile& in, const ReadOptions& options, const Progress& progress,
             FileSignature& file) {
  std::set<ossl::Digest> wanted(options.digests.begin(), options.digests.end());
  for (const EmbeddedSignature& signature : file.signatures)
    if (signature.indirect) wanted.insert(signature.indirect->digest);
  const std::vector<ossl::Digest> algorithms(wanted.begin(), wanted.end());
  DigestOptions digest_options;
  if (!file.signatures.empty())
    if (const auto stored = stored_page_hashes(file.signatures.front());
        stored && has_pages(in, *file.layout, stored->digest))
      digest_options.page_hashes = stored->digest;
  PeDigests digests = digest_pe(in, *file.layout, algorithms, digest_options, progress);
  for (std::size_t i = 0; i < algorithms.size(); ++i)
    file.computed[algorithms[i]] = std::move(digests.digests[i]);
  file.checksum = digests.checksum;
  file.page_hashes = std::move(digests.page_hashes);
}

void read_catalog(const InputFile& in, FileSignature& file) {
  const Bytes bytes = read_catalog_bytes(in);
  BytesView trailing;
  EmbeddedSignature signature = read_one(bytes, &trailing);
  if (!trailing.empty())
    file.defects.push_back({FileDefect::Kind::trailing_bytes,
                            std::to_string(trailing.size()) + " bytes after the catalog"});
  if (!signature.defect.empty() || signature.signer())
    file.signatures.push_back(std::move(signature));
}

}  // namespace

const x509::Certificate* EmbeddedSignature::certificate() const {
  return signer() ? x509::find_certificate(*signer(), data.certificates) : nullptr;
}

EmbeddedSignature read_embedded(BytesView der) { return read_one(der, nullptr); }

FileSignature read_signature(const std::filesystem::path& path, const ReadOptions& options,
                             const Progress& progress) {
  const InputFile in(path);
  FileSignature file;
  file.kind = detect(in);
  file.file_size = in.size();
  demand_supported(in, file.kind);
  if (file.kind == FileKind::pe) {
    file.layout = read_pe(in);
    read_table(in, file);
    compute(in, options, progress, file);
  } else {
    read_catalog(in, file);
  }
  return file;
}

}  // namespace sealwright::signing
