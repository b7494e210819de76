#include "compat/makecert_issuer.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "ca/import_file.h"
#include "compat/makecert_files.h"

namespace sealwright::compat {
namespace {

std::string shown(const x509::Certificate& certificate) {
  return "'" + printable(certificate.subject().display()) + "'";
}

/// Whether `name` is a part of the common name, as Windows finds it (CERT_FIND_SUBJECT_STR).
bool is_named(const x509::Certificate& certificate, const std::string& name) {
  const auto whole = ascii_lower(certificate.subject().common_name());
  return whole.find(ascii_lower(name)) != std::string::npos;
}

/// Of the generations of one name the active one is meant: a script that runs again puts the next
/// beside the one before.
void keep_active(std::vector<x509::Certificate>& found, const store::Inventory& inventory) {
  const auto all = found;
  std::erase_if(found, [&](const x509::Certificate& one) {
    const auto generation = inventory.find_sha256(one.sha256());
    const auto active = generation ? inventory.active(generation->name) : std::nullopt;
    return active && active->id != generation->id &&
           std::ranges::any_of(all,
                               [&](const auto& other) { return other.sha256() == active->sha256; });
  });
}

x509::Certificate from_store(const MakecertWish& wish, store::Inventory& inventory) {
  const auto where = std::string(store::to_text(wish.issuer_location)) + "\\" + wish.issuer_store;
  std::vector<x509::Certificate> found;
  for (const auto& member : inventory.windows_store(wish.issuer_location, wish.issuer_store)) {
    auto certificate = x509::Certificate::from_der(member.certificate);
    if (wish.issuer_name.empty() || is_named(certificate, wish.issuer_name))
      found.push_back(std::move(certificate));
  }
  keep_active(found, inventory);
  if (found.size() == 1) return found.front();
  const auto whose = wish.issuer_name.empty() ? "" : " named '" + printable(wish.issuer_name) + "'";
  if (found.empty())
    throw Error(Error::Kind::state, "store '" + printable(where) + "' has no certificate" + whose,
                "put it there with: certmgr /add ISSUER.cer /s /r " +
                    ascii_lower(store::to_text(wish.issuer_location)) + " " +
                    printable(wish.issuer_store));
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 8); ++i)
    names += (i ? ", " : "") + shown(found[i]);
  throw Error(Error::Kind::state,
              "store '" + printable(where) + "' has " + std::to_string(found.size()) +
                  " certificates" + whose + ": " + names,
              "say which with -in NAME, or -ic FILE");
}

/// The active authority that the key of `container` belongs to.
store::Generation from_container(const std::string& container, store::Inventory& inventory) {
  const auto key = inventory.key_named(container);
  if (!key)
    throw Error(Error::Kind::state,
                "the workspace has no key container '" + printable(container) + "'",
                "makecert -sk NAME makes one");
  for (auto& generation : inventory.find(*key))
    if (is_live(generation.state)) return std::move(generation);
  throw Error(Error::Kind::state,
              "the key of container '" + printable(container) + "' has no live certificate");
}

void check(const x509::Certificate& certificate, Time now, bool& silent, World& world) {
  if (now < certificate.not_before() || now > certificate.not_after())
    throw Error(Error::Kind::state, "the issuer " + shown(certificate) + " is valid from " +
                                        to_date(certificate.not_before()) + " to " +
                                        to_date(certificate.not_after()) +
                                        ", and issues nothing now");
  const auto constraints = certificate.basic_constraints();
  if (constraints && !constraints->ca)
    throw Error(Error::Kind::input,
                "the issuer " + shown(certificate) +
                    " says that it is no "
                    "authority: Windows refuses what it issues",
                "make the issuer with -cy authority");
  const auto usage = certificate.key_usage();
  if (usage && !(*usage & x509::key_cert_sign))
    throw Error(Error::Kind::input,
                "the key usage of the issuer " + shown(certificate) +
                    " lacks keyCertSign: Windows refuses what it issues",
                "make the issuer with -cy authority");
  silent = !constraints;
  if (silent)
    world.warn("the issuer " + shown(certificate) +
               " does not say that it is an authority, as roots of old tools; OpenSSL and others "
               "refuse what it issues: make it anew with -cy authority");
}

std::unique_ptr<ossl::Signer> signer_of(const MakecertWish& wish, const MakecertIssuer& issuer,
                                        IssuingPlace& place, const CommandLine& line,
                                        World& world) {
  std::unique_ptr<ossl::Signer> signer;
  std::string whose;
  if (!wish.issuer_pvk.empty()) {
    signer = std::make_unique<ossl::KeySigner>(
        read_key_file(wish.issuer_pvk, KeyHolder::issuer, line, world));
    whose = "'" + printable(wish.issuer_pvk) + "'";
  } else if (!wish.issuer_container.empty()) {
    signer = place.signer(from_container(wish.issuer_container, place.inventory()));
    whose = "container '" + printable(wish.issuer_container) + "'";
  } else {
    if (!issuer.generation || !issuer.generation->key)
      throw Error(Error::Kind::state,
                  "the workspace has no key of the issuer " + shown(issuer.certificate),
                  "give it with -iv FILE.pvk");
    return place.signer(*issuer.generation);
  }
  if (!(signer->public_key() == issuer.certificate.public_key()))
    throw Error(
        Error::Kind::input,
        "the key in " + whose + " is not the one of the issuer " + shown(issuer.certificate),
        "-iv names the PVK that was made together with the certificate of -ic");
  return signer;
}

}  // namespace

MakecertIssuer find_issuer(const MakecertWish& wish, IssuingPlace& place, const CommandLine& line,
                           World& world) {
  auto& inventory = place.inventory();
  MakecertIssuer issuer{!wish.issuer_file.empty() ? ca::read_one_certificate(wish.issuer_file)
                        : !wish.issuer_container.empty()
                            ? ca::certificate_of(from_container(wish.issuer_container, inventory))
                            : from_store(wish, inventory),
                        nullptr, std::nullopt};
  issuer.generation = inventory.find_sha256(issuer.certificate.sha256());
  check(issuer.certificate, world.clock(), issuer.silent, world);
  issuer.signer = signer_of(wish, issuer, place, line, world);
  return issuer;
}

}  // namespace sealwright::compat
