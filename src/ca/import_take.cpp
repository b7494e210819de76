// What was arranged becomes rows of the inventory, in one transaction.

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "ca/crl.h"
#include "ca/import_arrange.h"
#include "ca/import_known.h"
#include "ca/issue.h"
#include "ca/sha256.h"

namespace sealwright::ca {
namespace {

using store::GenerationState;

class Taking {
 public:
  Taking(store::Inventory& inventory, const Found& found, const Arrangement& arrangement,
         const ImportWork& work)
      : inventory_(inventory),
        found_(found),
        arrivals_(arrangement.arrivals),
        work_(work),
        ids_(arrivals_.size()) {
    result_.notes = arrangement.notes;
  }

  ImportResult take() {
    seal_keys();
    inventory_.together([&] {
      for (std::size_t i = 0; i < arrivals_.size(); ++i) {
        take(i);
        if (work_.progress) work_.progress(i + 1, arrivals_.size());
      }
      link_orphans();
      take_history();
      if (!result_.nothing_new()) record();
    });
    return std::move(result_);
  }

 private:
  const FoundCertificate& found(const Arrival& arrival) const {
    return found_.certificates[arrival.found];
  }

  /// Each key once, and only those that are not there yet.
  void seal_keys() {
    for (const auto& arrival : arrivals_) {
      const auto index = found(arrival).key;
      if (!index || (arrival.known && arrival.known->key)) continue;
      const auto& key = found_.keys[*index].key;
      if (inventory_.key(key.public_key().id()) || sealed_.contains(*index)) continue;
      const auto rule = static_cast<store::ExportRule>(arrival.policy->key.key_export);
      sealed_.emplace(*index, work_.seal(arrival.keyring, key, rule));
    }
  }

  /// The record of a key that nothing brought yet.
  std::optional<store::KeyRecord> new_key(const Arrival& arrival) {
    const auto index = found(arrival).key;
    if (!index) return std::nullopt;
    const auto sealed = sealed_.find(*index);
    if (sealed == sealed_.end() || !brought_.insert(*index).second) return std::nullopt;
    ++result_.keys;
    return sealed->second;
  }

  void take(std::size_t i) {
    const auto& arrival = arrivals_[i];
    if (arrival.known) {
      ids_[i] = arrival.known->id;
      if (arrival.known->key || !found(arrival).key) return;
      auto key = new_key(arrival);
      if (!key) key = inventory_.key(found(arrival).certificate.public_key().id());
      if (key) inventory_.add_key(arrival.known->id, *key);
      return;
    }
    if (arrival.state == GenerationState::active)
      if (const auto before = inventory_.active(arrival.name))
        inventory_.start_retiring(before->id);
    ids_[i] = inventory_.adopt(adopted(arrival)).id;
    ++result_.certificates;
  }

  store::AdoptedCertificate adopted(const Arrival& arrival) {
    const auto& one = found(arrival).certificate;
    store::AdoptedCertificate made;
    made.kind = arrival.kind;
    made.name = arrival.name;
    made.number = arrival.number;
    made.origin = work_.origin;
    made.policy = record_of(*arrival.policy);
    made.serial = one.serial();
    made.issuer_name = sha256(one.issuer().der());
    made.issuer = arrival.issuer ? std::optional(ids_[*arrival.issuer]) : arrival.known_issuer;
    made.to_be_signed = sha256(one.tbs());
    made.key = one.public_key().id();
    made.new_key = new_key(arrival);
    made.issued = {one.der(),        one.thumbprint(), one.sha256(), one.subject().text(),
                   one.not_before(), one.not_after(),  arrival.state};
    if (arrival.state == GenerationState::retired) {
      made.retired = one.not_after();
      made.reason = "expired before it was imported";
    }
    if (const auto& revocation = found(arrival).revocation) {
      made.revoked = revocation->revoked;
      made.reason = revocation->reason;
      made.invalidity = revocation->invalidity;
      ++result_.revocations;
    }
    return made;
  }

  /// What was there before its issuer goes below it.
  void link_orphans() {
    std::vector<store::Generation> authorities;
    for (std::size_t i = 0; i < arrivals_.size(); ++i)
      if (!arrivals_[i].known && arrivals_[i].kind == store::EntityKind::authority)
        authorities.push_back(*inventory_.generation(ids_[i]));
    ca::link_orphans(inventory_, authorities);
  }

  std::optional<store::GenerationId> authority() const {
    for (std::size_t i = 0; i < arrivals_.size(); ++i)
      if (arrivals_[i].found == found_.authority) return ids_[i];
    return std::nullopt;
  }

  void take_history() {
    const auto id = authority();
    if (id)
      for (const auto& revoked : found_.revoked)
        if (!inventory_.revoked_serial(*id, revoked.serial)) {
          inventory_.add_revocation(*id, revoked);
          ++result_.revocations;
        }
    for (const auto& crl : found_.crls) take_list(crl);
    // The number in the file is that of the next list.
    if (id && found_.next_crl_number && *found_.next_crl_number > 1)
      inventory_.keep_crl_number(*id, *found_.next_crl_number - 1);
  }

  std::optional<store::GenerationId> issuer_of(const x509::Crl& crl) const {
    for (std::size_t i = 0; i < arrivals_.size(); ++i) {
      const auto& one = found(arrivals_[i]).certificate;
      if (arrivals_[i].kind == store::EntityKind::authority && one.subject() == crl.issuer() &&
          crl.signed_by(one.public_key()))
        return ids_[i];
    }
    return std::nullopt;
  }

  /// A list that would be refused is left out with a note: a refusal would undo the rest.
  void take_list(const x509::Crl& crl) {
    const auto leave = [&](const std::string& why) {
      result_.notes.push_back("the revocation list of " + to_date(crl.this_update()) +
                              " is not taken over: " + why);
    };
    const auto issuer = issuer_of(crl);
    if (!issuer) return leave("no authority here signed it");
    if (crl.delta() || !crl.critical_unknown().empty() || !crl.next_update())
      return leave("it is not a complete list with an end");
    const auto latest = inventory_.latest_crl(*issuer);
    if (latest && latest->crl == crl.der()) return;
    if (latest && crl.this_update() <= latest->this_update) return leave("a newer one is here");
    if (crl.number() && !number_of(crl)) return leave("its number is beyond 56 bits");
    if (const auto number = number_of(crl);
        number && *number <= inventory_.last_crl_number(*issuer))
      return leave("its number, " + std::to_string(*number) + ", was given away already");
    const auto before = inventory_.revocation_count(*issuer);
    accept_crl(inventory_, *inventory_.generation(*issuer), crl);
    result_.revocations += std::size_t(inventory_.revocation_count(*issuer) - before);
    ++result_.lists;
  }

  static std::optional<std::int64_t> number_of(const x509::Crl& crl) {
    const auto number = crl.number();
    if (!number || number->size() >= sizeof(std::int64_t)) return std::nullopt;
    std::int64_t value = 0;
    for (const auto octet : *number) value = (value << 8) | octet;
    return value;
  }

  void record() {
    Json details = Json::object()
                       .set("from", to_text(found_.from))
                       .set("path", found_.path)
                       .set("certificates", result_.certificates)
                       .set("keys", result_.keys)
                       .set("revocations", result_.revocations);
    if (!found_.next_serial.empty()) details.set("next_serial", found_.next_serial);
    if (found_.next_crl_number) details.set("next_crl_number", *found_.next_crl_number);
    const auto first = std::find_if(arrivals_.begin(), arrivals_.end(), [&](const auto& arrival) {
      return !found_.authority || arrival.found == *found_.authority;
    });
    inventory_.record_event("import.done", first == arrivals_.end() ? "" : first->label(), details);
  }

  store::Inventory& inventory_;
  const Found& found_;
  const std::vector<Arrival>& arrivals_;
  const ImportWork& work_;
  std::vector<store::GenerationId> ids_;            ///< By arrival.
  std::map<std::size_t, store::KeyRecord> sealed_;  ///< By index of Found::keys.
  std::set<std::size_t> brought_;
  ImportResult result_;
};

constexpr std::size_t max_name_bytes = 48;

/// German names as people write them where there are no umlauts.
std::string without_umlauts(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> letters[] = {
      {"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"ß", "ss"}, {"Ä", "ae"}, {"Ö", "oe"}, {"Ü", "ue"}};
  std::string made;
  while (!text.empty()) {
    const auto* letter =
        std::find_if(std::begin(letters), std::end(letters),
                     [&](const auto& pair) { return text.starts_with(pair.first); });
    const bool found = letter != std::end(letters);
    made += found ? letter->second : text.substr(0, 1);
    text.remove_prefix(found ? letter->first.size() : 1);
  }
  return made;
}

}  // namespace

ImportResult take_over(store::Inventory& inventory, const Found& found,
                       const Arrangement& arrangement, const ImportWork& work) {
  return Taking(inventory, found, arrangement, work).take();
}

std::string name_from(std::string_view text) {
  std::string name;
  for (const char c : ascii_lower(without_umlauts(text))) {
    const bool letter = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
    if (letter || (digit && !name.empty()))
      name += c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
    if (name.size() == max_name_bytes) break;
  }
  while (name.ends_with('-')) name.pop_back();
  return name.empty() || name == "self" || name == "none" ? "certificate" : name;
}

}  // namespace sealwright::ca
