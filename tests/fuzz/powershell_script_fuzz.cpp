// PowerShell scripts of any kind: nothing crashes or hangs, and nothing is run.

#include "attempt.h"
#include "bundle_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    bundle::Contents contents;
    bundle::read_powershell_script(bytes, "a.ps1", contents);
    require_plausible(contents);
  });
  return 0;
}
