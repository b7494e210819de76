// What the workspace on the network takes over from an answer.

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "ca/chain.h"
#include "ca/crl.h"
#include "ca/request.h"
#include "workspace/ceremony_partner.h"
#include "workspace/elsewhere.h"

namespace sealwright::workspace {
namespace {

std::string label(const std::string& name, int generation) {
  return name + "@" + std::to_string(generation);
}

std::vector<std::string> warnings_of(const std::vector<lint::Finding>& findings) {
  std::vector<std::string> warnings;
  for (const auto& finding : findings)
    if (finding.severity != lint::Severity::info)
      warnings.push_back(finding.rule + ": " + finding.message);
  return warnings;
}

AcceptedItem accepted_item(const ca::Accepted& accepted) {
  const auto& generation = accepted.generation;
  return {generation.label(),
          fmt::format("accepted, {}, until {}  SHA-256 {}", to_text(generation.state),
                      to_date(generation.not_after), to_hex(generation.sha256)),
          warnings_of(accepted.findings)};
}

std::optional<store::Generation> known(const store::Inventory& inventory,
                                       const x509::Certificate& certificate) {
  return inventory.find_sha256(certificate.sha256());
}

AcceptedItem known_item(const store::Generation& generation) {
  return {generation.label(), "accepted already", {}};
}

bool in_bundle(const Workspace& workspace, const std::string& name) {
  const auto& bundles = workspace.hierarchy().bundles;
  return std::any_of(bundles.begin(), bundles.end(), [&](const auto& bundle) {
    for (const auto* list : {&bundle.root, &bundle.ca, &bundle.trusted_publisher})
      if (std::find(list->begin(), list->end(), name) != list->end()) return true;
    return false;
  });
}

/// Who signed it, among the authorities that may have.
std::optional<store::Generation> issuer_of(const Workspace& workspace,
                                           const x509::Certificate& certificate) {
  for (const auto& item : workspace.hierarchy().authorities)
    for (const auto& generation : workspace.inventory().generations_of(item.name)) {
      const auto above = ca::certificate_of(generation);
      if (above.subject() == certificate.issuer() && certificate.signed_by(above.public_key()))
        return generation;
    }
  return std::nullopt;
}

policy::PolicyPtr policy_of(Workspace& workspace, const store::RequestIntent& intent) {
  const auto* item = workspace.hierarchy().item(intent.name);
  return item ? item->policy
              : workspace.policies().get(intent.policy.reference.name + "@" +
                                         std::to_string(intent.policy.reference.revision));
}

AcceptedItem accept_waiting(Workspace& workspace, const store::RequestRecord& waiting,
                            const x509::Certificate& certificate) {
  const auto policy = policy_of(workspace, waiting.intent);
  auto issuer = issuer_of(workspace, certificate);
  if (!issuer) issuer = workspace.inventory().active(waiting.intent.issuer);
  return accepted_item(ca::accept(workspace.inventory(), waiting, certificate, issuer, *policy,
                                  in_bundle(workspace, waiting.intent.name)));
}

AcceptedItem accept_authority(Workspace& workspace, const CeremonyAnswer::Authority& made) {
  if (const auto before = known(workspace.inventory(), made.certificate))
    return known_item(*before);
  const auto& hierarchy = workspace.hierarchy();
  const auto* item = hierarchy.authority(made.name);
  if (!is_offline(item))
    throw at_place(item ? item->place : hierarchy.place,
                   Error(Error::Kind::policy,
                         "there is no offline authority '" + printable(made.name) + "' here"));
  check_terms(*item, made.terms);
  ca::Elsewhere wanted;
  wanted.name = item->name;
  wanted.number = made.generation;
  wanted.policy = item->policy;
  wanted.subject = policy::expand_subject(item->subject, item->name, made.generation).text();
  wanted.in_bundle = in_bundle(workspace, item->name);
  const auto issuer = item->self_signed() ? std::nullopt : issuer_of(workspace, made.certificate);
  if (!item->self_signed() && !issuer)
    throw Error(Error::Kind::state, "the issuer of '" + item->name + "' is not known here",
                "accept the certificate of '" + item->issuer + "' first");
  try {
    return accepted_item(
        ca::adopt_elsewhere(workspace.inventory(), wanted, made.certificate, issuer));
  } catch (const Error& error) {
    throw at_place(item->place, error);
  }
}

AcceptedItem accept_certificate(Workspace& workspace, const CeremonyAnswer::Certificate& made) {
  if (const auto before = known(workspace.inventory(), made.certificate))
    return known_item(*before);
  const auto waiting = workspace.inventory().waiting_request(made.name);
  if (!waiting)
    throw Error(Error::Kind::state, "nothing waits for '" + label(made.name, made.generation) + "'",
                "its request was cancelled, or another certificate was accepted for it");
  const auto issuer = issuer_of(workspace, made.certificate);
  if (issuer && issuer->name != waiting->intent.issuer)
    throw Error(Error::Kind::policy, "'" + made.name + "' was asked of '" + waiting->intent.issuer +
                                         "', and '" + issuer->name + "' issued it");
  return accept_waiting(workspace, *waiting, made.certificate);
}

AcceptedItem accept_list(Workspace& workspace, const CeremonyAnswer::List& made) {
  auto& inventory = workspace.inventory();
  const auto bytes = from_hex(made.certificate);
  store::Sha256 sha256{};
  std::copy_n(bytes->begin(), sha256.size(), sha256.begin());
  const auto issuer = inventory.find_sha256(sha256);
  if (!issuer || issuer->name != made.authority)
    throw Error(
        Error::Kind::state,
        "the certificate that signed the list of '" + made.authority + "' is not known here",
        "accept the certificate of '" + made.authority + "' first");
  const auto latest = inventory.latest_crl(issuer->id);
  AcceptedItem item{issuer->label() + " list", "accepted already", {}};
  if (latest && latest->crl == made.crl.der()) return item;
  const auto record = ca::accept_crl(inventory, *issuer, made.crl);
  item.text = fmt::format("accepted, number {}, {} revoked, until {}", record.number,
                          made.crl.entries().size(), to_date(record.next_update));
  return item;
}

/// The item of the YAML whose certificate is made elsewhere and this may be.
const policy::Item* external_item(const Workspace& workspace, const x509::Certificate& certificate,
                                  const std::string& as) {
  for (const auto* item : workspace.hierarchy().in_issuing_order()) {
    if (item->key.store != policy::KeyStore::external ||
        place_of(workspace, *item) != Place::foreign)
      continue;
    if (!as.empty() && item->name == as) return item;
    const int number = workspace.inventory().next_number(item->name);
    const auto subject = policy::expand_subject(item->subject, item->name, number).text();
    if (as.empty() && subject == certificate.subject().text()) return item;
  }
  return nullptr;
}

std::optional<AcceptedItem> accept_one(Workspace& workspace, const x509::Certificate& certificate,
                                       const std::string& as) {
  auto& inventory = workspace.inventory();
  if (const auto before = known(inventory, certificate)) return known_item(*before);
  const auto waiting = ca::waiting_for_key(inventory, certificate.public_key().id());
  if (waiting && waiting->intent.to == store::RequestKind::foreign)
    return accept_waiting(workspace, *waiting, certificate);
  const auto* item = external_item(workspace, certificate, as);
  if (!item) return std::nullopt;
  ca::Elsewhere wanted;
  wanted.name = item->name;
  wanted.number = inventory.next_number(item->name);
  wanted.policy = item->policy;
  wanted.subject = policy::expand_subject(item->subject, item->name, wanted.number).text();
  wanted.in_bundle = in_bundle(workspace, item->name);
  wanted.demand = ca::Elsewhere::Demand::tell;
  return accepted_item(
      ca::adopt_elsewhere(inventory, wanted, certificate, issuer_of(workspace, certificate)));
}

}  // namespace

void check_answer(const Workspace& workspace, const CeremonyAnswer& answer) {
  const auto& inventory = workspace.inventory();
  if (inventory.workspace().offline)
    throw Error(Error::Kind::state,
                "this is the workspace in the safe: it answers, and accepts nothing",
                "accept in the workspace on the network");
  check_partner(workspace, answer.origin);
  const bool ours = answer.asked_by == inventory.workspace().id &&
                    inventory.last_event("ceremony.asked", to_hex(answer.request));
  if (!ours)
    throw Error(Error::Kind::state, "the file answers a request that was not made here",
                "its request has the number " + check_number(answer.request));
}

std::vector<AcceptedItem> accept_answer(Workspace& workspace, const ReadAnswer& answered) {
  const auto& answer = answered.answer;
  check_answer(workspace, answer);
  std::vector<AcceptedItem> items;
  workspace.inventory().together([&] {
    items.clear();
    for (const auto& made : answer.authorities) items.push_back(accept_authority(workspace, made));
    for (const auto& made : answer.certificates)
      items.push_back(accept_certificate(workspace, made));
    for (const auto& made : answer.lists) items.push_back(accept_list(workspace, made));
    const bool news = std::any_of(items.begin(), items.end(),
                                  [](const auto& item) { return item.text != "accepted already"; });
    remember_partner(workspace, answer.origin);
    if (news)
      workspace.inventory().record_event("ceremony.accepted", to_hex(answered.file.sha256),
                                         Json::object()
                                             .set("number", answered.file.number)
                                             .set("request", to_hex(answer.request)));
  });
  return items;
}

std::vector<AcceptedItem> accept_certificates(Workspace& workspace,
                                              const std::vector<x509::Certificate>& certificates,
                                              const std::string& as) {
  if (!as.empty() && !workspace.hierarchy().item(as))
    throw Error(Error::Kind::usage, "sealwright.yaml has nothing called '" + printable(as) + "'");
  std::vector<AcceptedItem> items;
  std::vector<bool> done(certificates.size());
  workspace.inventory().together([&] {
    // Issuers may stand after what they issued: authorities go first.
    for (const bool authorities : {true, false})
      for (std::size_t i = 0; i < certificates.size(); ++i) {
        if (done[i] || certificates[i].is_ca() != authorities) continue;
        auto item = accept_one(workspace, certificates[i], as);
        done[i] = item.has_value();
        if (item) items.push_back(std::move(*item));
      }
  });
  if (items.empty())
    throw Error(Error::Kind::state,
                "nobody waits for '" + certificates.front().subject().text() + "'",
                "no request has its key, and no external item of the YAML its subject");
  return items;
}

}  // namespace sealwright::workspace
