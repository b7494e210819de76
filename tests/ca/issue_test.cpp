#include <set>

#include "fixture.h"
#include "policy/load.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

/// A signer that does something else instead.
class OddSigner : public ossl::Signer {
 public:
  OddSigner(const ossl::PublicKey& key, std::function<Bytes()> instead)
      : key_(key), instead_(std::move(instead)) {}
  const ossl::PublicKey& public_key() const override { return key_; }
  Bytes sign(const ossl::SignatureAlgorithm&, BytesView) override { return instead_(); }

 private:
  ossl::PublicKey key_;
  std::function<Bytes()> instead_;
};

}  // namespace

TEST_CASE("a certificate says what its order and policy asked for", "[ca]") {
  Lab lab;
  const auto issuer = lab.issuing();
  auto order = order_for("driver-signing", signing_policy(), issuer);
  order.subject.attributes = {{*x509::attribute_type("CN"), "Acme {name} {generation}"},
                              {*x509::attribute_type("O"), "Acme GmbH"}};
  order.crl_urls = {"http://pki.example/lab-issuing-1.crl"};
  order.issuer_urls = {"http://pki.example/lab-issuing-1.crt"};
  const auto g = lab.issue(order);
  const auto certificate = ca::certificate_of(g);

  CHECK(certificate.subject().text() == "CN=Acme driver-signing 1,O=Acme GmbH");
  CHECK(certificate.issuer() == ca::certificate_of(issuer).subject());
  CHECK(certificate.not_before() == *parse_time("2026-01-02T11:50:00Z"));
  CHECK(certificate.not_after() == *parse_time("2028-01-02T12:00:00Z"));
  CHECK(certificate.signed_by(ca::certificate_of(issuer).public_key()));
  CHECK(certificate.authority_key_identifier() ==
        ca::certificate_of(issuer).subject_key_identifier());
  CHECK(certificate.serial() == g.serial);
  CHECK(certificate.thumbprint() == g.thumbprint);
  CHECK(certificate.public_key().id() == g.key);
  CHECK(g.subject == certificate.subject().text());
  CHECK(g.policy.name == "driver-signing");
  CHECK(to_hex(g.policy.sha256) == signing_policy().fingerprint);
  CHECK(g.issuer == issuer.id);
  std::vector<std::string> order_of_extensions;
  for (const auto& extension : certificate.extensions())
    order_of_extensions.push_back(extension.oid.text());
  CHECK(order_of_extensions == std::vector<std::string>{"2.5.29.15", "2.5.29.37", "2.5.29.14",
                                                        "2.5.29.35", "2.5.29.31",
                                                        "1.3.6.1.5.5.7.1.1"});
}

TEST_CASE("serial numbers are 159 bits, positive and never the same", "[ca]") {
  Lab lab;
  const auto issuer = lab.issuing();
  std::set<Bytes> seen;
  for (int n = 0; n < 50; ++n) {
    const auto prepared =
        ca::prepare(lab.inventory, order_for("d" + std::to_string(n), signing_policy(), issuer),
                    lab.key(signing_policy(), "signing"), ossl::system_random());
    const auto& serial = prepared.contents().serial.value;
    CHECK(serial.size() <= 20);
    CHECK(serial.size() >= 12);
    CHECK((serial.size() < 20 || serial[0] < 0x80));
    seen.insert(serial);
  }
  CHECK(seen.size() == 50);

  SECTION("a generator that repeats itself is noticed") {
    const ossl::Random stuck = [](std::span<std::uint8_t> into) {
      std::fill(into.begin(), into.end(), std::uint8_t{0x55});
    };
    const auto signer = lab.signer(issuer);
    const auto once = [&](const std::string& name) {
      ca::issue(lab.inventory,
                ca::prepare(lab.inventory, order_for(name, signing_policy(), issuer),
                            lab.key(signing_policy(), "signing"), stuck),
                signer.get());
    };
    once("one");
    const auto error = error_of([&] { once("two"); });
    CHECK(error.kind == Error::Kind::state);
    CHECK_THAT(error.message, Catch::Contains("was drawn before by this issuer"));
  }
}

TEST_CASE("a beginning and a serial number that were asked for are taken", "[ca]") {
  Lab lab;
  auto policy = signing_policy();
  policy.lint.relax = {{"serial-entropy", "asked for"}};
  auto order = order_for("old-script", policy, lab.issuing());
  order.not_before = *parse_time("2026-01-02");
  order.serial = Serial{{0x07, 0xd0}};
  const auto certificate = ca::certificate_of(lab.issue(order));
  CHECK(certificate.not_before() == *order.not_before);
  CHECK(certificate.serial() == *order.serial);
  SECTION("the number once below an issuer") {
    CHECK(error_of([&] { lab.issue(order); }).kind == Error::Kind::state);
  }
  SECTION("the beginning not behind the end") {
    order.serial.reset();
    order.not_after = *parse_time("2026-06-01");
    order.not_before = *parse_time("2026-06-02");
    CHECK(error_of([&] { lab.issue(order); }).message ==
          "'old-script' would end on 2026-06-01, before it begins on 2026-06-02");
  }
}

TEST_CASE("a key that somebody else holds is certified", "[ca]") {
  Lab lab;
  const auto order = order_for("theirs", signing_policy(), lab.issuing());
  const auto theirs = ossl::PrivateKey::generate({ossl::KeyType::ec}).public_key();
  auto prepared = ca::prepare(lab.inventory, order, theirs, ossl::system_random());
  const auto issuer = lab.signer(*order.issuer);
  const auto made = ca::issue(lab.inventory, std::move(prepared), issuer.get());
  CHECK(ca::certificate_of(made).public_key() == theirs);
  CHECK_FALSE(made.key);
}

TEST_CASE("prepare refuses what the policy does not allow, and writes nothing", "[ca]") {
  Lab lab;
  const auto issuer = lab.issuing();
  const auto good = order_for("driver", signing_policy(), issuer);
  const auto with = [&](auto&& change) {
    auto order = good;
    change(order);
    return order;
  };
  const auto under = [&](auto&& change) {
    auto policy = signing_policy();
    change(policy);
    return with([&](ca::Order& order) { order.policy = shared(policy); });
  };
  const struct {
    const char* name;
    ca::Order order;
    const char *message, *hint;
  } rows[] = {
      {"too long", with([](ca::Order& order) { order.lifetime = parse_duration("37mo"); }),
       "'driver' would last until 2029-02-02, longer than the 3y that policy 'driver-signing' "
       "allows",
       "shorten its validity, or raise max_lifetime in the policy"},
      {"past the issuer's end", under([](policy::Policy& policy) {
         policy.validity.lifetime = policy.validity.max_lifetime = parse_duration("11y");
       }),
       "'driver' would outlive its issuer 'lab-issuing@1', which ends on 2036-01-02",
       "end it by then, or rotate 'lab-issuing' first"},
      {"in the past", with([](ca::Order& order) { order.not_after = *parse_time("2025-12-31"); }),
       "'driver' would end on 2025-12-31, which is past", ""},
      {"an attribute that is not allowed", with([](ca::Order& order) {
         order.subject.attributes.push_back({*x509::attribute_type("OU"), "x"});
       }),
       "the subject may not have OU (policy 'driver-signing')", ""},
      {"a root with an issuer",
       with([](ca::Order& order) { order.policy = shared(root_policy()); }),
       "'driver' signs itself and has no issuer: policy 'root-ca' is for roots", ""},
      {"an intermediate without", with([](ca::Order& order) {
         order.policy = shared(issuing_policy());
         order.issuer.reset();
       }),
       "'driver' needs an issuer: policy 'issuing-ca' is for intermediates", ""},
      {"an issuer that is not on the list",
       under([](policy::Policy& policy) { policy.issuers = {"acme-issuing"}; }),
       "'driver' may not be issued by 'lab-issuing' (policy 'driver-signing')", ""},
      {"a key that must be on a token",
       under([](policy::Policy& policy) { policy.key.stores = {policy::KeyStore::pkcs11}; }),
       "'driver' may not keep its key in the inventory (policy 'driver-signing')", ""},
  };
  const auto head = lab.inventory.head();
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const auto error = error_of([&] {
        ca::prepare(lab.inventory, row.order, lab.key(signing_policy(), "signing"),
                    ossl::system_random());
      });
      CHECK(error.kind == Error::Kind::policy);
      CHECK(error.message == row.message);
      CHECK(error.hint == row.hint);
      CHECK(lab.inventory.head() == head);
    }
}

TEST_CASE("lint stops a certificate that breaks a rule, and names it", "[ca]") {
  Lab lab;
  const auto issuer = lab.issuing();
  auto policy = signing_policy();
  policy.extensions.basic_constraints = x509::BasicConstraints{true, std::nullopt};
  const auto error = error_of([&] { lab.issue("driver", policy, issuer); });
  CHECK(error.kind == Error::Kind::policy);
  CHECK_THAT(error.message, Catch::StartsWith("'driver' may not be issued: "));
  CHECK(lab.inventory.unfinished_issuances().empty());
  CHECK(lab.inventory.generations_of("driver").empty());
}

TEST_CASE("an authority issues only while it is active and valid", "[ca]") {
  Lab lab;
  auto issuer = lab.issuing();
  const auto order = order_for("driver", signing_policy(), issuer);
  const auto refused = [&](const ca::Order& wanted) {
    const auto error = error_of([&] { lab.issue(wanted); });
    CHECK(error.kind == Error::Kind::state);
    return error.message;
  };
  SECTION("expired") {
    *lab.now = *parse_time("2036-02-01");
    CHECK(refused(order) ==
          "'lab-issuing@1' is valid from 2026-01-02 to 2036-01-02 and issues nothing now");
  }
  SECTION("revoked") {
    lab.inventory.revoke(issuer.id, {"keyCompromise", {}, {}, ""});
    auto late = order;
    late.issuer = lab.inventory.generation(issuer.id);
    CHECK(refused(late) == "'lab-issuing@1' is revoked and issues nothing");
  }
  SECTION("no authority at all") {
    const auto leaf = lab.issue(order);
    const auto error = error_of([&] { lab.issue(order_for("below", signing_policy(), leaf)); });
    CHECK(error.message == "'below' may not be issued by 'driver', which is no authority");
  }
}

TEST_CASE("a certificate does not begin before its issuer", "[ca]") {
  Lab lab;
  auto late_root = root_policy();
  late_root.validity.backdate = parse_duration("0min");
  const auto root = lab.issue("root", late_root, std::nullopt);
  const auto leaf = lab.issue("driver", signing_policy(), root);
  CHECK(leaf.not_before == root.not_before);
}

TEST_CASE("a certificate that is wrong on purpose is made in labs only", "[ca]") {
  auto policy = signing_policy();
  policy.validity.not_before = *parse_time("2020-01-01");
  policy.validity.not_after = *parse_time("2021-01-01");
  policy.negative = policy::Negative{"validity-in-the-past", 0x800B0101};
  SECTION("a lab") {
    Lab lab;
    const auto issuer = lab.issuing();
    CHECK(error_of([&] { lab.issue("expired", policy, issuer); }).message ==
          "'expired' is wrong on purpose, and its subject does not say so");
    auto order = order_for("expired", policy, issuer);
    order.subject = policy::parse_subject("CN=NEGATIVE TEST expired");
    const auto g = ca::issue(
        lab.inventory,
        ca::prepare(lab.inventory, order, lab.key(policy, "signing"), ossl::system_random()),
        lab.signer(issuer).get());
    CHECK(g.not_after == *parse_time("2021-01-01"));
  }
  SECTION("no lab") {
    Lab lab(":memory:", false);
    const auto issuer = lab.issuing();
    CHECK(error_of([&] { lab.issue("expired", policy, issuer); }).message ==
          "'expired' would be wrong on purpose (policy 'driver-signing'), and this is no lab");
  }
}

TEST_CASE("when signing fails nothing is issued, and the intent is settled", "[ca]") {
  Lab lab;
  auto rsa_root = root_policy();
  rsa_root.key.spec = {ossl::KeyType::rsa, 2048, {}};
  const auto root = lab.issue("root", rsa_root, std::nullopt);
  const auto order = order_for("driver", signing_policy(), root);
  auto prepared = ca::prepare(lab.inventory, order, lab.key(signing_policy(), "signing"),
                              ossl::system_random());
  const KeyId key = prepared.contents().public_key.id();
  const ossl::PublicKey root_key = lab.signer(root)->public_key();
  const struct {
    const char* name;
    std::function<Bytes()> instead;
    const char* message;
  } rows[] = {
      {"a token that fails",
       []() -> Bytes { throw Error(Error::Kind::crypto, "the token was pulled out"); },
       "the token was pulled out"},
      {"a signature that is wrong", [] { return Bytes(256, 1); },
       "the signature that was made is not valid"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      OddSigner odd(root_key, row.instead);
      const auto error = error_of([&] { ca::issue(lab.inventory, std::move(prepared), &odd); });
      CHECK(error.kind == Error::Kind::crypto);
      CHECK(error.message == row.message);
      CHECK(lab.inventory.unfinished_issuances().empty());
      CHECK(lab.inventory.generations_of("driver").empty());
      CHECK_FALSE(lab.inventory.key(key));
      const auto last = lab.inventory.events().back();
      CHECK(last.kind == "issuance.abandoned");
      CHECK(last.subject == "driver@1");
      lab.issue(order);
    }
}

TEST_CASE("a key that is not the issuer's is refused before anything is recorded", "[ca]") {
  Lab lab;
  const auto issuer = lab.issuing();
  const auto other = lab.issue("other-root", root_policy(), std::nullopt);
  auto prepared = ca::prepare(lab.inventory, order_for("driver", signing_policy(), issuer),
                              lab.key(signing_policy(), "signing"), ossl::system_random());
  const auto head = lab.inventory.head();
  const auto wrong = lab.signer(other);
  CHECK_THROWS_WITH(ca::issue(lab.inventory, std::move(prepared), wrong.get()),
                    "'driver' is signed with a key that is not its issuer's");
  CHECK(lab.inventory.head() == head);
}
