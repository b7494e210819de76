#include "ca/import_arrange.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "ca/import_folder.h"
#include "ca/import_known.h"
#include "ca/import_order.h"
#include "x509/oids.h"

namespace sealwright::ca {
namespace {

using store::EntityKind;
using store::GenerationState;

constexpr std::size_t most_of_one_name = 32;  ///< Authorities whose keys are tried.

/// It says so, and its key usage does not say otherwise (RFC 5280, 4.2.1.3).
bool says_ca(const x509::Certificate& certificate) {
  try {
    const auto usage = certificate.key_usage();
    return certificate.is_ca() && (!usage || (*usage & x509::key_cert_sign));
  } catch (const Error&) {
    return false;
  }
}

/// `openssl req -x509` makes signers that call themselves authorities.
bool is_lone_signer(const x509::Certificate& certificate) {
  return certificate.self_signed() && certificate.extension(x509::oids::extended_key_usage);
}

/// What has one name.
struct Group {
  std::string name;
  EntityKind kind = EntityKind::certificate;
  std::vector<std::size_t> members;  ///< Of Found::certificates, oldest first.
  bool claimed = false;
};

class Arranging {
 public:
  Arranging(const Found& found, const ImportTerms& terms, ImportPolicies& policies,
            const store::Inventory* inventory)
      : found_(found),
        terms_(terms),
        policies_(policies),
        inventory_(inventory),
        arrivals_(found.certificates.size()) {}

  Arrangement arrange() {
    refuse_single_keys(found_);
    for (const auto& one : found_.certificates)
      if (!one.certificate.self_issued()) issuers_.insert(one.certificate.issuer().der());
    for (std::size_t i = 0; i < arrivals_.size(); ++i) {
      arrivals_[i].found = i;
      arrivals_[i].kind = kind_of(i);
      if (inventory_) arrivals_[i].known = inventory_->find_sha256(certificate(i).sha256());
    }
    find_issuers();
    make_groups();
    split_strangers();
    find_the_one();
    for (auto& group : groups_) {
      name_group(group);
      number_group(group);
    }
    for (std::size_t i = 0; i < arrivals_.size(); ++i) choose_policy(arrivals_[i]);
    return {issuers_first(std::move(arrivals_)), std::move(notes_)};
  }

 private:
  const x509::Certificate& certificate(std::size_t i) const {
    return found_.certificates[i].certificate;
  }
  const ImportClaim* claim(std::size_t i) const {
    const auto claimed = terms_.claims.find(certificate(i).sha256());
    return claimed == terms_.claims.end() ? nullptr : &claimed->second;
  }

  /// Version 1 has no way to say so: what signs itself there is taken for an authority.
  EntityKind kind_of(std::size_t i) const {
    if (const auto* claimed = claim(i)) return claimed->kind;
    const auto& one = certificate(i);
    const bool says_so =
        says_ca(one) && (!is_lone_signer(one) || issuers_.contains(one.subject().der()));
    const bool authority =
        i == found_.authority || says_so || (one.version() == 1 && one.self_signed());
    return authority ? EntityKind::authority : EntityKind::certificate;
  }

  struct Candidate {
    x509::Certificate certificate;
    std::optional<std::size_t> arrival;
    std::optional<store::GenerationId> known;
  };

  std::multimap<Bytes, Candidate> candidates() const {
    std::multimap<Bytes, Candidate> all;
    for (std::size_t i = 0; i < arrivals_.size(); ++i)
      if (arrivals_[i].kind == EntityKind::authority)
        all.emplace(certificate(i).subject().der(), Candidate{certificate(i), i, std::nullopt});
    if (!inventory_) return all;
    for (const auto& entity : inventory_->entities()) {
      if (entity.kind != EntityKind::authority) continue;
      for (const auto& generation : inventory_->generations_of(entity.name)) {
        auto one = certificate_of(generation);
        const auto name = one.subject().der();
        all.emplace(name, Candidate{std::move(one), std::nullopt, generation.id});
      }
    }
    return all;
  }

  void find_issuers() {
    const auto known = candidates();
    std::size_t strangers = 0;
    for (std::size_t i = 0; i < arrivals_.size(); ++i) {
      const auto& one = certificate(i);
      if (one.self_signed()) continue;
      const auto [from, to] = known.equal_range(one.issuer().der());
      std::size_t tried = 0;
      const auto issuer = std::find_if(from, to, [&](const auto& candidate) {
        return candidate.second.arrival != i && ++tried <= most_of_one_name &&
               one.signed_by(candidate.second.certificate.public_key());
      });
      if (issuer == to) {
        strangers += found_.authority.has_value();
        continue;
      }
      arrivals_[i].issuer = issuer->second.arrival;
      arrivals_[i].known_issuer = issuer->second.known;
    }
    if (strangers)
      notes_.push_back(std::to_string(strangers) +
                       " certificates are not signed by a key of this authority: no list of it "
                       "will tell of them");
  }

  /// A name from outside joins the certificates that have it; one without joins those of its
  /// subject by the same issuer.
  void make_groups() {
    std::map<std::pair<EntityKind, std::string>, std::size_t> by_name;
    std::map<std::tuple<EntityKind, Bytes, Bytes>, std::size_t> by_subject;
    const auto group_at = [&](auto& index, const auto& key, std::size_t i) {
      const auto [at, fresh] = index.emplace(key, groups_.size());
      if (fresh) groups_.push_back({"", arrivals_[i].kind, {}, false});
      groups_[at->second].members.push_back(i);
      return at->second;
    };
    const auto given = [&](std::size_t i) {
      const auto* claimed = claim(i);
      return claimed ? claimed->name : found_.certificates[i].name;
    };
    for (const bool named : {true, false})
      for (std::size_t i = 0; i < arrivals_.size(); ++i) {
        if (given(i).empty() == named) continue;
        const auto kind = arrivals_[i].kind;
        const std::tuple subject(kind, certificate(i).subject().der(),
                                 certificate(i).issuer().der());
        if (!named) {
          group_at(by_subject, subject, i);
          continue;
        }
        const auto at = group_at(by_name, std::pair(kind, given(i)), i);
        groups_[at].claimed |= claim(i) != nullptr;
        by_subject.emplace(subject, at);
      }
    sort_members();
  }

  void sort_members() {
    for (auto& group : groups_)
      std::sort(group.members.begin(), group.members.end(), [&](std::size_t a, std::size_t b) {
        const auto key = [&](std::size_t i) {
          return std::tuple(certificate(i).not_before(), certificate(i).not_after(), i);
        };
        return key(a) < key(b);
      });
  }

  bool agrees(std::size_t i, const std::string& name) const {
    std::optional<x509::Certificate> issuer;
    if (arrivals_[i].issuer) issuer = certificate(*arrivals_[i].issuer);
    if (arrivals_[i].known_issuer)
      issuer = certificate_of(*inventory_->generation(*arrivals_[i].known_issuer));
    return agrees_with(*inventory_, name, arrivals_[i].kind, certificate(i),
                       issuer ? &issuer->public_key() : nullptr);
  }

  /// What came beside something known and only looks like it is something else.
  void split_strangers() {
    const auto count = groups_.size();
    for (std::size_t g = 0; g < count; ++g) {
      auto& members = groups_[g].members;
      const auto known = std::find_if(members.begin(), members.end(),
                                      [&](std::size_t i) { return arrivals_[i].known; });
      if (known == members.end()) continue;
      const auto name = arrivals_[*known].known->name;
      const auto strangers = std::stable_partition(
          members.begin(), members.end(),
          [&](std::size_t i) { return arrivals_[i].known || agrees(i, name); });
      if (strangers == members.end()) continue;
      Group apart{"", groups_[g].kind, {strangers, members.end()}, false};
      members.erase(strangers, members.end());
      groups_.push_back(std::move(apart));
    }
  }

  bool has_key(const Group& group) const {
    return std::any_of(group.members.begin(), group.members.end(),
                       [&](std::size_t i) { return found_.certificates[i].key.has_value(); });
  }

  /// --name is for the one thing, or for the one that came with its key.
  void find_the_one() {
    if (terms_.name.empty() || groups_.empty()) return;
    std::vector<std::size_t> with_key;
    for (std::size_t i = 0; i < groups_.size(); ++i)
      if (has_key(groups_[i])) with_key.push_back(i);
    if (with_key.size() == 1) the_one_ = with_key.front();
    if (groups_.size() == 1) the_one_ = 0;
    if (!the_one_)
      throw Error(Error::Kind::usage,
                  "--name is for one thing, and there are " + std::to_string(groups_.size()));
  }

  bool is_the_one(const Group& group) const { return the_one_ && &groups_[*the_one_] == &group; }

  /// The entity that holds one of them; or the one that is named for them, where they agree with
  /// it.
  std::string name_in_inventory(const Group& group, const std::string& wanted) const {
    for (const auto i : group.members)
      if (arrivals_[i].known) return arrivals_[i].known->name;
    if (!inventory_ || (!group.claimed && !is_the_one(group))) return {};
    if (!group.claimed && terms_.reserved.contains(wanted))
      throw Error(
          Error::Kind::state,
          "'" + wanted + "' is managed by sealwright.yaml, and this answers no request of it",
          "choose another name");
    const bool joins = std::all_of(group.members.begin(), group.members.end(),
                                   [&](std::size_t i) { return agrees(i, wanted); });
    return joins ? wanted : std::string();
  }

  bool taken(const std::string& name) const {
    return names_.contains(name) || terms_.reserved.contains(name) ||
           (inventory_ && inventory_->entity(name));
  }

  std::string own_name(const Group& group) const {
    const auto newest = group.members.back();
    const auto& given = found_.certificates[newest].name;
    return name_from(given.empty() ? certificate(newest).subject().display() : given);
  }

  void name_group(Group& group) {
    std::string wanted;
    if (group.claimed) {
      for (const auto i : group.members)
        if (const auto* claimed = claim(i)) wanted = claimed->name;
    } else if (is_the_one(group)) {
      wanted = terms_.name;
    } else {
      wanted = own_name(group);
      if (const auto renamed = terms_.renamed.find(wanted); renamed != terms_.renamed.end())
        wanted = renamed->second;
    }
    group.name = name_in_inventory(group, wanted);
    if (group.name.empty()) group.name = free_name(wanted, group.claimed || wanted == terms_.name);
    names_.insert(group.name);
  }

  std::string free_name(const std::string& wanted, bool fixed) {
    if (fixed && (names_.contains(wanted) || (inventory_ && inventory_->entity(wanted))))
      throw Error(Error::Kind::state, "'" + wanted + "' is the name of something else already",
                  "choose another; what joins it has its key, or its subject and its issuer");
    std::string name = wanted;
    while (!fixed && taken(name)) name = wanted + "-" + std::to_string(++last_suffix_[wanted] + 1);
    return name;
  }

  std::optional<store::Generation> active_there(const Group& group) const {
    return inventory_ ? inventory_->active(group.name) : std::nullopt;
  }

  /// What is in use stays so, unless its renewal came with it and its key is not here.
  bool stays_active(const store::Generation& before, const Group& group) const {
    return before.key ||
           std::none_of(group.members.begin(), group.members.end(), [&](std::size_t i) {
             return arrivals_[i].known && arrivals_[i].known->id == before.id;
           });
  }

  void number_group(const Group& group) {
    const auto usable = [&](std::size_t i) {
      return !found_.certificates[i].revocation && !arrivals_[i].known;
    };
    const auto& members = group.members;
    const auto current = std::find_if(members.rbegin(), members.rend(), [&](std::size_t i) {
      return usable(i) && certificate(i).not_before() <= terms_.now &&
             terms_.now <= certificate(i).not_after();
    });
    auto chosen = current;
    // Nothing valid: what is not valid yet will be; what the YAML names is in use, though over.
    if (chosen == members.rend())
      chosen = std::find_if(members.rbegin(), members.rend(), [&](std::size_t i) {
        return usable(i) && (group.claimed || certificate(i).not_before() > terms_.now);
      });
    const auto before = active_there(group);
    const bool newer = before && chosen != members.rend() &&
                       certificate(*chosen).not_before() > before->not_before;
    const bool outdone = before && (!newer || stays_active(*before, group));
    int number = inventory_ ? inventory_->next_number(group.name) : 1;
    for (const auto i : members) {
      auto& arrival = arrivals_[i];
      arrival.name = group.name;
      if (arrival.known) {
        arrival.name = arrival.known->name;
        arrival.number = arrival.known->number;
        arrival.state = arrival.known->state;
        continue;
      }
      arrival.number = number++;
      const bool is_chosen = chosen != members.rend() && *chosen == i;
      arrival.state = found_.certificates[i].revocation          ? GenerationState::revoked
                      : is_chosen && !outdone                    ? GenerationState::active
                      : is_chosen && newer                       ? GenerationState::next
                      : certificate(i).not_after() < terms_.now  ? GenerationState::retired
                      : certificate(i).not_before() > terms_.now ? GenerationState::next
                                                                 : GenerationState::retiring;
    }
  }

  std::string keyring_for(const policy::Policy& policy) const {
    if (!terms_.keyring.empty()) return terms_.keyring;
    const std::string usual = policy.kind == policy::Kind::root               ? "root"
                              : policy.kind == policy::Kind::intermediate     ? "issuing"
                              : policy.has_purpose(x509::oids::time_stamping) ? "services"
                                                                              : "signing";
    const auto& all = terms_.keyrings;
    if (all.empty() || std::find(all.begin(), all.end(), usual) != all.end()) return usual;
    if (all.size() == 1) return all.front();
    throw Error(Error::Kind::usage, "there is no keyring '" + usual + "' for the key",
                "say which with --keyring: " + listed(all, all.size()));
  }

  void choose_policy(Arrival& arrival) {
    if (const auto* claimed = claim(arrival.found)) {
      arrival.policy = claimed->policy;
      arrival.keyring = claimed->keyring;
      return;
    }
    // All generations of a claimed name are of its policy.
    for (const auto& [sha256, claimed] : terms_.claims)
      if (claimed.name == arrival.name && claimed.kind == arrival.kind) {
        arrival.policy = claimed.policy;
        arrival.keyring = claimed.keyring;
        return;
      }
    const bool has_issuer = arrival.issuer || arrival.known_issuer;
    if (terms_.policy && terms_.policy->is_authority() == (arrival.kind == EntityKind::authority))
      arrival.policy = terms_.policy;
    else
      arrival.policy = arrival.kind == EntityKind::authority
                           ? policies_.authority(has_issuer)
                           : policies_.end_entity(certificate(arrival.found));
    if (found_.certificates[arrival.found].key && !(arrival.known && arrival.known->key))
      arrival.keyring = keyring_for(*arrival.policy);
  }

  const Found& found_;
  const ImportTerms& terms_;
  ImportPolicies& policies_;
  const store::Inventory* inventory_;
  std::vector<Arrival> arrivals_;  ///< By index of Found::certificates.
  std::vector<Group> groups_;
  std::set<Bytes> issuers_;  ///< Names of those that issued others of what was found.
  std::set<std::string> names_;
  std::map<std::string, int> last_suffix_;
  std::optional<std::size_t> the_one_;  ///< The group that `terms_.name` is for.
  std::vector<std::string> notes_;
};

}  // namespace

Arrangement arrange(const Found& found, const ImportTerms& terms, ImportPolicies& policies,
                    const store::Inventory* inventory) {
  return Arranging(found, terms, policies, inventory).arrange();
}

}  // namespace sealwright::ca
