#include "bundle/state.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "states.h"
#include "x509/oids.h"

using namespace sealwright;

namespace {

/// Self-signed, an authority, and good for `purpose`.
x509::Certificate authority_for(const Oid& purpose) {
  ossl::KeySigner signer(ossl::PrivateKey::generate({ossl::KeyType::ec, 0, ossl::Curve::p256}));
  x509::ToBeSigned made;
  made.serial = x509::random_serial(test::counting_random());
  made.algorithm = signer.public_key().algorithm(ossl::Digest::sha256);
  made.subject = made.issuer = x509::Name::parse("CN=Both");
  made.not_before = test::noon;
  made.not_after = test::noon + std::chrono::hours(1);
  made.public_key = signer.public_key();
  made.extensions = {x509::basic_constraints_extension({true, {}}, true),
                     x509::extended_key_usage_extension({purpose}, false)};
  const Bytes tbs = x509::encode(made);
  return x509::assemble(tbs, made.algorithm, signer.sign(made.algorithm, tbs));
}

}  // namespace

TEST_CASE("settle refuses what does nothing or harm", "[bundle]") {
  const auto& pki = test::pki();
  struct Row {
    const char* name;
    std::vector<bundle::Entry> present;
    const char* message;
  };
  const Row rows[] = {
      {"a CA as publisher",
       {{bundle::Store::trusted_publisher, pki.issuing.certificate, "ca", {}}},
       "'ca' cannot go into the TrustedPublisher store: it is a CA certificate, and Windows only "
       "looks for the signer's own certificate there"},
      {"a root as publisher",
       {{bundle::Store::trusted_publisher, pki.root.certificate, "root", {}}},
       "'root' cannot go into the TrustedPublisher store: it is a root without code signing usage, "
       "and Windows only looks for the signer's own "
       "certificate there"},
      {"a root for time stamping as publisher",
       {{bundle::Store::trusted_publisher, authority_for(x509::oids::time_stamping), "root", {}}},
       "'root' cannot go into the TrustedPublisher store: it is a root without code signing usage, "
       "and Windows only looks for the signer's own certificate there"},
      {"a publisher as root",
       {{bundle::Store::root, pki.code.certificate, "p", {}}},
       "'p' cannot go into the Root store: it is not self-signed"},
      {"an intermediate as root",
       {{bundle::Store::root, pki.issuing.certificate, "ca", {}}},
       "'ca' cannot go into the Root store: it is not self-signed"},
      {"trusted and distrusted",
       {{bundle::Store::trusted_publisher, pki.code.certificate, "p", {}},
        {bundle::Store::disallowed, pki.code.certificate, "p", {}}},
       "'p' cannot go into the TrustedPublisher store: it is in Disallowed too, which wins"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      bundle::State state;
      state.present = row.present;
      CHECK_THROWS_WITH(bundle::settle(state), row.message);
    }
}

TEST_CASE("settle lets a self-signed signer into Root and TrustedPublisher", "[bundle]") {
  const auto signer = test::make_holder("Own", test::Purpose::code_signing,
                                        {ossl::KeyType::ec, 0, ossl::Curve::p256}, nullptr);
  bundle::State state;
  state.present = {{bundle::Store::root, signer.certificate, "own@1", {}},
                   {bundle::Store::trusted_publisher, signer.certificate, "own@1", {}}};
  CHECK_NOTHROW(bundle::settle(state));
  state.present = {
      {bundle::Store::trusted_publisher, authority_for(x509::oids::code_signing), "b", {}}};
  CHECK_NOTHROW(bundle::settle(state));
}

TEST_CASE("settle sorts and drops repeats, so that equal states have equal content", "[bundle]") {
  bundle::State a = test::lab_state(), b = test::lab_state();
  std::reverse(b.present.begin(), b.present.end());
  b.present.push_back(b.present.front());
  b.version = 9;
  bundle::settle(b);
  CHECK(bundle::content_of(a).dump() == bundle::content_of(b).dump());
}

TEST_CASE("ring and overlap are no part of the content, a rollback is", "[bundle]") {
  const std::string content = bundle::content_of(test::lab_state()).dump();
  auto state = test::lab_state();
  state.ring = "pilot";
  state.present.back().overlap = "until 2028-01-01";
  CHECK(bundle::content_of(state).dump() == content);
  CHECK(bundle::description_of(state).dump().find("until 2028-01-01") != std::string::npos);
  state.rolled_back_to = 2;
  CHECK(bundle::content_of(state).dump() != content);
}

TEST_CASE("a ring is another thing with another name", "[bundle]") {
  auto state = test::lab_state(), ring = test::lab_state();
  ring.ring = "pilot";
  CHECK(bundle::title(ring, {"gpo", {{"display_name", "Trust"}}}) == "Trust (pilot)");
  CHECK(bundle::title(ring, "gpo") == "Lab trust (pilot)");
  CHECK(bundle::identity_of("gpo", ring) != bundle::identity_of("gpo", state));
  state.name += "-pilot";
  CHECK(bundle::identity_of("gpo", ring) != bundle::identity_of("gpo", state));
}

TEST_CASE("derived GUIDs are well-formed and differ with every part", "[bundle]") {
  const std::string guid = bundle::derived_guid({"a", "b"});
  CHECK(guid == bundle::derived_guid({"a", "b"}));
  CHECK(guid != bundle::derived_guid({"ab", ""}));
  REQUIRE(guid.size() == 38);
  CHECK(guid[15] == '8');
  CHECK(guid.find_first_not_of("{}-0123456789ABCDEF") == std::string::npos);
}
