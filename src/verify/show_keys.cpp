#include "verify/show_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "verify/describe.h"
#include "x509/pkcs12.h"
#include "x509/pvk.h"

namespace sealwright::verify {
namespace {

const std::string encrypted_pkcs8 = "ENCRYPTED PRIVATE KEY";

void add_key(Json& facts, const ossl::PublicKey& key) {
  facts.set("key", key.description()).set("key_id", key.id().hex());
}

/// Nobody is asked for the password of a file that has none.
x509::PfxContent open_pfx(BytesView bytes, const PasswordSource& password) {
  try {
    return x509::read_pfx(bytes, ossl::Secret());
  } catch (const Error& error) {
    if (!password.ask || error.kind != Error::Kind::crypto) throw;
  }
  return x509::read_pfx(bytes, password.ask());
}

/// A PFX may hold a key of a kind that this program does not use. Returns its type; rsa, which
/// everything takes, where there is none.
ossl::KeyType add_pfx_key(Json& facts, const x509::PfxContent& content) {
  facts.set("private_key", !content.pkcs8.empty());
  if (content.pkcs8.empty()) return ossl::KeyType::rsa;
  auto type = ossl::KeyType::other;
  try {
    const auto key = ossl::PrivateKey::from_pkcs8(content.pkcs8.view()).public_key();
    add_key(facts, key);
    type = key.type();
  } catch (const Error& error) {
    facts.set("key", error.message);
  }
  if (content.other_keys > 0) facts.set("other_keys", content.other_keys);
  if (!content.csp.empty()) facts.set("provider", content.csp);
  return type;
}

Json password_words(const std::optional<x509::PfxPassword>& password) {
  if (!password) return "not needed";
  switch (*password) {
    case x509::PfxPassword::given:
      return "the one given";
    case x509::PfxPassword::empty:
      return "empty";
    case x509::PfxPassword::none:
      return "none at all";
  }
  return Json();
}

void add_protection(Json& facts, const x509::PfxProtection& protection, ossl::KeyType key) {
  Json parts = Json::array();
  for (const auto& part : protection.parts) parts.push(to_text(part));
  facts.set("protection", parts)
      .set("mac", protection.mac.empty()
                      ? "none"
                      : fmt::format("{}, {} iterations", protection.mac, protection.mac_iterations))
      .set("password", password_words(protection.password))
      .set("readable_by", x509::readers(protection, key));
}

/// RFC 1421, 4.6.1.1: encrypted as a whole, which PKCS#8 never is.
bool has_encrypted_headers(const std::string& headers) {
  return headers.find("ENCRYPTED") != std::string::npos;
}

std::string encryption_of(const x509::PemBlock& block) {
  if (block.label == encrypted_pkcs8) {
    const auto part = x509::encryption_of_key(block.der);
    return part.iterations ? fmt::format("{}, {} iterations", part.scheme, part.iterations)
                           : part.scheme;
  }
  if (!has_encrypted_headers(block.headers)) return "none";
  const auto info = block.headers.find("DEK-Info: ");
  if (info == std::string::npos) return "unknown";
  const auto cipher = info + std::string_view("DEK-Info: ").size();
  return block.headers.substr(cipher, block.headers.find(',', cipher) - cipher);
}

/// The block as it stood in its file.
ossl::Secret pem_of(const x509::PemBlock& block) {
  std::string text = x509::to_pem(block.label, block.der);
  if (!block.headers.empty()) text.insert(text.find('\n') + 1, block.headers + "\n");
  ossl::Secret pem{std::string_view(text)};
  std::ranges::fill(text, '\0');
  return pem;
}

}  // namespace

Description describe_pfx(BytesView bytes, const PasswordSource& password) {
  const auto content = open_pfx(bytes, password);
  Description made{"pfx", Json::object()};
  const auto key = add_pfx_key(made.facts, content);
  if (!content.friendly_name.empty()) made.facts.set("friendly_name", content.friendly_name);
  add_protection(made.facts, content.protection, key);
  if (content.certificate) made.facts.set("certificate", certificate_facts(*content.certificate));
  made.facts.set("chain", certificate_list(content.chain));
  return made;
}

Description describe_pvk(BytesView bytes, const PasswordSource& password) {
  const auto info = x509::pvk_info(bytes);
  Description made{"pvk", Json::object()};
  made.facts.set("encrypted", info.encrypted)
      .set("key_type", info.type == x509::PvkKeyType::exchange ? "exchange" : "signature");
  if (info.encrypted) made.facts.set("salt", to_hex(info.salt));
  const auto known = info.encrypted ? password.known_now() : std::nullopt;
  if (info.encrypted && !known) {
    made.facts.set("bits", info.bits);
    return made;
  }
  const auto opened = x509::open_pvk(bytes, known ? &*known : nullptr);
  made.facts.set("encryption", x509::to_text(opened.encryption));
  add_key(made.facts, opened.key.public_key());
  return made;
}

Description describe_private_key(const x509::PemBlock& block, const PasswordSource& password) {
  const std::string encryption = encryption_of(block);
  Description made{block.label == encrypted_pkcs8 ? "encrypted private key" : "private key",
                   Json::object()};
  made.facts.set("encryption", encryption);
  const auto known = encryption == "none" ? std::nullopt : password.known_now();
  if (encryption != "none" && !known) return made;
  const ossl::Secret pem = pem_of(block);
  add_key(made.facts,
          ossl::PrivateKey::from_pem(pem.view(), known ? &*known : nullptr).public_key());
  return made;
}

}  // namespace sealwright::verify
