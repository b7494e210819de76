#include "fixture.h"

namespace sealwright::test {
namespace {

const store::WorkspaceRecord& workspace(bool lab) {
  static const store::WorkspaceRecord records[] = {
      {"00112233445566778899aabbccddeeff", "acme", false, {}},
      {"00112233445566778899aabbccddeeff", "acme", true, {}}};
  return records[lab];
}

Clock clock_of(const std::shared_ptr<Time>& now) {
  return [now] { return *now; };
}

policy::Policy base_policy(const std::string& name, policy::Kind kind) {
  policy::Policy policy;
  policy.name = name;
  policy.revision = 1;
  policy.kind = kind;
  policy.key.spec = {ossl::KeyType::ec, 0, ossl::Curve::p256};
  policy.validity.lifetime = parse_duration("2y");
  policy.validity.max_lifetime = parse_duration("3y");
  policy.subject.required = {"CN"};
  policy.subject.allowed = {"CN", "O", "C"};
  policy.text = "name: " + name + "\n";
  policy.fingerprint = to_hex(ossl::hash(ossl::Digest::sha256, view(policy.text)));
  return policy;
}

}  // namespace

policy::PolicyPtr shared(policy::Policy policy) {
  return std::make_shared<const policy::Policy>(std::move(policy));
}

policy::Policy root_policy() {
  auto policy = base_policy("root-ca", policy::Kind::root);
  policy.validity.lifetime = policy.validity.max_lifetime = parse_duration("20y");
  policy.key.key_export = policy::KeyExport::never;
  policy.extensions.basic_constraints = x509::BasicConstraints{true, std::nullopt};
  policy.extensions.key_usage = policy::KeyUsagePolicy{true, x509::key_cert_sign | x509::crl_sign};
  return policy;
}

policy::Policy issuing_policy() {
  auto policy = root_policy();
  policy.name = "issuing-ca";
  policy.kind = policy::Kind::intermediate;
  policy.validity.lifetime = policy.validity.max_lifetime = parse_duration("10y");
  policy.extensions.basic_constraints = x509::BasicConstraints{true, 0};
  policy.fingerprint = to_hex(ossl::hash(ossl::Digest::sha256, view(policy.name)));
  return policy;
}

policy::Policy signing_policy() {
  auto policy = base_policy("driver-signing", policy::Kind::end_entity);
  policy.extensions.key_usage = policy::KeyUsagePolicy{true, x509::digital_signature};
  policy.extensions.extended_key_usage =
      policy::ExtendedKeyUsagePolicy{false, {x509::oids::code_signing}};
  return policy;
}

ca::Order order_for(const std::string& name, const policy::Policy& policy,
                    const std::optional<store::Generation>& issuer) {
  ca::Order order;
  order.name = name;
  order.policy = shared(policy);
  order.subject.attributes = {{*x509::attribute_type("CN"), name}};
  order.issuer = issuer;
  order.keyring = policy.kind == policy::Kind::root           ? "root"
                  : policy.kind == policy::Kind::intermediate ? "issuing"
                                                              : "signing";
  return order;
}

Lab::Lab(std::shared_ptr<Time> at, store::Inventory opened, ca::OpenKeyrings keyrings)
    : now(std::move(at)), inventory(std::move(opened)), keys(std::move(keyrings)) {}

Lab::Lab(const std::filesystem::path& path, bool lab)
    : inventory(store::Inventory::create(path, workspace(lab), clock_of(now))),
      keys(ca::create_keyrings(inventory, {"root", "issuing", "signing"},
                               {{"main", passphrase(), {"root", "issuing", "signing"}}}, cheap())) {
}

Lab Lab::reopen(const std::filesystem::path& path, Time at) {
  auto now = std::make_shared<Time>(at);
  auto inventory = store::Inventory::open(path, clock_of(now), {std::chrono::seconds(60)});
  auto keys = ca::open_keyrings(inventory, passphrase(), {}, cheap());
  return Lab(std::move(now), std::move(inventory), std::move(keys));
}

ca::NewKey Lab::key(const policy::Policy& policy, const std::string& keyring) const {
  return keys.generate(keyring, policy.key.spec,
                       static_cast<store::ExportRule>(policy.key.key_export));
}

std::unique_ptr<ossl::Signer> Lab::signer(const store::Generation& generation) const {
  return keys.signer(*inventory.key(*generation.key));
}

store::Generation Lab::issue(const ca::Order& order) {
  auto prepared =
      ca::prepare(inventory, order, key(*order.policy, order.keyring), ossl::system_random());
  const auto issuer = order.issuer ? signer(*order.issuer) : nullptr;
  return ca::issue(inventory, std::move(prepared), issuer.get());
}

store::Generation Lab::issue(const std::string& name, const policy::Policy& policy,
                             const std::optional<store::Generation>& issuer) {
  return issue(order_for(name, policy, issuer));
}

store::Generation Lab::issuing() {
  const auto root = issue("lab-root", root_policy(), std::nullopt);
  return issue("lab-issuing", issuing_policy(), root);
}

}  // namespace sealwright::test
