// PKCS#11 URIs: nothing crashes, and what is accepted names the same object when it is written
// again.

#include "attempt.h"
#include "ossl/pkcs11.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  attempt([&] {
    try {
      const auto uri = ossl::TokenUri::parse(text);
      const auto again = uri.for_object(uri.object(), uri.id());
      require(again.object() == uri.object() && again.id() == uri.id());
      require(again.pin_file() == uri.pin_file());
    } catch (const Error& error) {
      // A PIN in the URI.
      if (error.kind != Error::Kind::policy) throw;
      require(error.message.find("pin-value") == std::string::npos);
    }
  });
  return 0;
}
