#include "made.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "base/file.h"

namespace sealwright::lint::made {
namespace {

void openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  const auto ran = test::run(arguments);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
}
}  // namespace

const std::string code_signing =
    "keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n"
    "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const std::string timestamping =
    "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"
    "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

Pki::Pki() {
  for (const char* name : {"root.key", "issuing.key", "leaf.key"})
    openssl({"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out",
             (folder_ / name).string()});
  openssl({"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out",
           (folder_ / "rsa2048.key").string()});
  openssl({"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out",
           (folder_ / "rsa1024.key").string()});
  openssl({"genpkey", "-algorithm", "ED25519", "-out", (folder_ / "ed25519.key").string()});
  const std::string authority =
      "keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
  root_ = make("root", {authority + "basicConstraints=critical,CA:TRUE\n", "/CN=Root", 3000,
                        "0x4111111111111111111111", "sha256", "root.key", ""});
  issuing_ = make(
      "issuing",
      {authority + "basicConstraints=critical,CA:TRUE,pathlen:0\nauthorityKeyIdentifier=keyid\n",
       "/CN=Issuing", 2000, "0x4222222222222222222222", "sha256", "issuing.key", "root"});
}

x509::Certificate Pki::make(const Recipe& recipe) { return make("made", recipe); }

x509::Certificate Pki::make(const std::string& name, const Recipe& recipe) {
  const auto path = [&](const std::string& file) { return (folder_ / file).string(); };
  std::ofstream(path("openssl.cnf"))
      << "[req]\ndistinguished_name=dn\nx509_extensions=made\nprompt=no\n[dn]\n[made]\n"
      << recipe.extensions;
  std::vector<std::string> arguments = {
      "req",         "-x509",          "-new",    "-utf8",
      "-key",        path(recipe.key), "-config", path("openssl.cnf"),
      "-subj",       recipe.subject,   "-days",   std::to_string(recipe.days),
      "-set_serial", recipe.serial,    "-out",    path(name + ".pem")};
  if (recipe.key != "ed25519.key" || !recipe.issuer.empty())
    arguments.push_back("-" + recipe.digest);
  if (!recipe.issuer.empty())
    arguments.insert(arguments.end(),
                     {"-CA", path(recipe.issuer + ".pem"), "-CAkey", path(recipe.issuer + ".key")});
  openssl(arguments);
  return x509::read_certificates(read_file(path(name + ".pem"))).at(0);
}

Pki& pki() {
  static Pki made;
  return made;
}

}  // namespace sealwright::lint::made
