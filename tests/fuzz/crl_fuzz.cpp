// Revocation lists of any kind: nothing crashes, and every entry is found by its serial.

#include "attempt.h"
#include "x509/crl.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    const auto list = x509::Crl::from_der(bytes);
    require(equal(list.der(), bytes));
    require(x509::read_crls(view(list.to_pem())) == std::vector{list});
    for (const auto& entry : list.entries()) {
      const auto* found = list.find(entry.serial);
      require(found && found <= &entry && found->serial == entry.serial);
    }
    for (const auto& extension : list.extensions())
      if (extension.critical && extension.oid == x509::oids::delta_crl_indicator)
        require(list.delta() && !list.critical_unknown().empty());
    attempt([&] { list.number(); });
    attempt([&] { list.authority_key_identifier(); });
    list.signature_algorithm();
  });
  attempt([&] { x509::read_crls(bytes); });
  return 0;
}
