// PVK files of any kind: nothing crashes, and a key that is read is whole, and the same after it is
// written and read again.

#include <algorithm>

#include "attempt.h"
#include "x509/pvk.h"

namespace {
using namespace sealwright;

void zeros(std::span<std::uint8_t> salt) { std::ranges::fill(salt, std::uint8_t{0}); }

/// A modulus shorter than the file says may leave its primes no room.
void write(const ossl::PrivateKey& key, const x509::PvkOptions& options) {
  attempt([&] {
    const auto file = x509::write_pvk(key, options);
    const auto again = x509::open_pvk(file.view(), options.password);
    require(again.key.public_key() == key.public_key());
    require(equal(again.key.to_pkcs8().view(), key.to_pkcs8().view()));
    require(x509::pvk_info(file.view()).type == options.type);
    require((again.encryption == x509::PvkEncryption::strong) == (options.password != nullptr));
  });
}

void read(BytesView bytes, const ossl::Secret* password) {
  const auto key = x509::read_pvk(bytes, password);
  require(key.public_key().type() == ossl::KeyType::rsa);
  require(x509::looks_like_pvk(bytes));
  const auto info = x509::pvk_info(bytes);
  require(!info.encrypted || password);
  write(key, {info.type, info.encrypted ? password : nullptr, zeros});
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  static const ossl::Secret password("seed");  // Of the encrypted ones in the corpus.
  attempt([&] { x509::pvk_info(bytes); });
  attempt([&] { read(bytes, nullptr); });
  attempt([&] { read(bytes, &password); }, Error::Kind::crypto);
  return 0;
}
