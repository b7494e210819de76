#include "ossl/digest.h"

#include <array>

#include "base/encoding.h"
#include "ossl/digest_handle.h"
#include "ossl/failure.h"
#include "ossl/library.h"

namespace sealwright::ossl {
namespace {

struct Facts {
  Digest digest;
  std::string_view name;    ///< Also what OpenSSL calls it.
  std::string_view dashed;  ///< As standards write it, in lower case.
  std::size_t size;
  std::string_view oid;
};
constexpr Facts all_facts[] = {
    {Digest::md5, "md5", "md-5", 16, "1.2.840.113549.2.5"},
    {Digest::sha1, "sha1", "sha-1", 20, "1.3.14.3.2.26"},
    {Digest::sha256, "sha256", "sha-256", 32, "2.16.840.1.101.3.4.2.1"},
    {Digest::sha384, "sha384", "sha-384", 48, "2.16.840.1.101.3.4.2.2"},
    {Digest::sha512, "sha512", "sha-512", 64, "2.16.840.1.101.3.4.2.3"},
};
constexpr std::size_t count = std::size(all_facts);

const Facts& facts(Digest digest) { return all_facts[static_cast<std::size_t>(digest)]; }

Ptr<EVP_MD> fetch(Digest digest) {
  start_library();
  Ptr<EVP_MD> md(EVP_MD_fetch(nullptr, facts(digest).name.data(), nullptr));
  if (!md)
    throw failure(Error::Kind::crypto,
                  "OpenSSL does not provide " + std::string(facts(digest).name));
  return md;
}

template <Digest digest>
const EVP_MD* fetched_once() {
  static const Ptr<EVP_MD> md = fetch(digest);
  return md.get();
}

}  // namespace

const EVP_MD* fetched(Digest digest) {
  switch (digest) {
    case Digest::md5:
      return fetched_once<Digest::md5>();
    case Digest::sha1:
      return fetched_once<Digest::sha1>();
    case Digest::sha256:
      return fetched_once<Digest::sha256>();
    case Digest::sha384:
      return fetched_once<Digest::sha384>();
    case Digest::sha512:
      return fetched_once<Digest::sha512>();
  }
  throw Error(Error::Kind::internal, "unknown digest");
}

std::string_view to_text(Digest digest) { return facts(digest).name; }

std::optional<Digest> digest_by_name(std::string_view name) {
  for (const Facts& known : all_facts)
    if (equal_ignoring_case(name, known.name) || equal_ignoring_case(name, known.dashed))
      return known.digest;
  return std::nullopt;
}

std::size_t size_of(Digest digest) { return facts(digest).size; }

const Oid& oid_of(Digest digest) {
  static const std::array<Oid, count> oids = [] {
    std::array<Oid, count> made;
    for (const Facts& known : all_facts)
      made[static_cast<std::size_t>(known.digest)] = Oid(known.oid);
    return made;
  }();
  return oids[static_cast<std::size_t>(digest)];
}

std::optional<Digest> digest_by_oid(const Oid& oid) {
  for (const Facts& known : all_facts)
    if (oid.text() == known.oid) return known.digest;
  return std::nullopt;
}

Hasher::Hasher(Digest digest) {
  const EVP_MD* md = fetched(digest);
  context_.reset(EVP_MD_CTX_new());
  if (!context_ || EVP_DigestInit_ex2(context_.get(), md, nullptr) != 1)
    throw failure(Error::Kind::crypto, "a digest cannot be started");
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(BytesView bytes) {
  if (!context_) throw Error(Error::Kind::internal, "a digest is used after its end");
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1)
    throw failure(Error::Kind::crypto, "a digest cannot be continued");
}

Bytes Hasher::finish() {
  if (!context_) throw Error(Error::Kind::internal, "a digest is used after its end");
  Bytes digest(static_cast<std::size_t>(EVP_MD_CTX_get_size(context_.get())));
  if (EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1)
    throw failure(Error::Kind::crypto, "a digest cannot be finished");
  context_.reset();
  return digest;
}

Bytes hash(Digest digest, BytesView bytes) {
  Bytes result(size_of(digest));
  if (EVP_Digest(bytes.data(), bytes.size(), result.data(), nullptr, fetched(digest), nullptr) != 1)
    throw failure(Error::Kind::crypto, "a digest cannot be made");
  return result;
}

}  // namespace sealwright::ossl
