// PFX of any kind: nothing crashes, no key derivation is endless, and what is accepted has at most
// one key.

#include <cstdlib>

#include "base/error.h"
#include "x509/pkcs12.h"

namespace {
using namespace sealwright;

constexpr std::uint64_t max_iterations = 5000;

void read(BytesView bytes, std::string_view password) {
  try {
    const auto content = x509::read_pfx(bytes, ossl::Secret(password), max_iterations);
    if (content.certificate && content.pkcs8.empty()) std::abort();
  } catch (const Error& error) {
    if (error.kind != Error::Kind::input && error.kind != Error::Kind::crypto) std::abort();
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Of the seeds in the corpus the former opens some, the latter others.
  read({data, size}, "");
  read({data, size}, "seed");
  return 0;
}
