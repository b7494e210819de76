// A certificate of every shipped policy, judged for its purpose by openssl, gnutls and NSS.

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "lab.h"

using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

const char* const hierarchy = R"(version: 1
name: every-policy
lab: true
organization: Test GmbH
authorities:
  root:     {policy: root-ca}
  offline:  {policy: offline-root-ca}
  imported: {policy: imported-ca}
  issuing:  {policy: issuing-ca, issuer: root}
  stamping: {policy: timestamp-ca, issuer: offline}
certificates:
  driver:   {policy: driver-signing, issuer: issuing}
  legacy:   {policy: driver-signing-legacy, issuer: issuing}
  program:  {policy: code-signing, issuer: issuing}
  kernel:   {policy: kernel-test-signing, issuer: issuing, subject: {CN: Kernel Test}}
  limited:  {policy: lifetime-limited-signing, issuer: issuing}
  alone:    {policy: self-signed-driver, issuer: self}
  stamp:    {policy: timestamping, issuer: stamping}
  answer:   {policy: ocsp-signing, issuer: imported}
  server:   {policy: tls-server, issuer: root, san: {dns: [server.example]}}
  client:   {policy: tls-client, issuer: root, san: {dns: [client.example]}}
)";

struct Row {
  std::string name, policy;
  std::vector<std::string> above;  ///< Its issuers, the nearest first; the last is the root.
  std::string openssl;             ///< A purpose of `openssl verify`.
  std::string purpose;             ///< What its extended key usage must be, as openssl says it.
  std::string oid;                 ///< The same for certtool; empty: any.
  std::string nss;                 ///< A usage of `certutil -V`, or empty where NSS has none.
  bool broken = false;             ///< Signed with SHA-1: refused unless asked for.
};

const std::vector<Row>& rows() {
  const std::string code = "1.3.6.1.5.5.7.3.3";
  static const std::vector<Row> all = {
      {"root", "root-ca", {}, "any", "", "", "L", false},
      {"offline", "offline-root-ca", {}, "any", "", "", "L", false},
      {"imported", "imported-ca", {}, "any", "", "", "L", false},
      {"issuing", "issuing-ca", {"root"}, "any", "Code Signing, Time Stamping", code, "", false},
      {"stamping",
       "timestamp-ca",
       {"offline"},
       "any",
       "Time Stamping",
       "1.3.6.1.5.5.7.3.8",
       "",
       false},
      {"driver", "driver-signing", {"issuing", "root"}, "any", "Code Signing", code, "J", false},
      {"legacy",
       "driver-signing-legacy",
       {"issuing", "root"},
       "any",
       "Code Signing",
       code,
       "J",
       true},
      {"program", "code-signing", {"issuing", "root"}, "any", "Code Signing", code, "J", false},
      {"kernel",
       "kernel-test-signing",
       {"issuing", "root"},
       "any",
       "Code Signing",
       code,
       "J",
       false},
      {"limited",
       "lifetime-limited-signing",
       {"issuing", "root"},
       "any",
       "Code Signing, 1.3.6.1.4.1.311.10.3.13",
       code,
       "J",
       false},
      {"alone", "self-signed-driver", {}, "any", "Code Signing", code, "J", false},
      {"stamp",
       "timestamping",
       {"stamping", "offline"},
       "timestampsign",
       "Time Stamping",
       "1.3.6.1.5.5.7.3.8",
       "",
       false},
      {"answer",
       "ocsp-signing",
       {"imported"},
       "any",
       "OCSP Signing",
       "1.3.6.1.5.5.7.3.9",
       "O",
       false},
      {"server",
       "tls-server",
       {"root"},
       "sslserver",
       "TLS Web Server Authentication",
       "1.3.6.1.5.5.7.3.1",
       "V",
       false},
      {"client",
       "tls-client",
       {"root"},
       "sslclient",
       "TLS Web Client Authentication",
       "1.3.6.1.5.5.7.3.2",
       "C",
       false},
  };
  return all;
}

/// A workspace with all of them.
struct Everything {
  Everything() {
    std::ofstream(scratch / "every-policy.yaml") << hierarchy;
    run_sealwright({"init", (scratch / "workspace").string(), "--hierarchy",
                    (scratch / "every-policy.yaml").string(), "--no-passphrase"});
    run_sealwright({"-C", (scratch / "workspace").string(), "apply", "--yes"});
    for (const auto& row : rows())
      run_sealwright({"-C", (scratch / "workspace").string(), "export", row.name, "--format", "pem",
                      "-o", pem(row.name)});
  }
  std::string pem(const std::string& name) const { return (scratch / (name + ".pem")).string(); }
  /// These certificates in one file.
  std::string pems(const std::vector<std::string>& names, const std::string& file) const {
    std::ofstream out(scratch / file, std::ios::binary);
    for (const auto& name : names) out << std::ifstream(pem(name), std::ios::binary).rdbuf();
    return (scratch / file).string();
  }
  Scratch scratch;
};

const Everything& everything() {
  static const Everything all;
  return all;
}

std::string root_of(const Row& row) { return row.above.empty() ? row.name : row.above.back(); }

bool openssl_verifies(const Row& row, const std::string& purpose) {
  const auto& all = everything();
  std::vector<std::string> argv = {"openssl", "verify",  "-x509_strict",       "-purpose",
                                   purpose,   "-CAfile", all.pem(root_of(row))};
  // Level 0: SHA-1 is good enough. What is signed by itself need be no authority.
  if (row.broken) argv.insert(argv.end(), {"-auth_level", "0"});
  if (row.above.empty() && row.name == "alone") argv.insert(argv.end(), {"-check_ss_sig"});
  for (std::size_t i = 0; i + 1 < row.above.size(); ++i)
    argv.insert(argv.end(), {"-untrusted", all.pem(row.above[i])});
  argv.push_back(all.pem(row.name));
  const auto ran = run(argv);
  UNSCOPED_INFO(ran.out << ran.err);
  return ran.exit_code == 0;
}

bool certtool_verifies(const Row& row, const std::string& oid, bool allow_broken) {
  const auto& all = everything();
  auto chain = row.above;
  if (!chain.empty()) chain.pop_back();
  chain.insert(chain.begin(), row.name);
  std::vector<std::string> argv = {"certtool",
                                   "--verify",
                                   "--load-ca-certificate",
                                   all.pem(root_of(row)),
                                   "--infile",
                                   all.pems(chain, "chain-" + row.name + ".pem")};
  if (!oid.empty()) argv.insert(argv.end(), {"--verify-purpose", oid});
  if (allow_broken) argv.push_back("--verify-allow-broken");
  const auto ran = run(argv);
  UNSCOPED_INFO(ran.out << ran.err);
  return ran.exit_code == 0;
}
}  // namespace

TEST_CASE("every shipped policy is among those that are judged", "[oracle]") {
  for (const auto& file : fs::directory_iterator("policies")) {
    const auto name = file.path().stem().string();
    std::ifstream in(file.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    // Labs' own, old revisions, and what only narrows another are not for everybody.
    if (name.starts_with("neg-") || name.find('@') != std::string::npos ||
        text.find("\nextends:") != std::string::npos)
      continue;
    INFO(name);
    CHECK(std::any_of(rows().begin(), rows().end(),
                      [&](const Row& row) { return row.policy == name; }));
  }
}

TEST_CASE("openssl agrees with every shipped policy on its purpose", "[oracle]") {
  for (const auto& row : rows()) DYNAMIC_SECTION(row.policy) {
      CHECK(openssl_verifies(row, row.openssl));
      const bool is_tls = row.openssl.starts_with("ssl");
      // An authority without purposes may have any; what has one has no other.
      if (!row.purpose.empty()) {
        CHECK_FALSE(openssl_verifies(row, row.openssl == "sslserver" ? "sslclient" : "sslserver"));
        CHECK_FALSE(openssl_verifies(row, is_tls ? "timestampsign" : "sslclient"));
      }
      const auto usage = run({"openssl", "x509", "-noout", "-ext", "extendedKeyUsage", "-in",
                              everything().pem(row.name)});
      if (row.purpose.empty())
        CHECK(usage.out.find("Extended Key Usage") == std::string::npos);
      else
        CHECK(usage.out.find("\n    " + row.purpose + "\n") != std::string::npos);
    }
}

TEST_CASE("openssl reads which of them may sign certificates", "[oracle]") {
  for (const auto& row : rows()) DYNAMIC_SECTION(row.policy) {
      const auto text =
          run({"openssl", "x509", "-noout", "-purpose", "-in", everything().pem(row.name)}).out;
      INFO(text);
      const bool authority = row.policy.ends_with("-ca");
      CHECK((text.find("Any Purpose CA : Yes") != std::string::npos) == true);
      CHECK((text.find("CRL signing CA : Yes") != std::string::npos) == authority);
      CHECK((text.find("Time Stamp signing : Yes") != std::string::npos) ==
            (row.policy == "timestamping"));
    }
}

TEST_CASE("certtool agrees with every shipped policy on its purpose", "[oracle]") {
  if (!have("certtool")) return;
  for (const auto& row : rows()) DYNAMIC_SECTION(row.policy) {
      if (row.name == "alone") {
        // GnuTLS takes authorities only as anchors: it can be asked what it reads, not to verify.
        const auto text = run({"certtool", "-i", "--infile", everything().pem(row.name)}).out;
        INFO(text);
        CHECK(text.find("Key Purpose (not critical):\n\t\t\tCode signing.\n") != std::string::npos);
        CHECK(text.find("\t\t\tTLS WWW") == std::string::npos);
        continue;
      }
      CHECK(certtool_verifies(row, row.oid, row.broken));
      if (row.broken) CHECK_FALSE(certtool_verifies(row, row.oid, false));
      if (row.oid.empty()) continue;
      const std::string other =
          row.oid == "1.3.6.1.5.5.7.3.1" ? "1.3.6.1.5.5.7.3.3" : "1.3.6.1.5.5.7.3.1";
      CHECK_FALSE(certtool_verifies(row, other, row.broken));
    }
}

TEST_CASE("NSS agrees with every shipped policy on its purpose", "[oracle]") {
  if (!have("certutil")) return;
  Scratch folder;
  const std::string d = "sql:" + folder.path().string();
  REQUIRE(run({"certutil", "-N", "-d", d, "--empty-password"}).exit_code == 0);
  for (const auto& row : rows()) {
    const std::string trust = row.name == "alone" ? ",,P" : row.above.empty() ? "CT,C,C" : ",,";
    REQUIRE(run({"certutil", "-A", "-d", d, "-n", row.name, "-t", trust, "-i",
                 everything().pem(row.name)})
                .exit_code == 0);
  }
  for (const auto& row : rows()) DYNAMIC_SECTION(row.policy) {
      for (const std::string usage : {"J", "V", "C", "O"}) {
        const auto ran = run({"certutil", "-V", "-d", d, "-u", usage, "-n", row.name});
        INFO(usage << ": " << ran.out << ran.err);
        if (!row.policy.ends_with("-ca")) CHECK((ran.exit_code == 0) == (usage == row.nss));
      }
      if (row.nss == "L") {
        const auto ran = run({"certutil", "-V", "-d", d, "-u", "L", "-n", row.name});
        INFO(ran.out << ran.err);
        CHECK(ran.exit_code == 0);
      }
    }
}
