// PKCS#7 of any kind: nothing crashes, and what is accepted says the same after it is written and
// read again.

#include <cstdlib>

#include "attempt.h"
#include "base/error.h"
#include "x509/pkcs7.h"

namespace {
using namespace sealwright;
using namespace sealwright::x509;

void check_all(const SignedData& data) {
  for (const SignerInfo& signer : data.signers) {
    // The signer named, and one who is not.
    if (const Certificate* certificate = find_certificate(signer, data.certificates))
      check(signer, digested_content(data), *certificate);
    if (!data.certificates.empty()) check(signer, {}, data.certificates.front());
    for (const Attribute& attribute : signer.unauthenticated)
      for (const Bytes& value : attribute.values) attempt([&] { read_signer_info(value); });
  }
}

void read(BytesView bytes) {
  std::size_t trailing = 0;
  const SignedData data = read_signed_data(bytes, &trailing);
  if (trailing > bytes.size()) std::abort();
  check_all(data);
  const Bytes written = encode(data, CertificateOrder::as_given);
  const SignedData again = read_signed_data(written);
  if (encode(again, CertificateOrder::as_given) != written || again.content != data.content ||
      again.certificates != data.certificates || again.signers.size() != data.signers.size())
    std::abort();
  encode(data, CertificateOrder::sorted);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  attempt([&] { read(bytes); });
  attempt([&] { read_signer_info(bytes); });
  return 0;
}
