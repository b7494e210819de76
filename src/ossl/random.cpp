#include "ossl/random.h"

#include <openssl/rand.h>

#include "ossl/failure.h"
#include "ossl/library.h"

namespace sealwright::ossl {

Random system_random() {
  return [](std::span<std::uint8_t> into) {
    start_library();
    if (RAND_bytes_ex(nullptr, into.data(), into.size(), 0) != 1)
      throw failure(Error::Kind::crypto, "no random numbers from the system");
  };
}

Bytes random_bytes(const Random& random, std::size_t count) {
  Bytes bytes(count);
  random(bytes);
  return bytes;
}

}  // namespace sealwright::ossl
