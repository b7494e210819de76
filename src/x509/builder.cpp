// Certificates written: the to-be-signed part, and the whole with its signature.

#include "base/error.h"
#include "x509/certificate.h"
#include "x509/extension_list.h"

namespace sealwright::x509 {
namespace der = ossl::der;

Bytes encode(const Serial& serial) {
  return serial.negative ? der::element(der::integer_tag, serial.value)
                         : der::positive_integer(serial.value);
}

Bytes encode(const ToBeSigned& to_be_signed) {
  const auto& t = to_be_signed;
  if (t.serial.value.empty())
    throw Error(Error::Kind::internal, "a certificate without a serial number");
  if (t.issuer.empty()) throw Error(Error::Kind::internal, "a certificate without an issuer");
  if (t.not_after < t.not_before)
    throw Error(Error::Kind::internal, "a certificate that ends before it begins");
  const Bytes version_3 = der::element(der::context_constructed(0), der::integer(2));
  Bytes extensions = encode(t.extensions);
  if (!extensions.empty()) extensions = der::element(der::context_constructed(3), extensions);
  return der::sequence({version_3, encode(t.serial), ossl::algorithm_identifier(t.algorithm),
                        t.issuer.der(),
                        der::sequence({der::time(t.not_before), der::time(t.not_after)}),
                        t.subject.der(), t.public_key.spki(), extensions});
}

Certificate assemble(BytesView tbs, const ossl::SignatureAlgorithm& algorithm,
                     BytesView signature) {
  return Certificate::from_der(
      der::sequence({tbs, ossl::algorithm_identifier(algorithm), der::bit_string(signature)}));
}

Serial random_serial(const std::function<void(std::span<std::uint8_t>)>& random) {
  Bytes octets(20);
  random(octets);
  octets[0] &= 0x7f;  // positive without a leading zero octet, which would be the 21st
  std::size_t zeros = 0;
  while (zeros < octets.size() && octets[zeros] == 0) ++zeros;
  if (zeros == octets.size())
    throw Error(Error::Kind::crypto, "the random source gave nothing but zeros");
  octets.erase(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(zeros));
  return {std::move(octets)};
}

}  // namespace sealwright::x509
