#include "bundle/blob.h"

#include "base/error.h"
#include "ossl/digest.h"

namespace sealwright::bundle {
namespace {

constexpr std::uint32_t reserved = 1;  // [MS-GPEF] 2.2.1.1.1: MUST be 1

}  // namespace

void put_element(Bytes& to, std::uint32_t id, BytesView value) {
  put_u32le(to, id);
  put_u32le(to, reserved);
  put_u32le(to, static_cast<std::uint32_t>(value.size()));
  append(to, value);
}

Bytes encode_blob(const x509::Certificate& certificate,
                  const std::optional<std::vector<Oid>>& purposes) {
  Bytes blob;
  put_element(blob, property_sha1, certificate.thumbprint().value);
  if (purposes)
    put_element(blob, property_enhanced_key_usage,
                x509::extended_key_usage_extension(*purposes, false).value);
  const auto identifier = certificate.subject_key_identifier();
  put_element(blob, property_key_identifier,
              identifier ? *identifier : certificate.public_key().key_identifier());
  put_element(blob, property_certificate, certificate.der());
  return blob;
}

BlobProperty read_element(ByteReader& reader) {
  BlobProperty element;
  element.id = reader.u32();
  if (reader.u32() != (element.id == 0 ? 0 : reserved))
    throw Error(Error::Kind::input, "certificate blob: the reserved field of property " +
                                        std::to_string(element.id) + " is not 1");
  element.value = copy(reader.take(reader.u32()));
  return element;
}

Blob read_blob(BytesView bytes) {
  ByteReader reader(bytes, "certificate blob");
  std::vector<BlobProperty> properties;
  std::optional<x509::Certificate> certificate;
  bool last = false;
  while (!reader.at_end()) {
    auto element = read_element(reader);
    if (element.id == 0)
      throw Error(Error::Kind::input, "certificate blob: an end inside it (property 0)");
    last = element.id == property_certificate;
    if (last && certificate)
      throw Error(Error::Kind::input, "certificate blob: it holds a second certificate");
    if (last)
      certificate = x509::Certificate::from_der(element.value);
    else
      properties.push_back(std::move(element));
  }
  if (!certificate)
    throw Error(Error::Kind::input, "certificate blob: there is no certificate in it");
  return {std::move(properties), std::move(*certificate), last};
}

}  // namespace sealwright::bundle
