#include "desk.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "policy/load.h"
#include "x509/oids.h"
#include "x509/pvk.h"

namespace sealwright::test {
namespace {

namespace made = x509::made;

std::vector<x509::Extension> signer() {
  return {x509::key_usage_extension(x509::digital_signature, true),
          x509::extended_key_usage_extension({x509::oids::code_signing}, false)};
}

std::string without(std::string text, const std::string& folder) {
  for (std::size_t at; (at = text.find(folder)) != std::string::npos;)
    text.erase(at, folder.size());
  return text;
}

}  // namespace

const DeskPki& desk_pki() {
  static const DeskPki pki = [] {
    auto root = made::issue({"CN=Old Root", nullptr, made::authority()});
    ossl::Secret key = ossl::PrivateKey::generate({ossl::KeyType::rsa, 2048, {}}).to_pkcs8();
    made::Recipe recipe{"CN=Contoso Publisher", &root, signer()};
    recipe.key = std::make_shared<ossl::KeySigner>(ossl::PrivateKey::from_pkcs8(key.view()));
    auto publisher = made::issue(recipe);
    return DeskPki{std::move(root), std::move(publisher), std::move(key),
                   made::issue({"CN=Contoso.com(Test)", nullptr, signer()})};
  }();
  return pki;
}

Desk::Desk() {
  now = *parse_time("2026-06-15");
  const auto& pki = desk_pki();
  write("root.cer", pki.root.certificate.der());
  write("publisher.cer", pki.publisher.certificate.der());
  write("own.cer", pki.own.certificate.der());
  const auto key = ossl::PrivateKey::from_pkcs8(pki.publisher_key.view());
  write("publisher.pvk", x509::write_pvk(key, {}).view());
  const ossl::Secret password("secret");
  x509::PvkOptions locked;
  locked.password = &password;
  locked.random = ossl::system_random();
  write("locked.pvk", x509::write_pvk(key, locked).view());
}

Bytes Desk::read(const std::string& name) const { return read_file(path(name)); }

void Desk::write(const std::string& name, BytesView bytes) const {
  write_file(path(name), bytes, {Access::everyone, Existing::replace});
}

Said Desk::run(const std::string& name, const std::vector<std::string>& words) {
  const auto* tool = compat::find_tool(name);
  REQUIRE(tool);
  const auto ran = ToolBench::run(*tool, words);
  const std::string folder = path("");
  return {ran.done ? 0 : 1, without(ran.out, folder), without(ran.err, folder)};
}

policy::Hierarchy loaded(const std::string& explained) {
  policy::PolicySet policies;
  const std::string first = explained.substr(0, explained.find("\n---\n") + 1);
  CAPTURE(first);
  return policy::parse_hierarchy(explained.find("\n---\n") == std::string::npos ? explained : first,
                                 "explained.yaml", policies);
}

}  // namespace sealwright::test
