#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

policy::Hierarchy hierarchy() {
  policy::Hierarchy made;
  made.name = "acme";
  made.targets = {"win11-24h2"};
  policy::Authority root, issuing;
  root.name = "lab-root";
  root.policy = shared(root_policy());
  root.key.keyring = "root";
  issuing.name = "lab-issuing";
  issuing.policy = shared(issuing_policy());
  issuing.issuer = "lab-root";
  issuing.key.keyring = "issuing";
  policy::Certificate signing;
  signing.name = "driver";
  signing.policy = shared(signing_policy());
  signing.issuer = "lab-issuing";
  signing.key.keyring = "signing";
  signing.lifetime = parse_duration("1y");
  for (policy::Item* item :
       {static_cast<policy::Item*>(&root), static_cast<policy::Item*>(&issuing),
        static_cast<policy::Item*>(&signing)})
    item->subject.attributes = {{*x509::attribute_type("CN"), item->name}};
  made.authorities = {root, issuing};
  made.certificates = {signing};
  return made;
}

}  // namespace

TEST_CASE("an order takes from the hierarchy what its item says", "[ca]") {
  Lab lab;
  auto plan = hierarchy();
  for (const auto& authority : plan.authorities)
    lab.issue(ca::order_of(plan, authority, lab.inventory));
  const auto order = ca::order_of(plan, plan.certificates[0], lab.inventory);
  CHECK(order.name == "driver");
  CHECK(order.keyring == "signing");
  CHECK(order.lifetime == parse_duration("1y"));
  CHECK(order.issuer->label() == "lab-issuing@1");
  CHECK(order.targets == std::vector<std::string>{"win11-24h2"});
  CHECK(order.crl_urls.empty());
  CHECK(order.issuer_urls.empty());
  CHECK_FALSE(order.in_bundle);
  CHECK(lab.issue(order).not_after == *parse_time("2027-01-02T12:00:00Z"));

  SECTION("URLs come from the distribution point, by the issuer's generation") {
    plan.distribution_http = "http://pki.acme.example/";
    const auto with = ca::order_of(plan, plan.certificates[0], lab.inventory);
    CHECK(with.crl_urls == std::vector<std::string>{"http://pki.acme.example/lab-issuing-1.crl"});
    CHECK(with.issuer_urls ==
          std::vector<std::string>{"http://pki.acme.example/lab-issuing-1.crt"});
  }
  SECTION("or from what the issuer says of its CRL") {
    plan.authorities[1].crl.urls = {"http://elsewhere.example/a.crl"};
    CHECK(ca::order_of(plan, plan.certificates[0], lab.inventory).crl_urls ==
          std::vector<std::string>{"http://elsewhere.example/a.crl"});
  }
  SECTION("a certificate in a bundle must be known before it signs") {
    policy::Bundle bundle;
    bundle.trusted_publisher = {"driver"};
    plan.bundles = {bundle};
    CHECK(ca::order_of(plan, plan.certificates[0], lab.inventory).in_bundle);
  }
}

TEST_CASE("an order needs an issuer that is there", "[ca]") {
  Lab lab;
  const auto plan = hierarchy();
  const auto error = error_of([&] { ca::order_of(plan, plan.certificates[0], lab.inventory); });
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message == "'lab-issuing' has no active certificate that could issue 'driver'");
  CHECK(error.hint == "issue 'lab-issuing' first");
}
