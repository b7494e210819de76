#include "bundle/difference.h"

#include <catch2/catch.hpp>

#include "states.h"
#include "x509/oids.h"

using namespace sealwright;

TEST_CASE("a difference is what machines gain, lose and are told otherwise", "[bundle]") {
  auto before = test::lab_state();
  auto after = test::without_publisher();
  after.present.push_back(
      {bundle::Store::trusted_publisher, test::pki().ec_code.certificate, "other@1", {}});
  for (auto& entry : after.present)
    if (entry.store == bundle::Store::root)
      entry.purposes = std::vector<Oid>{x509::oids::code_signing};
  before.settings = test::some_settings();
  after.settings = {before.settings[0]};
  after.settings[0].value = 0x23c00;
  bundle::settle(before);
  bundle::settle(after);
  const auto found = bundle::difference(bundle::holdings_of(before), bundle::holdings_of(after));
  const auto hex = [](const test::Holder& holder) { return holder.certificate.thumbprint().hex(); };
  CHECK(bundle::to_text(found) ==
        "gain  TrustedPublisher  " + hex(test::pki().ec_code) +
            "  other@1\n"
            "lose  TrustedPublisher  " +
            hex(test::pki().code) +
            "  driver-signing@1\n"
            "keep  Root              " +
            hex(test::pki().root) +
            "  lab-root@1\n"
            "      for codeSigning, before for codeSigning, timeStamping\n"
            "set   State (current) = 0x00023c00\n"
            "free  State (default), which was 0x00023e00\n"
            "free  AuthenticodeFlags (machine), which was 0x00000002\n");
  const Json json = bundle::to_json(found);
  CHECK(json.at("gained").items().size() == 1);
  CHECK(json.at("purposes").items().at(0).at("before").at("purposes").items().size() == 2);
  CHECK(bundle::difference(bundle::holdings_of(after), bundle::holdings_of(after)).empty());
}

TEST_CASE("order, repeats and names make no difference", "[bundle]") {
  auto one = test::lab_state(), other = test::lab_state();
  std::reverse(other.present.begin(), other.present.end());
  other.present.push_back(other.present.front());
  for (auto& entry : other.present) entry.label = "renamed@1";
  CHECK(bundle::difference(bundle::holdings_of(one), bundle::holdings_of(other)).empty());
}
