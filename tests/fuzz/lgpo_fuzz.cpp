// LGPO texts: every change means something, or nothing, or is a fault.

#include "attempt.h"
#include "bundle/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    bundle::Contents contents;
    bundle::interpret(bundle::lgpo_changes(bytes, ""), contents);
    for (const auto& found : contents.certificates)
      require(found.certificate || found.action == bundle::FoundCertificate::Action::remove);
  });
  return 0;
}
