// Registry.xml of preferences: every item means something, or nothing, or is a fault.

#include "bundle_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    bundle::Contents contents;
    const auto changes = bundle::registry_xml_changes(bytes, "", contents.faults);
    require_meaning(changes, std::move(contents));
  });
  return 0;
}
