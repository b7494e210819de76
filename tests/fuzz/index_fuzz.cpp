// index.txt and openssl.cnf of any kind: nothing crashes or hangs, and what is read is whole.

#include "attempt.h"
#include "base/encoding.h"
#include "ca/import_config.h"
#include "ca/import_index.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  const BytesView bytes(data, size);
  attempt([&] {
    for (const auto& entry : ca::read_index(bytes, "index.txt")) {
      require(entry.line > 0 && !entry.serial.value.empty());
      require(entry.revocation.has_value() == (entry.type == ca::IndexEntry::Type::revoked));
    }
  });
  attempt([&] { require(!ca::read_number_file(bytes, "serial").empty()); });
  attempt([&] { require(!ca::read_openssl_config(bytes, "openssl.cnf").section.empty()); });
  return 0;
}
