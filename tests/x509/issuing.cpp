#include "issuing.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "ossl/random.h"

namespace sealwright::x509::made {

Key new_key(const ossl::KeySpec& spec) {
  return std::make_shared<ossl::KeySigner>(ossl::PrivateKey::generate(spec));
}

Issued issue(const Recipe& recipe) {
  const Key key = recipe.key ? recipe.key : new_key();
  const Key signer = recipe.issuer ? recipe.issuer->key : key;
  ToBeSigned said;
  said.serial = random_serial(ossl::system_random());
  said.algorithm = signer->public_key().algorithm(recipe.digest);
  said.subject = Name::parse(recipe.subject);
  said.issuer = recipe.issuer ? recipe.issuer->certificate.subject() : said.subject;
  said.not_before = *parse_time(recipe.begins);
  said.not_after = *parse_time(recipe.ends);
  said.public_key = key->public_key();
  said.extensions = recipe.extensions;
  if (recipe.key_identifiers) {
    said.extensions.push_back(subject_key_identifier_extension(key->public_key().key_identifier()));
    said.extensions.push_back(
        authority_key_identifier_extension(signer->public_key().key_identifier()));
  }
  const Bytes tbs = encode(said);
  return {assemble(tbs, said.algorithm, signer->sign(said.algorithm, tbs)), key};
}

std::vector<Extension> authority(std::optional<int> path_length) {
  return {basic_constraints_extension({true, path_length}, true),
          key_usage_extension(key_cert_sign | crl_sign, true)};
}

Crl list_of(const Issued& issuer, const List& list) {
  const auto& key = issuer.key->public_key();
  CrlToBeSigned t;
  t.algorithm = key.algorithm(ossl::Digest::sha256);
  t.issuer = issuer.certificate.subject();
  t.this_update = *parse_time(list.issued);
  t.next_update = *parse_time(list.ends);
  t.number = list.number;
  t.authority_key_identifier = key.key_identifier();
  t.entries = list.entries;
  const Bytes tbs = encode(t);
  return assemble_crl(tbs, t.algorithm, issuer.key->sign(t.algorithm, tbs));
}

std::string openssl_x509(const Certificate& certificate, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"openssl", "x509", "-noout"});
  const auto ran = test::run(arguments, certificate.to_pem());
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  return ran.out;
}

std::string text_file(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

std::string read_back(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace sealwright::x509::made
