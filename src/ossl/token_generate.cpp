#include <fmt/format.h>

#include "base/encoding.h"
#include "ossl/curve.h"
#include "ossl/der.h"
#include "ossl/token_key.h"

namespace sealwright::ossl {
namespace {

constexpr int min_rsa_bits = 1024, max_rsa_bits = 16384;

void check(const KeySpec& spec) {
  if (spec.type != KeyType::rsa && spec.type != KeyType::ec)
    throw Error(Error::Kind::crypto, "keys of this type are not made on tokens",
                "rsa and ecdsa are");
  if (spec.type == KeyType::rsa && (spec.bits < min_rsa_bits || spec.bits > max_rsa_bits))
    throw Error(Error::Kind::input,
                fmt::format("RSA keys of {} bits cannot be generated", spec.bits),
                fmt::format("{} to {} bits", min_rsa_bits, max_rsa_bits));
}

Template public_half(const KeySpec& spec) {
  static constexpr std::uint8_t f4[] = {0x01, 0x00, 0x01};
  Template half;
  half.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, false).flag(CKA_VERIFY, true);
  if (spec.type == KeyType::rsa) {
    half.number(CKA_MODULUS_BITS, static_cast<CK_ULONG>(spec.bits)).bytes(CKA_PUBLIC_EXPONENT, f4);
    half.flag(CKA_ENCRYPT, false).flag(CKA_WRAP, false);
  } else {
    half.bytes(CKA_EC_PARAMS, der::oid(Oid(facts_of(spec.curve).oid)));
  }
  return half;
}

Template private_half(const KeySpec& spec) {
  Template half;
  half.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, true).flag(CKA_SENSITIVE, true);
  half.flag(CKA_EXTRACTABLE, false).flag(CKA_SIGN, true);
  if (spec.type == KeyType::rsa) half.flag(CKA_DECRYPT, false).flag(CKA_UNWRAP, false);
  if (spec.type == KeyType::ec) half.flag(CKA_DERIVE, false);
  return half;
}

/// Private and public keys count alike: either would be taken for half of the new pair.
void refuse_taken(TokenSession& session, const std::string& label) {
  for (const CK_OBJECT_CLASS kind : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    Template wanted;
    wanted.number(CKA_CLASS, kind).text(CKA_LABEL, label);
    if (!session.find(wanted).empty())
      throw Error(Error::Kind::state,
                  fmt::format("{} has a key '{}' already", session.name(), printable(label)),
                  "choose another label, or use the key that is there");
  }
}

}  // namespace

FoundKey generate_key(TokenSession& session, const std::string& label, BytesView id,
                      const KeySpec& spec) {
  check(spec);
  refuse_taken(session, label);
  CK_MECHANISM mechanism{
      spec.type == KeyType::rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  Template public_template = public_half(spec), private_template = private_half(spec);
  for (Template* half : {&public_template, &private_template})
    half->text(CKA_LABEL, label).bytes(CKA_ID, id);
  auto public_attributes = public_template.attributes();
  auto private_attributes = private_template.attributes();
  ObjectHandle public_key = 0;
  FoundKey key;
  const WritingSession writing(session);
  const CK_RV rv = session.functions()->C_GenerateKeyPair(
      writing.handle(), &mechanism, public_attributes.data(), public_attributes.size(),
      private_attributes.data(), private_attributes.size(), &public_key, &key.handle);
  if (rv != CKR_OK)
    throw session.failed("cannot make a key " + to_text(spec), "C_GenerateKeyPair", rv);
  // Some tokens name their keys themselves.
  key.label = text(session.attribute(key.handle, CKA_LABEL).value_or(copy(view(label))));
  key.id = session.attribute(key.handle, CKA_ID).value_or(copy(id));
  const auto made = read_public_key(session, public_key);
  key.public_key = made ? *made : public_key_of(session, key.handle, key.id);
  return key;
}

}  // namespace sealwright::ossl
