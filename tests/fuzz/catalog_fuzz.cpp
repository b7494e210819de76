// Catalogs of any kind: nothing crashes, and what is accepted says the same after it is written and
// read again.

#include <cstdlib>

#include "attempt.h"
#include "base/error.h"
#include "signing/catalog.h"

namespace {
using namespace sealwright;
using namespace sealwright::signing;

void use(const Catalog& catalog) {
  catalog.hardware_ids();
  catalog.attribute("OS");
  const CatalogIndex index(catalog);
  for (const auto& member : catalog.members) {
    member.attribute("File");
    member.tag_text();
    require(member.digest().empty() || !index.find(member.digest()).empty());
    if (member.data) attempt([&] { read_page_hashes(member.data->value); });
  }
  const Bytes written = encode(catalog);
  const Catalog again = read_trust_list(written);
  require(again.members.size() == catalog.members.size());
  require(again.attributes == catalog.attributes);
  require(encode(again) == written);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  attempt([&] { use(read_catalog(bytes)); });
  attempt([&] { use(read_trust_list(bytes)); });
  return 0;
}
