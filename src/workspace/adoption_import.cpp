#include "workspace/adoption_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "ca/chain.h"
#include "ca/import_folder.h"
#include "ca/request.h"
#include "lint/lint.h"

namespace sealwright::workspace {
namespace {

constexpr std::size_t most_linted = 1000, most_names = 3;

std::string what_of(const ca::Arrival& arrival, const x509::Certificate& certificate) {
  const std::string key = certificate.public_key().description();
  if (arrival.kind == store::EntityKind::authority)
    return (certificate.self_signed() ? "root CA, " : "CA, ") + key;
  return arrival.policy->name + ", " + key;
}

std::string key_of(const ca::Found& found, const ca::Arrival& arrival) {
  if (found.certificates[arrival.found].key || (arrival.known && arrival.known->key)) return "yes";
  return "no";
}

void lint_one(const ca::Found& found, const ca::Arrangement& arrangement,
              const ca::Arrival& arrival, const std::vector<std::string>& targets, Time now,
              std::map<std::string, ImportFinding>& by_rule) {
  auto subject = lint::Subject::of(found.certificates[arrival.found].certificate);
  subject.policy = arrival.policy.get();
  subject.targets = targets;
  subject.now = now;
  if (arrival.issuer)
    subject.issuer_certificate =
        &found.certificates[arrangement.arrivals[*arrival.issuer].found].certificate;
  for (const auto& finding : lint::check(subject)) {
    if (finding.severity == lint::Severity::info) continue;
    auto& group = by_rule[finding.rule];
    if (group.count++ == 0)
      group = {finding.rule, lint::to_text(finding.severity), finding.message, {}, 1};
    if (group.names.size() < most_names) group.names.push_back(arrival.label());
  }
}

std::vector<ImportFinding> lint_live(const ca::Found& found, const ca::Arrangement& arrangement,
                                     const std::vector<std::string>& targets, Time now) {
  std::map<std::string, ImportFinding> by_rule;
  std::size_t linted = 0;
  for (const auto& arrival : arrangement.arrivals)
    if (!arrival.known && store::is_live(arrival.state) && ++linted <= most_linted)
      lint_one(found, arrangement, arrival, targets, now, by_rule);
  std::vector<ImportFinding> findings;
  for (auto& [rule, finding] : by_rule) findings.push_back(std::move(finding));
  std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) {
    return a.severity == "error" && b.severity != "error";
  });
  return findings;
}

std::optional<store::Generation> issuer_of(const store::Inventory& inventory,
                                           const x509::Certificate& certificate) {
  for (const auto& entity : inventory.entities()) {
    if (entity.kind != store::EntityKind::authority) continue;
    for (const auto& generation : inventory.generations_of(entity.name)) {
      const auto issuer = ca::certificate_of(generation);
      if (issuer.subject() == certificate.issuer() && certificate.signed_by(issuer.public_key()))
        return generation;
    }
  }
  return std::nullopt;
}

}  // namespace

ImportReport report_on(const ca::Found& found, const ca::Arrangement& arrangement,
                       const std::vector<std::string>& targets, Time now) {
  ImportReport report;
  for (const auto& arrival : arrangement.arrivals) {
    const auto& certificate = found.certificates[arrival.found].certificate;
    report.rows.push_back({arrival.label(), what_of(arrival, certificate), certificate.not_after(),
                           std::string(store::to_text(arrival.state)), key_of(found, arrival),
                           arrival.known.has_value()});
  }
  report.revoked_serials = found.revoked.size();
  report.notes = found.notes;
  report.notes.insert(report.notes.end(), arrangement.notes.begin(), arrangement.notes.end());
  if (!found.locked.empty()) {
    auto shown = found.locked;
    shown.resize(std::min(shown.size(), most_names));
    report.notes.push_back("left where they are, under passwords of their own: " +
                           ca::listed(shown, found.locked.size()));
  }
  report.findings = lint_live(found, arrangement, targets, now);
  return report;
}

std::string to_text(const ImportReport& report, std::size_t most) {
  std::string text;
  std::size_t name = 4, what = 4;
  const std::size_t shown = std::min(most, report.rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    name = std::max(name, report.rows[i].name.size());
    what = std::max(what, report.rows[i].what.size());
  }
  if (shown)
    text += fmt::format("{:{}}  {:{}}  {:10}  {:13}  KEY\n", "NAME", name, "WHAT", what, "UNTIL",
                        "STATE");
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& row = report.rows[i];
    text += fmt::format("{:{}}  {:{}}  {:10}  {:13}  {}\n", row.name, name, row.what, what,
                        to_date(row.until), row.there ? "already there" : row.state, row.key);
  }
  if (report.rows.size() > shown) text += fmt::format("and {} more\n", report.rows.size() - shown);
  if (report.revoked_serials)
    text += fmt::format("and {} revoked serial numbers whose certificates are not there\n",
                        report.revoked_serials);
  return text;
}

Json to_json(const ImportReport& report) {
  Json rows = Json::array(), findings = Json::array();
  for (const auto& row : report.rows)
    rows.push(Json::object()
                  .set("name", row.name)
                  .set("what", row.what)
                  .set("until", to_iso(row.until))
                  .set("state", row.state)
                  .set("key", row.key == "yes")
                  .set("there", row.there));
  for (const auto& finding : report.findings)
    findings.push(Json::object()
                      .set("rule", finding.rule)
                      .set("severity", finding.severity)
                      .set("message", finding.message)
                      .set("count", finding.count)
                      .set("names", Json::strings(finding.names)));
  return Json::object()
      .set("found", rows)
      .set("revoked_serials", report.revoked_serials)
      .set("notes", Json::strings(report.notes))
      .set("findings", findings);
}

std::vector<x509::Certificate> answers_in(const Workspace& workspace, ca::Found& found) {
  std::vector<x509::Certificate> answers;
  std::erase_if(found.certificates, [&](const ca::FoundCertificate& one) {
    const bool waited =
        ca::waiting_for_key(workspace.inventory(), one.certificate.public_key().id()).has_value();
    if (waited) answers.push_back(one.certificate);
    return waited;
  });
  return answers;
}

AcceptedAnswer accept_answer(Workspace& workspace, const x509::Certificate& certificate) {
  auto& inventory = workspace.inventory();
  const auto waiting = ca::waiting_for_key(inventory, certificate.public_key().id());
  if (!waiting)
    throw Error(Error::Kind::state, "another run has accepted the certificate meanwhile");
  const auto& policy = waiting->intent.policy.reference;
  const auto accepted =
      ca::accept(inventory, *waiting, certificate, issuer_of(inventory, certificate),
                 *workspace.policies().get(fmt::format("{}@{}", policy.name, policy.revision)));
  AcceptedAnswer answer;
  answer.text = fmt::format("{}  {}  until {}: what '{}' was waiting for",
                            accepted.generation.label(), accepted.generation.thumbprint.hex(),
                            to_date(accepted.generation.not_after), waiting->intent.name);
  for (const auto& finding : accepted.findings)
    if (finding.severity != lint::Severity::info)
      answer.notes.push_back(finding.rule + ": " + finding.message);
  return answer;
}

ca::ImportResult import_all(Workspace& workspace, Keys& keys, const ca::Found& found,
                            const ca::Arrangement& arrangement, const Progress& progress) {
  // A passphrase is asked for before the inventory is locked.
  for (const auto& arrival : arrangement.arrivals)
    if (found.certificates[arrival.found].key && !(arrival.known && arrival.known->key))
      keys.open(arrival.keyring);
  return ca::take_over(
      workspace.inventory(), found, arrangement,
      {[&](const std::string& keyring, const ossl::PrivateKey& key, store::ExportRule rule) {
         return keys.open(keyring).seal(keyring, key, rule);
       },
       progress});
}

}  // namespace sealwright::workspace
