#include "trust/revocation.h"

#include <catch2/catch.hpp>

#include "trust/chain.h"
#include "trust/result_code.h"
#include "x509/issuing.h"
#include "x509/oids.h"

using namespace sealwright;
using x509::RevocationReason;
using x509::made::issue;
using x509::made::Issued;
using x509::made::list_of;
namespace code = trust::code;

namespace {

Time at(const char* text) { return *parse_time(text); }

/// A chain of three in a machine that trusts its root.
struct Chain {
  Issued root = issue({.subject = "CN=Root", .extensions = x509::made::authority()});
  Issued issuing =
      issue({.subject = "CN=Issuing", .issuer = &root, .extensions = x509::made::authority(0)});
  Issued leaf;
  trust::Machine machine;

  explicit Chain(std::vector<x509::Extension> extensions = {})
      : leaf(signer(std::move(extensions), issuing)) {
    machine.stores.root = {root.certificate};
  }
  static Issued signer(std::vector<x509::Extension> extensions, const Issued& issuer) {
    extensions.push_back(x509::extended_key_usage_extension({x509::oids::code_signing}, false));
    return issue({.subject = "CN=Leaf", .issuer = &issuer, .extensions = std::move(extensions)});
  }
  void know(const x509::Crl& crl) {
    machine.revocations.push_back(std::make_shared<trust::ListSource>(crl));
  }
  x509::RevokedCertificate entry(const Issued& of, const char* since,
                                 std::optional<RevocationReason> reason = {},
                                 std::optional<Time> invalidity = {}) const {
    return {of.certificate.serial(), at(since), reason, invalidity};
  }
  trust::ChainVerdict judge(const char* when = "2026-09-01") const {
    return trust::judge_chain(leaf.certificate, {issuing.certificate}, machine,
                              x509::oids::code_signing, at(when));
  }
};

}  // namespace

TEST_CASE("a certificate is revoked from revocationDate on, and good before", "[trust]") {
  Chain chain;
  chain.know(list_of(chain.issuing, {{chain.entry(chain.leaf, "2026-07-01T12:00:00Z",
                                                  RevocationReason::key_compromise)}}));
  const struct {
    const char* when;
    bool good;
  } rows[] = {{"2026-07-01T11:59:59Z", true},
              {"2026-07-01T12:00:00Z", false},
              {"2026-07-01T12:00:01Z", false}};
  for (const auto& row : rows) DYNAMIC_SECTION(row.when) {
      const auto verdict = chain.judge(row.when);
      CHECK(verdict.trusted() == row.good);
      const std::string text =
          "'Leaf' is revoked since 2026-07-01T12:00:00Z (keyCompromise: its key may be in other "
          "hands), says list 3 of 'Issuing'";
      if (row.good) {
        REQUIRE(verdict.remarks.size() == 1);
        CHECK(verdict.remarks[0].text == text + "; what was timestamped before that stays good");
      } else {
        CHECK(verdict.refusals[0].code == code::revoked);
        CHECK(verdict.refusals[0].rule == "chain-not-revoked");
        CHECK(verdict.refusals[0].reason == text);
        CHECK(verdict.refusals[0].remedy == "sign with a certificate that is not revoked");
      }
    }
}

TEST_CASE("a revoked authority ends what hangs under it", "[trust]") {
  Chain chain;
  chain.know(list_of(chain.root, {{chain.entry(chain.issuing, "2026-07-01")}}));
  const auto verdict = chain.judge();
  REQUIRE(verdict.has(code::revoked));
  CHECK(verdict.refusals[0].reason ==
        "'Issuing' is revoked since 2026-07-01T00:00:00Z, says list 3 of 'Root'");
}

TEST_CASE("a list that says nothing of the chain changes nothing", "[trust]") {
  const Chain other;
  Chain chain;
  const auto wanted = chain.entry(chain.leaf, "2026-07-01");
  const struct {
    const char* name;
    x509::Crl crl;
  } rows[] = {
      {"of a namesake with another key", list_of(other.issuing, {{wanted}})},
      {"of the authority above", list_of(chain.root, {{wanted}})},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      chain.machine.revocations.clear();
      chain.know(row.crl);
      const auto verdict = chain.judge();
      CHECK(verdict.trusted());
      REQUIRE_FALSE(verdict.remarks.empty());
      CHECK(verdict.remarks[0].text ==
            "whether 'Leaf' is revoked is not known: no list is its issuer's");
    }
}

TEST_CASE("a list that has ended still tells who is revoked, and says so of the others",
          "[trust]") {
  Chain chain;
  chain.know(list_of(chain.issuing, {.issued = "2026-07-15", .ends = "2026-08-01"}));
  const auto good = chain.judge();
  CHECK(good.trusted());
  CHECK(good.cleared_by == std::vector<std::string>{"list 3 of 'Issuing'"});
  REQUIRE(good.remarks.size() == 1);
  CHECK(good.remarks[0].text ==
        "list 3 of 'Issuing' ended at 2026-08-01T00:00:00Z: who was revoked since it cannot tell");
  chain.know(list_of(chain.issuing, {.entries = {chain.entry(chain.leaf, "2026-07-01")},
                                     .issued = "2026-07-15",
                                     .ends = "2026-08-01"}));
  CHECK(chain.judge().has(code::revoked));
}

TEST_CASE("WinTrust State may ignore revocation", "[trust]") {
  Chain chain;
  chain.know(list_of(chain.issuing, {{chain.entry(chain.leaf, "2026-07-01")}}));
  chain.machine.wintrust_state |= trust::ignore_revocation;
  const auto verdict = chain.judge();
  CHECK(verdict.trusted());
  REQUIRE(verdict.remarks.size() == 1);
  CHECK_THAT(verdict.remarks[0].text, Catch::EndsWith("; WinTrust State ignores that"));
}

TEST_CASE("the default State ignores the revocation of timestamp authorities", "[trust]") {
  Chain chain;
  chain.leaf = issue(
      {.subject = "CN=Stamps",
       .issuer = &chain.issuing,
       .extensions = {x509::extended_key_usage_extension({x509::oids::time_stamping}, true)}});
  chain.know(list_of(chain.issuing, {{chain.entry(chain.leaf, "2026-07-01")}}));
  const auto judge = [&] {
    return trust::judge_chain(chain.leaf.certificate, {chain.issuing.certificate}, chain.machine,
                              x509::oids::time_stamping, at("2026-09-01"));
  };
  CHECK(judge().trusted());
  chain.machine.wintrust_state &= ~trust::ignore_revocation_of_timestamps;
  CHECK(judge().has(code::revoked));
}

TEST_CASE("doubts that Windows does not read are told", "[trust]") {
  Chain chain;
  chain.know(
      list_of(chain.issuing, {{chain.entry(chain.leaf, "2026-07-01", {}, at("2026-03-01"))}}));
  const auto verdict = chain.judge("2026-05-01");
  CHECK(verdict.trusted());
  REQUIRE(verdict.remarks.size() == 2);
  CHECK(verdict.remarks[1].text ==
        "'Leaf' is doubted by its issuer since 2026-03-01T00:00:00Z (invalidityDate), which "
        "Windows does not read");
}

TEST_CASE("a signer's critical key usage must say digitalSignature", "[trust]") {
  const struct {
    const char* name;
    std::uint32_t usage;
    bool critical, good;
    const char* said;
  } rows[] = {
      {"digitalSignature", x509::digital_signature, true, true, ""},
      {"with others", x509::digital_signature | x509::key_encipherment, true, true, ""},
      {"keyEncipherment", x509::key_encipherment, true, false,
       "'Leaf' may not sign: its key usage is keyEncipherment"},
      {"contentCommitment alone", x509::content_commitment, true, false,
       "'Leaf' may not sign: its key usage is contentCommitment"},
      {"not critical", x509::key_encipherment, false, true,
       "'Leaf' may not sign: its key usage is keyEncipherment, which is not critical"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const Chain chain({x509::key_usage_extension(row.usage, row.critical)});
      const auto verdict = chain.judge();
      CHECK(verdict.trusted() == row.good);
      if (!row.good) {
        CHECK(verdict.refusals[0].code == code::wrong_usage);
        CHECK(verdict.refusals[0].rule == "chain-key-usage");
        CHECK(verdict.refusals[0].reason == row.said);
      } else if (*row.said) {
        REQUIRE(verdict.remarks.size() == 1);
        CHECK(verdict.remarks[0].text == row.said);
      }
    }
}
