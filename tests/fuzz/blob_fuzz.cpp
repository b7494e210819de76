// Certificate blobs: what is read has its certificate, and is recognised as a file, too.

#include "attempt.h"
#include "bundle/blob.h"
#include "bundle/read.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    const auto blob = bundle::read_blob(bytes);
    require(!blob.certificate.der().empty());
    require(bundle::read_blob(bundle::encode_blob(blob.certificate)).certificate ==
            blob.certificate);
  });
  // As the only file of an import, whatever it turns out to be.
  attempt([&] { bundle::read_files({{"file", copy(bytes)}}); });
  return 0;
}
