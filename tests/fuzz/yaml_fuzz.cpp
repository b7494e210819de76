// YAML of any kind: nothing crashes, every refusal says where, what is accepted stands where it
// says, and a policy written out says the same again.

#include <cstdlib>

#include "base/encoding.h"
#include "base/error.h"
#include "policy/effective.h"
#include "policy/load.h"
#include "policy/tree.h"

namespace {
using namespace sealwright;

const std::string file = "f.yaml";

template <class Read>
void attempt(Read read) {
  try {
    read();
  } catch (const Error& error) {
    const bool expected = error.kind == Error::Kind::input || error.kind == Error::Kind::policy;
    if (!expected || error.message.empty() || !is_utf8(error.message)) std::abort();
    if (!is_utf8(error.excerpt) || error.excerpt.size() > 1000) std::abort();
  }
}

void walk(const policy::Node& node) {
  const auto place = node.place();
  if (place.line < 1 || place.column < 1 || place.line > node.source->lines()) std::abort();
  for (const auto& item : node.items) walk(item);
  for (const auto& member : node.members) {
    if (node.find(member.key.value) != &member.value) std::abort();  // no key twice
    walk(member.key);
    walk(member.value);
  }
}

void check_again(const policy::Policy& policy, policy::PolicySet& policies) {
  const auto written = policy::to_yaml(policy);
  try {
    const auto again = policy::parse_policy(written, file, policies);
    if (again.fingerprint != policy.fingerprint || policy::to_yaml(again) != written) std::abort();
  } catch (const Error&) {
    std::abort();
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  attempt([&] { walk(policy::parse_document(text, file)->root); });
  policy::PolicySet policies;
  attempt([&] { check_again(policy::parse_policy(text, file, policies), policies); });
  attempt([&] {
    const auto hierarchy = policy::parse_hierarchy(text, file, policies);
    if (hierarchy.in_issuing_order().size() !=
        hierarchy.authorities.size() + hierarchy.certificates.size())
      std::abort();
  });
  attempt([&] {
    const auto named = policy::instantiate(text, "Acme \"\\ GmbH");
    if (policy::parse_document(named, file)->root.find("organization")->value != "Acme \"\\ GmbH")
      std::abort();
  });
  return 0;
}
