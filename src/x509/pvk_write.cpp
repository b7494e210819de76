#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "ossl/der.h"
#include "x509/pvk.h"
#include "x509/pvk_parts.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;
using ossl::Secret;

/// Puts fields into bytes of a known size, so that no copy of a key is left behind by growing.
class Fields {
 public:
  explicit Fields(std::size_t size) : bytes_(size) {}

  void u32(std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes_.writable()[at_++] = value >> shift & 0xff;
  }
  void put(BytesView value) {
    std::ranges::copy(value, bytes_.writable().begin() + std::ptrdiff_t(at_));
    at_ += value.size();
  }
  /// A big-endian number, little-endian in a field of `size` bytes.
  void number(BytesView value, std::size_t size) {
    while (!value.empty() && value.front() == 0) value = value.subspan(1);
    if (value.size() > size)
      throw Error(Error::Kind::input, "a PVK file has no room for the numbers of this RSA key",
                  "it holds an exponent of 32 bits and two primes of equal length");
    std::ranges::reverse_copy(value, bytes_.writable().begin() + std::ptrdiff_t(at_));
    at_ += size;
  }
  Secret take() { return std::move(bytes_); }

 private:
  Secret bytes_;
  std::size_t at_ = 0;
};

/// RSAPrivateKey (RFC 8017, A.1.2) inside PrivateKeyInfo (RFC 5208).
der::Reader rsa_private_key(const Secret& pkcs8) {
  der::Reader outer(pkcs8.view(), "private key");
  der::Reader info = outer.enter(der::sequence_tag);
  info.integer_content();  // Version.
  info.next(der::sequence_tag);
  der::Reader key(info.octet_string(), "private key");
  der::Reader numbers = key.enter(der::sequence_tag);
  if (numbers.small_integer() != 0)
    throw Error(Error::Kind::input, "a PVK file holds RSA keys of two primes only");
  return numbers;
}

/// RSAPUBKEY (wincrypt.h) and the numbers behind it: what is encrypted.
Secret body_of(const ossl::PrivateKey& key) {
  const auto bits = static_cast<std::uint32_t>(key.public_key().bits());
  const pvk::Sizes sizes(bits);
  const Secret pkcs8 = key.to_pkcs8();
  der::Reader numbers = rsa_private_key(pkcs8);
  const BytesView n = numbers.integer_content(), e = numbers.integer_content();
  const BytesView d = numbers.integer_content();
  Fields body(12 + sizes.numbers());
  body.u32(pvk::rsa_magic);
  body.u32(bits);
  body.number(e, 4);
  body.number(n, sizes.whole);
  for (int i = 0; i < 5; ++i)  // p, q, dP, dQ, qInv: the same order in both.
    body.number(numbers.integer_content(), sizes.half);
  body.number(d, sizes.whole);
  return body.take();
}

}  // namespace

Secret write_pvk(const ossl::PrivateKey& key, const PvkOptions& options) {
  if (key.public_key().type() != ossl::KeyType::rsa)
    throw Error(Error::Kind::input,
                fmt::format("a PVK file holds RSA keys only, and this one is {}",
                            key.public_key().description()));
  Secret body = body_of(key);
  Bytes salt;
  if (options.password) {
    salt = ossl::random_bytes(options.random, pvk::salt_bytes);
    body = pvk::rc4(body.view(), pvk::key_of(salt, *options.password));
  }
  const bool exchange = options.type == PvkKeyType::exchange;
  const std::size_t blob_bytes = pvk::blob_header_bytes + body.size();
  Fields file(24 + salt.size() + blob_bytes);
  file.u32(pvk::file_magic);
  file.u32(0);  // Reserved.
  file.u32(exchange ? pvk::type_exchange : pvk::type_signature);
  file.u32(options.password ? 1 : 0);
  file.u32(static_cast<std::uint32_t>(salt.size()));
  file.u32(static_cast<std::uint32_t>(blob_bytes));
  file.put(salt);
  file.u32(0x0207);  // BLOBHEADER: PRIVATEKEYBLOB, version 2.
  file.u32(exchange ? pvk::rsa_exchange : pvk::rsa_sign);
  file.put(body.view());
  return file.take();
}

}  // namespace sealwright::x509
