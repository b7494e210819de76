// DER of any kind: nothing crashes, and what is accepted is written back octet for octet.

#include <cstdlib>
#include <vector>

#include "attempt.h"
#include "base/error.h"
#include "ossl/der.h"
#include "ossl/key.h"

namespace {
using namespace sealwright;
using namespace sealwright::ossl;

void same(BytesView read, const Bytes& written) {
  if (!equal(read, written)) std::abort();
}

void read_value(const der::Element& e) {
  const auto reader = [&] { return der::Reader(e.whole, "value"); };
  attempt([&] { same(e.whole, der::oid(reader().oid())); });
  attempt([&] { same(e.whole, der::boolean(reader().boolean())); });
  attempt([&] { same(e.whole, der::integer(reader().small_integer())); });
  attempt([&] { reader().integer(); });
  attempt([&] {
    int unused = 0;
    const BytesView bits = reader().bit_string(&unused);
    same(e.whole, der::bit_string(bits, unused));
  });
  attempt([&] {
    const Time time = reader().time();
    same(e.whole, e.tag == der::utc_time_tag ? der::utc_time(time) : der::generalized_time(time));
  });
  attempt([&] { reader().time_with_fraction(); });
  attempt([&] {
    const std::string text = reader().string();
    if (e.tag == der::utf8_string_tag) same(e.whole, der::utf8_string(text));
    if (e.tag == der::bmp_string_tag) same(e.whole, der::bmp_string(text));
    if (e.tag == der::ia5_string_tag) same(e.whole, der::ia5_string(text));
  });
}

/// Every element at every depth, without recursion.
void walk(BytesView bytes) {
  std::vector<der::Reader> open = {der::Reader(bytes, "input")};
  while (!open.empty()) {
    if (open.back().at_end()) {
      open.pop_back();
      continue;
    }
    const std::uint8_t tag = open.back().peek();
    if (tag & 0x20) {
      open.push_back(open.back().enter(tag));
      continue;
    }
    const der::Element element = open.back().next();
    same(element.whole, der::element(element.tag, element.content));
    read_value(element);
  }
}

void as_key(BytesView bytes) {
  const PublicKey key = PublicKey::from_spki(bytes);
  const Bytes signature(64, 0x01);
  for (const Scheme scheme : {Scheme::rsa_pkcs1, Scheme::rsa_pss, Scheme::ecdsa, Scheme::ed25519})
    if (key.verify({scheme, Digest::sha256}, bytes, signature)) std::abort();
  if (key.description().empty()) std::abort();
}

void as_private_key(BytesView bytes) {
  const PrivateKey key = PrivateKey::from_pkcs8(bytes);
  if (!(PrivateKey::from_pkcs8(key.to_pkcs8().view()).public_key() == key.public_key()))
    std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  attempt([&] { walk(bytes); });
  attempt([&] { as_key(bytes); });
  attempt([&] { as_private_key(bytes); });
  attempt([&] {
    const auto algorithm = signature_algorithm(bytes);
    if (algorithm && signature_algorithm(algorithm_identifier(*algorithm)) != algorithm)
      std::abort();
  });
  attempt([&] { signature_algorithm(bytes, Digest::sha256); });
  return 0;
}
