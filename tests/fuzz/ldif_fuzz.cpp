// LDIF of any kind: nothing crashes or hangs, and nothing outside it is opened.

#include "attempt.h"
#include "bundle_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    bundle::Contents contents;
    bundle::read_ldif(bytes, "a.ldif", contents);
    require_plausible(contents);
  });
  return 0;
}
