// The layout: a header, a salt, and a PRIVATEKEYBLOB of the Windows CryptoAPI (wincrypt.h), all
// little-endian.

#include "x509/pvk.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "ossl/der.h"
#include "ossl/failure.h"
#include "ossl/handle.h"
#include "x509/pvk_parts.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;
using ossl::Ptr;
using ossl::Secret;

constexpr const char* what = "the PVK file";
constexpr std::size_t max_salt_bytes = 1024;
constexpr std::uint32_t min_bits = 512, max_bits = 16384;

[[noreturn]] void malformed(const std::string& reason) {
  throw Error(Error::Kind::input, fmt::format("{} is malformed ({})", what, reason));
}

struct File {
  PvkInfo info;
  BytesView salt, blob;  ///< Views into the file.
};

/// The size of the modulus that fills a blob, which holds 9/16 of a byte for each bit: the field
/// that says it may be encrypted.
std::uint32_t bits_of(std::uint32_t blob_bytes) {
  constexpr std::uint32_t fixed_bytes = pvk::blob_header_bytes + 12;
  return blob_bytes < fixed_bytes ? 0 : (blob_bytes - fixed_bytes) * 16 / 9;
}

File split(BytesView bytes) {
  if (bytes.size() > max_pvk_bytes)
    throw Error(Error::Kind::input, fmt::format("{} is too large ({} bytes, at most {})", what,
                                                bytes.size(), max_pvk_bytes));
  ByteReader reader(bytes, what);
  if (reader.u32() != pvk::file_magic) malformed("another magic number");
  reader.u32();  // Reserved.
  const std::uint32_t key_type = reader.u32(), encrypted = reader.u32();
  const std::uint32_t salt_bytes = reader.u32(), blob_bytes = reader.u32();
  if (key_type != pvk::type_exchange && key_type != pvk::type_signature)
    malformed(fmt::format("unknown key type {}", key_type));
  if (encrypted > 1) malformed(fmt::format("unknown encryption {}", encrypted));
  if ((encrypted == 1) != (salt_bytes > 0))
    malformed(encrypted ? "encryption without a salt" : "a salt without encryption");
  if (salt_bytes > max_salt_bytes) malformed(fmt::format("a salt of {} bytes", salt_bytes));
  File file{{}, reader.take(salt_bytes), reader.take(blob_bytes)};
  if (!reader.at_end()) malformed(fmt::format("{} bytes after the key", reader.left()));
  if (blob_bytes < pvk::blob_header_bytes) malformed("a key of too few bytes");
  file.info.encrypted = encrypted == 1;
  file.info.type = key_type == pvk::type_exchange ? PvkKeyType::exchange : PvkKeyType::signature;
  file.info.bits = bits_of(blob_bytes);
  file.info.salt = copy(file.salt);
  return file;
}

/// BLOBHEADER, which is never encrypted.
void check_blob_header(BytesView blob) {
  ByteReader reader(blob, what);
  if (reader.u8() != 7 || reader.u8() != 2) malformed("the key is no PRIVATEKEYBLOB of version 2");
  reader.u16();  // Reserved.
  const std::uint32_t algorithm = reader.u32();
  if (algorithm == pvk::dsa_sign) throw Error(Error::Kind::input, "DSA keys are not read");
  if (algorithm != pvk::rsa_exchange && algorithm != pvk::rsa_sign)
    malformed(fmt::format("unknown key algorithm 0x{:04x}", algorithm));
}

bool is_rsa(const Secret& body) { return body.size() >= 4 && u32le(body.view()) == pvk::rsa_magic; }

/// What follows the BLOBHEADER, which alone is encrypted, and how it was.
struct Body {
  Secret bytes;
  PvkEncryption encryption;
};

Body body_of(const File& file, const Secret* password) {
  const BytesView body = file.blob.subspan(pvk::blob_header_bytes);
  if (!file.info.encrypted) return {Secret(body), PvkEncryption::none};
  if (!password) throw Error(Error::Kind::input, "needs a password");
  Secret key = pvk::key_of(file.salt, *password);
  Secret plain = pvk::rc4(body, key);
  if (is_rsa(plain)) return {std::move(plain), PvkEncryption::strong};
  // The export version of the tools: a key of 40 bits, in a field of 128.
  std::ranges::fill(key.writable().subspan(5), std::uint8_t{0});
  plain = pvk::rc4(body, key);
  if (!is_rsa(plain))
    throw Error(Error::Kind::crypto, "wrong password",
                "the file has no MAC: it may also be damaged");
  return {std::move(plain), PvkEncryption::weak};
}

/// The numbers of RSAPrivateKey (RFC 8017, A.1.2), big-endian.
struct Numbers {
  Secret n, e, p, q, dp, dq, inverse, d;
};

Secret number(ByteReader& reader, std::size_t bytes) {
  Secret taken(reader.take(bytes));
  std::ranges::reverse(taken.writable());
  return taken;
}

/// RSAPUBKEY and the numbers after it, of whole and of half the length of the modulus.
Numbers read_numbers(const Secret& body) {
  ByteReader reader(body.view(), what);
  if (reader.u32() != pvk::rsa_magic) malformed("the key is no RSA key");
  const std::uint32_t bits = reader.u32();
  if (bits < min_bits || bits > max_bits)
    throw Error(Error::Kind::input, fmt::format("RSA keys of {} bits are not supported", bits),
                fmt::format("{} to {} bits", min_bits, max_bits));
  const pvk::Sizes sizes(bits);
  Secret e = number(reader, 4);
  if (reader.left() != sizes.numbers())
    malformed(fmt::format("an RSA key of {} bits does not have {} bytes", bits,
                          pvk::blob_header_bytes + body.size()));
  Secret n = number(reader, sizes.whole);
  Secret p = number(reader, sizes.half), q = number(reader, sizes.half);
  Secret dp = number(reader, sizes.half), dq = number(reader, sizes.half);
  Secret inverse = number(reader, sizes.half);
  return {std::move(n),  std::move(e),  std::move(p),       std::move(q),
          std::move(dp), std::move(dq), std::move(inverse), number(reader, sizes.whole)};
}

/// Arithmetic that ends in an Error when OpenSSL refuses it.
class Arithmetic {
 public:
  Arithmetic() : context_(BN_CTX_secure_new()) { demand(context_ != nullptr); }
  Ptr<BIGNUM> number(const Secret& bytes) {
    Ptr<BIGNUM> made(BN_bin2bn(bytes.view().data(), static_cast<int>(bytes.size()), nullptr));
    demand(made != nullptr);
    return made;
  }
  Ptr<BIGNUM> less_one(const BIGNUM* a) {
    Ptr<BIGNUM> result(BN_dup(a));
    demand(result && BN_sub_word(result.get(), 1) == 1);
    return result;
  }
  Ptr<BIGNUM> product(const BIGNUM* a, const BIGNUM* b) {
    Ptr<BIGNUM> result(BN_new());
    demand(result && BN_mul(result.get(), a, b, context_.get()) == 1);
    return result;
  }
  Ptr<BIGNUM> remainder(const BIGNUM* a, const BIGNUM* of) {
    Ptr<BIGNUM> result(BN_new());
    demand(result && BN_nnmod(result.get(), a, of, context_.get()) == 1);
    return result;
  }

 private:
  static void demand(bool holds) {
    if (!holds) throw ossl::failure(Error::Kind::input, "the PVK file has impossible numbers");
  }
  Ptr<BN_CTX> context_;
};

bool may_be_prime(const BIGNUM* number) { return BN_is_odd(number) && !BN_is_one(number); }

/// What RFC 8017, 3.2 says of one prime: d and its short form fit e.
bool fits(Arithmetic& a, const BIGNUM* prime, const BIGNUM* e, const BIGNUM* d,
          const BIGNUM* short_d) {
  const auto order = a.less_one(prime);
  return BN_is_one(a.remainder(a.product(d, e).get(), order.get()).get()) &&
         BN_cmp(a.remainder(d, order.get()).get(), short_d) == 0;
}

/// Whether every number follows from the others: OpenSSL takes them as they stand.
bool consistent(const Numbers& numbers) {
  Arithmetic a;
  const auto n = a.number(numbers.n), e = a.number(numbers.e), d = a.number(numbers.d);
  const auto p = a.number(numbers.p), q = a.number(numbers.q);
  const auto dp = a.number(numbers.dp), dq = a.number(numbers.dq);
  const auto inverse = a.number(numbers.inverse);
  return may_be_prime(p.get()) && may_be_prime(q.get()) &&
         BN_cmp(a.product(p.get(), q.get()).get(), n.get()) == 0 &&
         fits(a, p.get(), e.get(), d.get(), dp.get()) &&
         fits(a, q.get(), e.get(), d.get(), dq.get()) &&
         BN_is_one(a.remainder(a.product(inverse.get(), q.get()).get(), p.get()).get());
}

/// PrivateKeyInfo (RFC 5208) around RSAPrivateKey.
Secret pkcs8_of(const Numbers& numbers) {
  const auto integer = [](const Secret& number) {
    return Secret(der::positive_integer(number.view()));
  };
  const Secret n = integer(numbers.n), e = integer(numbers.e), d = integer(numbers.d);
  const Secret p = integer(numbers.p), q = integer(numbers.q);
  const Secret dp = integer(numbers.dp), dq = integer(numbers.dq);
  const Secret inverse = integer(numbers.inverse);
  const Secret key(der::sequence({der::integer(0), n.view(), e.view(), d.view(), p.view(), q.view(),
                                  dp.view(), dq.view(), inverse.view()}));
  const Secret wrapped(der::octet_string(key.view()));
  static const Oid rsa_encryption("1.2.840.113549.1.1.1");
  return Secret(der::sequence(
      {der::integer(0), der::sequence({der::oid(rsa_encryption), der::null()}), wrapped.view()}));
}

}  // namespace

bool looks_like_pvk(BytesView bytes) {
  return bytes.size() >= 4 && u32le(bytes) == pvk::file_magic;
}

PvkInfo pvk_info(BytesView bytes) { return split(bytes).info; }

std::string to_text(PvkEncryption encryption) {
  switch (encryption) {
    case PvkEncryption::none:
      return "none";
    case PvkEncryption::weak:
      return "weak (40 bit)";
    case PvkEncryption::strong:
      return "strong (128 bit)";
  }
  return "";
}

OpenedPvk open_pvk(BytesView bytes, const Secret* password) {
  const File file = split(bytes);
  check_blob_header(file.blob);
  const Body body = body_of(file, password);
  const Numbers numbers = read_numbers(body.bytes);
  if (!consistent(numbers)) malformed("the numbers of the key contradict each other");
  return {ossl::PrivateKey::from_pkcs8(pkcs8_of(numbers).view()), body.encryption};
}

ossl::PrivateKey read_pvk(BytesView bytes, const Secret* password) {
  return open_pvk(bytes, password).key;
}

}  // namespace sealwright::x509
