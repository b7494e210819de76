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
};

struct BlobProperty {
  std::uint32_t id = 0;
  Bytes value;
};

struct Blob {
  std::vector<BlobProperty> properties;  ///< Without the certificate, in the order read.
  x509::Certificate certificate;
};

/// Properties 3 (SHA-1), 9 (extended key usages, when given), 20 (key identifier), then the
/// certificate, which comes last.
Bytes encode_blob(const x509::Certificate& certificate,
                  const std::optional<std::vector<Oid>>& purposes = {});

/// Throws Error::Kind::input unless `bytes` are properties followed by exactly one certificate.
Blob read_blob(BytesView bytes);

}  // namespace sealwright::bundle
