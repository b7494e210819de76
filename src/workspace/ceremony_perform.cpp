// What the workspace in the safe does with a request: judge, sign, answer.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/suggest.h"
#include "ca/chain.h"
#include "ca/crl.h"
#include "ca/preview.h"
#include "workspace/ceremony_partner.h"
#include "workspace/ceremony_words.h"
#include "workspace/elsewhere.h"
#include "workspace/publishing.h"

namespace sealwright::workspace {
namespace {

const policy::Authority& authority_here(const policy::Hierarchy& hierarchy,
                                        const std::string& name) {
  const auto* found = hierarchy.authority(name);
  if (!found)
    throw at_place(
        hierarchy.place,
        Error(Error::Kind::policy, "there is no authority '" + printable(name) + "' here",
              "the file asks for what this workspace's YAML does not allow"));
  if (!is_offline(found))
    throw at_place(found->place,
                   Error(Error::Kind::policy, "the key of '" + name + "' is not in the safe"));
  return *found;
}

/// What the safe has issued for this key already, under this name.
std::optional<store::Generation> issued_before(const store::Inventory& inventory,
                                               const CeremonyRequest::Certificate& asked) {
  for (const auto& generation : inventory.find(asked.request.public_key().id()))
    if (generation.name == asked.name && store::is_live(generation.state)) return generation;
  return std::nullopt;
}

/// The order that a request becomes: the item of this YAML, with what its policy lets requests
/// bring. `issuer`: what the authority is or will be.
ca::Order order_for(const Workspace& safe, const CeremonyRequest::Certificate& asked,
                    const store::Generation& issuer) {
  const auto& hierarchy = safe.hierarchy();
  const auto* item = hierarchy.item(asked.name);
  if (!item)
    throw at_place(
        hierarchy.place,
        Error(Error::Kind::policy, "there is nothing called '" + printable(asked.name) + "' here",
              "the file asks for what this workspace's YAML does not allow"));
  const auto refuse = [&](const std::string& message) {
    throw at_place(item->place,
                   Error(Error::Kind::policy, message,
                         "both workspaces need the same sealwright.yaml and policies"));
  };
  // Else the file could have the name of an authority in the safe certified for a key of its own.
  if (is_offline(item))
    refuse("the key of '" + item->name + "' is in the safe, and the file brings another");
  if (item->issuer != asked.issuer)
    refuse("'" + item->name + "' is issued by '" + item->issuer + "' here, and by '" +
           printable(asked.issuer) + "' in the file");
  check_terms(*item, asked.terms);
  auto order = ca::order_of(hierarchy, *item, std::optional(issuer));
  const auto subject = policy::expand_subject(order.subject, item->name, asked.generation);
  try {
    if (!issued_before(safe.inventory(), asked))
      ca::check_request(safe.inventory(), item->name, asked.request, *item->policy);
    // The numbers of the two workspaces need not agree: the name is that of the one that asked.
    order.subject.attributes.assign(subject.attributes().rbegin(), subject.attributes().rend());
    order = ca::with_request(std::move(order), asked.request, asked.generation);
  } catch (const Error& error) {
    throw at_place(item->place, error);
  }
  const auto named = policy::expand_subject(order.subject, item->name, asked.generation).text();
  // Whoever is present agrees to the file: what it names is what is signed, whatever the source.
  if (named != asked.terms.subject)
    refuse("the subject of '" + item->name + "' is '" + named + "' here, and '" +
           printable(asked.terms.subject) + "' in the file");
  return order;
}

void check_list(const Workspace& safe, const CeremonyRequest::List& asked) {
  const auto& item = authority_here(safe.hierarchy(), asked.authority);
  const auto refuse = [&](const std::string& message, const std::string& hint) {
    throw at_place(item.place, Error(Error::Kind::policy, message, hint));
  };
  if (!asked.certificate.empty()) {
    const auto generations = safe.inventory().generations_of(item.name);
    if (std::none_of(generations.begin(), generations.end(), [&](const auto& generation) {
          return to_hex(generation.sha256) == asked.certificate;
        }))
      refuse("'" + item.name + "' has no certificate " + asked.certificate + " here",
             "the list is asked of a certificate that this safe did not issue");
  }
  for (const auto& revoked : asked.revoked) {
    if (!x509::revocation_reason(revoked.reason) && !revoked.reason.empty())
      refuse("'" + printable(revoked.reason) + "' is no reason to revoke " + revoked.serial.hex(),
             "they are those of RFC 5280, 5.3.1");
    if (revoked.revoked > safe.now())
      refuse(
          revoked.serial.hex() + " would be revoked in the future, on " + to_date(revoked.revoked),
          "is the clock of this machine right?");
  }
}

/// Judges the items of one request, one after the other.
class Judge {
 public:
  Judge(const Workspace& safe, const PerformOptions& options) : safe_(safe), options_(options) {}

  std::vector<CeremonyItem> all(const CeremonyRequest& request) {
    auto items = items_of(request);
    auto item = items.begin();
    for (const auto& asked : request.authorities) look(*item++, [&] { authority(asked); });
    for (const auto& asked : request.certificates) look(*item++, [&] { certificate(asked); });
    for (const auto& asked : request.lists) look(*item++, [&] { check_list(safe_, asked); });
    return items;
  }

 private:
  template <class Work>
  void look(CeremonyItem& item, Work work) {
    notes_.clear();
    try {
      work();
    } catch (const Error& error) {
      item.refused = error;
    }
    item.lines.insert(item.lines.end(), notes_.begin(), notes_.end());
  }

  /// What will stand in the certificate, or stands there.
  void say(Time until, const std::vector<x509::Extension>& extensions) {
    notes_.push_back("until    " + to_date(until));
    for (const auto& line : words_of(extensions, Words::telling))
      notes_.push_back("says     " + line);
  }
  void note(const std::string& text) { notes_.push_back("note     " + text); }
  void note(const std::vector<lint::Finding>& findings) {
    for (const auto& finding : findings)
      if (finding.severity != lint::Severity::info) note(finding.rule + ": " + finding.message);
  }

  void authority(const CeremonyRequest::Authority& asked) {
    const auto& item = authority_here(safe_.hierarchy(), asked.name);
    check_terms(item, asked.terms);
    if (const auto own = terms_of(item); own.subject != asked.terms.subject)
      throw at_place(item.place,
                     Error(Error::Kind::policy,
                           "the subject of '" + item.name + "' is '" + own.subject +
                               "' here, and '" + printable(asked.terms.subject) + "' in the file",
                           "both workspaces need the same sealwright.yaml and policies"));
    (void)issuer(item.name);
    if (!safe_.inventory().active(item.name)) note("it will be made now, with a new key");
  }

  /// The active generation, or what it will be.
  const store::Generation& issuer(const std::string& name) {
    const auto known = issuers_.find(name);
    if (known != issuers_.end()) return known->second;
    const auto& item = authority_here(safe_.hierarchy(), name);
    auto active = safe_.inventory().active(name);
    if (!active) {
      const auto above = item.self_signed() ? std::nullopt : std::optional(issuer(item.issuer));
      try {
        const auto made =
            ca::preview(safe_.inventory(), ca::order_of(safe_.hierarchy(), item, above),
                        policy::KeyStore::offline);
        note(made.findings);
        active = made.generation;
      } catch (const Error& error) {
        throw at_place(item.place, error);
      }
    }
    return issuers_.emplace(name, std::move(*active)).first->second;
  }

  void certificate(const CeremonyRequest::Certificate& asked) {
    const auto order = order_for(safe_, asked, issuer(asked.issuer));
    if (const auto before = issued_before(safe_.inventory(), asked)) {
      const auto certificate = ca::certificate_of(*before);
      say(certificate.not_after(), certificate.extensions());
      note("issued on " + to_date(before->created) + " for this key: it is given again");
      return;
    }
    const auto* item = safe_.hierarchy().item(asked.name);
    try {
      const auto prepared =
          ca::prepare(safe_.inventory(), order, asked.request, options_.random, item->key.store);
      say(prepared.contents().not_after, prepared.contents().extensions);
      note(prepared.findings());
    } catch (const Error& error) {
      throw at_place(item->place, error);
    }
    for (const auto& other : safe_.inventory().generations_of(asked.name))
      if (store::is_live(other.state))
        note("'" + other.label() + "' was issued on " + to_date(other.created) +
             " for another key, until " + to_date(other.not_after));
  }

  const Workspace& safe_;
  const PerformOptions& options_;
  std::map<std::string, store::Generation> issuers_;
  std::vector<std::string> notes_;
};

bool wanted(const std::vector<std::string>& only, const std::string& name) {
  return only.empty() || std::find(only.begin(), only.end(), name) != only.end();
}

CeremonyRequest selected(CeremonyRequest request, const std::vector<std::string>& only) {
  std::vector<std::string> names;
  for (const auto& asked : request.authorities) names.push_back(asked.name);
  for (const auto& asked : request.certificates) names.push_back(asked.name);
  for (const auto& name : only)
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw Error(Error::Kind::usage, "the file does not ask for '" + printable(name) + "'",
                  did_you_mean(name, names));
  std::erase_if(request.authorities, [&](const auto& asked) { return !wanted(only, asked.name); });
  std::erase_if(request.certificates, [&](const auto& asked) { return !wanted(only, asked.name); });
  std::erase_if(request.lists, [&](const auto& asked) { return !wanted(only, asked.authority); });
  return request;
}

/// Signs what was judged.
class Work {
 public:
  Work(Workspace& safe, Keys& keys, const PerformOptions& options)
      : safe_(safe), keys_(keys), options_(options) {}

  void authority(const CeremonyRequest::Authority& asked, CeremonyAnswer& answer) {
    const auto& item = authority_here(safe_.hierarchy(), asked.name);
    (void)active(item);
    for (const auto& generation : inventory().generations_of(item.name)) {
      const bool known = std::find(asked.known.begin(), asked.known.end(),
                                   to_hex(generation.sha256)) != asked.known.end();
      if (store::is_live(generation.state) && !known)
        answer.authorities.push_back(
            {item.name, generation.number, terms_of(item), ca::certificate_of(generation)});
    }
  }

  void certificate(const CeremonyRequest::Certificate& asked, CeremonyAnswer& answer) {
    auto generation = issued_before(inventory(), asked);
    if (!generation) {
      const auto issuer = active(authority_here(safe_.hierarchy(), asked.issuer));
      const auto order = order_for(safe_, asked, issuer);
      auto prepared = ca::prepare(inventory(), order, asked.request, options_.random,
                                  safe_.hierarchy().item(asked.name)->key.store);
      generation = ca::issue(inventory(), std::move(prepared), keys_.signer(issuer).get());
    }
    answer.certificates.push_back(
        {asked.name, asked.generation, asked.issuer, ca::certificate_of(*generation)});
  }

  void list(const CeremonyRequest::List& asked, CeremonyAnswer& answer) {
    const auto& item = authority_here(safe_.hierarchy(), asked.authority);
    const auto issuer = issuer_of(item, asked);
    revoke(issuer, asked.revoked);
    const auto terms = crl_terms(item);
    // One that is good enough is given again.
    auto record = ca::crl_due(inventory(), issuer, terms)
                      ? ca::issue_crl(inventory(), issuer, *keys_.signer(issuer), terms)
                      : *inventory().latest_crl(issuer.id);
    answer.lists.push_back({item.name, to_hex(issuer.sha256), x509::Crl::from_der(record.crl)});
  }

 private:
  store::Inventory& inventory() { return safe_.inventory(); }

  store::Generation active(const policy::Authority& item) {
    if (auto generation = inventory().active(item.name)) return *generation;
    std::unique_ptr<ossl::Signer> issuer;
    if (!item.self_signed())
      issuer = keys_.signer(active(authority_here(safe_.hierarchy(), item.issuer)));
    const auto order = ca::order_of(safe_.hierarchy(), item, inventory());
    return ca::issue(inventory(),
                     ca::prepare(inventory(), order, keys_.key_for(item), options_.random),
                     issuer.get());
  }

  store::Generation issuer_of(const policy::Authority& item, const CeremonyRequest::List& asked) {
    for (const auto& generation : inventory().generations_of(item.name))
      if (to_hex(generation.sha256) == asked.certificate) return generation;
    return active(item);
  }

  /// What the safe does not know to be revoked, now it does.
  void revoke(const store::Generation& issuer, const std::vector<store::RevokedSerial>& revoked) {
    for (const auto& entry : revoked) {
      if (inventory().revoked_serial(issuer.id, entry.serial)) continue;
      std::optional<store::Generation> known;
      for (const auto& generation : inventory().find(entry.serial))
        if (generation.issuer == issuer.id) known = generation;
      if (known)
        inventory().revoke(known->id, {entry.reason, entry.revoked, entry.invalidity, {}, false});
      else
        inventory().add_revocation(issuer.id, entry);
    }
  }

  Workspace& safe_;
  Keys& keys_;
  const PerformOptions& options_;
};

}  // namespace

std::vector<CeremonyItem> judge(const Workspace& safe, const CeremonyRequest& request,
                                const PerformOptions& options) {
  if (!safe.inventory().workspace().offline)
    throw Error(Error::Kind::state, "this is not the workspace in the safe",
                "make one there with: sealwright init DIR --hierarchy FILE --offline");
  check_partner(safe, request.origin);
  return Judge(safe, options).all(selected(request, options.only));
}

Performed perform(Workspace& safe, Keys& keys, const ReadRequest& asked,
                  const PerformOptions& options) {
  for (const auto& item : judge(safe, asked.request, options))
    if (item.refused) throw *item.refused;
  const auto request = selected(asked.request, options.only);
  remember_partner(safe, request.origin);
  Performed done;
  done.answer.origin = origin_here(safe, options.by);
  done.answer.asked_by = request.origin.id;
  done.answer.request = asked.file.sha256;
  Work work(safe, keys, options);
  // By the order of the YAML an authority comes after its issuer.
  for (const auto* item : safe.hierarchy().in_issuing_order())
    for (const auto& wanted_item : request.authorities)
      if (wanted_item.name == item->name) work.authority(wanted_item, done.answer);
  for (const auto& wanted_item : request.certificates) work.certificate(wanted_item, done.answer);
  for (const auto& wanted_item : request.lists) work.list(wanted_item, done.answer);
  done.file = write_ceremony(done.answer);
  safe.inventory().record_event("ceremony.performed", to_hex(asked.file.sha256),
                                Json::object()
                                    .set("number", asked.file.number)
                                    .set("asked_by", request.origin.id)
                                    .set("by", done.answer.origin.by)
                                    .set("answer", to_hex(done.file.sha256)));
  return done;
}

}  // namespace sealwright::workspace
