#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "ossl/key.h"
#include "ossl/oids.h"

namespace sealwright::ossl {
namespace {

struct Known {
  std::string_view oid;
  Scheme scheme;
  Digest digest;
  std::string_view name;
};
// The first of a scheme and digest is what is written.
constexpr Known known_algorithms[] = {
    {oids::sha256_with_rsa, Scheme::rsa_pkcs1, Digest::sha256, "sha256WithRSAEncryption"},
    {oids::sha384_with_rsa, Scheme::rsa_pkcs1, Digest::sha384, "sha384WithRSAEncryption"},
    {oids::sha512_with_rsa, Scheme::rsa_pkcs1, Digest::sha512, "sha512WithRSAEncryption"},
    {oids::sha1_with_rsa, Scheme::rsa_pkcs1, Digest::sha1, "sha1WithRSAEncryption"},
    {oids::oiw_sha1_with_rsa, Scheme::rsa_pkcs1, Digest::sha1, "sha1WithRSAEncryption"},
    {oids::md5_with_rsa, Scheme::rsa_pkcs1, Digest::md5, "md5WithRSAEncryption"},
    {oids::ecdsa_with_sha256, Scheme::ecdsa, Digest::sha256, "ecdsa-with-SHA256"},
    {oids::ecdsa_with_sha384, Scheme::ecdsa, Digest::sha384, "ecdsa-with-SHA384"},
    {oids::ecdsa_with_sha512, Scheme::ecdsa, Digest::sha512, "ecdsa-with-SHA512"},
    {oids::ecdsa_with_sha1, Scheme::ecdsa, Digest::sha1, "ecdsa-with-SHA1"},
    {oids::ed25519, Scheme::ed25519, Digest::sha512, "Ed25519"},
};

const Known* find(const SignatureAlgorithm& algorithm) {
  for (const Known& known : known_algorithms)
    if (known.scheme == algorithm.scheme &&
        (known.digest == algorithm.digest || known.scheme == Scheme::ed25519))
      return &known;
  return nullptr;
}

const Known* find(const Oid& oid) {
  for (const Known& known : known_algorithms)
    if (oid.text() == known.oid) return &known;
  return nullptr;
}

constexpr std::string_view identifier_name = "algorithm identifier";
constexpr std::int64_t default_pss_salt = 20;

Bytes digest_identifier(Digest digest) {
  return der::sequence({der::oid(oid_of(digest)), der::null()});
}

/// RFC 4055, 3.1. What equals its default is left out, as DER demands: with SHA-1 that is
/// everything.
Bytes pss_identifier(Digest digest) {
  std::vector<Bytes> parts;
  if (digest != Digest::sha1) {
    const Bytes hash = digest_identifier(digest);
    const Bytes mgf = der::sequence({der::oid(Oid(oids::mgf1)), hash});
    parts.push_back(der::constructed(der::context_constructed(0), {hash}));
    parts.push_back(der::constructed(der::context_constructed(1), {mgf}));
    const auto salt = static_cast<std::int64_t>(size_of(digest));
    parts.push_back(der::constructed(der::context_constructed(2), {der::integer(salt)}));
  }
  return der::sequence({der::oid(Oid(oids::rsassa_pss)), der::sequence(parts)});
}

/// NULL or nothing: RFC 4055, 2.1 demands that both are accepted.
bool null_or_absent(der::Reader reader) {
  if (reader.next_is(der::null_tag)) reader.null();
  return reader.at_end();
}

std::optional<Digest> read_digest(der::Reader reader) {
  const Oid oid = reader.oid();
  if (!null_or_absent(reader)) return std::nullopt;
  return digest_by_oid(oid);
}

std::optional<Digest> read_mgf(der::Reader reader) {
  if (reader.oid().text() != oids::mgf1 || !reader.next_is(der::sequence_tag)) return std::nullopt;
  const auto digest = read_digest(reader.enter(der::sequence_tag));
  reader.end();
  return digest;
}

std::optional<SignatureAlgorithm> read_pss(der::Reader reader) {
  if (!reader.next_is(der::sequence_tag)) return std::nullopt;
  der::Reader fields = reader.enter(der::sequence_tag);
  reader.end();
  std::optional<Digest> digest = Digest::sha1, mgf = Digest::sha1;
  std::int64_t salt = default_pss_salt, trailer = 1;
  if (auto field = fields.enter_if(der::context_constructed(0)))
    digest = read_digest(field->enter(der::sequence_tag));
  if (auto field = fields.enter_if(der::context_constructed(1)))
    mgf = read_mgf(field->enter(der::sequence_tag));
  if (auto field = fields.enter_if(der::context_constructed(2))) salt = field->small_integer();
  if (auto field = fields.enter_if(der::context_constructed(3))) trailer = field->small_integer();
  fields.end();
  if (!digest || mgf != digest || trailer != 1 ||
      salt != static_cast<std::int64_t>(size_of(*digest)))
    return std::nullopt;
  return SignatureAlgorithm{Scheme::rsa_pss, *digest};
}

}  // namespace

std::string to_text(const SignatureAlgorithm& algorithm) {
  if (algorithm.scheme == Scheme::rsa_pss)
    return fmt::format("RSASSA-PSS with {}", ascii_upper(to_text(algorithm.digest)));
  if (const Known* known = find(algorithm)) return std::string(known->name);
  return fmt::format("ecdsa-with-{}", ascii_upper(to_text(algorithm.digest)));
}

Bytes algorithm_identifier(const SignatureAlgorithm& algorithm) {
  if (algorithm.scheme == Scheme::rsa_pss) return pss_identifier(algorithm.digest);
  const Known* known = find(algorithm);
  if (!known)
    throw Error(Error::Kind::crypto,
                fmt::format("there is no algorithm identifier for {}", to_text(algorithm)));
  const Bytes oid = der::oid(Oid(known->oid));
  if (known->scheme == Scheme::rsa_pkcs1) return der::sequence({oid, der::null()});
  return der::sequence({oid});
}

std::optional<SignatureAlgorithm> signature_algorithm(BytesView algorithm_identifier) {
  der::Reader outer(algorithm_identifier, std::string(identifier_name));
  der::Reader reader = outer.enter(der::sequence_tag);
  outer.end();
  const Oid oid = reader.oid();
  if (oid.text() == oids::rsassa_pss) return read_pss(reader);
  const Known* known = find(oid);
  if (!known) return std::nullopt;
  const bool rsa = known->scheme == Scheme::rsa_pkcs1;
  if (rsa ? !null_or_absent(reader) : !reader.at_end()) return std::nullopt;
  return SignatureAlgorithm{known->scheme, known->digest};
}

std::optional<SignatureAlgorithm> signature_algorithm(BytesView algorithm_identifier,
                                                      Digest digest) {
  der::Reader outer(algorithm_identifier, std::string(identifier_name));
  const Oid oid = outer.enter(der::sequence_tag).oid();
  if (oid.text() == oids::rsa_encryption) return SignatureAlgorithm{Scheme::rsa_pkcs1, digest};
  if (oid.text() == oids::ec_public_key) return SignatureAlgorithm{Scheme::ecdsa, digest};
  const auto algorithm = signature_algorithm(algorithm_identifier);
  // RFC 8419, 3: any digest may stand beside Ed25519.
  if (algorithm && algorithm->scheme != Scheme::ed25519 && algorithm->digest != digest)
    return std::nullopt;
  return algorithm;
}

}  // namespace sealwright::ossl
