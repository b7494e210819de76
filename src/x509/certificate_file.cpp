// Files that hold certificates: DER, PEM, PKCS#7.

#include "base/error.h"
#include "x509/certificate.h"
#include "x509/content.h"
#include "x509/pem.h"
#include "x509/pkcs7.h"

namespace sealwright::x509 {
namespace {

/// What nothing is known about is read as a certificate, so that the error says where it is none.
void read_der(BytesView bytes, std::vector<Certificate>& into) {
  if (content_of_der(bytes) != Content::pkcs7) return into.push_back(Certificate::from_der(bytes));
  for (auto& certificate : read_signed_data(bytes).certificates)
    into.push_back(std::move(certificate));
}

void read_block(const PemBlock& block, std::vector<Certificate>& into) {
  const auto content = content_of_label(block.label);
  if (content == Content::certificate) into.push_back(Certificate::from_der(block.der));
  if (content == Content::pkcs7) read_der(block.der, into);
}

}  // namespace

Certificate read_trusted_certificate(BytesView bytes) {
  return Certificate::from_der(ossl::der::Reader(bytes, "the certificate").next().whole);
}

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
