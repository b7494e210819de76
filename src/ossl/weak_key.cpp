#include "ossl/weak_key.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/file.h"
#include "ossl/der.h"
#include "ossl/handle.h"
#include "ossl/key_parts.h"
#include "ossl/library.h"
#include "ossl/oids.h"
#include "ossl/weak_key_numbers.h"

namespace sealwright::ossl {
namespace {

namespace fs = std::filesystem;

constexpr int min_rsa_bits = 2048;
/// The largest number that was factored in public has 829 bits; the keys below can be by others.
constexpr int factored_rsa_bits = 1024;
constexpr std::uint64_t min_exponent = 65537;
constexpr std::size_t max_list_bytes = std::size_t{64} << 20;
constexpr std::size_t list_digits = 20;

BytesView magnitude(BytesView positive) {
  return positive.size() > 1 && positive[0] == 0 ? positive.subspan(1) : positive;
}

/// RSAPublicKey (RFC 8017, A.1.1); from_spki() has read it before.
struct RsaNumbers {
  BytesView modulus, exponent;
};
RsaNumbers numbers_of(const PublicKey& key) {
  der::Reader outer(key.subject_public_key(), "RSA public key");
  der::Reader reader = outer.enter(der::sequence_tag);
  const BytesView modulus = reader.integer_content();
  return {magnitude(modulus), magnitude(reader.integer_content())};
}

std::optional<Weakness> weak_exponent(BytesView exponent) {
  const std::string name = "rsa-exponent";
  if (exponent.size() > 8)
    return (exponent.back() & 1) ? std::nullopt
                                 : std::optional(Weakness{name, "has an even exponent"});
  std::uint64_t value = 0;
  for (const std::uint8_t octet : exponent) value = value << 8 | octet;
  if (value == 1) return Weakness{name, "has the exponent 1, which changes nothing"};
  if (value % 2 == 0) return Weakness{name, "has an even exponent"};
  if (value < min_exponent)
    return Weakness{name, fmt::format("has the exponent {}, less than {}", value, min_exponent)};
  return std::nullopt;
}

/// What openssl-blacklist has of a modulus.
std::string list_line(BytesView modulus) {
  std::string text = "Modulus=" + to_hex_upper(modulus) + "\n";
  const std::string digits = to_hex(hash(Digest::sha1, view(text)));
  return digits.substr(digits.size() - list_digits);
}

bool is_listed(const fs::path& list, const std::string& line) {
  const std::string text = "\n" + read_text(list, max_list_bytes) + "\n";
  return text.find("\n" + line + "\n") != std::string::npos ||
         text.find("\n" + line + "\r") != std::string::npos;
}

std::optional<Weakness> weak_rsa(const PublicKey& key, const fs::path& debian_lists) {
  const auto [modulus, exponent] = numbers_of(key);
  if (const auto factor = small_factor(modulus))
    return Weakness{"small-factor", fmt::format("has the factor {}", *factor)};
  if (has_close_primes(modulus))
    return Weakness{"close-primes", "has primes so close together that they can be found"};
  if (has_roca_fingerprint(modulus))
    return Weakness{"roca",
                    "was made by a faulty library, and can be factored (ROCA, CVE-2017-15361)"};
  if (const auto list = debian_list(key, debian_lists);
      list && is_listed(*list, list_line(modulus)))
    return Weakness{"debian-openssl",
                    "was made by Debian's broken OpenSSL of 2006 to 2008 (CVE-2008-0166)"};
  if (auto weakness = weak_exponent(exponent)) return weakness;
  if (key.bits() >= min_rsa_bits) return std::nullopt;
  return Weakness{"rsa-too-short",
                  key.bits() < factored_rsa_bits
                      ? fmt::format("has {} bits, which can be factored", key.bits())
                      : fmt::format("has {} bits, fewer than {}", key.bits(), min_rsa_bits)};
}

std::optional<Weakness> weak_ec(const PublicKey& key) {
  start_library();
  const bool on_curve = ec_public_key(*key.curve(), key.subject_public_key()) != nullptr;
  ERR_clear_error();
  if (on_curve) return std::nullopt;
  return Weakness{"ec-point", "is not a point on its curve"};
}

/// The eight points whose order divides 8, with and without the sign bit, and their encodings that
/// are not reduced: whoever has such a key signs nothing, and every signature may fit.
bool has_small_order(BytesView key) {
  Bytes y = copy(key);
  y.back() &= 0x7f;
  const auto all = [&](std::uint8_t first, std::uint8_t middle, std::uint8_t last) {
    return y.front() == first && y.back() == last &&
           std::all_of(y.begin() + 1, y.end() - 1, [&](std::uint8_t o) { return o == middle; });
  };
  const std::string hex = to_hex(y);
  return all(0x00, 0x00, 0x00) || all(0x01, 0x00, 0x00) || all(0xec, 0xff, 0x7f) ||
         all(0xed, 0xff, 0x7f) || all(0xee, 0xff, 0x7f) ||
         hex == "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05" ||
         hex == "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
}

/// SEC 1, 2.3.3: one zero octet.
bool is_infinity(const PublicKey& key) {
  const BytesView point = key.subject_public_key();
  return key.description() == oids::ec_public_key && point.size() == 1 && point[0] == 0;
}

}  // namespace

std::optional<Weakness> weakness_of(const PublicKey& key, const fs::path& debian_lists) {
  switch (key.type()) {
    case KeyType::rsa:
      return weak_rsa(key, debian_lists);
    case KeyType::ec:
      return weak_ec(key);
    case KeyType::ed25519:
      if (has_small_order(key.subject_public_key()))
        return Weakness{"ed25519-order", "is a point of small order, which signs nothing"};
      return std::nullopt;
    case KeyType::other:
      if (is_infinity(key)) return Weakness{"ec-point", "is the point at infinity"};
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<fs::path> debian_list(const PublicKey& key, const fs::path& debian_lists) {
  if (key.type() != KeyType::rsa) return std::nullopt;
  fs::path list = debian_lists / fmt::format("blacklist.RSA-{}", key.bits());
  std::error_code none;
  if (!fs::exists(list, none)) return std::nullopt;
  return list;
}

}  // namespace sealwright::ossl
