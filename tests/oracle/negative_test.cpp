// The certificates of negative-lab: each is refused by a program we did not write for the reason
// its policy states, and its twin is accepted by the same command.

#include <catch2/catch.hpp>
#include <fstream>

#include "base/json.h"
#include "lab.h"

using namespace sealwright;
using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

/// negative-lab with everything issued, and its matrix.
struct NegativeLab {
  NegativeLab() : workspace(scratch / "workspace"), matrix(scratch / "matrix") {
    run_sealwright({"init", workspace.string(), "--hierarchy", "negative-lab", "--no-passphrase"});
    in_workspace({"apply"});
    in_workspace({"crl", "issue", "neg-issuing", "-o", file("issuing.crl")});
    in_workspace({"matrix", "write", "install", "--package", (data() / "sample-driver").string(),
                  "-o", matrix.string()});
  }
  Ran in_workspace(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"-C", workspace.string()});
    return run_sealwright(arguments);
  }
  std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  std::string pem(const std::string& name) const {
    const std::string path = file(name + ".pem");
    if (!fs::exists(path)) in_workspace({"export", name + "@1", "--format", "pem", "-o", path});
    return path;
  }
  /// One file of several certificates.
  std::string bag(const std::vector<std::string>& names) const {
    std::string path = scratch.path() / "bag";
    for (const auto& name : names) path += "-" + name;
    std::ofstream out(path, std::ios::binary);
    for (const auto& name : names) out << std::ifstream(pem(name), std::ios::binary).rdbuf();
    return path;
  }
  Scratch scratch;
  fs::path workspace, matrix;
};

const NegativeLab& lab() {
  static const NegativeLab made;
  return made;
}

/// How a certificate is judged; more options for openssl verify.
struct Row {
  std::string name, twin;
  std::vector<std::string> options, untrusted;
  std::string reason;  ///< What openssl says of the wrong one.
};

Ran openssl_verify(const std::string& name, const Row& row) {
  std::vector<std::string> argv = {"openssl",     "verify", "-CAfile", lab().pem("neg-root"),
                                   "-auth_level", "0"};
  argv.insert(argv.end(), row.options.begin(), row.options.end());
  if (!row.untrusted.empty()) {
    argv.push_back("-untrusted");
    argv.push_back(lab().bag(row.untrusted));
  }
  argv.push_back(lab().pem(name));
  return run(argv);
}

}  // namespace

TEST_CASE("openssl refuses each negative certificate for its reason and accepts its twin",
          "[oracle][negative]") {
  const std::vector<std::string> issuing = {"neg-issuing"};
  const Row rows[] = {
      {"expired", "good", {}, issuing, "certificate has expired"},
      {"not-yet-valid", "good", {}, issuing, "certificate is not yet valid"},
      {"weak-digest",
       "good",
       {"-auth_level", "2"},
       issuing,
       "CA signature digest algorithm too weak"},
      {"weak-key", "good", {"-auth_level", "2"}, issuing, "EE certificate key too weak"},
      {"revoked",
       "good",
       {"-crl_check", "-CRLfile", lab().file("issuing.crl")},
       issuing,
       "certificate revoked"},
      {"unknown-root", "good", {}, {"neg-issuing", "neg-unknown-root"}, "self-signed certificate"},
      {"missing-intermediate", "good", {}, issuing, "unable to get local issuer certificate"},
      {"path-length",
       "good",
       {},
       {"neg-issuing", "neg-deep-issuing"},
       "path length constraint exceeded"},
      {"name-constraints",
       "good-constrained",
       {},
       {"neg-constrained-issuing"},
       "permitted subtree violation"},
      {"issuer-expired",
       "good",
       {},
       {"neg-issuing", "neg-expired-issuing"},
       "certificate has expired"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const auto wrong = openssl_verify(row.name, row), right = openssl_verify(row.twin, row);
      INFO(wrong.out << wrong.err << right.out << right.err);
      CHECK(wrong.exit_code != 0);
      CHECK((wrong.out + wrong.err).find(row.reason) != std::string::npos);
      CHECK(right.exit_code == 0);
    }
}

TEST_CASE("certtool refuses certificates that are not for code signing, and accepts their twin",
          "[oracle][negative]") {
  if (!have("certtool")) return;
  const auto verify = [&](const std::string& name) {
    return run({"certtool", "--verify", "--verify-purpose", "1.3.6.1.5.5.7.3.3",
                "--load-ca-certificate", lab().pem("neg-root"), "--infile",
                lab().bag({name, "neg-issuing"})});
  };
  CHECK(verify("good").exit_code == 0);
  for (const char* name : {"wrong-eku", "tls-eku"}) {
    const auto ran = verify(name);
    INFO(name << ran.out << ran.err);
    CHECK(ran.exit_code != 0);
    CHECK(ran.out.find("purpose") != std::string::npos);
  }
  CHECK(verify("weak-digest").exit_code != 0);
}

TEST_CASE("NSS refuses a signer without purpose, without digitalSignature, or with a CA flag",
          "[oracle][negative]") {
  if (!have("certutil")) return;
  Scratch database;
  const std::string d = "sql:" + database.path().string();
  REQUIRE(run({"certutil", "-N", "-d", d, "--empty-password"}).exit_code == 0);
  const auto add = [&](const std::string& name, const std::string& trust) {
    REQUIRE(run({"certutil", "-A", "-d", d, "-n", name, "-t", trust, "-i", lab().pem(name)})
                .exit_code == 0);
  };
  add("neg-root", ",,C");
  add("neg-issuing", ",,");
  for (const char* name : {"good", "no-eku", "no-digital-signature", "ca-leaf"}) add(name, ",,");
  const auto verify = [&](const std::string& name) {
    return run({"certutil", "-V", "-d", d, "-u", "J", "-n", name});
  };
  const auto good = verify("good");
  INFO(good.out << good.err);
  CHECK(good.exit_code == 0);
  for (const char* name : {"no-eku", "no-digital-signature", "ca-leaf"}) {
    const auto ran = verify(name);
    INFO(name << ran.out << ran.err);
    CHECK(ran.exit_code != 0);
  }
}

TEST_CASE("each negative certificate breaks the one rule its policy names", "[oracle][negative]") {
  const Row rows[] = {
      {"expired", "validity-in-the-past", {}, {}, ""},
      {"not-yet-valid", "validity-in-the-future", {}, {}, ""},
      {"wrong-eku", "code-signing-eku", {}, {}, ""},
      {"tls-eku", "code-signing-eku", {}, {}, ""},
      {"no-eku", "eku-present", {}, {}, ""},
      {"weak-digest", "signature-digest", {}, {}, ""},
      {"weak-key", "rsa-key-size", {}, {}, ""},
      {"ca-leaf", "basic-constraints-leaf", {}, {}, ""},
      {"no-digital-signature", "key-usage-bits", {}, {}, ""},
  };
  const auto errors = [&](const std::string& name) {
    const auto ran = run({SEALWRIGHT_PROGRAM, "lint", lab().bag({name, "neg-issuing"}), "--policy",
                          "driver-signing", "--json"});
    std::vector<std::string> rules;
    const Json json = Json::parse(ran.out);
    const auto& file = json.at("files").items().front();
    for (const auto& finding : file.at("certificates").items().front().at("findings").items())
      // A purpose that is wrong is one its issuer has not either: that follows, and is no second
      // fault.
      if (finding.at("severity").string() == "error" &&
          finding.at("rule").string() != "eku-nesting")
        rules.push_back(finding.at("rule").string());
    return rules;
  };
  CHECK(errors("good").empty());
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK(errors(row.name) == std::vector<std::string>{row.twin});
    }
}

namespace {

/// A case of the matrix as its case.yaml has it.
struct Case {
  fs::path folder;
  std::string name, signer, fault, trust;
  std::string signature, setup;  ///< "0x800B0109"
};

/// The value of `key: "value"` on a line of its own.
std::string value_of(const std::string& text, const std::string& key) {
  const auto at = text.find("\n" + key + ": \"");
  if (at == std::string::npos) return "";
  const auto from = at + key.size() + 4;
  return text.substr(from, text.find('"', from) - from);
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& entry : fs::directory_iterator(lab().matrix / "cases")) {
    std::ifstream in(entry.path() / "case.yaml", std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    all.push_back({entry.path(), value_of(text, "name"), value_of(text, "signer"),
                   value_of(text, "fault"), value_of(text, "trust"), value_of(text, "  signature"),
                   value_of(text, "  setup")});
  }
  return all;
}

/// The roots of a state of trust as PEM.
std::string roots_of(const std::string& trust) {
  const std::string path = lab().file("roots-" + trust + ".pem");
  std::ofstream out(path);
  const fs::path folder = lab().matrix / "trust" / trust / "Root";
  if (!fs::is_directory(folder)) return path;
  for (const auto& entry : fs::directory_iterator(folder))
    out << run({"openssl", "x509", "-inform", "DER", "-in", entry.path().string()}).out;
  return path;
}

}  // namespace

TEST_CASE("verify answers to every case of the matrix what the case expects",
          "[oracle][negative]") {
  for (const auto& one : cases()) DYNAMIC_SECTION(one.name) {
      const auto ran = run({SEALWRIGHT_PROGRAM, "-C", lab().workspace.string(), "--json", "package",
                            "verify", (one.folder / "package").string(), "--os", "10_X64",
                            "--trust", "bundle:" + one.trust});
      INFO(ran.out << ran.err);
      const Json json = Json::parse(ran.out);
      const Json& verdict = json.at("verdicts").items().front();
      if (verdict.at("ok").boolean()) {
        CHECK(one.signature == "0x00000000");
        CHECK(one.setup == "0xE0000241");
      } else {
        const std::string code = verdict.at("code").at("value").string();
        CHECK((code == one.setup || code == one.signature));
      }
    }
}

TEST_CASE("osslsigncode agrees with the matrix on every catalog's signature",
          "[oracle][negative]") {
  if (!have("osslsigncode")) return;
  for (const auto& one : cases()) DYNAMIC_SECTION(one.name) {
      // What only Windows has or refuses: its Disallowed store, key usage, and timestamps by
      // nobody, which osslsigncode takes for none.
      if (one.trust == "distrusted" || one.signer == "no-digital-signature" ||
          one.fault == "untrusted-timestamp")
        continue;
      const fs::path cat = one.folder / "package" / "sealwright-sample.cat";
      if (!fs::exists(cat)) {
        CHECK(one.signature == "0x800B0100");
        continue;
      }
      std::vector<std::string> argv = {"osslsigncode", "verify",
                                       "-in",          cat.string(),
                                       "-CAfile",      roots_of(one.trust),
                                       "-TSA-CAfile",  lab().pem("neg-root")};
      if (one.signer == "revoked") {
        argv.push_back("-CRLfile");
        argv.push_back(lab().file("issuing.crl"));
      }
      const auto ran = run(argv);
      INFO(ran.out << ran.err);
      CHECK((ran.exit_code == 0) == (one.signature == "0x00000000"));
    }
}

TEST_CASE("results of machines are compared, and told as JUnit", "[oracle][negative]") {
  Scratch results;
  const auto answer = [&](const std::string& name, const std::string& setup) {
    std::ofstream(results / (name + "--PC.json"))
        << "{\"schema\": \"sealwright.matrix-result/1\", \"case\": \"" << name
        << "\", \"machine\": \"Windows 11 & more\", \"signature\": \"0x00000000\", \"setup\": \""
        << setup << "\", \"dialog\": \"unknown\"}";
  };
  const auto check = [&] {
    return run({SEALWRIGHT_PROGRAM, "matrix", "check", lab().matrix.string(), "--results",
                results.path().string(), "--report", "junit=" + (results / "report.xml").string()});
  };
  CHECK(check().exit_code == 1);  // nothing was run, which is no success
  answer("good--none--full", "0xe0000241");
  const auto good = check();
  CHECK(good.exit_code == 0);
  CHECK(good.out == "1 as expected, 0 different, 29 not run\n");
  answer("good--none--no-publisher", "0xE0000241");
  const auto bad = check();
  CHECK(bad.exit_code == 1);
  CHECK(bad.out ==
        "good--none--no-publisher on Windows 11 & more\n"
        "  setup: expected 0xE0000242, was 0xE0000241\n"
        "1 as expected, 1 different, 28 not run\n");
  if (have("xmllint"))
    CHECK(run({"xmllint", "--xpath", "string(/testsuite/testcase[failure]/@classname)",
               (results / "report.xml").string()})
              .out == "Windows 11 & more\n");
  answer("good--none--nowhere", "0x00000000");
  CHECK(check().exit_code == 3);
}
