// Serialized stores of any kind: nothing crashes or grows beyond its file.

#include "attempt.h"
#include "bundle_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    bundle::Contents contents;
    bundle::read_serialized_store(bytes, "a.sst", contents);
    require_plausible(contents);
  });
  return 0;
}
