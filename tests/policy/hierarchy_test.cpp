// What becomes of a good sealwright.yaml.

#include <catch2/catch.hpp>
#include <fstream>

#include "base/error.h"
#include "policy/load.h"
#include "support.h"

namespace sealwright::policy {
namespace {

Hierarchy parse(const std::string& text) {
  PolicySet policies;
  return parse_hierarchy(text, "sealwright.yaml", policies);
}

const std::string lab = R"(version: 1
name: site
lab: true
organization: Acme GmbH
country: DE
targets: [win10-22h2, 10_GE_X64]
authorities:
  root: {policy: root-ca@1, subject: {CN: "Root G{generation}"}}
  issuing: {policy: issuing-ca, issuer: root, crl: {urls: ["http://pki.example/issuing.crl"]}}
certificates:
  signer: {policy: driver-signing, issuer: issuing, validity: {lifetime: 1y}, san: {email: [a@b.example]}}
  tsa: {policy: timestamping, issuer: issuing}
  quiet:
    policy: driver-signing
    issuer: issuing
    subject: "CN=Quiet\\, please,OU=Drivers"
    sign: {timestamp: ["https://tsa.example/", local], description: Quiet driver, chain: leaf, digest: sha384}
timestamping:
  local: {certificate: tsa, accuracy: 500ms, policy_oid: 1.2.3.4}
  remote: {url: "http://tsa.example/"}
exports:
  pfx: {certificate: signer, format: pfx, path: "{name}-{generation}.{ext}", password: {env: PW}, generation: 2, iterations: 10000, chain: leaf, friendly_name: Net driver, csp: none}
bundles:
  trust:
    stores: {root: [root], ca: [issuing], trusted_publisher: [signer, quiet], disallowed: [tsa]}
    root_purposes: [codeSigning, timeStamping]
    formats: {registry-pol: {}, gpo: {flavor: policy, display_name: Trust}, reg: {current_user: true}, zip: {of: [gpo, sst]}}
packages:
  nic: {path: build/nic, os: [2000, XP_X86, win11-24h2], signer: signer, catalog_version: 1, ignore: ["*.pdb"]}
)";
}  // namespace

TEST_CASE("a hierarchy keeps what the file says, in its order", "[policy]") {
  const auto site = parse(lab);
  CHECK(site.name == "site");
  CHECK(site.lab);
  CHECK(site.inventory == "sqlite:.sealwright/inventory.db");
  CHECK(site.targets == std::vector<std::string>{"win10-22h2", "10_GE_X64"});
  REQUIRE(site.certificates.size() == 3);
  CHECK(to_text(site.certificate("signer")->place) == "sealwright.yaml:11:3");
  CHECK(site.authority("issuing")->crl.urls ==
        std::vector<std::string>{"http://pki.example/issuing.crl"});
  CHECK(site.certificate("signer")->lifetime == Duration{12, {}});
  CHECK(site.certificate("signer")->san.at(0).value == "a@b.example");
  const auto& quiet = *site.certificate("quiet");
  CHECK(quiet.sign.timestamp == std::vector<std::string>{"https://tsa.example/", "local"});
  CHECK(quiet.sign.digest == ossl::Digest::sha384);
  CHECK(quiet.sign.chain == SignDefaults::Chain::leaf);
  CHECK(site.timestamp_authority("local")->accuracy == std::chrono::milliseconds(500));
  CHECK(site.timestamp_authority("local")->policy_oid.text() == "1.2.3.4");
  const auto& pfx = site.exports.at(0);
  CHECK(pfx.generation == "2");
  CHECK(pfx.password->from == SecretSource::From::environment);
  CHECK(pfx.pfx.iterations == 10000);
  CHECK(pfx.pfx.chain == SignDefaults::Chain::leaf);
  CHECK(pfx.pfx.friendly_name == "Net driver");
  CHECK(pfx.pfx.csp == "none");
  const auto& trust = *site.bundle("trust");
  CHECK(trust.purposes.size() == 2);
  CHECK(trust.formats.at(0).name == "registry-pol");
  CHECK(trust.formats.at(1).option("display_name") == "Trust");
  CHECK(trust.formats.at(2).option("current_user") == "true");
  CHECK(trust.formats.at(3).option("of") == "gpo,sst");
  CHECK(trust.output == "dist/{bundle}/v{version}");
  const auto& nic = *site.package("nic");
  CHECK(nic.os == std::vector<std::string>{"2000", "XP_X86", "win11-24h2"});
  CHECK(nic.catalog_version == 1);
}

TEST_CASE("defaults depend on what a thing is", "[policy]") {
  SECTION("in a lab there is one keyring and no waiting") {
    const auto site = parse(lab);
    CHECK(site.keyrings == std::vector<std::string>{"default"});
    CHECK(site.certificate("tsa")->key.keyring == "default");
    CHECK_FALSE(site.bundle("trust")->confirm_deployment);
  }
  SECTION("elsewhere there are four, by what a key is for") {
    auto text = lab;
    text.replace(text.find("lab: true"), 9, "lab: false");
    const auto site = parse(text);
    CHECK(site.authority("root")->key.keyring == "root");
    CHECK(site.authority("issuing")->key.keyring == "issuing");
    CHECK(site.certificate("signer")->key.keyring == "signing");
    CHECK(site.certificate("tsa")->key.keyring == "services");
    CHECK(site.bundle("trust")->confirm_deployment);
  }
  SECTION("who names no timestamp authority uses all of the hierarchy") {
    CHECK(parse(lab).certificate("signer")->sign.timestamp ==
          std::vector<std::string>{"local", "remote"});
  }
}

TEST_CASE("subjects are completed by organization and country", "[policy]") {
  const auto site = parse(lab);
  const auto text = [&](const char* name, int generation) {
    return expand_subject(site.item(name)->subject, name, generation).text();
  };
  CHECK(text("root", 3) == "CN=Root G3,O=Acme GmbH,C=DE");
  CHECK(text("signer", 1) == "CN=signer,O=Acme GmbH,C=DE");
  CHECK(text("quiet", 1) == "CN=Quiet\\, please,OU=Drivers,O=Acme GmbH,C=DE");
}

TEST_CASE("everything is listed after its issuer", "[policy]") {
  const auto site = parse(R"(version: 1
name: site
lab: true
authorities:
  issuing: {policy: issuing-ca, issuer: root}
  root: {policy: root-ca}
certificates:
  signer: {policy: driver-signing, issuer: issuing}
  alone: {policy: self-signed-driver, issuer: self}
)");
  std::vector<std::string> names;
  for (const auto* item : site.in_issuing_order()) names.push_back(item->name);
  CHECK(names == std::vector<std::string>{"root", "issuing", "signer", "alone"});
  CHECK(site.certificate("alone")->self_signed());
}

TEST_CASE("a workspace's own policies come first, and limits of its authorities hold", "[policy]") {
  const test::Scratch workspace;
  std::filesystem::create_directory(workspace / "policies");
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(workspace / name) << text;
  };
  write("policies/sub-ca.yaml", R"(version: 1
name: sub-ca
revision: 1
kind: intermediate
validity: {lifetime: 3y}
issuance: {issuers: [issuing, root]}
)");
  const std::string head =
      "version: 1\nname: site\nlab: true\nauthorities:\n  root: {policy: root-ca}\n";
  SECTION("it is found") {
    write("sealwright.yaml", head + "  sub: {policy: sub-ca, issuer: root}\n");
    CHECK(load_hierarchy(workspace.path()).authority("sub")->policy->validity.lifetime ==
          Duration{36, {}});
  }
  SECTION("a path length of 0 ends the chain") {
    write("sealwright.yaml", head +
                                 "  issuing: {policy: issuing-ca, issuer: root}\n  sub: {policy: "
                                 "sub-ca, issuer: issuing}\n");
    CHECK_THROWS_WITH(
        load_hierarchy(workspace.path()),
        "sealwright.yaml:7:3: 'sub' is too deep below 'issuing', whose path length is 0");
  }
  SECTION("issuers may be limited") {
    write("sealwright.yaml", head +
                                 "  other: {policy: root-ca, subject: {CN: Other}}\n  sub: "
                                 "{policy: sub-ca, issuer: other}\n");
    CHECK_THROWS_WITH(load_hierarchy(workspace.path()),
                      "sealwright.yaml:7:33: policy 'sub-ca' does not let 'other' issue");
  }
  SECTION("an authority issues for its own purposes only") {
    write("policies/client.yaml",
          "version: 1\nname: client\nrevision: 1\nkind: end-entity\nvalidity: {lifetime: 1y}\n"
          "extensions: {extended_key_usage: [clientAuth]}\n");
    write("sealwright.yaml", head +
                                 "  issuing: {policy: issuing-ca, issuer: root}\ncertificates:\n  "
                                 "c: {policy: client, issuer: issuing}\n");
    CHECK_THROWS_WITH(load_hierarchy(workspace.path()),
                      "sealwright.yaml:8:31: 'issuing' cannot issue for clientAuth: policy "
                      "'issuing-ca' lacks it");
  }
  SECTION("a mistake in a policy is shown in the policy") {
    write("policies/root-ca.yaml",
          "version: 1\nname: root-ca\nrevision: 1\nkind: root\nvalidity: 20y\n");
    write("sealwright.yaml", head);
    CHECK_THROWS_WITH(load_hierarchy(workspace.path()),
                      "policies/root-ca.yaml:5:11: 'validity' must be a mapping, not '20y'");
  }
  SECTION("a workspace without its file says so") {
    CHECK_THROWS_AS(load_hierarchy(workspace.path()), Error);
  }
}

TEST_CASE("a password that stands in the file is not repeated", "[policy]") {
  try {
    parse(lab + "\n");
    auto text = lab;
    text.replace(text.find("{env: PW}"), 9, "hunter2");
    parse(text);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.message == "sealwright.yaml:22:88: 'password' must not stand in this file");
    CHECK(error.excerpt.empty());
  }
}

TEST_CASE("a lab may be wrong in every way it names", "[policy]") {
  const std::pair<const char*, const char*> rows[] = {
      {"expired", "validity: {not_before: 2020-01-01, not_after: 2021-01-01}"},
      {"not yet valid", "validity: {not_before: 2090-01-01, not_after: 2091-01-01}"},
      {"outliving its issuer", "validity: {lifetime: 50y, max_lifetime: 50y}"},
      {"wrong purpose", "extensions: {extended_key_usage: [clientAuth]}"},
      {"weak digest", "signature: {digest: sha1}"},
      {"weak key", "key: {size: 1024}"},
      {"no Windows key", "key: {algorithm: ed25519}"},
      {"padding", "signature: {padding: pss}"},
      {"authority", "extensions: {basic_constraints: {ca: true}}"},
      {"authority with a path length",
       "extensions: {basic_constraints: {ca: true, path_length: 1}}"},
      {"no digitalSignature", "extensions: {key_usage: [keyEncipherment]}"},
      {"name constraints", "extensions: {name_constraints: {permitted: {dns: [a.example]}}}"},
  };
  for (const auto& [name, fields] : rows) DYNAMIC_SECTION(name) {
      const std::string text =
          "version: 1\nname: wrong\nrevision: 1\nkind: end-entity\nextends: driver-signing@1\n" +
          std::string(fields) + "\nnegative: {breaks: some-rule, expect: \"0x800B0101\"}\n";
      test::Scratch scratch;
      std::ofstream(scratch / "wrong.yaml") << text;
      PolicySet policies(scratch.path());
      const std::string hierarchy =
          "version: 1\nname: lab\nlab: true\ntargets: [win11-24h2]\n"
          "authorities:\n  root: {policy: root-ca}\n  issuing: {policy: issuing-ca, issuer: root}\n"
          "certificates:\n  wrong: {policy: wrong, issuer: issuing}\n"
          "packages: {p: {path: x, os: [10_X64], signer: wrong}}\n";
      CHECK(parse_hierarchy(hierarchy, "sealwright.yaml", policies)
                .certificate("wrong")
                ->policy->negative->breaks == "some-rule");
      auto outside = hierarchy;
      outside.replace(outside.find("lab: true\n"), 10, "");
      CHECK_THROWS_WITH(parse_hierarchy(outside, "sealwright.yaml", policies),
                        Catch::Contains("is negative: only a lab may use it"));
    }
}

TEST_CASE("authorities of a lab may be wrong, too", "[policy]") {
  const std::pair<const char*, const char*> rows[] = {
      {"expired", "validity: {not_before: 2020-01-01, not_after: 2021-01-01}"},
      {"too deep", "description: below a path length of 0"},
      {"no authority", "extensions: {basic_constraints: none}"},
      {"other purposes", "extensions: {extended_key_usage: [serverAuth]}"},
      {"other names", "extensions: {name_constraints: {excluded: {directory: [CN=wrong]}}}"},
  };
  for (const auto& [name, fields] : rows) DYNAMIC_SECTION(name) {
      test::Scratch scratch;
      std::ofstream(scratch / "wrong.yaml")
          << "version: 1\nname: wrong\nrevision: 1\nkind: intermediate\nextends: issuing-ca@1\n"
          << fields << "\nnegative: {breaks: some-rule, expect: \"0x800B0101\"}\n";
      PolicySet policies(scratch.path());
      CHECK_NOTHROW(parse_hierarchy(
          "version: 1\nname: lab\nlab: true\nauthorities:\n  root: {policy: root-ca}\n"
          "  issuing: {policy: issuing-ca, issuer: root}\n  below: {policy: wrong, issuer: "
          "issuing}\n"
          "certificates:\n  signer: {policy: driver-signing, issuer: below}\n",
          "sealwright.yaml", policies));
    }
}

TEST_CASE("Ed25519 and RSA-PSS are for hierarchies without Windows", "[policy]") {
  test::Scratch scratch;
  const auto add = [&](const std::string& name, const std::string& kind, const std::string& rest) {
    std::ofstream(scratch / (name + ".yaml"))
        << "version: 1\nname: " << name << "\nrevision: 1\nkind: " << kind << "\n"
        << rest << "\n";
  };
  add("edwards", "root", "validity: {lifetime: 20y}\nkey: {algorithm: ed25519}");
  add("pss", "end-entity", "validity: {lifetime: 1y}\nsignature: {padding: pss}");
  PolicySet policies(scratch.path());
  const auto parse = [&](const std::string& targets, const std::string& root,
                         const std::string& leaf) {
    return parse_hierarchy("version: 1\nname: site\nlab: true\n" + targets +
                               "authorities: {root: {policy: " + root +
                               "}}\ncertificates: {leaf: {policy: " + leaf + ", issuer: root}}\n",
                           "sealwright.yaml", policies);
  };
  CHECK_NOTHROW(parse("", "edwards", "driver-signing"));
  CHECK_NOTHROW(parse("", "root-ca", "pss"));
  CHECK(parse("", "root-ca", "pss").certificates.at(0).policy->padding == Padding::pss);
  const std::string targets = "targets: [win10-22h2]\n";
  CHECK_THROWS_WITH(parse(targets, "edwards", "driver-signing"),
                    "sealwright.yaml:5:30: policy 'edwards' asks for Ed25519, and there are "
                    "Windows 'targets'");
  CHECK_THROWS_WITH(parse(targets, "root-ca", "pss"),
                    "sealwright.yaml:6:31: policy 'pss' asks for RSA-PSS, and there are Windows "
                    "'targets'");
  CHECK_THROWS_WITH(parse("", "edwards", "pss"),
                    "sealwright.yaml:5:31: policy 'pss' wants RSA-PSS, but the key that signs "
                    "'leaf' is no RSA key");
}

}  // namespace sealwright::policy
