// Revocation: who is revoked, and the lists that say so.

#include "ca/crl.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "ca/recording.h"
#include "ca/sha256.h"

namespace sealwright::ca {
namespace {

/// A Signer that somebody else owns, for RecordingSigner.
class Borrowed : public ossl::Signer {
 public:
  explicit Borrowed(ossl::Signer& signer) : signer_(signer) {}
  const ossl::PublicKey& public_key() const override { return signer_.public_key(); }
  Bytes sign(const ossl::SignatureAlgorithm& algorithm, BytesView to_be_signed) override {
    return signer_.sign(algorithm, to_be_signed);
  }

 private:
  ossl::Signer& signer_;
};

/// The generations whose lists nobody could tell from those of `issuer`: same name, same key.
std::vector<store::Generation> sharing_lists(const store::Inventory& inventory,
                                             const store::Generation& issuer) {
  std::vector<store::Generation> sharing;
  for (auto& generation : inventory.generations_of(issuer.name)) {
    const bool same = generation.id == issuer.id ||
                      (issuer.key && generation.key == issuer.key &&
                       certificate_of(generation).subject() == certificate_of(issuer).subject());
    if (same) sharing.push_back(std::move(generation));
  }
  return sharing;
}

std::int64_t revocation_count(const store::Inventory& inventory, const store::Generation& issuer) {
  std::int64_t count = 0;
  for (const auto& generation : sharing_lists(inventory, issuer))
    count += inventory.revocation_count(generation.id);
  return count;
}

std::int64_t last_number(const store::Inventory& inventory, const store::Generation& issuer) {
  std::int64_t last = 0;
  for (const auto& generation : sharing_lists(inventory, issuer))
    last = std::max(last, inventory.last_crl_number(generation.id));
  return last;
}

x509::RevokedCertificate entry_of(const store::RevokedSerial& revoked) {
  auto reason = x509::revocation_reason(revoked.reason);
  // RFC 5280, 5.3.1: unspecified is not written, and removeFromCRL stands in delta lists alone.
  if (reason == x509::RevocationReason::unspecified ||
      reason == x509::RevocationReason::remove_from_crl)
    reason.reset();
  return {revoked.serial, revoked.revoked, reason, revoked.invalidity};
}

std::vector<x509::RevokedCertificate> entries_below(const store::Inventory& inventory,
                                                    const store::Generation& issuer) {
  const auto sharing = sharing_lists(inventory, issuer);
  std::vector<x509::RevokedCertificate> entries;
  for (const auto& generation : sharing)
    for (const auto& revoked : inventory.revoked_below(generation.id))
      entries.push_back(entry_of(revoked));
  if (sharing.size() < 2) return entries;
  const auto less = [](const auto& a, const auto& b) { return a.serial < b.serial; };
  const auto same = [](const auto& a, const auto& b) { return a.serial == b.serial; };
  std::stable_sort(entries.begin(), entries.end(), less);
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  return entries;
}

void check_issuer(const store::Inventory& inventory, const store::Generation& issuer,
                  const x509::Certificate& certificate) {
  const Time now = inventory.now();
  const std::string who = "'" + issuer.label() + "'";
  if (issuer.kind != store::EntityKind::authority)
    throw Error(Error::Kind::state, who + " is no authority and has no revocation list");
  if (now < issuer.not_before || now > issuer.not_after)
    throw Error(Error::Kind::state, who + " is valid from " + to_date(issuer.not_before) + " to " +
                                        to_date(issuer.not_after) + " and signs no list now");
  // RFC 5280, 4.2.1.3: without the bit nobody believes its lists.
  if (const auto usage = certificate.key_usage(); usage && !(*usage & x509::crl_sign))
    throw Error(Error::Kind::policy,
                who + " may not sign revocation lists: its key usage is " +
                    fmt::format("{}", fmt::join(x509::key_usage_names(*usage), ", ")),
                "add cRLSign to key_usage in its policy, and rotate it");
}

/// As its certificate is signed: machines that need an old digest there need it here.
ossl::SignatureAlgorithm algorithm_of(const x509::Certificate& issuer) {
  const auto own = issuer.signature_algorithm();
  const bool usable = own && own->digest != ossl::Digest::md5;
  auto algorithm = issuer.public_key().algorithm(usable ? own->digest : ossl::Digest::sha256);
  if (own && own->scheme == ossl::Scheme::rsa_pss && algorithm.scheme == ossl::Scheme::rsa_pkcs1)
    algorithm.scheme = ossl::Scheme::rsa_pss;
  return algorithm;
}

Time checked_now(const store::Inventory& inventory, const store::Generation& issuer) {
  const Time now = inventory.now();
  const auto latest = inventory.latest_crl(issuer.id);
  if (latest && now < latest->this_update)
    throw Error(Error::Kind::state,
                fmt::format("list {} of '{}' was issued at {}, and now it is {}", latest->number,
                            issuer.label(), to_iso(latest->this_update), to_iso(now)),
                "set this machine's clock right");
  return now;
}

x509::CrlToBeSigned next_list(const store::Inventory& inventory, const store::Generation& issuer,
                              const x509::Certificate& certificate, const CrlTerms& terms) {
  const std::int64_t last = last_number(inventory, issuer);
  if (last == std::numeric_limits<std::int64_t>::max())
    throw Error(Error::Kind::state, "'" + issuer.label() + "' has used up its list numbers");
  x509::CrlToBeSigned list;
  list.algorithm = algorithm_of(certificate);
  list.issuer = certificate.subject();
  list.this_update = checked_now(inventory, issuer);
  list.next_update = add(list.this_update, terms.lifetime);
  list.number = last + 1;
  list.authority_key_identifier =
      certificate.subject_key_identifier().value_or(certificate.public_key().key_identifier());
  list.entries = entries_below(inventory, issuer);
  // Since it is kept here nothing has been taken off its lists; before, nobody knows.
  list.expired_since = issuer.created;
  return list;
}

/// The number of a list that comes from elsewhere; without one (version 1) the next.
std::int64_t number_of(const store::Inventory& inventory, const store::Generation& issuer,
                       const x509::Crl& crl) {
  const auto number = crl.number();
  if (!number) return last_number(inventory, issuer) + 1;
  std::int64_t value = 0;
  if (number->size() > sizeof(value) || (number->size() == sizeof(value) && number->front() > 0x7f))
    throw Error(Error::Kind::input,
                "the list's number " + to_hex(*number) + " is larger than this program counts");
  for (const auto byte : *number) value = (value << 8) | byte;
  return value;
}

void check_usable(const store::Generation& issuer, const x509::Crl& crl) {
  const auto certificate = certificate_of(issuer);
  if (!(crl.issuer() == certificate.subject()))
    throw Error(Error::Kind::input, "the list is by " + printable(crl.issuer().text()) +
                                        ", not by '" + issuer.label() + "'");
  if (!crl.signed_by(certificate.public_key()))
    throw Error(Error::Kind::crypto,
                "the list is not signed by the key of '" + issuer.label() + "'");
  if (crl.delta())
    throw Error(Error::Kind::input, "the list tells changes only (a delta CRL)",
                "bring the complete list");
  if (!crl.critical_unknown().empty())
    throw Error(Error::Kind::input,
                "the list covers a part of the certificates only, or others too");
  if (!crl.next_update())
    throw Error(Error::Kind::input, "the list does not say when the next one comes (nextUpdate)");
}

void check_newer(const store::Inventory& inventory, const store::Generation& issuer,
                 const store::CrlRecord& crl) {
  const std::int64_t last = last_number(inventory, issuer);
  const auto latest = inventory.latest_crl(issuer.id);
  if (crl.number <= last)
    throw Error(Error::Kind::state, fmt::format("the list has number {}, and list {} of '{}' is on "
                                                "record already",
                                                crl.number, last, issuer.label()));
  if (latest && crl.this_update < latest->this_update)
    throw Error(Error::Kind::state,
                fmt::format("the list was issued at {}, before list {} of '{}' at {}",
                            to_iso(crl.this_update), latest->number, issuer.label(),
                            to_iso(latest->this_update)));
}

/// What `crl` revokes is revoked here too. Returns how many of ours are not on it.
std::int64_t take_entries(store::Inventory& inventory, const store::Generation& issuer,
                          const x509::Crl& crl, std::int64_t number) {
  for (const auto& entry : crl.entries()) {
    if (inventory.revoked_serial(issuer.id, entry.serial)) continue;
    const std::string reason(
        x509::to_text(entry.reason.value_or(x509::RevocationReason::unspecified)));
    const auto held = inventory.find(entry.serial);
    const auto ours = std::find_if(held.begin(), held.end(),
                                   [&](const auto& g) { return g.issuer == issuer.id; });
    if (ours != held.end())
      inventory.revoke(ours->id, {reason, entry.revoked, entry.invalidity,
                                  fmt::format("on list {} of {}", number, issuer.label())});
    else
      inventory.add_revocation(issuer.id, {entry.serial, entry.revoked, reason, entry.invalidity});
  }
  const auto ours = entries_below(inventory, issuer);
  return std::count_if(ours.begin(), ours.end(),
                       [&](const auto& entry) { return crl.find(entry.serial) == nullptr; });
}

/// What is revoked can be revoked since an earlier time, or distrusted; never less than that.
void check_stricter(const store::Generation& generation, const RevocationOrder& order) {
  if (generation.state != store::GenerationState::revoked) return;
  const Time since = generation.revoked.value_or(Time{});
  const bool stricter = order.distrust ? !generation.distrusted
                                       : order.signatures_until && *order.signatures_until < since;
  if (!stricter)
    throw Error(Error::Kind::state,
                "'" + generation.label() + "' is revoked already: " + generation.reason +
                    ", since " + to_iso(since),
                generation.distrusted ? "" : "only an earlier time, or --distrust, can be added");
}

[[noreturn]] void refuse_unlisted(const store::Generation& generation) {
  const auto certificate = certificate_of(generation);
  const std::string who = "'" + generation.label() + "'";
  if (certificate.self_signed())
    throw Error(Error::Kind::policy, who + " signs itself: nobody's revocation list can end it",
                "with --distrust it goes into Disallowed of every bundle");
  throw Error(Error::Kind::policy,
              who + " was issued by " + printable(certificate.issuer().display()) +
                  ", which is not in this inventory: only that authority can list it",
              "ask that authority to revoke it; with --distrust it goes into Disallowed of every "
              "bundle");
}

}  // namespace

std::optional<std::string> crl_due(const store::Inventory& inventory,
                                   const store::Generation& issuer, const CrlTerms& terms) {
  return crl_due(inventory, issuer, terms, inventory.now());
}

std::optional<std::string> crl_due(const store::Inventory& inventory,
                                   const store::Generation& issuer, const CrlTerms& terms,
                                   Time at) {
  const auto latest = inventory.latest_crl(issuer.id);
  if (!latest) return "no list was issued yet";
  const std::int64_t more = revocation_count(inventory, issuer) - latest->covers;
  if (more > 0) return fmt::format("{} revoked since list {}", more, latest->number);
  Time due = subtract(latest->next_update, terms.overlap);
  // An overlap of the whole life would have every run issue a list.
  if (due <= latest->this_update)
    due = latest->this_update + (latest->next_update - latest->this_update) / 2;
  if (at < due) return std::nullopt;
  return fmt::format("list {} {} {}", latest->number, at < latest->next_update ? "ends" : "ended",
                     to_iso(latest->next_update));
}

store::CrlRecord issue_crl(store::Inventory& inventory, const store::Generation& issuer,
                           ossl::Signer& signer, const CrlTerms& terms) {
  const auto certificate = certificate_of(issuer);
  check_issuer(inventory, issuer, certificate);
  // Counted before it is read: what is revoked in between is counted as missing, not as told.
  const std::int64_t covers = revocation_count(inventory, issuer);
  const auto list = next_list(inventory, issuer, certificate, terms);
  const Bytes to_be_signed = x509::encode(list);

  RecordingSigner recording(inventory, issuer, std::make_unique<Borrowed>(signer));
  recording.subject({fmt::format("{}-{}.crl", issuer.name, issuer.number),
                     "crl",
                     std::string(ossl::to_text(list.algorithm.digest)),
                     {},
                     {}});
  const auto crl = x509::assemble_crl(to_be_signed, list.algorithm,
                                      recording.sign(list.algorithm, to_be_signed));
  if (!crl.signed_by(certificate.public_key()))
    throw Error(Error::Kind::crypto, "the signature that was made is not valid",
                "nothing was issued; if this happens again, do not trust this machine or token");
  store::CrlRecord record{
      issuer.id,        list.number, list.this_update, list.next_update, crl.der(),
      list.this_update, covers};
  inventory.together([&] {
    inventory.add_crl(record);
    recording.finish({sha256(crl.der()), {}, ""});
  });
  return record;
}

store::CrlRecord accept_crl(store::Inventory& inventory, const store::Generation& issuer,
                            const x509::Crl& crl) {
  check_usable(issuer, crl);
  store::CrlRecord record{issuer.id,       0, crl.this_update(), *crl.next_update(), crl.der(),
                          inventory.now(), 0};
  inventory.together([&] {
    record.number = number_of(inventory, issuer, crl);
    check_newer(inventory, issuer, record);
    const std::int64_t missing = take_entries(inventory, issuer, crl, record.number);
    record.covers = revocation_count(inventory, issuer) - missing;
    inventory.add_crl(record);
  });
  return record;
}

void check_revocation(const store::Inventory& inventory, const store::Generation& generation,
                      const RevocationOrder& order) {
  check_stricter(generation, order);
  if (order.reason == x509::RevocationReason::remove_from_crl)
    throw Error(Error::Kind::usage, "removeFromCRL is not a reason to revoke",
                "it stands in delta lists alone, which are not made here");
  if (order.distrust && order.signatures_until)
    throw Error(Error::Kind::usage,
                "either what it signed stays valid until a time, or nothing it signed does");
  if (order.signatures_until && *order.signatures_until < generation.not_before)
    throw Error(Error::Kind::usage,
                to_iso(*order.signatures_until) + " is before '" + generation.label() +
                    "' began: " + to_iso(generation.not_before),
                "if nothing it signed shall count: --distrust");
  if (order.signatures_until && *order.signatures_until > inventory.now())
    throw Error(
        Error::Kind::usage,
        to_iso(*order.signatures_until) + " has not come yet: it is " + to_iso(inventory.now()),
        "a revocation takes effect at once; name the last moment its signatures are good");
  if (!generation.issuer && !order.distrust) refuse_unlisted(generation);
}

void revoke(store::Inventory& inventory, const store::Generation& generation,
            const RevocationOrder& order) {
  check_revocation(inventory, generation, order);
  store::Revocation revocation;
  revocation.reason = x509::to_text(order.reason);
  revocation.at = order.distrust ? std::optional(generation.not_before) : order.signatures_until;
  revocation.invalidity = revocation.at;
  revocation.note = order.note;
  revocation.distrust = order.distrust;
  inventory.revoke(generation.id, revocation);
}

}  // namespace sealwright::ca
