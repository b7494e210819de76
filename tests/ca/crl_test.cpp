#include "ca/crl.h"

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
using x509::RevocationReason;

namespace {

const ca::CrlTerms terms{{0, std::chrono::days(7)}, {0, std::chrono::days(3)}};

/// A root, an issuing authority and two publishers below it.
struct Pki : Lab {
  store::Generation root = issue("lab-root", root_policy(), std::nullopt);
  store::Generation issuing = issue("lab-issuing", issuing_policy(), root);
  store::Generation first = issue("first", signing_policy(), issuing);
  store::Generation second = issue("second", signing_policy(), issuing);

  x509::Crl issue_crl(const store::Generation& issuer) {
    return x509::Crl::from_der(ca::issue_crl(inventory, issuer, *signer(issuer), terms).crl);
  }
  std::optional<std::string> due() { return ca::crl_due(inventory, issuing, terms); }
  void revoke(const store::Generation& generation, ca::RevocationOrder order = {}) {
    ca::revoke(inventory, generation, order);
  }
};

Time at(const char* text) { return *parse_time(text); }

}  // namespace

TEST_CASE("a list tells who is revoked, since when and why", "[ca]") {
  Pki pki;
  pki.revoke(pki.first,
             {RevocationReason::key_compromise, at("2026-01-02T11:52:00Z"), "laptop stolen"});
  pki.revoke(pki.second);
  const auto crl = pki.issue_crl(pki.issuing);
  CHECK(crl.number() == Bytes{1});
  CHECK(crl.this_update() == *pki.now);
  CHECK(crl.next_update() == *pki.now + std::chrono::days(7));
  CHECK(crl.issuer().text() == "CN=lab-issuing");
  CHECK(crl.authority_key_identifier() == ca::certificate_of(pki.issuing).subject_key_identifier());
  REQUIRE(crl.entries().size() == 2);
  CHECK(*crl.find(pki.first.serial) ==
        x509::RevokedCertificate{pki.first.serial, at("2026-01-02T11:52:00Z"),
                                 RevocationReason::key_compromise, at("2026-01-02T11:52:00Z")});
  CHECK(*crl.find(pki.second.serial) ==
        x509::RevokedCertificate{pki.second.serial, *pki.now, {}, {}});
  CHECK(crl.extension(x509::oids::expired_certs_on_crl));
  CHECK(pki.issue_crl(pki.root).entries().empty());
}

TEST_CASE("what has expired is revoked all the same, and stays on the list", "[ca]") {
  Pki pki;
  *pki.now = at("2029-01-01");
  REQUIRE(*pki.now > pki.first.not_after);
  pki.revoke(pki.first, {RevocationReason::key_compromise, at("2027-03-01"), ""});
  CHECK(pki.issue_crl(pki.issuing).find(pki.first.serial)->revoked == at("2027-03-01"));
}

TEST_CASE("a list is due when there is none, more is revoked, or its end is near", "[ca]") {
  Pki pki;
  CHECK(pki.due() == "no list was issued yet");
  pki.issue_crl(pki.issuing);
  CHECK_FALSE(pki.due());
  pki.revoke(pki.first);
  CHECK(pki.due() == "1 revoked since list 1");
  pki.issue_crl(pki.issuing);
  CHECK_FALSE(pki.due());
  pki.inventory.add_revocation(pki.issuing.id, {Serial{{0x05}}, at("2020-01-01"), "", {}});
  CHECK(pki.due() == "1 revoked since list 2");
  CHECK(pki.issue_crl(pki.issuing).entries().size() == 2);
  *pki.now += std::chrono::days(4) - std::chrono::seconds(1);
  CHECK_FALSE(pki.due());
  *pki.now += std::chrono::seconds(1);
  CHECK(pki.due() == "list 3 ends 2026-01-09T12:00:00Z");
  *pki.now += std::chrono::days(3);
  CHECK(pki.due() == "list 3 ended 2026-01-09T12:00:00Z");
  CHECK(pki.issue_crl(pki.issuing).number() == Bytes{4});
}

TEST_CASE("an overlap as long as a list does not have every run issue one", "[ca]") {
  Pki pki;
  pki.issue_crl(pki.issuing);
  const ca::CrlTerms odd{terms.lifetime, terms.lifetime};
  CHECK_FALSE(ca::crl_due(pki.inventory, pki.issuing, odd));
  *pki.now += std::chrono::hours(84);
  CHECK(ca::crl_due(pki.inventory, pki.issuing, odd));
}

TEST_CASE("numbers go on from those of the past", "[ca]") {
  Pki pki;
  pki.inventory.keep_crl_number(pki.issuing.id, 4711);
  CHECK(pki.due() == "no list was issued yet");
  CHECK(pki.issue_crl(pki.issuing).number() == Bytes{0x12, 0x68});
}

TEST_CASE("a list is on record like every signature", "[ca]") {
  Pki pki;
  const auto crl = pki.issue_crl(pki.issuing);
  const auto signatures = pki.inventory.signatures(pki.issuing.id);
  REQUIRE(signatures.size() == 1);
  CHECK(signatures[0].intent.kind == "crl");
  CHECK(signatures[0].intent.file_name == "lab-issuing-1.crl");
  CHECK(signatures[0].outcome == store::SignatureOutcome::made);
  CHECK(pki.inventory.latest_crl(pki.issuing.id)->crl == crl.der());
  CHECK(pki.inventory.events().back().kind == "signature.made");
}

TEST_CASE("who cannot sign a list is told why", "[ca]") {
  Pki pki;
  auto mute = root_policy();
  mute.name = "mute-ca";
  mute.fingerprint = to_hex(ossl::hash(ossl::Digest::sha256, view(mute.name)));
  mute.extensions.key_usage = policy::KeyUsagePolicy{true, x509::key_cert_sign};
  mute.lint.relax.push_back({"ca-key-usage", "for the test"});
  const auto leaf = error_of([&] { pki.issue_crl(pki.first); });
  CHECK(leaf.message == "'first@1' is no authority and has no revocation list");
  pki.issue_crl(pki.issuing);
  *pki.now -= std::chrono::minutes(1);
  const auto early = error_of([&] { pki.issue_crl(pki.issuing); });
  CHECK(early.kind == Error::Kind::state);
  CHECK(early.message ==
        "list 1 of 'lab-issuing@1' was issued at 2026-01-02T12:00:00Z, and now it is "
        "2026-01-02T11:59:00Z");
  CHECK(early.hint == "set this machine's clock right");
  *pki.now = at("2040-01-01");
  CHECK(error_of([&] { pki.issue_crl(pki.issuing); }).message ==
        "'lab-issuing@1' is valid from 2026-01-02 to 2036-01-02 and signs no list now");
}

TEST_CASE("a revocation that makes no sense is refused", "[ca]") {
  Pki pki;
  const struct {
    const char* name;
    store::Generation generation;
    ca::RevocationOrder order;
    const char* message;
    const char* hint;
  } rows[] = {
      {"taking something off a list",
       pki.first,
       {RevocationReason::remove_from_crl, {}, ""},
       "removeFromCRL is not a reason to revoke",
       "it stands in delta lists alone, which are not made here"},
      {"a time to come",
       pki.first,
       {RevocationReason::superseded, at("2026-05-05"), ""},
       "2026-05-05T00:00:00Z has not come yet: it is 2026-01-02T12:00:00Z",
       "a revocation takes effect at once; name the last moment its signatures are good"},
      {"some signatures good and none",
       pki.first,
       {RevocationReason::superseded, at("2026-01-01"), "", true},
       "either what it signed stays valid until a time, or nothing it signed does",
       ""},
      {"a root by itself",
       pki.root,
       {},
       "'lab-root@1' signs itself: nobody's revocation list can end it",
       "with --distrust it goes into Disallowed of every bundle"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const auto error = error_of([&] { pki.revoke(row.generation, row.order); });
      CHECK(error.message == row.message);
      CHECK(error.hint == row.hint);
      CHECK(is_live(pki.inventory.generation(row.generation.id)->state));
    }
}

TEST_CASE("distrust ends everything that was ever signed", "[ca]") {
  Pki pki;
  pki.revoke(pki.first, {RevocationReason::key_compromise, {}, "", true});
  pki.revoke(pki.root, {RevocationReason::ca_compromise, {}, "", true});
  CHECK(pki.inventory.distrusted().size() == 2);
  const auto crl = pki.issue_crl(pki.issuing);
  CHECK(crl.find(pki.first.serial)->revoked == pki.first.not_before);
  CHECK(crl.find(pki.first.serial)->invalidity == pki.first.not_before);
}

TEST_CASE("a revocation can be made stricter, and the next list says so", "[ca]") {
  Pki pki;
  pki.revoke(pki.first, {RevocationReason::superseded, at("2026-01-02T11:55:00Z"), ""});
  pki.issue_crl(pki.issuing);
  const auto again = [&](const ca::RevocationOrder& order) {
    pki.revoke(*pki.inventory.generation(pki.first.id), order);
  };
  const auto later = error_of([&] {
    again({RevocationReason::superseded, at("2026-01-02T11:58:00Z"), ""});
  });
  CHECK(later.message == "'first@1' is revoked already: superseded, since 2026-01-02T11:55:00Z");
  CHECK(later.hint == "only an earlier time, or --distrust, can be added");
  CHECK_FALSE(pki.due());
  again({RevocationReason::key_compromise, at("2026-01-02T11:51:00Z"), ""});
  CHECK(pki.due() == "1 revoked since list 1");
  CHECK(pki.issue_crl(pki.issuing).find(pki.first.serial)->revoked == at("2026-01-02T11:51:00Z"));
  again({RevocationReason::key_compromise, {}, "", true});
  CHECK(pki.due() == "1 revoked since list 2");
  CHECK(pki.inventory.distrusted().size() == 1);
  CHECK(error_of([&] { again({RevocationReason::key_compromise, {}, "", true}); }).hint == "");
}

TEST_CASE("a list from elsewhere is taken over with what it revokes", "[ca]") {
  Pki pki;
  const auto list_of = [&](std::int64_t number, Time when, const std::vector<Serial>& serials) {
    const auto certificate = ca::certificate_of(pki.issuing);
    x509::CrlToBeSigned list;
    list.algorithm = certificate.public_key().algorithm(ossl::Digest::sha256);
    list.issuer = certificate.subject();
    list.this_update = when;
    list.next_update = when + std::chrono::days(365);
    list.number = number;
    list.authority_key_identifier = certificate.public_key().key_identifier();
    for (const auto& serial : serials)
      list.entries.push_back({serial, at("2026-01-01"), RevocationReason::superseded, {}});
    const Bytes tbs = x509::encode(list);
    return x509::assemble_crl(tbs, list.algorithm,
                              pki.signer(pki.issuing)->sign(list.algorithm, tbs));
  };
  const auto accept = [&](const x509::Crl& crl) {
    return ca::accept_crl(pki.inventory, pki.issuing, crl);
  };

  const auto list = list_of(8, *pki.now, {pki.first.serial, Serial{{0x05}}});
  CHECK(accept(list).number == 8);
  CHECK(pki.inventory.generation(pki.first.id)->state == store::GenerationState::revoked);
  CHECK(pki.inventory.generation(pki.first.id)->revoked == at("2026-01-01"));
  CHECK(pki.inventory.revoked_serial(pki.issuing.id, Serial{{0x05}}));
  CHECK_FALSE(pki.due());
  CHECK(pki.inventory.latest_crl(pki.issuing.id)->crl == list.der());

  CHECK(error_of([&] { accept(list); }).message ==
        "the list has number 8, and list 8 of 'lab-issuing@1' is on record already");
  CHECK(error_of([&] { accept(list_of(9, *pki.now - std::chrono::hours(1), {})); }).message ==
        "the list was issued at 2026-01-02T11:00:00Z, before list 8 of 'lab-issuing@1' at "
        "2026-01-02T12:00:00Z");
  CHECK(error_of([&] { ca::accept_crl(pki.inventory, pki.root, list); }).message ==
        "the list is by CN=lab-issuing, not by 'lab-root@1'");

  // What only we know of is still to be told.
  pki.revoke(pki.second);
  CHECK(accept(list_of(9, *pki.now, {pki.first.serial, Serial{{0x05}}})).covers == 2);
  CHECK(pki.due() == "1 revoked since list 9");
}

TEST_CASE("a list that its authority did not sign is refused", "[ca]") {
  Pki pki;
  Bytes der = pki.issue_crl(pki.issuing).der();
  der.back() ^= 1;
  const auto error =
      error_of([&] { ca::accept_crl(pki.inventory, pki.issuing, x509::Crl::from_der(der)); });
  CHECK(error.kind == Error::Kind::crypto);
  CHECK(error.message == "the list is not signed by the key of 'lab-issuing@1'");
}
