// PFX of any kind: nothing crashes, no key derivation is endless, what is accepted has at most one
// key, and says the same after it is written and read again.

#include "attempt.h"
#include "x509/pkcs12.h"

namespace {
using namespace sealwright;
using namespace sealwright::x509;

constexpr std::uint64_t max_iterations = 5000;

void write(const PfxContent& content, const ossl::Secret& password, const PfxOptions& options) {
  const PfxContent again = read_pfx(write_pfx(content, password, options), password);
  require(equal(again.pkcs8.view(), content.pkcs8.view()));
  require(again.certificate == content.certificate && again.chain == content.chain);
  require(again.friendly_name == content.friendly_name && again.csp == options.csp);
  require(again.protection.parts.size() == 2 &&
          !readers(again.protection, ossl::KeyType::rsa).empty());
}

void read(BytesView bytes, std::string_view text) {
  const ossl::Secret password(text);
  const PfxContent content = read_pfx(bytes, password, max_iterations);
  for (const PfxPart& part : content.protection.parts) require(!to_text(part).empty());
  require(!content.certificate || !content.pkcs8.empty());
  if (!content.certificate) return;
  PfxOptions options{PfxProfile::modern, 1, content.csp};
  if (text.empty()) options.password = content.protection.password.value_or(PfxPassword::none);
  for (const PfxProfile profile : {PfxProfile::modern, PfxProfile::compatible}) {
    options.profile = profile;
    // The key may be of a kind that this program does not use, or not the certificate's.
    attempt([&] { write(content, password, options); });
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  // Of the seeds in the corpus the former opens some, the latter others.
  attempt([&] { read(bytes, ""); }, Error::Kind::crypto);
  attempt([&] { read(bytes, "seed"); }, Error::Kind::crypto);
  attempt([&] { encryption_of_key(bytes); });
  return 0;
}
