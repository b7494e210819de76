#include "ca/import_policy.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/digest.h"
#include "x509/oids.h"

namespace sealwright::ca {
namespace {

/// In the order in which they are tried: driver-signing and code-signing have the same usages.
constexpr const char* candidates[] = {"driver-signing", "code-signing", "lifetime-limited-signing",
                                      "timestamping",   "tls-server",   "tls-client",
                                      "ocsp-signing"};

/// What cannot be read is not there: certificates are taken over as they are.
template <class Read>
auto or_nothing(const Read& read) -> decltype(read()) {
  try {
    return read();
  } catch (const Error&) {
    return {};
  }
}

std::vector<Oid> purposes_of(const x509::Certificate& certificate) {
  auto purposes =
      or_nothing([&] { return certificate.extended_key_usage(); }).value_or(std::vector<Oid>{});
  std::sort(purposes.begin(), purposes.end());
  purposes.erase(std::unique(purposes.begin(), purposes.end()), purposes.end());
  return purposes;
}

bool fits(const policy::Policy& policy, const std::vector<Oid>& purposes) {
  if (!policy.extensions.extended_key_usage) return purposes.empty();
  auto wanted = policy.extensions.extended_key_usage->purposes;
  std::sort(wanted.begin(), wanted.end());
  return wanted == purposes;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string key_text(const ossl::PublicKey& key) {
  if (key.type() == ossl::KeyType::ed25519) return "algorithm: ed25519";
  if (key.type() == ossl::KeyType::ec && key.curve())
    return std::string("algorithm: ecdsa, curve: p") + (*key.curve() == ossl::Curve::p256 ? "256"
                                                        : *key.curve() == ossl::Curve::p384
                                                            ? "384"
                                                            : "521");
  return "algorithm: rsa, size: " + std::string(key.bits() > 3072 ? "4096" : "3072");
}

/// Everything but the name, which says what is in here.
std::string body_of(const x509::Certificate& certificate, const std::vector<Oid>& purposes) {
  std::vector<std::string> names, quoted;
  for (const auto& purpose : purposes) {
    names.push_back(x509::key_purpose_name(purpose));
    quoted.push_back(names.back() == purpose.text() ? "\"" + purpose.text() + "\"" : names.back());
  }
  std::string body =
      "revision: 1\nkind: end-entity\ndescription: \"Imported: " +
      (names.empty() ? std::string("for no stated purpose") : joined(names)) + "\"\nkey: {" +
      key_text(certificate.public_key()) +
      ", export: ask}\nvalidity: {lifetime: 2y, max_lifetime: 39mo}\n"
      "subject: {required: [], allowed: [CN, O, OU, C, L, ST, STREET, DC, E, GN, SN, T, UID, "
      "serialNumber]}\nextensions:\n";
  const auto usage = or_nothing([&] { return certificate.key_usage(); });
  if (usage && *usage)
    body +=
        "  key_usage: {critical: true, values: [" + joined(x509::key_usage_names(*usage)) + "]}\n";
  if (!quoted.empty()) body += "  extended_key_usage: {values: [" + joined(quoted) + "]}\n";
  return body + "  basic_constraints: none\n";
}

std::string name_of(const std::string& body, const std::vector<Oid>& purposes) {
  std::string name = "imported";
  for (std::size_t i = 0; i < purposes.size() && i < 2; ++i) {
    const auto purpose = x509::key_purpose_name(purposes[i]);
    if (purpose != purposes[i].text()) name += "-" + ascii_lower(purpose);
  }
  constexpr std::size_t digits = 8;
  return name + "-" + to_hex(ossl::hash(ossl::Digest::sha256, view(body))).substr(0, digits);
}

}  // namespace

policy::PolicyPtr ImportPolicies::authority(bool has_issuer) {
  return policies_.get(has_issuer ? "issuing-ca" : "imported-ca");
}

policy::PolicyPtr ImportPolicies::end_entity(const x509::Certificate& certificate) {
  const auto purposes = purposes_of(certificate);
  if (const auto own = policies_.get("self-signed-driver");
      fits(*own, purposes) && certificate.self_signed())
    return own;
  for (const char* name : candidates) {
    auto policy = policies_.get(name);
    if (fits(*policy, purposes)) return policy;
  }
  return make(certificate);
}

policy::PolicyPtr ImportPolicies::make(const x509::Certificate& certificate) {
  const auto purposes = purposes_of(certificate);
  const auto body = body_of(certificate, purposes);
  auto& policy = by_text_[body];
  if (policy) return policy;
  const auto name = name_of(body, purposes);
  const policy::PolicyFile file{
      name,
      "# What imported certificates say of themselves, and what their next generations will say.\n"
      "version: 1\nname: " +
          name + "\n" + body};
  policy = std::make_shared<const policy::Policy>(
      policy::parse_policy(file.text, "policies/" + name + ".yaml", policies_));
  made_.push_back(file);
  return policy;
}

}  // namespace sealwright::ca
