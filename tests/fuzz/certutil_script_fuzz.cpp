// Scripts of any kind, which also stand beside themselves as the files they name.

#include "attempt.h"
#include "bundle_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    bundle::Contents contents;
    bundle::read_certutil_script(bytes, "a.cmd", {{"a.cer", copy(bytes)}, {"a.sst", copy(bytes)}},
                                 contents);
    require_plausible(contents);
  });
  return 0;
}
