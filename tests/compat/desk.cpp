#include "desk.h"

#include <catch2/catch.hpp>
#include <sstream>

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

LabWorkspace& Desk::make_workspace() {
  lab_ = std::make_unique<LabWorkspace>();
  return *lab_;
}

compat::World Desk::world(const compat::Tool& tool, std::ostream& out, std::ostream& err) {
  const auto say = [&err, name = std::string(tool.name)](const char* kind) {
    return [&err, name, kind](const std::string& text) {
      err << name << ": " << kind << ": " << text << "\n";
    };
  };
  const auto password = [this](const compat::PasswordWish& wish) -> std::optional<ossl::Secret> {
    if (!wish.file.empty()) return ossl::Secret(std::string_view(read_text(wish.file)));
    const auto found = environment.find(wish.variable);
    if (found == environment.end()) return std::nullopt;
    return ossl::Secret(std::string_view(found->second));
  };
  const auto open = [this]() -> compat::OpenWorkspace {
    if (!lab_) throw Error(Error::Kind::state, "no workspace here");
    auto workspace = lab_->open();
    auto lock = std::make_unique<workspace::Lock>(workspace, [] {});
    return {std::move(lock), std::move(workspace), keys_of};
  };
  return {out,
          err,
          [] { return *parse_time("2026-06-15"); },
          ossl::system_random(),
          password,
          open,
          say("note"),
          say("warning"),
          [this] { return targets; }};
}

Said Desk::run(const std::string& name, const std::vector<std::string>& words) {
  const auto* tool = compat::find_tool(name);
  REQUIRE(tool);
  std::vector<std::string> expanded;
  for (const auto& word : words)
    expanded.push_back(word.starts_with("@") ? path(word.substr(1)) : word);
  std::vector<char*> arguments;
  for (auto& word : expanded) arguments.push_back(word.data());
  std::ostringstream out, err;
  int exit_code = 0;
  try {
    const auto line = compat::read_words(tool->flags, arguments);
    auto surroundings = world(*tool, out, err);
    tool->run(line, surroundings);
  } catch (const Error& error) {
    err << name << ": error: " << error.message << "\n";
    if (!error.hint.empty()) err << name << ": hint: " << error.hint << "\n";
    out << tool->failed << "\n";
    exit_code = 1;
  }
  const std::string folder = scratch_.path().string() + "/";
  return {exit_code, without(out.str(), folder), without(err.str(), folder)};
}

policy::Hierarchy loaded(const std::string& explained) {
  policy::PolicySet policies;
  const std::string first = explained.substr(0, explained.find("\n---\n") + 1);
  CAPTURE(first);
  return policy::parse_hierarchy(explained.find("\n---\n") == std::string::npos ? explained : first,
                                 "explained.yaml", policies);
}

}  // namespace sealwright::test
