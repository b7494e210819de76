// Requests that others bring: what their key must be, and what of the rest a policy lets pass.

#include "ca/request.h"

#include "base/file.h"
#include "fixture.h"
#include "policy/load.h"
#include "x509/pem.h"

using namespace sealwright;
using namespace sealwright::test;
using policy::FieldSource;

namespace {

/// What a request says beside its key.
struct Asked {
  std::string subject = "CN=build-7";
  std::vector<x509::GeneralName> san = {};
  std::vector<Oid> purposes = {};
  std::vector<x509::Extension> other = {};
};

x509::Request request_of(const Asked& asked, const ossl::KeySpec& spec = {ossl::KeyType::ec}) {
  ossl::KeySigner signer(ossl::PrivateKey::generate(spec));
  x509::RequestContents contents;
  if (!asked.subject.empty()) contents.subject = x509::Name::parse(asked.subject);
  if (!asked.san.empty())
    contents.extensions.push_back(x509::subject_alternative_name_extension(asked.san, false));
  if (!asked.purposes.empty())
    contents.extensions.push_back(x509::extended_key_usage_extension(asked.purposes, false));
  contents.extensions.insert(contents.extensions.end(), asked.other.begin(), asked.other.end());
  return x509::make_request(contents, ossl::Digest::sha256, signer);
}

// Functions, since constants of other files may not be there yet.
x509::Extension must_staple() {
  return {Oid("1.3.6.1.5.5.7.1.24"), false, {0x30, 0x03, 0x02, 0x01, 0x05}};
}
x509::Extension claims(bool ca) { return x509::basic_constraints_extension({ca, {}}, ca); }

/// "subject=… san=… eku=… other=…" of the order that comes out.
std::string outcome(const ca::Order& order) {
  std::string text =
      "subject=" + policy::expand_subject(order.subject, order.name, 1).text() + " san=";
  for (const auto& name : order.san) text += name.value + ",";
  text += " eku=";
  if (order.purposes)
    for (const auto& purpose : *order.purposes) text += x509::key_purpose_name(purpose) + ",";
  else
    text += "policy";
  text += " other=";
  for (const auto& extension : order.extensions) text += extension.oid.text() + ",";
  return text;
}

enum class Which { subject, san, purposes, other };

policy::Policy policy_with(Which which, FieldSource source) {
  auto policy = signing_policy();
  auto& requests = policy.requests;
  requests.subject = requests.san = requests.extended_key_usage = requests.other =
      FieldSource::policy;
  (which == Which::subject    ? requests.subject
   : which == Which::san      ? requests.san
   : which == Which::purposes ? requests.extended_key_usage
                              : requests.other) = source;
  return policy;
}

std::string tried(Which which, FieldSource source, const Asked& asked) {
  auto order = order_for("build-7", policy_with(which, source), std::nullopt);
  order.san = {{x509::GeneralName::Kind::dns, "yaml.example"}};
  try {
    return outcome(ca::with_request(order, request_of(asked)));
  } catch (const Error& error) {
    return error.message + " | " + error.hint;
  }
}

}  // namespace

TEST_CASE("each field comes from where the policy says", "[request]") {
  const std::string plain = "subject=CN=build-7 san=yaml.example, eku=policy other=";
  const Asked nothing{"", {}, {}, {}};
  const Asked same{"CN=build-7",
                   {{x509::GeneralName::Kind::dns, "yaml.example"}},
                   {x509::oids::code_signing},
                   {claims(false), x509::key_usage_extension(x509::digital_signature, true)}};
  const Asked others{"CN=Eve,O=Evil",
                     {{x509::GeneralName::Kind::dns, "evil.example"}},
                     {x509::oids::time_stamping},
                     {claims(true), must_staple()}};
  struct Row {
    Which which;
    FieldSource source;
    const Asked& asked;
    std::string result;
  };
  const Row rows[] = {
      {Which::subject, FieldSource::policy, others, plain},
      {Which::subject, FieldSource::request, others,
       "subject=CN=Eve,O=Evil san=yaml.example, eku=policy other="},
      {Which::subject, FieldSource::request, nothing,
       "the request for 'build-7' has no subject, and policy 'driver-signing' takes it from there "
       "| make the request with one, or write requests: {subject: either} in the policy"},
      {Which::subject, FieldSource::either, others,
       "subject=CN=Eve,O=Evil san=yaml.example, eku=policy other="},
      {Which::subject, FieldSource::either, nothing, plain},
      {Which::subject, FieldSource::refuse, others,
       "the request for 'build-7' brings the subject 'CN=Eve,O=Evil', which policy "
       "'driver-signing' refuses | leave it out of the request, or write requests: {subject: "
       "policy} to ignore it"},
      {Which::subject, FieldSource::refuse, same, plain},
      {Which::subject, FieldSource::refuse, nothing, plain},

      {Which::san, FieldSource::policy, others, plain},
      {Which::san, FieldSource::request, others,
       "subject=CN=build-7 san=evil.example, eku=policy other="},
      {Which::san, FieldSource::request, nothing,
       "the request for 'build-7' has no alternative name, and policy 'driver-signing' takes it "
       "from there | make the request with one, or write requests: {san: either} in the policy"},
      {Which::san, FieldSource::either, others,
       "subject=CN=build-7 san=evil.example, eku=policy other="},
      {Which::san, FieldSource::either, nothing, plain},
      {Which::san, FieldSource::refuse, others,
       "the request for 'build-7' brings the alternative name 'evil.example', which policy "
       "'driver-signing' refuses | leave it out of the request, or write requests: {san: policy} "
       "to ignore it"},
      {Which::san, FieldSource::refuse, same, plain},

      {Which::purposes, FieldSource::policy, others, plain},
      {Which::purposes, FieldSource::request, same,
       "subject=CN=build-7 san=yaml.example, eku=codeSigning, other="},
      {Which::purposes, FieldSource::request, others,
       "the extended key usage of the request for 'build-7' holds timeStamping, which policy "
       "'driver-signing' does not list | change the request, or write requests: "
       "{extended_key_usage: policy} to ignore it"},
      {Which::purposes, FieldSource::request, nothing,
       "the request for 'build-7' has no extended key usage, and policy 'driver-signing' takes it "
       "from there | make the request with one, or write requests: {extended_key_usage: either} in "
       "the policy"},
      {Which::purposes, FieldSource::either, nothing, plain},
      {Which::purposes, FieldSource::refuse, others,
       "the request for 'build-7' brings the extended key usage 'timeStamping', which policy "
       "'driver-signing' refuses | leave it out of the request, or write requests: "
       "{extended_key_usage: policy} to ignore it"},
      {Which::purposes, FieldSource::refuse, same, plain},

      {Which::other, FieldSource::policy, others, plain},
      {Which::other, FieldSource::request, others, plain + "1.3.6.1.5.5.7.1.24,"},
      {Which::other, FieldSource::request, same,
       "the request for 'build-7' has no other extension, and policy 'driver-signing' takes it "
       "from there | make the request with one, or write requests: {other: either} in the policy"},
      {Which::other, FieldSource::either, same, plain},
      {Which::other, FieldSource::either, others, plain + "1.3.6.1.5.5.7.1.24,"},
      {Which::other, FieldSource::refuse, others,
       "the request for 'build-7' brings the other extension 'basicConstraints', which policy "
       "'driver-signing' refuses | leave it out of the request, or write requests: {other: policy} "
       "to ignore it"},
      {Which::other, FieldSource::refuse, same, plain},
  };
  int number = 0;
  for (const auto& row : rows) DYNAMIC_SECTION("row " << ++number) {
      CHECK(tried(row.which, row.source, row.asked) == row.result);
    }
}

TEST_CASE("a subject that would change on its way is refused", "[request]") {
  const std::pair<const char*, const char*> rows[] = {
      {"CN=build-{generation}", "holds a brace, which would be a placeholder here"},
      {"CN=a+OU=b", "'CN=a+OU=b' cannot be issued as it stands"},
      {"CN=#0403616263", "'CN=#0403616263' cannot be issued as it stands"},
  };
  for (const auto& [subject, reason] : rows) DYNAMIC_SECTION(subject) {
      CHECK_THAT(tried(Which::subject, FieldSource::request, {subject, {}, {}, {}}),
                 Catch::StartsWith("the subject of the request for 'build-7' " +
                                   std::string(reason) + " | "));
    }
}

TEST_CASE("an alternative name that is not read whole is not issued in part", "[request]") {
  // A DNS name and an otherName (a user principal name).
  const x509::Extension upn{x509::oids::subject_alternative_name, false,
                            *from_hex("3017820161a012060a2b060104018237140203a0040c026162")};
  const Asked asked{"CN=build-7", {}, {}, {upn}};
  CHECK(tried(Which::san, FieldSource::either, asked) ==
        "the alternative name of the request for 'build-7' is of a kind that is not issued here | "
        "change the request, or write requests: {san: policy} to ignore it");
}

TEST_CASE("what is the authority's to say is never taken from a request", "[request]") {
  struct Row {
    const char* oid;
    bool critical;
    const char* value;
    const char* message;
  };
  const char* theirs = ", which is the authority's to say";
  const Row rows[] = {
      {"1.3.6.1.4.1.311.21.10", false, "3000", "'application policies' (1.3.6.1.4.1.311.21.10)"},
      {"1.3.6.1.4.1.311.20.2", false, "0c0161",
       "'certificate template name' (1.3.6.1.4.1.311.20.2)"},
      {"1.3.6.1.4.1.311.21.7", false, "3000", "'certificate template' (1.3.6.1.4.1.311.21.7)"},
      {"1.3.6.1.4.1.311.25.2", false, "3000", "'security identifier' (1.3.6.1.4.1.311.25.2)"},
      {"2.5.29.36", true, "3000", "'policyConstraints' (2.5.29.36)"},
      {"2.5.29.54", true, "020100", "'inhibitAnyPolicy' (2.5.29.54)"},
      {"2.5.29.33", false, "3000", "'policyMappings' (2.5.29.33)"},
      {"2.5.29.46", false, "3000", "'freshestCRL' (2.5.29.46)"},
      {"2.5.29.18", false, "3000", "'issuerAltName' (2.5.29.18)"},
      {"1.3.6.1.5.5.7.48.1.5", false, "0500", "'ocsp-nocheck' (1.3.6.1.5.5.7.48.1.5)"},
      {"2.16.840.1.113730.1.1", false, "03020780", "'netscapeCertType' (2.16.840.1.113730.1.1)"},
  };
  const auto asked = [](const char* oid, bool critical, const char* value) {
    return Asked{"CN=build-7", {}, {}, {{Oid(oid), critical, *from_hex(value)}}};
  };
  const std::string hint =
      " | leave it out of the request, or write requests: {other: policy} to ignore it";
  for (const auto& row : rows) DYNAMIC_SECTION(row.oid) {
      const auto request = asked(row.oid, row.critical, row.value);
      const auto message = "the request for 'build-7' brings the extension " +
                           std::string(row.message) + theirs + hint;
      CHECK(tried(Which::other, FieldSource::either, request) == message);
      CHECK(tried(Which::other, FieldSource::request, request) == message);
      CHECK_THAT(tried(Which::other, FieldSource::policy, request), Catch::EndsWith(" other="));
    }
  const auto refused = [&](bool critical, const char* value) {
    return tried(Which::other, FieldSource::either, asked("1.2.3.4", critical, value));
  };
  const std::string brings = "the request for 'build-7' brings the extension '1.2.3.4', ";
  CHECK(refused(true, "0500") == brings + "which is critical and not known here" + hint);
  for (const char* value : {"", "05", "05000500", "0402ff", "ff"})
    CHECK(refused(false, value) == brings + "whose value is not one DER element" + hint);
  CHECK_THAT(refused(false, "0500"), Catch::EndsWith(" other=1.2.3.4,"));
}

TEST_CASE("a key that was revoked is not certified again, by nobody's policy", "[request]") {
  Lab lab;
  const auto issuing = lab.issuing();
  auto policy = signing_policy();
  policy.renewal.reuse_key = true;
  const auto asked = request_of({});
  const auto order = order_for("build-7", policy, issuing);
  const auto issuer = lab.signer(issuing);
  const auto issue = [&] {
    return ca::issue(lab.inventory, ca::prepare(lab.inventory, order, asked, ossl::system_random()),
                     issuer.get());
  };
  const auto first = issue();
  issue();
  lab.inventory.revoke(first.id, {"keyCompromise", {}, {}, {}, false});
  const auto checked = [&](const char* name) {
    return error_of([&] { ca::check_request(lab.inventory, name, asked, policy); });
  };
  CHECK(checked("build-7").kind == Error::Kind::policy);
  CHECK(checked("build-7").message ==
        "the key for 'build-7' is that of 'build-7@1', which is revoked (keyCompromise)");
  CHECK(checked("other").message ==
        "the key for 'other' is that of 'build-7@1', which is revoked (keyCompromise)");
  CHECK(error_of(issue).message == checked("build-7").message);
  CHECK(checked("build-7").hint ==
        "what nobody believes any more is not certified again: make a new key");
}

TEST_CASE("nothing is issued below an authority that is revoked", "[ca]") {
  Lab lab;
  const auto issuing = lab.issuing();
  const auto root = *lab.inventory.generation(*issuing.issuer);
  const bool distrust = GENERATE(false, true);
  lab.inventory.revoke(root.id, {"cACompromise", {}, {}, {}, distrust});
  const auto error = error_of([&] { lab.issue("driver", signing_policy(), issuing); });
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message == "'" + root.label() + "', above '" + issuing.label() + "', is " +
                             (distrust ? "distrusted" : "revoked") +
                             ": nothing is issued below it");
}

TEST_CASE("a request's key must be its own, strong, and new", "[request]") {
  Lab lab;
  const auto issuing = lab.issuing();
  auto policy = signing_policy();
  const auto asked = request_of({});

  SECTION("what is right passes") {
    CHECK_NOTHROW(ca::check_request(lab.inventory, "build-7", asked, policy));
  }
  SECTION("signed with another key") {
    auto der = asked.der();
    der.back() ^= 1;
    const auto error = error_of(
        [&] { ca::check_request(lab.inventory, "build-7", x509::Request::from_der(der), policy); });
    CHECK(error.kind == Error::Kind::crypto);
    CHECK(error.message == "the request for 'build-7' is not signed with its own key");
  }
  SECTION("another algorithm, or shorter") {
    struct Row {
      ossl::KeySpec asked, policy;
      const char* message;
    };
    const Row rows[] = {
        {{ossl::KeyType::rsa, 2048},
         {ossl::KeyType::rsa, 3072},
         "the key of the request for 'build-7' is RSA-2048, and policy 'driver-signing' asks for "
         "RSA-3072 or longer"},
        {{ossl::KeyType::ec, 0, ossl::Curve::p256},
         {ossl::KeyType::rsa, 3072},
         "the key of the request for 'build-7' is ECDSA P-256, and policy 'driver-signing' asks "
         "for RSA-3072 or longer"},
        {{ossl::KeyType::ec, 0, ossl::Curve::p256},
         {ossl::KeyType::ec, 0, ossl::Curve::p384},
         "the key of the request for 'build-7' is ECDSA P-256, and policy 'driver-signing' asks "
         "for ECDSA P-384 or longer"},
        {{ossl::KeyType::ec, 0, ossl::Curve::p256},
         {ossl::KeyType::ed25519},
         "the key of the request for 'build-7' is ECDSA P-256, and policy 'driver-signing' asks "
         "for Ed25519"},
    };
    for (const auto& row : rows) {
      policy.key.spec = row.policy;
      const auto error = error_of(
          [&] { ca::check_request(lab.inventory, "build-7", request_of({}, row.asked), policy); });
      CHECK(error.kind == Error::Kind::policy);
      CHECK(error.message == row.message);
      CHECK(error.hint == "make a new key, and the request with it");
    }
    policy.key.spec = {ossl::KeyType::ec, 0, ossl::Curve::p256};
    CHECK_NOTHROW(ca::check_request(lab.inventory, "build-7",
                                    request_of({}, {ossl::KeyType::ec, 0, ossl::Curve::p384}),
                                    policy));
  }
  SECTION("one that can be factored") {
    policy.key.spec = {ossl::KeyType::rsa, 1024};
    const auto error = error_of([&] {
      ca::check_request(lab.inventory, "build-7", request_of({}, {ossl::KeyType::rsa, 1024}),
                        policy);
    });
    CHECK(error.kind == Error::Kind::policy);
    CHECK_THAT(error.message,
               Catch::StartsWith("the key of the request for 'build-7' has 1024 bits"));
  }
  SECTION("certified before") {
    const auto order = order_for("build-7", policy, issuing);
    const auto issuer = lab.signer(issuing);
    ca::issue(lab.inventory, ca::prepare(lab.inventory, order, asked, ossl::system_random()),
              issuer.get());
    CHECK(error_of([&] { ca::check_request(lab.inventory, "other", asked, policy); }).message ==
          "the key of the request for 'other' is that of 'build-7@1'");
    CHECK(error_of([&] { ca::check_request(lab.inventory, "build-7", asked, policy); }).message ==
          "the key of the request for 'build-7' was certified before, as 'build-7@1'");
    policy.renewal.reuse_key = true;
    CHECK_NOTHROW(ca::check_request(lab.inventory, "build-7", asked, policy));
  }
}

TEST_CASE("a key that is elsewhere is certified, and not stored", "[request]") {
  Lab lab;
  const auto issuing = lab.issuing();
  const auto asked = request_of({});
  const auto issuer = lab.signer(issuing);
  auto policy = signing_policy();
  const auto generation =
      ca::issue(lab.inventory,
                ca::prepare(lab.inventory, order_for("build-7", policy, issuing), asked,
                            ossl::system_random()),
                issuer.get());
  CHECK(generation.state == store::GenerationState::active);
  CHECK_FALSE(generation.key);
  const auto certificate = ca::certificate_of(generation);
  CHECK(certificate.public_key() == asked.public_key());
  CHECK(certificate.signed_by(ca::certificate_of(issuing).public_key()));

  SECTION("unless the policy wants the key where it can be seen") {
    policy.key.stores = {policy::KeyStore::inventory};
    CHECK(error_of([&] {
            ca::prepare(lab.inventory, order_for("build-8", policy, issuing), asked,
                        ossl::system_random());
          }).message ==
          "'build-8' may not have a key that somebody else holds (policy 'driver-signing')");
  }
  SECTION("and never signs itself here") {
    CHECK(error_of([&] {
            ca::prepare(lab.inventory, order_for("build-8", policy, std::nullopt), asked,
                        ossl::system_random());
          }).message == "'build-8' would sign itself, and its key is not here");
  }
}

TEST_CASE("what a foreign authority sends back settles the request", "[request]") {
  Lab lab, foreign;
  const auto authority = foreign.issuing();
  const auto policy = signing_policy();
  ca::ElsewhereOrder wanted;
  wanted.order = order_for("net", policy, std::nullopt);
  wanted.to = store::RequestKind::foreign;
  const auto waiting = ca::request_elsewhere(lab.inventory, wanted, lab.key(policy, "signing"));
  const auto request = x509::Request::from_der(waiting.intent.request);
  CHECK(request.verified());
  CHECK(request.subject().text() == "CN=net");
  REQUIRE(ca::waiting_for_key(lab.inventory, request.public_key().id()));

  auto theirs = order_for("whatever", policy, authority);
  theirs.subject = policy::parse_subject("CN=net,O=Foreign");
  const auto signer = foreign.signer(authority);
  const auto made = ca::certificate_of(ca::issue(
      foreign.inventory, ca::prepare(foreign.inventory, theirs, request, ossl::system_random()),
      signer.get()));

  SECTION("whatever else it says, it is told") {
    const auto accepted = ca::accept(lab.inventory, waiting, made, std::nullopt, policy);
    CHECK(accepted.generation.label() == "net@1");
    CHECK(accepted.generation.state == store::GenerationState::active);
    REQUIRE(accepted.generation.key);
    CHECK(lab.signer(accepted.generation)->public_key() == made.public_key());
    CHECK_FALSE(lab.inventory.waiting_request("net"));
    std::string told;
    for (const auto& finding : accepted.findings)
      if (finding.rule == "as-its-policy") told += finding.message;
    CHECK(told == "the certificate names 'CN=net,O=Foreign', not 'CN=net'");
  }
  SECTION("another key's is refused") {
    const auto other = ca::certificate_of(foreign.issue(order_for("other", policy, authority)));
    const auto error =
        error_of([&] { ca::accept(lab.inventory, waiting, other, std::nullopt, policy); });
    CHECK(error.kind == Error::Kind::input);
    CHECK(error.message == "the certificate is not for the key of the request for 'net'");
    CHECK(lab.inventory.waiting_request("net"));
  }
  SECTION("one that the known issuer did not sign is refused") {
    const auto own = lab.issuing();
    const auto error = error_of([&] { ca::accept(lab.inventory, waiting, made, own, policy); });
    CHECK(error.kind == Error::Kind::crypto);
    CHECK(error.message == "the certificate for 'net' is not signed by 'lab-issuing@1'");
  }
  SECTION("a ceremony's answer must be what the policy says") {
    auto strict = waiting;
    strict.intent.to = store::RequestKind::ceremony;
    strict.intent.issuer = "lab-issuing";
    CHECK(error_of([&] { ca::accept(lab.inventory, strict, made, std::nullopt, policy); }).kind ==
          Error::Kind::state);
  }
  SECTION("a request that is cancelled takes its key along") {
    lab.inventory.cancel_request(waiting.id, "not wanted");
    CHECK_FALSE(lab.inventory.key(waiting.intent.key));
  }
}

TEST_CASE("what differs from its policy is named", "[request]") {
  Lab lab;
  const auto issuing = lab.issuing();
  const auto policy = signing_policy();
  const auto made = ca::certificate_of(lab.issue(order_for("net", policy, issuing)));
  CHECK(ca::departures(made, policy, "CN=net").empty());
  auto other = policy;
  other.extensions.key_usage->bits = x509::content_commitment;
  other.extensions.extended_key_usage->purposes = {x509::oids::time_stamping};
  other.extensions.name_constraints =
      x509::NameConstraints{{{x509::GeneralName::Kind::dns, "example"}}, {}};
  other.kind = policy::Kind::intermediate;
  other.validity.max_lifetime = parse_duration("1y");
  CHECK(ca::departures(made, other, "CN=x") ==
        std::vector<std::string>{
            "names 'CN=net', not 'CN=x'",
            "lasts until 2028-01-02, longer than the 1y that its policy allows",
            "has another key usage than its policy says",
            "has the extended key usages codeSigning, and its policy says timeStamping",
            "is no authority's, and its policy's are",
            "has other name constraints than its policy says"});
}

TEST_CASE("requests of openssl and certtool are certified as they are", "[request][oracle]") {
  Lab lab;
  const auto issuing = lab.issuing();
  auto policy = signing_policy();
  policy.key.spec = {ossl::KeyType::rsa, 2048};
  policy.subject.allowed = {"CN", "O", "C"};
  policy.requests.subject = FieldSource::request;
  const Scratch scratch;
  const auto key = (scratch / "key.pem").string(), csr = (scratch / "a.csr").string();
  const auto by_openssl = [&] {
    return run({"openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
                csr, "-subj", "/C=DE/O=Acme GmbH/CN=build-7", "-addext",
                "extendedKeyUsage=codeSigning"});
  };
  const auto by_certtool = [&] {
    write_file(scratch / "t.cfg",
               view("cn = \"build-7\"\norganization = \"Acme GmbH\"\ncountry = DE\n"
                    "code_signing_key\n"));
    const auto made = run({"certtool", "--generate-privkey", "--bits", "2048", "--outfile", key});
    if (made.exit_code != 0) return made;
    return run({"certtool", "--generate-request", "--load-privkey", key, "--template",
                (scratch / "t.cfg").string(), "--outfile", csr});
  };
  for (const std::string program : {"openssl", "certtool"}) {
    if (!have_program(program)) {
      WARN("SKIPPED: no " + program);
      continue;
    }
    DYNAMIC_SECTION(program) {
      REQUIRE((program == "openssl" ? by_openssl() : by_certtool()).exit_code == 0);
      const auto asked = x509::read_request(read_file(csr));
      ca::check_request(lab.inventory, "build-7", asked, policy);
      const auto order = ca::with_request(order_for("build-7", policy, issuing), asked);
      const auto signer = lab.signer(issuing);
      const auto made = ca::certificate_of(
          ca::issue(lab.inventory, ca::prepare(lab.inventory, order, asked, ossl::system_random()),
                    signer.get()));
      std::string pem = made.to_pem();
      write_file(scratch / "cert.pem", view(pem));
      pem.clear();
      for (const auto& above : ca::chain_of(lab.inventory, issuing)) pem += above.to_pem();
      write_file(scratch / "chain.pem", view(pem));
      const auto pair =
          run({"openssl", "x509", "-in", (scratch / "cert.pem").string(), "-noout", "-pubkey"});
      CHECK(pair.out == run({"openssl", "pkey", "-in", key, "-pubout"}).out);
      const auto verified =
          run({"openssl", "verify", "-attime", "1767400000", "-CAfile",
               (scratch / "chain.pem").string(), (scratch / "cert.pem").string()});
      INFO(verified.err);
      CHECK(verified.exit_code == 0);
    }
  }
}
