// What an authority that somebody else runs makes of a request, made by openssl.

#include <fstream>

#include "ca/request.h"
#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

void openssl(const Scratch& scratch, const std::string& arguments) {
  const auto ran =
      run({"/bin/sh", "-c", "cd '" + scratch.path().string() + "' && openssl " + arguments});
  INFO(arguments << "\n" << ran.err);
  REQUIRE(ran.exit_code == 0);
}

/// The request NET, certified with these extensions for so many days.
x509::Certificate answer(const Scratch& scratch, const x509::Request& request,
                         const std::string& extensions, int days) {
  std::ofstream(scratch / "net.csr") << request.to_pem();
  std::ofstream(scratch / "net.ext") << extensions;
  openssl(scratch,
          "req -x509 -newkey rsa:2048 -nodes -days 1000 -subj /CN=Foreign -keyout ca.key -out "
          "ca.pem");
  openssl(scratch, "x509 -req -in net.csr -CA ca.pem -CAkey ca.key -outform DER -out net.der " +
                       (extensions.empty() ? "" : std::string("-extfile net.ext ")) + "-days " +
                       std::to_string(days));
  std::ifstream file(scratch / "net.der", std::ios::binary);
  const Bytes der((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return x509::Certificate::from_der(der);
}

}  // namespace

TEST_CASE("a foreign answer of no use is refused, and its request goes on waiting", "[request]") {
  Lab lab;
  *lab.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto policy = signing_policy();
  ca::ElsewhereOrder wanted;
  wanted.order = order_for("net", policy, std::nullopt);
  wanted.to = store::RequestKind::foreign;
  const auto waiting = ca::request_elsewhere(lab.inventory, wanted, lab.key(policy, "signing"));
  const auto request = x509::Request::from_der(waiting.intent.request);
  const std::string usage = "keyUsage=critical,digitalSignature\n",
                    purpose = "extendedKeyUsage=codeSigning\n";
  struct Row {
    std::string what, extensions;
    int days;
    std::string refused;  ///< Empty: accepted.
  };
  const Row rows[] = {
      {"as asked", usage + purpose, 300, ""},
      {"longer than the policy and the issuer", usage + purpose, 9000, ""},
      {"for servers", usage + "extendedKeyUsage=serverAuth\n", 300,
       "its extended key usage lacks codeSigning"},
      {"without extensions", "", 300, "it is of version 1, which has no usages"},
      {"an authority",
       "keyUsage=digitalSignature,keyCertSign\nbasicConstraints=CA:TRUE\n" + purpose, 300,
       "it is an authority's"},
      {"that cannot sign", "keyUsage=keyEncipherment\n" + purpose, 300,
       "its key usage lacks digitalSignature"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.what) {
      Scratch scratch;
      const auto made = answer(scratch, request, row.extensions, row.days);
      if (row.refused.empty()) {
        const auto accepted = ca::accept(lab.inventory, waiting, made, std::nullopt, policy);
        std::string told;
        for (const auto& finding : accepted.findings)
          if (finding.rule == "as-its-policy") told += finding.message;
        CHECK((told.find("lasts until") != std::string::npos) == (row.days > 4000));
        CHECK_FALSE(lab.inventory.waiting_request("net"));
        continue;
      }
      const auto error =
          error_of([&] { ca::accept(lab.inventory, waiting, made, std::nullopt, policy); });
      CHECK(error.kind == Error::Kind::policy);
      CHECK(error.message == "the certificate for 'net' is not what policy '" + policy.name +
                                 "' needs: " + row.refused);
      CHECK(error.hint ==
            "the request goes on waiting: have it issued again, or give up with: sealwright "
            "request --cancel net");
      CHECK(lab.inventory.waiting_request("net"));
    }
}

TEST_CASE("what a request wishes and does not get is named", "[request]") {
  Lab lab;
  Scratch scratch;
  openssl(scratch,
          "req -new -newkey rsa:3072 -nodes -keyout k.pem -outform DER -out r.der -subj "
          "/O=Evil/CN=net -addext basicConstraints=CA:TRUE -addext extendedKeyUsage=serverAuth "
          "-addext subjectAltName=DNS:evil.example -addext keyUsage=digitalSignature,keyCertSign");
  std::ifstream file(scratch / "r.der", std::ios::binary);
  const Bytes der((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto request = x509::Request::from_der(der);
  const auto order =
      ca::with_request(order_for("net", signing_policy(), lab.issuing()), request, 1);
  auto wishes = ca::not_taken(order, request);
  std::sort(wishes.begin(), wishes.end());
  CHECK(wishes ==
        std::vector<std::string>{"alternative name evil.example", "basicConstraints CA:TRUE",
                                 "extended key usage serverAuth", "keyUsage", "subject O=Evil"});
}
