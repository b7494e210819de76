// Profiles of Intune of any kind: nothing crashes or hangs.

#include "attempt.h"
#include "bundle_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    bundle::Contents contents;
    bundle::read_intune_profile(bytes, "a.json", contents);
    require_plausible(contents);
  });
  return 0;
}
