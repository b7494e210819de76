#include "made.h"

#include "base/file.h"

namespace sealwright::x509::made {

Identity identity(const ossl::KeySpec& key, const std::string& name, const Serial& serial) {
  const auto private_key = ossl::PrivateKey::generate(key);
  const auto& public_key = private_key.public_key();
  ToBeSigned t;
  t.serial = serial;
  t.algorithm = public_key.algorithm(ossl::Digest::sha256);
  t.issuer = t.subject = Name::parse("CN=" + name);
  t.not_before = *parse_time("2026-01-01");
  t.not_after = *parse_time("2036-01-01");
  t.public_key = public_key;
  t.extensions = {key_usage_extension(digital_signature, true),
                  subject_key_identifier_extension(public_key.key_identifier())};
  const Bytes tbs = encode(t);
  return {private_key.to_pkcs8(), assemble(tbs, t.algorithm, private_key.sign(t.algorithm, tbs))};
}

const Identity& rsa() {
  static const Identity made = identity({ossl::KeyType::rsa, 2048, {}}, "RSA", {{0x4a, 0x11}});
  return made;
}

const Identity& ec() {
  static const Identity made =
      identity({ossl::KeyType::ec, 0, ossl::Curve::p256}, "EC", {{0xfe, 0x02}});
  return made;
}

const Identity& other() {
  static const Identity made =
      identity({ossl::KeyType::ec, 0, ossl::Curve::p256}, "Other", {{0x03}});
  return made;
}

std::string file(const std::filesystem::path& path, BytesView bytes) {
  write_file(path, bytes);
  return path.string();
}

}  // namespace sealwright::x509::made
