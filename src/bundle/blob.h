#pragma once
// The certificate Blob: a certificate with its properties, as the registry, Registry.pol and .sst
// files hold it ([MS-GPEF] 2.2.1.1.1).

#include <optional>
#include <vector>

#include "x509/certificate.h"

namespace sealwright::bundle {

/// Property ids (wincrypt.h, CERT_*_PROP_ID).
enum PropertyId : std::uint32_t {
  property_key_provider_info = 2,
  property_sha1 = 3,
  property_enhanced_key_usage = 9,
  property_friendly_name = 11,
  property_key_identifier = 20,
  property_certificate = 32,
  property_revocation_list = 33,
  property_trust_list = 34,
};

struct BlobProperty {
  std::uint32_t id = 0;
  Bytes value;
};

struct Blob {
  std::vector<BlobProperty> properties;  ///< Without the certificate, in the order read.
  x509::Certificate certificate;
  bool certificate_last = true;  ///< As [MS-GPEF] wants it; Windows was never seen to write else.
};

/// Properties 3 (SHA-1), 9 (extended key usages, when given), 20 (key identifier), then the
/// certificate, which comes last.
Bytes encode_blob(const x509::Certificate& certificate,
                  const std::optional<std::vector<Oid>>& purposes = {});

/// Throws Error::Kind::input unless `bytes` are properties and exactly one certificate.
Blob read_blob(BytesView bytes);

/// The next element of a blob or a serialized store. Throws Error::Kind::input where it is cut
/// short, or its reserved field is not 1 (0 in the element of id 0 that ends a store).
BlobProperty read_element(ByteReader& reader);
void put_element(Bytes& to, std::uint32_t id, BytesView value);

}  // namespace sealwright::bundle
