#include "x509/chain.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <functional>

#include "base/error.h"
#include "base/file.h"
#include "issuing.h"
#include "x509/oids.h"

using namespace sealwright;
using namespace sealwright::x509;
using made::issue;
using made::Issued;
using made::Recipe;
using Certificates = std::vector<Certificate>;

namespace {

const Time noon = *parse_time("2026-06-01T12:00:00Z");

/// A root, an issuing authority and a leaf, all sound.
struct Pki {
  Issued root = issue({"CN=root", nullptr, made::authority()});
  Issued issuing = issue({"CN=issuing", &root, made::authority(0)});
  Issued leaf = issue({"CN=leaf", &issuing, {key_usage_extension(digital_signature, true)}});
};
const Pki& pki() {
  static const Pki made;
  return made;
}

/// "expired@0 untrusted_root@2": what a table row can say about a path.
std::string faults(const Path& path) {
  static const char* names[] = {
      "untrusted_root", "missing_issuer",     "not_yet_valid",
      "expired",        "bad_signature",      "not_a_ca",
      "path_too_long",  "name_not_permitted", "unknown_critical_extension",
      "weak_key",       "malformed",          "other"};
  std::string text;
  for (const auto& finding : path.findings) {
    CHECK(!finding.detail.empty());
    text += (text.empty() ? "" : " ") + std::string(names[int(finding.fault)]) + "@" +
            std::to_string(finding.depth);
  }
  return text;
}

Certificate with_broken_signature(const Certificate& certificate) {
  Bytes der = certificate.der();
  der.back() ^= 1;
  return Certificate::from_der(der);
}

struct Case {
  std::string what;
  Certificate target;
  Certificates pool, anchors;
  std::string faults;  ///< Empty: valid.
  std::size_t length;  ///< Certificates in the path.
  std::string at = "2026-06-01T12:00:00Z";
};

/// openssl verify, told the same; true when it accepts.
bool openssl_accepts(const Case& row) {
  const test::Scratch scratch;
  const auto pem = [](const Certificates& certificates) {
    std::string text;
    for (const auto& certificate : certificates) text += certificate.to_pem();
    return text;
  };
  std::vector<std::string> argv = {"openssl",
                                   "verify",
                                   "-no-CAfile",
                                   "-no-CApath",
                                   "-no-CAstore",
                                   "-attime",
                                   std::to_string(parse_time(row.at)->time_since_epoch().count())};
  if (!row.anchors.empty())
    argv.insert(argv.end(), {"-CAfile", made::text_file(scratch / "anchors", pem(row.anchors))});
  if (!row.pool.empty())
    argv.insert(argv.end(), {"-untrusted", made::text_file(scratch / "pool", pem(row.pool))});
  argv.push_back(made::text_file(scratch / "target", row.target.to_pem()));
  return test::run(argv).exit_code == 0;
}

void check(const Case& row) {
  INFO(row.what);
  const Path path = find_path(row.target, row.pool, row.anchors, *parse_time(row.at));
  CHECK(faults(path) == row.faults);
  CHECK(path.certificates.size() == row.length);
  CHECK(path.certificates.front() == row.target);
  CHECK(path.valid() == row.faults.empty());
}

}  // namespace

TEST_CASE("each fault of a path is found where it is", "[x509][oracle]") {
  const auto& [root, issuing, leaf] = pki();
  const Certificates roots = {root.certificate}, pool = {issuing.certificate};
  const auto authority = [](std::optional<int> length = {}) { return made::authority(length); };
  const auto below = [](const Issued& issuer) { return issue({"CN=leaf", &issuer}).certificate; };

  const Issued late_issuing = issue({"CN=late", &root, authority(), "2026-01-01", "2026-03-01"});
  const Issued old_root = issue({"CN=old root", nullptr, authority(), "2016-01-01", "2026-03-01"});
  const Issued no_ca = issue({"CN=no ca", &root, {basic_constraints_extension({}, true)}});
  const Issued no_sign =
      issue({"CN=no sign",
             &root,
             {basic_constraints_extension({true, {}}, true), key_usage_extension(crl_sign, true)}});
  const Issued deeper = issue({"CN=deeper", &issuing, authority()});
  const Issued bounded = issue({"CN=bounded", &root, [&] {
                                  auto extensions = authority();
                                  extensions.push_back(name_constraints_extension(
                                      {{{GeneralName::Kind::directory, "O=Acme"}}, {}}));
                                  return extensions;
                                }()});
  const Certificate outside = issue({"CN=a,O=Other", &bounded}).certificate;
  const Certificate inside = issue({"CN=a,O=Acme", &bounded}).certificate;
  const Certificate critical =
      issue({"CN=a", &issuing, {{Oid("1.2.3.4"), true, {5, 0}}}}).certificate;
  const Certificate bad_extension =
      issue({"CN=a", &issuing, {{Oid("2.5.29.19"), false, {5, 0}}}}).certificate;
  const Certificate sha1 =
      issue({.subject = "CN=sha1", .issuer = &issuing, .digest = ossl::Digest::sha1}).certificate;
  const Issued alone = issue({"CN=alone", nullptr, {key_usage_extension(digital_signature, true)}});

  const Case cases[] = {
      {"a sound path", leaf.certificate, pool, roots, "", 3},
      {"the root in the pool too",
       leaf.certificate,
       {root.certificate, issuing.certificate},
       roots,
       "",
       3},
      {"the target in the pool too",
       leaf.certificate,
       {leaf.certificate, issuing.certificate},
       roots,
       "",
       3},
      {"a root itself", root.certificate, {}, roots, "", 1},
      {"an issuing authority itself", issuing.certificate, {}, roots, "", 2},
      {"a self-signed end-entity in the anchors",
       alone.certificate,
       {},
       {alone.certificate},
       "",
       1},
      {"a self-signed end-entity nobody trusts", alone.certificate, pool, roots, "untrusted_root@0",
       1},
      {"no anchors",
       leaf.certificate,
       {root.certificate, issuing.certificate},
       {},
       "untrusted_root@2",
       3},
      {"another root",
       leaf.certificate,
       {root.certificate, issuing.certificate},
       {old_root.certificate},
       "untrusted_root@2",
       3},
      {"nothing known", leaf.certificate, {}, {}, "missing_issuer@0", 1},
      {"no issuing authority", leaf.certificate, {}, roots, "missing_issuer@0", 1},
      {"no root", leaf.certificate, pool, {}, "missing_issuer@1", 2},
      {"an intermediate among the anchors changes nothing",
       leaf.certificate,
       {},
       {issuing.certificate},
       "missing_issuer@1",
       2},
      {"the target among the anchors changes nothing",
       leaf.certificate,
       pool,
       {leaf.certificate},
       "missing_issuer@1",
       2},
      {"the target not yet valid", leaf.certificate, pool, roots,
       "not_yet_valid@0 not_yet_valid@1 not_yet_valid@2", 3, "2025-12-31T23:59:59Z"},
      {"everything expired", leaf.certificate, pool, roots, "expired@0 expired@1 expired@2", 3,
       "2036-01-01T00:00:01Z"},
      {"the last second", leaf.certificate, pool, roots, "", 3, "2035-12-31T23:59:59Z"},
      {"an authority expired",
       below(late_issuing),
       {late_issuing.certificate},
       roots,
       "expired@1",
       3},
      {"the root expired", below(old_root), {}, {old_root.certificate}, "expired@1", 2},
      {"a broken signature", with_broken_signature(leaf.certificate), pool, roots,
       "bad_signature@0", 3},
      {"an authority's broken signature",
       leaf.certificate,
       {with_broken_signature(issuing.certificate)},
       roots,
       "bad_signature@1",
       3},
      {"an issuer that is no authority", below(no_ca), {no_ca.certificate}, roots, "not_a_ca@1", 3},
      {"an issuer that may not sign",
       below(no_sign),
       {no_sign.certificate},
       roots,
       "not_a_ca@1",
       3},
      {"an issuer that is an end-entity",
       below(leaf),
       {leaf.certificate, issuing.certificate},
       roots,
       "not_a_ca@1 path_too_long@2",
       4},
      {"an authority too deep",
       below(deeper),
       {deeper.certificate, issuing.certificate},
       roots,
       "path_too_long@2",
       4},
      {"a name inside constraints", inside, {bounded.certificate}, roots, "", 3},
      {"a name outside constraints",
       outside,
       {bounded.certificate},
       roots,
       "name_not_permitted@0",
       3},
      {"an unknown critical extension", critical, pool, roots, "unknown_critical_extension@0", 3},
      {"a malformed extension", bad_extension, pool, roots, "malformed@0", 3},
      {"SHA-1 is not judged here", sha1, pool, roots, "", 3},
      {"several faults at once",
       with_broken_signature(critical),
       pool,
       {},
       "bad_signature@0 unknown_critical_extension@0 missing_issuer@1",
       2},
  };
  const bool oracle = test::have_program("openssl");
  if (!oracle) WARN("SKIPPED: no openssl");
  for (const Case& row : cases) DYNAMIC_SECTION(row.what) {
      check(row);
      if (oracle) CHECK(openssl_accepts(row) == row.faults.empty());
    }
}

TEST_CASE("a path through a cross-certificate is found", "[x509]") {
  const Issued old_root = issue({"CN=old root", nullptr, made::authority()});
  const Issued new_root = issue({"CN=new root", nullptr, made::authority()});
  const Issued cross = issue({.subject = "CN=new root",
                              .issuer = &old_root,
                              .extensions = made::authority(),
                              .key = new_root.key});
  const Issued issuing = issue({"CN=issuing", &new_root, made::authority(0)});
  const Certificate leaf = issue({"CN=leaf", &issuing}).certificate;
  const Certificates orders[] = {
      {issuing.certificate, new_root.certificate, cross.certificate},
      {cross.certificate, new_root.certificate, issuing.certificate},
      {new_root.certificate, cross.certificate, old_root.certificate, issuing.certificate},
  };
  for (const auto& pool : orders) {
    check({"only the old root is trusted", leaf, pool, {old_root.certificate}, "", 4});
    check({"only the new root is trusted", leaf, pool, {new_root.certificate}, "", 3});
    check({"both are", leaf, pool, {old_root.certificate, new_root.certificate}, "", 3});
  }
  check({"neither is", leaf, orders[0], {}, "untrusted_root@2", 3});
}

TEST_CASE("an expired cross-certificate does not hide a valid path", "[x509]") {
  const Issued trusted = issue({"CN=trusted", nullptr, made::authority()});
  const auto key = made::new_key();
  const auto generation = [&](const char* begins, const char* ends) {
    return issue({"CN=issuing", &trusted, made::authority(), begins, ends, key}).certificate;
  };
  const Certificate expired = generation("2020-01-01", "2026-01-01"),
                    valid = generation("2026-01-01", "2027-01-01"),
                    coming = generation("2026-12-01", "2046-01-01");
  const Issued issuing{valid, key};
  const Certificate leaf = issue({"CN=leaf", &issuing}).certificate;
  check({"three generations of one key",
         leaf,
         {coming, expired, valid},
         {trusted.certificate},
         "",
         3});
  check({"only an expired one", leaf, {expired}, {trusted.certificate}, "expired@1", 3});
  check({"the better of two bad ones",
         leaf,
         {coming, expired},
         {trusted.certificate},
         "not_yet_valid@1",
         3,
         "2026-06-01"});
}

TEST_CASE("generations of one name are told apart by their keys", "[x509]") {
  const Issued root = issue({"CN=root", nullptr, made::authority()});
  for (const bool identifiers : {true, false}) {
    const auto generation = [&] {
      return issue({.subject = "CN=issuing",
                    .issuer = &root,
                    .extensions = made::authority(),
                    .key_identifiers = identifiers});
    };
    const Issued first = generation(), second = generation();
    for (const Issued* issuer : {&first, &second}) {
      const auto leaf =
          issue({.subject = "CN=leaf", .issuer = issuer, .key_identifiers = identifiers})
              .certificate;
      check({"both in the pool",
             leaf,
             {first.certificate, second.certificate},
             {root.certificate},
             "",
             3});
    }
  }
  // The same for roots: renewed with a new key under the old name.
  const Issued renewed = issue({"CN=root", nullptr, made::authority()});
  const auto leaf = issue({"CN=leaf", &renewed}).certificate;
  check({"two roots of one name", leaf, {}, {root.certificate, renewed.certificate}, "", 2});
  check({"the wrong one of them",
         leaf,
         {renewed.certificate},
         {root.certificate},
         "untrusted_root@1",
         2});
}

TEST_CASE("keys that Windows refuses are weak", "[x509][oracle]") {
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: no openssl");
    return;
  }
  const test::Scratch scratch;
  for (const auto& [bits, expected] : {std::pair{"512", "weak_key@0"}, {"1024", ""}}) {
    const auto ran =
        test::run({"openssl", "req", "-x509", "-newkey", std::string("rsa:") + bits, "-nodes",
                   "-keyout", "/dev/null", "-subj", "/CN=weak", "-sha1", "-days", "30000",
                   "-outform", "DER", "-out", (scratch / bits).string()});
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    const auto certificate = Certificate::from_der(read_file(scratch / bits));
    check({bits, certificate, {}, {certificate}, expected, 1, "2060-01-01"});
  }
}

TEST_CASE("details are for people and show hostile names harmlessly", "[x509]") {
  const auto& [root, issuing, leaf] = pki();
  const auto detail = [](const Certificate& target, const Certificates& pool, Time at) {
    return find_path(target, pool, {}, at).findings.at(0).detail;
  };
  CHECK(detail(leaf.certificate, {}, noon) == "its issuer 'CN=issuing' is missing");
  CHECK(detail(root.certificate, {}, noon) == "the root 'CN=root' is not trusted");
  CHECK(detail(leaf.certificate, {}, *parse_time("2040-01-01")) ==
        "its issuer 'CN=issuing' is missing");
  const auto late = find_path(root.certificate, {}, {root.certificate}, *parse_time("2040-01-01"));
  CHECK(late.findings.at(0).detail == "expired at 2036-01-01T00:00:00Z");
  CHECK(late.anchored);
  const auto hostile = issue({"CN=\\1B[2J\\E2\\80\\AEx"}).certificate;
  CHECK(detail(hostile, {}, noon) == "the root 'CN=\\1B[2J\\E2\\80\\AEx' is not trusted");
}

TEST_CASE("certificates that certify each other end the search", "[x509]") {
  const auto a_key = made::new_key(), b_key = made::new_key();
  const Issued a{issue({.subject = "CN=a", .key = a_key}).certificate, a_key};
  const Issued b{issue({.subject = "CN=b", .key = b_key}).certificate, b_key};
  const Issued a_by_b =
      issue({.subject = "CN=a", .issuer = &b, .extensions = made::authority(), .key = a_key});
  const Issued b_by_a =
      issue({.subject = "CN=b", .issuer = &a, .extensions = made::authority(), .key = b_key});
  const auto leaf = issue({"CN=leaf", &a}).certificate;
  const Path path = find_path(leaf, {a_by_b.certificate, b_by_a.certificate}, {}, noon);
  CHECK_FALSE(path.valid());
  CHECK(path.certificates.size() == 3);
  CHECK(faults(path) == "missing_issuer@2");
}

TEST_CASE("a path of ten certificates is followed, one of eleven is not", "[x509]") {
  std::vector<Issued> line = {issue({"CN=0", nullptr, made::authority()})};
  for (int i = 1; i <= 10; ++i) {
    const Issued& issuer = line.back();
    line.push_back(issue({"CN=" + std::to_string(i), &issuer, made::authority()}));
  }
  Certificates pool;
  for (const auto& issued : line) pool.push_back(issued.certificate);
  CHECK(find_path(line[9].certificate, pool, {line[0].certificate}, noon).valid());
  const Path longer = find_path(line[10].certificate, pool, {line[0].certificate}, noon);
  CHECK_FALSE(longer.valid());
  CHECK(longer.certificates.size() == 10);
  CHECK(faults(longer) == "missing_issuer@9");
}

TEST_CASE("a pool full of decoys costs bounded work", "[x509]") {
  // Authorities of one name that all certify each other: the number of paths through them is
  // factorial.
  const auto key = made::new_key();
  const Issued self{issue({.subject = "CN=twin", .key = key}).certificate, key};
  Certificates pool;
  for (int i = 0; i < 300; ++i)
    pool.push_back(issue({.subject = "CN=twin",
                          .issuer = &self,
                          .extensions = {basic_constraints_extension({true, i}, true)},
                          .key = made::new_key(),
                          .key_identifiers = false})
                       .certificate);
  for (int i = 0; i < 300; ++i)
    pool.push_back(issue({.subject = "CN=twin",
                          .issuer = &self,
                          .extensions = {basic_constraints_extension({true, i}, false)},
                          .key = key,
                          .key_identifiers = false})
                       .certificate);
  const auto leaf =
      issue({.subject = "CN=leaf", .issuer = &self, .key_identifiers = false}).certificate;
  const std::clock_t start = std::clock();  // processor time: the machine may be busy
  const Path path = find_path(leaf, pool, {}, noon);
  CHECK(std::clock() - start < 10 * CLOCKS_PER_SEC);
  CHECK_FALSE(path.valid());
  CHECK(path.certificates.size() <= 10);
}

TEST_CASE("a root signed with a digest nobody can check any more is still a root", "[x509]") {
  // md2WithRSAEncryption in both places, as in the first VeriSign roots.
  const auto key = made::new_key({ossl::KeyType::rsa, 2048});
  const Issued root = issue({.subject = "CN=old", .extensions = made::authority(), .key = key});
  const Issued leaf = issue({"CN=leaf", &root});
  Bytes der = root.certificate.der();
  const Bytes sha256 = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b};
  for (auto at = der.begin();
       (at = std::search(at, der.end(), sha256.begin(), sha256.end())) != der.end(); ++at)
    *(at + 8) = 0x02;
  const auto md2 = Certificate::from_der(der);
  CHECK(!md2.signature_algorithm());
  check({"trusted", leaf.certificate, {}, {md2}, "", 2});
  check({"not trusted", leaf.certificate, {md2}, {}, "untrusted_root@1", 2});
}
