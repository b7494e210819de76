// YAML.md, Generations: trust travels slower than certificates.

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
using Activate = policy::RenewalPolicy::Activate;
using store::GenerationState;

TEST_CASE("the first generation is active, and a later one when machines can know it", "[ca]") {
  const struct {
    const char* name;
    Activate activate;
    bool in_bundle;
    GenerationState first, second;
  } rows[] = {
      {"waits for its bundle", Activate::when_deployed, true, GenerationState::active,
       GenerationState::next},
      {"stands in no bundle", Activate::when_deployed, false, GenerationState::retiring,
       GenerationState::active},
      {"immediately", Activate::immediately, true, GenerationState::retiring,
       GenerationState::active},
      {"by hand", Activate::by_hand, false, GenerationState::active, GenerationState::next},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      Lab lab;
      const auto issuer = lab.issuing();
      auto policy = signing_policy();
      policy.renewal.activate = row.activate;
      auto order = order_for("driver", policy, issuer);
      order.in_bundle = row.in_bundle;
      const auto first = lab.issue(order);
      CHECK(first.state == GenerationState::active);
      const auto second = lab.issue(order);
      CHECK(second.number == 2);
      CHECK(second.state == row.second);
      CHECK(lab.inventory.generation(first.id)->state == row.first);
    }
}

TEST_CASE("where nothing is alive any more the next generation is active at once", "[ca]") {
  Lab lab;
  const auto issuer = lab.issuing();
  const auto first = lab.issue("driver", signing_policy(), issuer);
  lab.inventory.revoke(first.id, {"keyCompromise", {}, {}, ""});
  CHECK(lab.issue("driver", signing_policy(), issuer).state == GenerationState::active);
}
