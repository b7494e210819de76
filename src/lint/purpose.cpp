#include "lint/purpose.h"

#include <algorithm>

#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace oids = x509::oids;

/// Shipped policies whose certificates sign code; what extends them does too.
constexpr std::string_view code_signing_policies[] = {
    "code-signing",        "driver-signing",     "driver-signing-legacy",
    "kernel-test-signing", "self-signed-driver", "lifetime-limited-signing",
};

bool is_code_signing_policy(std::string_view reference) {
  const auto name = reference.substr(0, reference.find('@'));
  return std::ranges::find(code_signing_policies, name) != std::end(code_signing_policies);
}

Purpose purpose_of(const std::vector<Oid>& usages) {
  // The narrowest first: a signer that may also do TLS is still a signer.
  for (const auto& oid : {oids::code_signing, oids::kernel_mode_code_signing,
                          oids::lifetime_signing, oids::whql_crypto})
    if (holds(usages, oid)) return Purpose::code_signing;
  if (holds(usages, oids::time_stamping)) return Purpose::timestamping;
  if (holds(usages, oids::ocsp_signing)) return Purpose::ocsp;
  if (holds(usages, oids::server_auth) || holds(usages, oids::client_auth)) return Purpose::tls;
  return Purpose::any;
}

bool old_self_signed_signer(const Facts& facts) {
  const bool signs_certificates = facts.key_usage && (*facts.key_usage & x509::key_cert_sign);
  return facts.self_issued() && !signs_certificates && facts.has_purpose(oids::code_signing);
}
}  // namespace

std::string to_text(Purpose purpose) {
  switch (purpose) {
    case Purpose::any:
      return "any";
    case Purpose::authority:
      return "authority";
    case Purpose::code_signing:
      return "code signing";
    case Purpose::timestamping:
      return "timestamping";
    case Purpose::ocsp:
      return "OCSP";
    case Purpose::tls:
      return "TLS";
  }
  return "";
}

Purpose purpose_of(const policy::Policy& policy) {
  if (policy.is_authority()) return Purpose::authority;
  if (policy.negative &&
      (policy.negative->breaks == "code-signing-eku" || policy.negative->breaks == "eku-present"))
    return Purpose::code_signing;
  if (is_code_signing_policy(policy.name) ||
      std::ranges::any_of(policy.extends, is_code_signing_policy))
    return Purpose::code_signing;
  if (const auto& usage = policy.extensions.extended_key_usage) return purpose_of(usage->purposes);
  return policy.targets.empty() ? Purpose::any : Purpose::code_signing;
}

Purpose purpose_of(const Facts& facts) {
  if (facts.subject.purpose) return *facts.subject.purpose;
  if (facts.subject.policy) {
    const auto said = purpose_of(*facts.subject.policy);
    if (said != Purpose::any) return said;
  } else if (facts.is_ca() && !old_self_signed_signer(facts)) {
    return Purpose::authority;
  }
  return facts.purposes ? purpose_of(*facts.purposes) : Purpose::any;
}

}  // namespace sealwright::lint
