#include "ca/preview.h"

#include "fixture.h"

using namespace sealwright;
using test::error_of;
using test::Lab;
using test::order_for;

namespace {

constexpr auto in_inventory = policy::KeyStore::inventory;

}  // namespace

TEST_CASE("a preview is what issuing makes, but for its key", "[ca]") {
  Lab lab;
  const auto order = order_for("signer", test::signing_policy(), lab.issuing());
  const auto preview = ca::preview(lab.inventory, order, in_inventory).generation;
  CHECK(lab.inventory.generations_of("signer").empty());
  const auto issued = lab.issue(order);
  CHECK(preview.label() == issued.label());
  CHECK(preview.state == issued.state);
  CHECK(preview.subject == issued.subject);
  CHECK(preview.not_before == issued.not_before);
  CHECK(preview.not_after == issued.not_after);
  CHECK(ca::certificate_of(preview).extended_key_usage() ==
        ca::certificate_of(issued).extended_key_usage());
}

TEST_CASE("what hangs below a certificate to be is previewed with it", "[ca]") {
  Lab lab;
  const auto root =
      ca::preview(lab.inventory, order_for("root", test::root_policy(), {}), in_inventory);
  const auto issuing = ca::preview(
      lab.inventory, order_for("issuing", test::issuing_policy(), root.generation), in_inventory);
  const auto signer = ca::preview(
      lab.inventory, order_for("signer", test::signing_policy(), issuing.generation), in_inventory);
  CHECK(ca::certificate_of(signer.generation).issuer() ==
        ca::certificate_of(issuing.generation).subject());
  CHECK(lab.inventory.entities().empty());
}

TEST_CASE("a preview refuses what issuing refuses, with keys of every size", "[ca]") {
  Lab lab;
  const auto issuer = lab.issuing();
  for (const int bits : {2048, 3072, 4096}) {
    auto policy = test::signing_policy();
    policy.key.spec = {ossl::KeyType::rsa, bits, ossl::Curve::p256};
    CHECK_NOTHROW(ca::preview(lab.inventory, order_for("signer", policy, issuer), in_inventory));
  }
  auto policy = test::signing_policy();
  auto order = order_for("signer", policy, issuer);
  order.not_after = issuer.not_after + std::chrono::days(1);
  const auto refused = error_of([&] { ca::preview(lab.inventory, order, in_inventory); });
  CHECK(refused.kind == Error::Kind::policy);
  CHECK(refused.message == error_of([&] { lab.issue(order); }).message);
}
