#include "compat/museum.h"

#include <catch2/catch.hpp>

#include "base/file.h"
#include "compat/makecert.h"
#include "ossl/der.h"
#include "tool_run.h"
#include "x509/certificate.h"

using namespace sealwright;
using test::ToolBench;

namespace {

x509::Certificate certificate(const std::filesystem::path& path) {
  return x509::Certificate::from_der(read_file(path));
}

}  // namespace

TEST_CASE("--as-original gives back what makecert made in 1996", "[compat][makecert]") {
  ToolBench bench;
  const auto ran =
      bench.run(compat::makecert_tool, "-r --as-original -cy authority -sv @o.pvk @o.cer");
  REQUIRE(ran.error == "");
  CHECK(ran.out == "Succeeded\n");
  CHECK(ran.warnings.front() ==
        "'--as-original' makes what was common in 1996: anybody can forge it");
  const auto root = certificate(bench.path("o.cer"));
  CHECK(root.subject().text() == "CN=Joe's-Software-Emporium");
  CHECK(root.signature_algorithm()->digest == ossl::Digest::md5);
  CHECK(root.public_key().bits() == 1024);
  CHECK(root.self_signed());
  CHECK_FALSE(root.subject_key_identifier());
  CHECK_FALSE(root.authority_key_identifier());
  CHECK(root.is_ca());
  CHECK(root.extension(Oid("2.5.29.1")));
  const auto below =
      bench.run(compat::makecert_tool,
                "--as-original -n CN=Leaf -a sha1 -ic @o.cer -iv @o.pvk -e 01/01/2050 @leaf.cer");
  REQUIRE(below.error == "");
  const auto leaf = certificate(bench.path("leaf.cer"));
  CHECK(leaf.signed_by(root.public_key()));
  CHECK(leaf.signature_algorithm()->digest == ossl::Digest::sha1);
  CHECK(leaf.not_after() == root.not_after());
  CHECK_FALSE(leaf.basic_constraints());
}

TEST_CASE("the old authority key identifier has the form of real ones", "[compat][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: the corpus is not here");
    return;
  }
  // Made by Microsoft's tool in 2018: its own name, number and key, since it signs itself.
  const auto real = certificate(*corpus / "keys" / "kvm-guest-drivers-windows__VirtIOTestCert.cer");
  const auto* extension = real.extension(Oid("2.5.29.1"));
  REQUIRE(extension);
  using namespace ossl::der;
  const auto expected =
      sequence({element(context(0), ossl::hash(ossl::Digest::md5, real.public_key().spki())),
                constructed(context_constructed(1), {real.issuer().der()}),
                element(context(2), real.serial().value)});
  CHECK(extension->value == expected);
}
