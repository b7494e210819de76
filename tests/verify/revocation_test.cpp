// Signers that were revoked before or after they signed, judged by us and by osslsigncode.

#include <catch2/catch.hpp>

#include "base/file.h"
#include "trust/result_code.h"
#include "verify/pki.h"
#include "x509/oids.h"

namespace sealwright::test {
namespace {

namespace code = trust::code;
using x509::RevocationReason;
using x509::made::list_of;

struct Row {
  const char* what;
  const char* since;  ///< revocationDate; null: not revoked.
  bool authority;     ///< The issuing authority is, not the publisher.
  bool stamped;
  std::uint32_t code;
  /// osslsigncode reads no revocationDate, and asks no list about authorities.
  bool osslsigncode_differs = false;
};

const Row rows[] = {
    {"nobody is revoked", nullptr, false, true, 0},
    {"nobody is revoked, no timestamp", nullptr, false, false, 0},
    {"before the timestamp", "2026-06-14", false, true, code::revoked},
    {"at the time of the timestamp", "2026-06-15", false, true, code::revoked},
    {"after the timestamp", "2026-06-16", false, true, 0, true},
    {"after it was signed, but nobody can tell when that was", "2026-06-16", false, false,
     code::revoked},
    {"its authority, before the timestamp", "2026-06-14", true, true, code::revoked, true},
    {"its authority, after the timestamp", "2026-06-16", true, true, 0},
};

/// The lists of root and issuing authority as the row has them.
std::vector<x509::Crl> lists_for(const Row& row) {
  x509::made::List of_root{.issued = "2026-06-14"}, of_issuing{.issued = "2026-06-14"};
  if (row.since) {
    const auto& of = row.authority ? pki().issuing : pki().publisher;
    (row.authority ? of_root : of_issuing).entries = {
        {of.certificate.serial(), *parse_time(row.since), RevocationReason::key_compromise, {}}};
  }
  return {list_of(pki().root, of_root), list_of(pki().issuing, of_issuing)};
}

verify::Question with(const std::vector<x509::Crl>& lists, verify::Use use = verify::Use::app) {
  auto made = question(use);
  for (const auto& crl : lists)
    made.machine.revocations.push_back(std::make_shared<trust::ListSource>(crl));
  return made;
}

/// What osslsigncode says at judging_day.
bool osslsigncode_passes(const std::filesystem::path& file, const Scratch& scratch,
                         const std::vector<x509::Crl>& lists) {
  const auto roots = pem_file(scratch / "roots.pem", {pki().root.certificate});
  std::string pem;
  for (const auto& crl : lists) pem += crl.to_pem();
  write_file(scratch / "lists.pem", view(pem), {Access::everyone, Existing::replace});
  const auto at = std::to_string(judging_day.time_since_epoch().count());
  const auto ran = run({"osslsigncode", "verify", "-time", at, "-CAfile", roots, "-TSA-CAfile",
                        roots, "-CRLfile", (scratch / "lists.pem").string(), "-in", file.string()});
  UNSCOPED_INFO(ran.out << ran.err);
  return ran.exit_code == 0;
}

}  // namespace

TEST_CASE("who was revoked before the timestamp is refused, and osslsigncode agrees",
          "[verify][oracle]") {
  const bool have_oracle = osslsigncode_has({"-time", "-TSA-CAfile", "-CRLfile"});
  if (!have_oracle) WARN("SKIPPED: osslsigncode is not here to agree");
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      Scratch scratch;
      Maker maker;
      if (!row.stamped) maker.authority.reset();
      maker.sign(unsigned_pe(), scratch / "signed.exe");
      const auto lists = lists_for(row);
      const auto verdict = verify::judge_file(scratch / "signed.exe", with(lists));
      INFO(verdict.reason);
      CHECK(verdict.code == row.code);
      CHECK(verdict.ok == (row.code == 0));
      if (row.code) CHECK(verdict.rule == "chain-not-revoked");
      if (have_oracle)
        CHECK((osslsigncode_passes(scratch / "signed.exe", scratch, lists) == verdict.ok) ==
              !row.osslsigncode_differs);
    }
}

TEST_CASE("a kernel does not ask whether a driver's signer is revoked", "[verify]") {
  Scratch scratch;
  Maker().sign(unsigned_pe(), scratch / "signed.exe");
  const auto verdict =
      verify::judge_file(scratch / "signed.exe", with(lists_for(rows[2]), verify::Use::kernel));
  bool told = false;
  for (const auto& check : verdict.checks) {
    if (check.rule != "chain-not-revoked") continue;
    told = true;
    CHECK(check.outcome == verify::Check::Outcome::note);
    CHECK_THAT(check.text, Catch::EndsWith("; the kernel does not ask"));
  }
  CHECK(told);
}

TEST_CASE("a report says which lists cleared a signer", "[verify]") {
  Scratch scratch;
  Maker().sign(unsigned_pe(), scratch / "signed.exe");
  const auto verdict = verify::judge_file(scratch / "signed.exe", with(lists_for(rows[0])));
  std::string said;
  for (const auto& check : verdict.checks)
    if (check.rule == "chain-not-revoked") said += check.text;
  CHECK(said == "not revoked, says list 3 of 'Test Issuing', list 3 of 'Test Root'");
}

TEST_CASE("a signer whose key usage lacks digitalSignature is refused, and openssl agrees",
          "[verify][oracle]") {
  const bool have_openssl = have_program("openssl");
  if (!have_openssl) WARN("SKIPPED: openssl is not here to agree");
  const struct {
    const char* name;
    std::uint32_t usage;
    std::uint32_t code;
  } usages[] = {
      {"digitalSignature", x509::digital_signature, 0},
      {"keyEncipherment", x509::key_encipherment, code::wrong_usage},
      {"keyAgreement", x509::key_agreement, code::wrong_usage},
  };
  for (const auto& row : usages) DYNAMIC_SECTION(row.name) {
      Scratch scratch;
      Maker maker;
      maker.publisher = x509::made::issue(
          {.subject = "CN=Usage,O=Tests",
           .issuer = &pki().issuing,
           .extensions = {x509::key_usage_extension(row.usage, true),
                          x509::extended_key_usage_extension(
                              {x509::oids::code_signing, x509::oids::email_protection}, false)},
           .ends = "2028-01-01"});
      maker.sign(unsigned_pe(), scratch / "signed.exe");
      const auto verdict = verify::judge_file(scratch / "signed.exe", question());
      INFO(verdict.reason);
      CHECK(verdict.code == row.code);
      if (row.code) CHECK(verdict.rule == "chain-key-usage");
      if (!have_openssl) continue;
      // It has no purpose "code signing" yet; e-mail signatures ask for the same bit.
      const auto at = std::to_string(judging_day.time_since_epoch().count());
      const auto ran = run({"openssl", "verify", "-attime", at, "-purpose", "smimesign", "-CAfile",
                            pem_file(scratch / "root.pem", {pki().root.certificate}), "-untrusted",
                            pem_file(scratch / "issuing.pem", {pki().issuing.certificate}),
                            pem_file(scratch / "leaf.pem", {maker.publisher.certificate})});
      CHECK((ran.exit_code == 0) == verdict.ok);
    }
}

}  // namespace sealwright::test
