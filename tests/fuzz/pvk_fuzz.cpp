// PVK files of any kind: nothing crashes, and a key that is read is whole.

#include "attempt.h"
#include "x509/pvk.h"

namespace {
using namespace sealwright;

void read(BytesView bytes, const ossl::Secret* password) {
  attempt([&] {
    const auto key = x509::read_pvk(bytes, password);
    require(key.public_key().type() == ossl::KeyType::rsa);
    require(x509::looks_like_pvk(bytes));
    require(!x509::pvk_info(bytes).encrypted || password);
    const auto again = ossl::PrivateKey::from_pkcs8(key.to_pkcs8().view());
    require(again.public_key() == key.public_key());
  });
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  static const ossl::Secret password("seed");  // Of the encrypted ones in the corpus.
  attempt([&] { x509::pvk_info(bytes); });
  read(bytes, nullptr);
  read(bytes, &password);
  return 0;
}
