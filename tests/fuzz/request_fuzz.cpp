// Requests of any kind: nothing crashes; what is read is exactly what was given, and says the same
// again.

#include "attempt.h"
#include "x509/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    const auto request = x509::Request::from_der(bytes);
    require(equal(request.der(), bytes));
    require(x509::read_request(view(request.to_pem())) == request);
    require(request.extensions().size() <= x509::max_request_extensions);
    for (const auto& extension : request.extensions())
      require(request.extension(extension.oid) == &extension);
    request.verified();
    request.subject().text();
  });
  attempt([&] { x509::read_request(bytes); });
  return 0;
}
