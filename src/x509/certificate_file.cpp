// Files that hold certificates: DER, PEM, PKCS#7.

#include "base/error.h"
#include "x509/certificate.h"
#include "x509/content.h"
#include "x509/pem.h"
#include "x509/pkcs7.h"

namespace sealwright::x509 {
namespace {

void read_content(Content content, BytesView bytes, std::vector<Certificate>& into) {
  if (content == Content::certificate) into.push_back(Certificate::from_der(bytes));
  if (content == Content::trusted_certificate) into.push_back(read_trusted_certificate(bytes));
  if (content == Content::pkcs7)
    for (auto& certificate : read_signed_data(bytes).certificates)
      into.push_back(std::move(certificate));
}

/// What nothing is known about is read as a certificate, so that the error says where it is none.
void read_der(BytesView bytes, std::vector<Certificate>& into) {
  const auto content = content_of_der(bytes);
  read_content(content == Content::other ? Content::certificate : content, bytes, into);
}

}  // namespace

Certificate read_trusted_certificate(BytesView bytes) {
  return Certificate::from_der(ossl::der::Reader(bytes, "the certificate").next().whole);
}

std::vector<Certificate> read_certificates(BytesView bytes) {
  std::vector<Certificate> certificates;
  if (looks_like_pem(bytes))
    for (const PemBlock& block : read_pem(bytes))
      read_content(content_of_label(block.label), block.der, certificates);
  else
    read_der(bytes, certificates);
  if (certificates.empty())
    throw Error(Error::Kind::input, "no certificate found",
                "give a certificate (.cer, .crt, .pem) or a PKCS#7 file (.p7b, .spc)");
  return certificates;
}

}  // namespace sealwright::x509
