// Weak keys, made as the faulty programs made them (by a script outside of this project), and sound
// ones.

#include "ossl/weak_key.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "support.h"

using namespace sealwright;
using namespace sealwright::ossl;
namespace fs = std::filesystem;

namespace {

// Two primes of 1024 bits, at most 2^500 apart.
const char* const close_primes =
    "CF580DF494395AA37C13B40589F138D3C3BA7C4490297AF488FCB2F0D142344FCD7D6246952A55F0B2FB9679"
    "607F757514BDB7C0943027C7082131A5CEBD6B22171194515D00B497FFD02BBA550B4706B78B9D629F7253EA"
    "86FC4D9F641CE4A4906CE63E809A8587400C39E25E1836D6E777364029372FF5BFEE6E822926986B4442590F"
    "FF46C1E35856F306435B1E6653F540B6CE49FF18F72020268D4460EAB0878370578A6A509C10BCC25BD37CD7"
    "292A17B44E046B31FB44AD3083199B0DC1D08C22EF02005ED8F3A76C517CF75B21FA97554D338A583A8D79A9"
    "0431BE09BCD6818ADA4780F093067C261E43D0FAE6DBFD0B7AA635B8798AF341E9AC52C9";
const char* const square_of_a_prime =
    "906324BE7FAA5DE73CBAEFFFEBA221E722CFCBB74A315B7394C4EC6313F84C30B504A4DBB3C23D79D91B532C"
    "0BF294A38C483809730244C2C9341757BE7C6195B9B77CEB03874DF41DC74674092E3E6D8A4B2F548534EEA7"
    "6C2BEECEF9AE13AE211FD9876AC9A161CC64B252E08F54040F0317699EC195A4592647DE1F0E9B7EAEED6B51"
    "0E89D02B75B570750271386FF1F440F9340125F85D83A2F8F55D26AC674A13AE66F1F125351F7E4026D01CA8"
    "D78AF647548EDFAC235F3BEAA2C1BB9A2600A3825F1957D4513D013FB59B2A57387DECBF218AF4C4CC1D0AD6"
    "A046845367159241FF71DE9987E9F2494BF838D8849919D6C32C4168CC6D7AD9B2EDC671";
// 65521 and a prime.
const char* const factor_of_16_bits =
    "868C8FFF93A36CB3FDD499717AC28107B2F15EB78EA1F1138CE4277E1A838AAAAD21CEBDDF25F8F91776671F"
    "86D560184F04556692D2A51B5CE8AF61E1E8288B3339C377195C7825533B39423FD5EFE236539C76FEF470FB"
    "44C68B5F5CAA077AC8F193350D2748183CCD0C00252E74B27E92E9D10AFD8A00FAEFCB4000816725E25E0A87"
    "BE27AE87A1A481C3BA540017CAEA470CD40D51FBC22D27FB8D429AA282D3AC75F417F7F773A9E9C5A40DB012"
    "7D5376AB4EF7385E7C772C1165E325B869D6671C7658CC1F41CDD38E88601220815A33553948618D2B3A1018"
    "7D3FCD0ACAE61C8808A5013135DC4DEF8A134263D1DC4E95A3499732155076F7928BC0CB";
// k * M + (65537^a mod M) for two primes, M being the product of the first 39 and 126 primes: what
// RSALib took for keys of these sizes.
const char* const roca_512 =
    "9DE0A3BEB0F01FC71EFB22E4ACCA11AE02901051D619B7565163267435CA2E6F09FEAEF25582774F18040205"
    "AC54CF6AA6C8946A8A017E7384F5781AF3C4689F";
const char* const roca_2048 =
    "D16A950A1154B878B2A15EFB1DDCAE5E593F5ADC85F4979466CDFA5D532C75ADDFE7E4927956879E5FA62E07"
    "57F9DB1A32636C4CDF1444E875CC5371A20A857845D78158E5E5AFE4BA44D640782252E3F47C63B28C5338DC"
    "AA65CA94F2497D10480F9179B85D6ACF2F062A1971F2141551EAEFD4630EAB614BD163CDA9554E1A74456B77"
    "B44AAEF63E4E8DA615FBDAA89CDF4D963EF3A6D7A622B7FC02F05812C62F17C737CD44D8466B52E45E26580B"
    "B52A3EB608A7459822838320DEBFE5F764BCC049F99D9C351505D390E13E876141F37829B20D95205E795F2B"
    "6087156C9E3C8AC9B02304BDCF39B35DA7218B08E09300EBD61EA3CB8D36E15BA0D0114F";

const fs::path no_lists = "/nonexistent";

PublicKey rsa(const Bytes& modulus, std::int64_t exponent = 65537) {
  const Bytes numbers = der::sequence({der::positive_integer(modulus), der::integer(exponent)});
  return PublicKey::from_spki(
      der::sequence({der::sequence({der::oid(Oid("1.2.840.113549.1.1.1")), der::null()}),
                     der::bit_string(numbers)}));
}
PublicKey rsa(const char* modulus) { return rsa(*from_hex(modulus)); }

PublicKey generated(const KeySpec& spec) { return PrivateKey::generate(spec).public_key(); }

/// One sound RSA-2048 key for all tests.
const PublicKey& sound() {
  static const PublicKey key = generated({KeyType::rsa, 2048});
  return key;
}

Bytes modulus_of(const PublicKey& key) {
  der::Reader outer(key.subject_public_key(), "key");
  return outer.enter(der::sequence_tag).integer();
}

PublicKey with_exponent(std::int64_t exponent) { return rsa(modulus_of(sound()), exponent); }

PublicKey even() {
  Bytes modulus = modulus_of(sound());
  modulus.back() &= 0xfe;
  return rsa(modulus);
}

PublicKey ec(Bytes point) {
  return PublicKey::from_spki(der::sequence(
      {der::sequence({der::oid(Oid("1.2.840.10045.2.1")), der::oid(Oid("1.2.840.10045.3.1.7"))}),
       der::bit_string(point)}));
}

PublicKey ed25519(const char* key) {
  return PublicKey::from_spki(der::sequence(
      {der::sequence({der::oid(Oid("1.3.101.112"))}), der::bit_string(*from_hex(key))}));
}

/// openssl-blacklist's line about a key, by openssl and the shell.
std::string list_line(const PublicKey& key) {
  const auto ran = test::run({"sh", "-c",
                              "base64 -d | openssl rsa -pubin -inform DER -noout -modulus | "
                              "sha1sum | cut -d' ' -f1 | cut -b21-"},
                             to_base64(key.spki()));
  REQUIRE(ran.exit_code == 0);
  return ran.out;
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("each weakness is told by its name", "[ossl][weak]") {
  struct Row {
    const char* what;
    PublicKey key;
    const char* name;
    const char* message;
  };
  const Row rows[] = {
      {"even", even(), "small-factor", "has the factor 2"},
      {"a factor of 16 bits", rsa(factor_of_16_bits), "small-factor", "has the factor 65521"},
      {"close primes", rsa(close_primes), "close-primes",
       "has primes so close together that they can be found"},
      {"a square", rsa(square_of_a_prime), "close-primes",
       "has primes so close together that they can be found"},
      {"ROCA", rsa(roca_2048), "roca",
       "was made by a faulty library, and can be factored (ROCA, CVE-2017-15361)"},
      {"ROCA, short", rsa(roca_512), "roca",
       "was made by a faulty library, and can be factored (ROCA, CVE-2017-15361)"},
      {"exponent 1", with_exponent(1), "rsa-exponent", "has the exponent 1, which changes nothing"},
      {"exponent 0", with_exponent(0), "rsa-exponent", "has an even exponent"},
      {"exponent 65536", with_exponent(65536), "rsa-exponent", "has an even exponent"},
      {"exponent 3", with_exponent(3), "rsa-exponent", "has the exponent 3, less than 65537"},
      {"1024 bits", generated({KeyType::rsa, 1024}), "rsa-too-short",
       "has 1024 bits, fewer than 2048"},
      {"infinity", ec({0x00}), "ec-point", "is the point at infinity"},
      {"off the curve", ec(*from_hex("04" + std::string(126, '0') + "05")), "ec-point",
       "is not a point on its curve"},
      {"the neutral point",
       ed25519("0100000000000000000000000000000000000000000000000000000000000080"), "ed25519-order",
       "is a point of small order, which signs nothing"},
      {"order 8", ed25519("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
       "ed25519-order", "is a point of small order, which signs nothing"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      const auto found = weakness_of(row.key, no_lists);
      REQUIRE(found);
      CHECK(found->name == row.name);
      CHECK(found->message == row.message);
    }
}

TEST_CASE("keys of 512 bits can be factored", "[ossl][weak][oracle]") {
  const auto ran =
      test::run({"sh", "-c", "openssl genrsa 512 | openssl rsa -pubout -outform DER | base64 -w0"});
  REQUIRE(ran.exit_code == 0);
  const auto found = weakness_of(PublicKey::from_spki(*from_base64(ran.out)), no_lists);
  REQUIRE(found);
  CHECK(found->name == "rsa-too-short");
  CHECK(found->message == "has 512 bits, which can be factored");
}

TEST_CASE("sound keys have no weakness", "[ossl][weak]") {
  CHECK_FALSE(weakness_of(sound()));
  CHECK_FALSE(weakness_of(with_exponent(65539), no_lists));
  CHECK_FALSE(weakness_of(generated({KeyType::rsa, 3072}), no_lists));
  for (const Curve curve : {Curve::p256, Curve::p384, Curve::p521})
    CHECK_FALSE(weakness_of(generated({KeyType::ec, 0, curve}), no_lists));
  CHECK_FALSE(weakness_of(generated({KeyType::ed25519}), no_lists));
  CHECK_FALSE(weakness_of(PublicKey(), no_lists));
  // Short, and nothing worse: the fingerprints do not hit keys by chance.
  for (int i = 0; i < 30; ++i)
    CHECK(weakness_of(generated({KeyType::rsa, 1024}), no_lists)->name == "rsa-too-short");
}

TEST_CASE("keys in an installed list of openssl-blacklist are known", "[ossl][weak][oracle]") {
  test::Scratch scratch;
  const fs::path list = scratch / "blacklist.RSA-2048";
  CHECK_FALSE(debian_list(sound(), scratch.path()));
  CHECK_FALSE(weakness_of(sound(), scratch.path()));
  const std::string line = list_line(sound());
  REQUIRE(line.size() == 21);
  struct Row {
    const char* what;
    std::string content;
    bool listed;
  };
  const Row rows[] = {
      {"between others", "# comment\n00000000000000000000\n" + line + "ffffffffffffffffffff\n",
       true},
      {"first and last, without an end of line", line.substr(0, 20), true},
      {"lines of Windows", "# comment\r\n" + line.substr(0, 20) + "\r\n", true},
      {"inside a longer line", "00" + line, false},
      {"in a comment", "# " + line, false},
      {"empty", "", false},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.what) {
      write(list, row.content);
      CHECK(debian_list(sound(), scratch.path()) == list);
      const auto found = weakness_of(sound(), scratch.path());
      CHECK(found.has_value() == row.listed);
      if (!found) continue;
      CHECK(found->name == "debian-openssl");
      CHECK(found->message ==
            "was made by Debian's broken OpenSSL of 2006 to 2008 (CVE-2008-0166)");
    }
  CHECK_FALSE(debian_list(generated({KeyType::ec}), scratch.path()));
}

TEST_CASE("a list that cannot be read is not passed over", "[ossl][weak]") {
  test::Scratch scratch;
  fs::create_directory(scratch / "blacklist.RSA-2048");
  try {
    weakness_of(sound(), scratch.path());
    FAIL("was passed over");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::io);
  }
}
