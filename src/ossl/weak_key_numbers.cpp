#include "ossl/weak_key_numbers.h"

#include <numeric>
#include <vector>

#include "ossl/failure.h"
#include "ossl/handle.h"

namespace sealwright::ossl {
namespace {

constexpr std::uint32_t factor_limit = 1u << 16;
constexpr int fermat_rounds = 100;
/// RSALib takes at least the primes up to here into account, for every size of key.
constexpr std::uint32_t largest_roca_prime = 167;
constexpr std::uint32_t roca_generator = 65537;

/// All primes below `limit`, ascending (the sieve of Eratosthenes).
std::vector<std::uint32_t> primes_below(std::uint32_t limit) {
  std::vector<bool> composite(limit);
  std::vector<std::uint32_t> primes;
  for (std::uint32_t n = 2; n < limit; ++n) {
    if (composite[n]) continue;
    primes.push_back(n);
    for (std::uint64_t multiple = std::uint64_t{n} * n; multiple < limit; multiple += n)
      composite[multiple] = true;
  }
  return primes;
}

const std::vector<std::uint32_t>& small_primes() {
  static const auto primes = primes_below(factor_limit);
  return primes;
}

/// Digits of base 2^32, most significant first.
std::vector<std::uint32_t> digits_of(BytesView number) {
  std::vector<std::uint32_t> digits((number.size() + 3) / 4);
  std::size_t at = digits.size() * 4 - number.size();
  for (const std::uint8_t octet : number) {
    digits[at / 4] = digits[at / 4] << 8 | octet;
    ++at;
  }
  return digits;
}

std::uint32_t remainder(const std::vector<std::uint32_t>& digits, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (const std::uint32_t digit : digits) rest = (rest << 32 | digit) % divisor;
  return static_cast<std::uint32_t>(rest);
}

void demand(bool holds) {
  if (!holds) throw failure(Error::Kind::crypto, "OpenSSL does not calculate");
}

Ptr<BIGNUM> new_number() {
  Ptr<BIGNUM> number(BN_new());
  demand(number != nullptr);
  return number;
}

/// The integer square root, by Newton's method from above.
Ptr<BIGNUM> square_root(const BIGNUM* n, BN_CTX* context) {
  auto root = new_number(), next = new_number();
  demand(BN_set_bit(root.get(), (BN_num_bits(n) + 1) / 2) == 1);
  while (true) {
    demand(BN_div(next.get(), nullptr, n, root.get(), context) == 1 &&
           BN_add(next.get(), next.get(), root.get()) == 1 &&
           BN_rshift1(next.get(), next.get()) == 1);
    if (BN_cmp(next.get(), root.get()) >= 0) return root;
    std::swap(root, next);
  }
}

bool is_square(const BIGNUM* n, BN_CTX* context) {
  if (BN_is_zero(n)) return true;
  // Squares are among 12 of 64 remainders modulo 64; what is left costs a root.
  const auto low = static_cast<unsigned>(BN_mod_word(n, 64));
  bool possible = false;
  for (unsigned root = 0; root < 32; ++root) possible = possible || root * root % 64 == low;
  if (!possible) return false;
  const auto root = square_root(n, context);
  auto square = new_number();
  demand(BN_sqr(square.get(), root.get(), context) == 1);
  return BN_cmp(square.get(), n) == 0;
}

/// The power of the generator that gives each remainder modulo `prime`, as far as there is one.
struct Logarithms {
  std::uint32_t order = 0;
  std::vector<std::optional<std::uint32_t>> of;
};
Logarithms logarithms(std::uint32_t prime) {
  Logarithms table;
  table.of.resize(prime);
  for (std::uint32_t power = 1; !table.of[power]; power = power * (roca_generator % prime) % prime)
    table.of[power] = table.order++;
  return table;
}

}  // namespace

std::optional<std::uint32_t> small_factor(BytesView modulus) {
  const auto digits = digits_of(modulus);
  const auto& primes = small_primes();
  // Two primes at a time: their product still fits a digit.
  for (std::size_t at = 0; at < primes.size(); at += 2) {
    const std::uint32_t first = primes[at];
    const std::uint32_t second = at + 1 < primes.size() ? primes[at + 1] : 1;
    const std::uint32_t rest = remainder(digits, first * second);
    if (rest % first == 0) return first;
    if (second > 1 && rest % second == 0) return second;
  }
  return std::nullopt;
}

bool has_close_primes(BytesView modulus) {
  const Ptr<BN_CTX> context(BN_CTX_new());
  const Ptr<BIGNUM> n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  demand(context && n);
  auto a = square_root(n.get(), context.get()), difference = new_number();
  // n = a² - b² = (a - b)(a + b), for the first a not below the root.
  const auto square_less_n = [&] {
    demand(BN_sqr(difference.get(), a.get(), context.get()) == 1 &&
           BN_sub(difference.get(), difference.get(), n.get()) == 1);
  };
  square_less_n();
  if (BN_is_negative(difference.get())) {
    demand(BN_add_word(a.get(), 1) == 1);
    square_less_n();
  }
  for (int round = 0; round < fermat_rounds; ++round) {
    if (is_square(difference.get(), context.get())) return true;
    demand(BN_add_word(a.get(), 1) == 1);
    square_less_n();
  }
  return false;
}

/// M. Nemec, M. Sys, P. Svenda, D. Klinec, V. Matyas: The Return of Coppersmith's Attack (2017),
/// section 2: the primes are k * M + (65537^a mod M), where M is a product of small primes. So
/// there is one exponent that gives the modulus modulo every one of them. Logarithms modulo two
/// primes belong to one exponent where they agree modulo the common divisor of the orders; and if
/// that holds for every two, it holds for all.
bool has_roca_fingerprint(BytesView modulus) {
  static const auto tables = [] {
    std::vector<Logarithms> made;
    for (const std::uint32_t prime : primes_below(largest_roca_prime + 1))
      made.push_back(logarithms(prime));
    return made;
  }();
  const auto digits = digits_of(modulus);
  std::vector<std::uint32_t> exponents;
  for (const Logarithms& table : tables) {
    const auto prime = static_cast<std::uint32_t>(table.of.size());
    const auto exponent = table.of[remainder(digits, prime)];
    if (!exponent) return false;
    for (std::size_t other = 0; other < exponents.size(); ++other) {
      const std::uint32_t common = std::gcd(table.order, tables[other].order);
      if (*exponent % common != exponents[other] % common) return false;
    }
    exponents.push_back(*exponent);
  }
  return true;
}

}  // namespace sealwright::ossl
