// Wine's crypt32 opens PFX files of both profiles, and signs with the keys in them.

#include <catch2/catch.hpp>

#include "base/file.h"
#include "wine.h"
#include "x509/made.h"
#include "x509/pkcs12.h"

using namespace sealwright;
using namespace sealwright::x509;
using test::wine;

namespace {

constexpr auto modern = PfxProfile::modern, compatible = PfxProfile::compatible;
constexpr auto given = PfxPassword::given, empty = PfxPassword::empty, none = PfxPassword::none;

struct Row {
  const char* name;
  PfxProfile profile;
  const made::Identity& identity;
  const char* csp;
  const char* password;
  PfxPassword kind;
  const char* typed;  ///< "-": a null pointer.
  bool opens;
};

Bytes pfx_of(const Row& row) {
  PfxContent content;
  content.pkcs8 = row.identity.pkcs8.clone();
  content.certificate = row.identity.certificate;
  content.chain = {made::other().certificate};
  content.friendly_name = "driver";
  return write_pfx(content, ossl::Secret(view(row.password)),
                   {row.profile, 2048, row.csp, row.kind});
}

}  // namespace

TEST_CASE("Wine's crypt32 opens both profiles and signs with the key", "[oracle][wine]") {
  if (!wine()) return;
  const Row rows[] = {
      {"modern", modern, made::rsa(), "", "secret", given, "secret", true},
      {"modern for a provider", modern, made::rsa(), enhanced_rsa_csp, "secret", given, "secret",
       true},
      {"modern, empty password", modern, made::rsa(), "", "", empty, "", true},
      {"modern, no password", modern, made::rsa(), "", "", none, "-", true},
      {"compatible", compatible, made::rsa(), "", "secret", given, "secret", true},
      {"compatible for a provider", compatible, made::rsa(), enhanced_rsa_csp, "secret", given,
       "secret", true},
      {"compatible, empty password", compatible, made::rsa(), "", "", empty, "", true},
      {"a wrong password", compatible, made::rsa(), "", "secret", given, "guess", false},
      // Wine 8 takes a null pointer for the empty password, which is another (RFC 7292, B.1).
      {"compatible, no password", compatible, made::rsa(), "", "", none, "-", false},
      // It imports through CryptImportKey, which knows RSA only.
      {"modern ECDSA", modern, made::ec(), "", "secret", given, "secret", false},
  };
  const test::Scratch scratch;
  for (const Row& row : rows) {
    INFO(row.name);
    write_file(scratch / "f.pfx", pfx_of(row), {Access::everyone, Existing::replace});
    // Wine 8 gives no code, keeps every key with one provider, and leaves the chain out.
    const std::set<std::string> expected = {
        row.opens ? "key " + row.identity.certificate.thumbprint().hex() +
                        " Microsoft Enhanced Cryptographic Provider v1.0"
                  : "00000000"};
    CHECK(wine()->pfx(scratch / "f.pfx", row.typed) == expected);
  }
}
