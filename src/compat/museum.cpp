#include "compat/museum.h"

#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "ca/import_file.h"
#include "compat/makecert_files.h"
#include "compat/makecert_issue.h"
#include "compat/makecert_policy.h"
#include "ossl/der.h"

namespace sealwright::compat {
namespace {
namespace fs = std::filesystem;
namespace der = ossl::der;

struct MuseumIssuer {
  x509::Name name;
  Serial serial;
  ossl::PublicKey key;
};

/// 2.5.29.1 of X.509's drafts, as it stands in two test certificates of 2016 and 2018:
/// SEQUENCE { keyIdentifier [0] MD5 of the issuer's SubjectPublicKeyInfo, authorityCertIssuer [1]
/// Name (not GeneralNames), authorityCertSerialNumber [2] }.
x509::Extension old_authority_key_identifier(const MuseumIssuer& issuer) {
  const auto key = ossl::hash(ossl::Digest::md5, issuer.key.spki());
  const auto serial = x509::encode(issuer.serial);
  const auto content = der::only_element(serial, der::integer_tag, "serial").content;
  return {Oid("2.5.29.1"), false,
          der::sequence({der::element(der::context(0), key),
                         der::constructed(der::context_constructed(1), {issuer.name.der()}),
                         der::element(der::context(2), content)})};
}

std::vector<x509::Extension> extensions(const MakecertWish& wish, const CommandLine& line,
                                        const MuseumIssuer& issuer) {
  std::vector<x509::Extension> made;
  if (line.has("cy") || line.has("h"))
    made.push_back(x509::basic_constraints_extension(
        {wish.role == MakecertRole::root || wish.role == MakecertRole::intermediate,
         wish.path_length},
        true));
  if (!wish.purposes.empty())
    made.push_back(x509::extended_key_usage_extension(wish.purposes, false));
  made.push_back(old_authority_key_identifier(issuer));
  return made;
}

}  // namespace

void make_museum_piece(const MakecertWish& wish, const CommandLine& line, World& world) {
  if (wish.output.empty()) throw Error(Error::Kind::usage, "'--as-original' needs a file to write");
  check_certificate_place(wish.output);
  const bool reused = !wish.pvk.empty() && fs::exists(fs::symlink_status(wish.pvk));
  if (reused) check_key_type(wish.pvk, wish.exchange);
  const auto key = reused ? read_key_file(wish.pvk, KeyHolder::subject, line, world)
                          : ossl::PrivateKey::generate(makecert_key(wish));
  x509::ToBeSigned contents;
  contents.serial = wish.serial ? *wish.serial : x509::random_serial(world.random);
  contents.subject = x509::Name::of(wish.subject.attributes);
  contents.public_key = key.public_key();
  std::optional<ossl::PrivateKey> issuer_key;
  std::optional<Time> issuer_end;
  MuseumIssuer issuer{contents.subject, contents.serial, contents.public_key};
  if (wish.issued_by_another()) {
    const auto certificate = ca::read_one_certificate(wish.issuer_file);
    issuer_key = read_key_file(wish.issuer_pvk, KeyHolder::issuer, line, world);
    if (!(issuer_key->public_key() == certificate.public_key()))
      throw Error(Error::Kind::input, "the key of '-iv' is not the one of '-ic'");
    issuer = {certificate.subject(), certificate.serial(), certificate.public_key()};
    issuer_end = certificate.not_after();
  }
  const auto& signing_key = issuer_key ? *issuer_key : key;
  contents.issuer = issuer.name;
  contents.algorithm = signing_key.public_key().algorithm(wish.digest);
  contents.not_before = wish.not_before.value_or(world.clock());
  contents.not_after = makecert_end(wish, issuer_end, world);
  contents.extensions = extensions(wish, line, issuer);
  const auto tbs = x509::encode(contents);
  const auto certificate =
      x509::assemble(tbs, contents.algorithm, signing_key.sign(contents.algorithm, tbs));
  if (!reused && !wish.pvk.empty())
    write_file(wish.pvk, key_file(wish.pvk, key, wish.exchange, line, world).view(),
               {Access::owner, Existing::refuse});
  write_file(wish.output, certificate.der(), {Access::everyone, Existing::replace});
}

}  // namespace sealwright::compat
