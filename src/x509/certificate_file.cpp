// Files that hold certificates: DER, PEM, PKCS#7.

#include "base/error.h"
#include "x509/certificate.h"
#include "x509/pem.h"
#include "x509/pkcs7.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;

/// ContentInfo starts with an OBJECT IDENTIFIER, Certificate with a SEQUENCE.
bool is_content_info(BytesView bytes) {
  const std::string what = "the file";
  try {
    return der::Reader(bytes, what).enter(der::sequence_tag).next_is(der::oid_tag);
  } catch (const Error&) {
    // A PKCS#7 file may be BER of indefinite length.
    return bytes.size() > 2 && bytes[0] == der::sequence_tag && bytes[1] == 0x80 &&
           bytes[2] == der::oid_tag;
  }
}

void read_der(BytesView bytes, std::vector<Certificate>& into) {
  if (!is_content_info(bytes)) {
    into.push_back(Certificate::from_der(bytes));
    return;
  }
  for (auto& certificate : read_signed_data(bytes).certificates)
    into.push_back(std::move(certificate));
}

void read_block(const PemBlock& block, std::vector<Certificate>& into) {
  const std::string& label = block.label;
  if (label == "CERTIFICATE" || label == "X509 CERTIFICATE")  // RFC 7468, 5.1 and 5.3
    into.push_back(Certificate::from_der(block.der));
  else if (label == "PKCS7" || label == "CMS" || label == "PKCS #7 SIGNED DATA")
    read_der(block.der, into);
}

}  // namespace

std::vector<Certificate> read_certificates(BytesView bytes) {
  std::vector<Certificate> certificates;
  if (looks_like_pem(bytes))
    for (const PemBlock& block : read_pem(bytes)) read_block(block, certificates);
  else
    read_der(bytes, certificates);
  if (certificates.empty())
    throw Error(Error::Kind::input, "no certificate found",
                "give a certificate (.cer, .crt, .pem) or a PKCS#7 file (.p7b, .spc)");
  return certificates;
}

}  // namespace sealwright::x509
