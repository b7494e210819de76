// The Spc… structures ("Windows Authenticode Portable Executable Signature Format", 2008,
// "Authenticode Signature Format"), read and written.

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "signing/authenticode.h"

namespace sealwright::signing {
namespace der = ossl::der;
namespace {

constexpr const char* indirect_what = "the signed digest (SpcIndirectDataContent)";
constexpr const char* image_what = "the image data (SpcPeImageData)";
constexpr const char* opus_what = "the description (SpcSpOpusInfo)";

/// The class of the serialized object that holds page hashes.
constexpr std::uint8_t page_hashes_class[] = {0xa6, 0xb5, 0x86, 0xd5, 0xb4, 0xa1, 0x24, 0x66,
                                              0xae, 0x05, 0xa2, 0x17, 0xda, 0x8e, 0x60, 0xd6};

/// SpcString ::= CHOICE { unicode [0] IMPLICIT BMPSTRING, ascii [1] IMPLICIT IA5STRING }
std::string read_spc_string(der::Reader reader) {
  const der::Element element = reader.next();
  reader.end();
  if (element.tag == der::context(0)) return from_utf16be(element.content);
  return text(element.content);
}

Bytes spc_unicode(std::string_view utf8) { return der::element(der::context(0), utf16be(utf8)); }

/// SpcLink's moniker: SpcSerializedObject with SET { SEQUENCE { algorithm, SET { hashes } } } in
/// it.
Bytes page_hashes_link(const PageHashes& hashes) {
  const Oid& type =
      hashes.digest == ossl::Digest::sha1 ? oids::page_hashes_sha1 : oids::page_hashes_sha256;
  const Bytes attribute =
      der::sequence({der::oid(type), der::set_of({der::octet_string(hashes.table)})});
  return der::constructed(
      der::context_constructed(1),
      {der::octet_string(page_hashes_class), der::octet_string(der::set_of({attribute}))});
}

PageHashes read_page_hashes_attribute(der::Reader attribute) {
  const Oid type = attribute.oid();
  if (type != oids::page_hashes_sha1 && type != oids::page_hashes_sha256)
    throw Error(Error::Kind::input, "page hashes of unknown kind " + type.text());
  der::Reader values = attribute.enter(der::set_tag);
  PageHashes hashes{type == oids::page_hashes_sha1 ? ossl::Digest::sha1 : ossl::Digest::sha256,
                    copy(values.octet_string())};
  values.end();
  attribute.end();
  return hashes;
}

}  // namespace

Bytes encode(const IndirectData& data) {
  const Bytes algorithm = der::sequence({der::oid(ossl::oid_of(data.digest)), der::null()});
  return der::sequence({der::sequence({der::oid(data.type), data.value}),
                        der::sequence({algorithm, der::octet_string(data.message_digest)})});
}

IndirectData read_indirect_data(BytesView bytes) {
  der::Reader fields(der::only_element(bytes, der::sequence_tag, indirect_what).content,
                     indirect_what);
  IndirectData data;
  der::Reader subject = fields.enter(der::sequence_tag);
  data.type = subject.oid();
  if (!subject.at_end()) data.value = copy(subject.next().whole);
  subject.end();
  der::Reader info = fields.enter(der::sequence_tag);
  const Oid algorithm = info.enter(der::sequence_tag).oid();
  const auto digest = ossl::digest_by_oid(algorithm);
  if (!digest)
    throw Error(Error::Kind::input, std::string(indirect_what) + " uses the digest algorithm " +
                                        algorithm.text() + ", which is not supported");
  data.digest = *digest;
  data.message_digest = copy(info.octet_string());
  info.end();
  fields.end();
  return data;
}

Bytes pe_image_data(ImageFlags flags, const std::optional<PageHashes>& page_hashes,
                    std::string_view link) {
  // As Microsoft writes them: no bit in files, includeResources and includeImportAddressTable in
  // catalogs.
  const Bytes bits = flags == ImageFlags::none ? der::bit_string({}) : der::named_bits(0b101);
  const Bytes file = page_hashes ? page_hashes_link(*page_hashes) : spc_file_link(link);
  return der::sequence({bits, der::constructed(der::context_constructed(0), {file})});
}

Bytes spc_file_link(std::string_view link) {
  return der::constructed(der::context_constructed(2), {spc_unicode(link)});
}

std::optional<PageHashes> read_page_hashes(BytesView bytes) {
  der::Reader fields(der::only_element(bytes, der::sequence_tag, image_what).content, image_what);
  fields.next_if(der::bit_string_tag);
  auto link = fields.enter_if(der::context_constructed(0));
  if (!link) return std::nullopt;
  auto moniker = link->enter_if(der::context_constructed(1));
  if (!moniker) return std::nullopt;
  if (!equal(moniker->octet_string(), page_hashes_class)) return std::nullopt;
  der::Reader attributes(
      der::only_element(moniker->octet_string(), der::set_tag, image_what).content, image_what);
  return read_page_hashes_attribute(attributes.enter(der::sequence_tag));
}

Bytes encode(const OpusInfo& info) {
  std::vector<Bytes> fields;
  if (!info.description.empty())
    fields.push_back(
        der::constructed(der::context_constructed(0), {spc_unicode(info.description)}));
  if (!info.url.empty())  // moreInfo [1] EXPLICIT SpcLink, url [0] IMPLICIT IA5String
    fields.push_back(der::constructed(der::context_constructed(1),
                                      {der::element(der::context(0), view(info.url))}));
  return der::sequence(fields);
}

OpusInfo read_opus_info(BytesView bytes) {
  der::Reader fields(der::only_element(bytes, der::sequence_tag, opus_what).content, opus_what);
  OpusInfo info;
  if (const auto name = fields.enter_if(der::context_constructed(0)))
    info.description = read_spc_string(*name);
  if (auto link = fields.enter_if(der::context_constructed(1))) {
    const der::Element element = link->next();
    if (element.tag == der::context(0)) info.url = text(element.content);
    if (element.tag == der::context_constructed(2))
      info.url = read_spc_string({element.content, opus_what});
  }
  return info;
}

}  // namespace sealwright::signing
