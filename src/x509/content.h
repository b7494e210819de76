#pragma once
// What a file or a PEM block holds, told before it is read.

#include <string_view>

#include "base/bytes.h"

namespace sealwright::x509 {

enum class Content {
  certificate,
  trusted_certificate,  ///< OpenSSL's own: what it trusts it for stands behind the certificate.
  crl,
  request,
  pkcs7,
  pfx,
  private_key,
  other,
};

/// By the label of a PEM block: RFC 7468, 5 to 13, and what old programs write.
Content content_of_label(std::string_view label);

/// The label that PEM gives to such DER, with "PKCS12" for a PFX, which no standard names; "" for
/// what content_of_label() would call `other`. Told by the first elements, so that a file that is
/// damaged further behind is still called what it was meant to be. BER of indefinite length is
/// seen, too.
std::string_view label_of_der(BytesView bytes);
Content content_of_der(BytesView bytes);  ///< By that label.

}  // namespace sealwright::x509
