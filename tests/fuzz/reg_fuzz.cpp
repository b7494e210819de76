// .reg files: every change means something, or nothing, or is a fault.

#include "bundle_readings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] { require_meaning(bundle::reg_changes(bytes, "")); });
  return 0;
}
