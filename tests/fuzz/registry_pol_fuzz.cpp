// Registry.pol: what is read is written back to the same bytes, and means something or is a fault.

#include "bundle/registry_pol.h"
#include "bundle_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    require(equal(bundle::encode_registry_pol(bundle::read_registry_pol(bytes)), bytes));
    bundle::Contents contents;
    const auto changes =
        bundle::registry_pol_changes(bytes, "HKEY_LOCAL_MACHINE", "", contents.faults);
    require_meaning(changes, std::move(contents));
  });
  return 0;
}
