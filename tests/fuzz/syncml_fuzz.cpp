// SyncML of any kind: nothing crashes, hangs or expands.

#include "attempt.h"
#include "bundle_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    bundle::Contents contents;
    bundle::read_syncml(bytes, "a.xml", contents);
    require_plausible(contents);
  });
  return 0;
}
