#include "ossl/token_key.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "ossl/curve.h"
#include "ossl/der.h"
#include "ossl/oids.h"

namespace sealwright::ossl {
namespace {

constexpr std::size_t max_named = 8;

/// subjectPublicKeyInfo of a certificate (RFC 5280, 4.1). Nobody vouches for what a token holds: it
/// is only the candidate that the key's signatures are verified with.
Bytes spki_of_certificate(BytesView certificate) {
  der::Reader outer(certificate, "certificate on the token");
  der::Reader tbs = outer.enter(der::sequence_tag).enter(der::sequence_tag);
  tbs.next_if(der::context_constructed(0));
  tbs.next(der::integer_tag);
  for (int field = 0; field < 4; ++field) tbs.next(der::sequence_tag);
  return copy(tbs.next(der::sequence_tag).whole);
}

Bytes rsa_spki(BytesView modulus, BytesView exponent) {
  const Bytes key =
      der::sequence({der::positive_integer(modulus), der::positive_integer(exponent)});
  const Bytes algorithm = der::sequence({der::oid(Oid(oids::rsa_encryption)), der::null()});
  return der::sequence({algorithm, der::bit_string(key)});
}

/// CKA_EC_POINT is an OCTET STRING around the point (PKCS#11 2.40, 2.3.3); some tokens leave that
/// off.
Bytes ec_spki(const Bytes& parameters, const Bytes& point) {
  BytesView octets = point;
  try {
    octets = der::only_element(point, der::octet_string_tag, "point").content;
  } catch (const Error&) {
  }
  const Bytes algorithm = der::sequence({der::oid(Oid(oids::ec_public_key)), parameters});
  return der::sequence({algorithm, der::bit_string(octets)});
}

/// Only keys that this program can verify with count.
std::optional<PublicKey> usable(const Bytes& spki) {
  try {
    PublicKey key = PublicKey::from_spki(spki);
    if (key.type() == KeyType::rsa || key.type() == KeyType::ec) return key;
  } catch (const Error&) {
  }
  return std::nullopt;
}

std::string label_of(TokenSession& session, ObjectHandle object) {
  return text(session.attribute(object, CKA_LABEL).value_or(Bytes{}));
}

std::string labels_of(TokenSession& session, const std::vector<ObjectHandle>& objects) {
  std::string labels;
  for (std::size_t i = 0; i < objects.size() && i < max_named; ++i)
    labels +=
        fmt::format("{}'{}' (id {})", i == 0 ? "" : ", ", printable(label_of(session, objects[i])),
                    to_hex(session.attribute(objects[i], CKA_ID).value_or(Bytes{})));
  if (objects.size() > max_named) labels += fmt::format(" and {} more", objects.size() - max_named);
  return labels;
}

ObjectHandle one_private_key(TokenSession& session, const TokenUri& uri) {
  const auto keys = session.find(wanted_by(uri, CKO_PRIVATE_KEY));
  if (keys.size() == 1) return keys.front();
  if (!keys.empty())
    throw Error(Error::Kind::state,
                fmt::format("{} has {} private keys that are what '{}' says: {}", session.name(),
                            keys.size(), printable(uri.text()), labels_of(session, keys)),
                "add ;id=%… to the URI, each byte as % and two digits");
  const auto there = session.find(Template().number(CKA_CLASS, CKO_PRIVATE_KEY));
  throw Error(Error::Kind::state,
              fmt::format("{} has no private key that is what '{}' says", session.name(),
                          printable(uri.text())),
              there.empty() ? "it has none at all" : "it has: " + labels_of(session, there));
}

}  // namespace

Template wanted_by(const TokenUri& uri, CK_OBJECT_CLASS object_class) {
  Template wanted;
  wanted.number(CKA_CLASS, object_class);
  if (!uri.object().empty()) wanted.text(CKA_LABEL, uri.object());
  if (!uri.id().empty()) wanted.bytes(CKA_ID, uri.id());
  return wanted;
}

std::optional<PublicKey> read_public_key(TokenSession& session, ObjectHandle object) {
  const auto modulus = session.attribute(object, CKA_MODULUS);
  const auto exponent = session.attribute(object, CKA_PUBLIC_EXPONENT);
  if (modulus && exponent && !modulus->empty() && !exponent->empty())
    return usable(rsa_spki(*modulus, *exponent));
  const auto parameters = session.attribute(object, CKA_EC_PARAMS);
  const auto point = session.attribute(object, CKA_EC_POINT);
  if (parameters && point && !parameters->empty() && !point->empty())
    return usable(ec_spki(*parameters, *point));
  const auto info = session.attribute(object, CKA_PUBLIC_KEY_INFO);
  return info && !info->empty() ? usable(*info) : std::nullopt;
}

std::vector<Bytes> certificates_with_id(TokenSession& session, BytesView id) {
  std::vector<Bytes> certificates;
  if (id.empty()) return certificates;
  Template wanted;
  wanted.number(CKA_CLASS, CKO_CERTIFICATE).number(CKA_CERTIFICATE_TYPE, CKC_X_509);
  wanted.bytes(CKA_ID, id);
  for (const ObjectHandle object : session.find(wanted))
    if (auto value = session.attribute(object, CKA_VALUE); value && !value->empty())
      certificates.push_back(std::move(*value));
  return certificates;
}

PublicKey public_key_of(TokenSession& session, ObjectHandle private_key, BytesView id) {
  if (!id.empty()) {
    Template wanted;
    wanted.number(CKA_CLASS, CKO_PUBLIC_KEY).bytes(CKA_ID, id);
    for (const ObjectHandle object : session.find(wanted))
      if (auto key = read_public_key(session, object)) return *key;
  }
  for (const Bytes& certificate : certificates_with_id(session, id)) {
    try {
      if (auto key = usable(spki_of_certificate(certificate))) return *key;
    } catch (const Error&) {
      // Another one with the same id may be readable.
    }
  }
  if (auto key = read_public_key(session, private_key)) return *key;
  throw Error(
      Error::Kind::state,
      fmt::format("{} does not say what the public key of '{}' is, or it is neither RSA nor "
                  "on P-256, P-384 or P-521",
                  session.name(), printable(label_of(session, private_key))),
      "write its certificate onto the token with the same id: pkcs11-tool --write-object "
      "FILE --type cert --id " +
          (id.empty() ? std::string("ID") : to_hex(id)));
}

FoundKey find_key(TokenSession& session, const TokenUri& uri) {
  FoundKey key;
  key.handle = one_private_key(session, uri);
  key.label = label_of(session, key.handle);
  key.id = session.attribute(key.handle, CKA_ID).value_or(Bytes{});
  key.public_key = public_key_of(session, key.handle, key.id);
  return key;
}

}  // namespace sealwright::ossl
