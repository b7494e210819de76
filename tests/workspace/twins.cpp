#include "twins.h"

#include "workspace/init.h"

namespace sealwright::test {
namespace fs = std::filesystem;
namespace {

constexpr const char* yaml = R"(version: 1
name: twins
lab: true
organization: Twins
distribution: {http: http://pki.twins.example, publish: public}
authorities:
  far-root:
    policy: quick-root
    subject: {CN: "Far Root {generation}"}
    key: {store: offline}
    crl: {lifetime: 1y, overlap: 30d}
  issuing:
    policy: quick-issuing
    issuer: far-root
    subject: {CN: "Issuing {generation}"}
certificates:
  signer: {policy: quick-signer, issuer: issuing, subject: {CN: Signer}}
)";

const std::pair<const char*, const char*> policies[] = {{"quick-root", R"(version: 1
name: quick-root
revision: 1
kind: root
key: {algorithm: ecdsa, curve: p256, export: never}
validity: {lifetime: 25y, max_lifetime: 30y}
extensions:
  key_usage: {critical: true, values: [keyCertSign, cRLSign]}
  basic_constraints: {ca: true}
  crl_distribution_points: none
  authority_information_access: none
)"},
                                                        {"quick-issuing", R"(version: 1
name: quick-issuing
revision: 1
kind: intermediate
key: {algorithm: ecdsa, curve: p256, export: never}
validity: {lifetime: 10y, max_lifetime: 15y}
extensions:
  key_usage: {critical: true, values: [keyCertSign, cRLSign]}
  extended_key_usage: {values: [codeSigning]}
  basic_constraints: {ca: true, path_length: 0}
)"},
                                                        {"quick-signer", R"(version: 1
name: quick-signer
revision: 1
kind: end-entity
key: {algorithm: ecdsa, curve: p256}
validity: {lifetime: 2y, max_lifetime: 3y}
extensions:
  key_usage: {critical: true, values: [digitalSignature]}
  extended_key_usage: {values: [codeSigning]}
  basic_constraints: none
)"},
                                                        {"open-signer", R"(version: 1
name: open-signer
revision: 1
kind: end-entity
key: {algorithm: ecdsa, curve: p256}
validity: {lifetime: 2y, max_lifetime: 3y}
extensions:
  key_usage: {critical: true, values: [digitalSignature]}
  extended_key_usage: {values: [codeSigning]}
  basic_constraints: none
requests: {subject: either, san: either, extended_key_usage: either, other: either}
)"}};

}  // namespace

Twins::Twins(const std::function<std::string(std::string)>& edit_text) {
  const std::string text = edit_text ? edit_text(yaml) : yaml;
  write_file(scratch / "sources/twins.yaml", view(text));
  for (const auto& [name, policy] : policies)
    write_file(scratch / ("sources/policies/" + std::string(name) + ".yaml"),
               view(std::string_view(policy)));
  for (const bool offline : {false, true}) {
    workspace::InitOptions options;
    options.folder = scratch / (offline ? "safe" : "online");
    options.hierarchy = (scratch / "sources/twins.yaml").string();
    options.no_passphrase = true;
    options.offline = offline;
    options.clock = [this] { return now; };
    options.keyring_options.random = ossl::system_random();
    workspace::init(options);
  }
}

workspace::Workspace Twins::open(const std::string& which) const {
  return workspace::Workspace::open(scratch.path() / which, [this] { return now; });
}

std::string Twins::file(const std::string& which, const std::string& name) const {
  return (scratch.path() / which / name).string();
}

void Twins::edit(const std::string& which,
                 const std::function<std::string(std::string)>& change) const {
  const auto path = file(which, "sealwright.yaml");
  write_file(path, view(change(read_text(path))), {Access::everyone, Existing::replace});
}

workspace::ReadRequest Twins::ask() const {
  auto workspace = online();
  auto keys = keys_of(workspace);
  const auto asked = workspace::ask(workspace, keys, "anna@pki1");
  return workspace::read_ceremony_request(asked.file.text, "asked");
}

workspace::ReadAnswer Twins::perform(const workspace::ReadRequest& asked,
                                     const std::vector<std::string>& only) const {
  auto workspace = safe();
  auto keys = keys_of(workspace);
  const auto done =
      workspace::perform(workspace, keys, asked, {only, "bert@safe", ossl::system_random()});
  return workspace::read_ceremony_answer(done.file.text, "answer");
}

std::vector<workspace::AcceptedItem> Twins::accept(const workspace::ReadAnswer& answer) const {
  auto workspace = online();
  return workspace::accept_answer(workspace, answer);
}

workspace::ReadRequest written(const workspace::CeremonyRequest& request) {
  return workspace::read_ceremony_request(workspace::write_ceremony(request).text, "changed");
}

workspace::ReadAnswer written(const workspace::CeremonyAnswer& answer) {
  return workspace::read_ceremony_answer(workspace::write_ceremony(answer).text, "changed");
}

}  // namespace sealwright::test
