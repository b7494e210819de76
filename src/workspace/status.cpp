#include "workspace/status.h"

#include <fmt/format.h>

#include <algorithm>

#include "workspace/bundles.h"
#include "workspace/elsewhere.h"
#include "workspace/publishing.h"
#include "workspace/renewal.h"
#include "workspace/unmanaged.h"

namespace sealwright::workspace {
namespace {

std::int64_t days_between(Time from, Time to) {
  return std::chrono::floor<std::chrono::days>(to - from).count();
}

void fill_from_generations(StatusRow& row, const std::vector<store::Generation>& generations,
                           Time at) {
  for (const auto& generation : generations) {
    if (generation.state == store::GenerationState::active) {
      row.active = generation.label();
      row.ends = generation.not_after;
      row.days_left = days_between(at, generation.not_after);
    } else if (generation.state == store::GenerationState::next) {
      row.next = generation.label();
    }
  }
}

/// What is due, or waited for.
void fill_note(StatusRow& row, const Workspace& workspace, const policy::Item& item,
               const std::vector<store::Generation>& generations, Time at) {
  const auto due = renewal_due(workspace.hierarchy(), item, generations, at);
  const auto* newest = newest_live(generations);
  if (row.ends && row.days_left < 0) {
    row.note = "expired";
  } else if (const auto waits = waiting_for(workspace, item)) {
    row.note = *waits;
  } else if (!newest) {
    const bool meant = to_be_revoked(item) && !generations.empty() &&
                       generations.back().state == store::GenerationState::revoked;
    row.note = meant                 ? "revoked, as its policy says"
               : generations.empty() ? "not issued yet"
                                     : "no generation is in use any more";
    row.due = !meant;
    return;
  } else if (const auto revoked = revocation_above(workspace, item, generations);
             !revoked.reason.empty()) {
    row.note = revoked.reason;
  } else if (!due.reason.empty()) {
    row.note = due.reason;
  } else if (newest->state == store::GenerationState::next) {
    const auto activation = activation_due(workspace, item, *newest);
    row.note = activation.activate ? newest->label() + " may sign: " + activation.reason
                                   : activation.reason;
    row.due = activation.activate;
    return;
  } else {
    row.due = row.active.empty();
    return;
  }
  row.due = true;
}

/// What its revocation lists ask for.
void add_list_note(StatusRow& row, const Workspace& workspace, const policy::Authority& authority,
                   Time at) {
  auto said = list_to_bring(workspace, authority, at);
  if (!said && keeps_key(workspace, authority))
    if (const auto reason = crl_due(workspace, authority, at))
      said = "its revocation list is due: " + *reason;
  if (!said) return;
  row.note += (row.note.empty() ? "" : "; ") + *said;
  row.due = true;
}

StatusRow row_of(const Workspace& workspace, const policy::Item& item, Time at) {
  StatusRow row{
      item.name, item.policy->is_authority() ? "authority" : "certificate", "", "", {}, 0, false,
      ""};
  const auto generations = workspace.inventory().generations_of(item.name);
  fill_from_generations(row, generations, at);
  fill_note(row, workspace, item, generations, at);
  if (const auto* authority = workspace.hierarchy().authority(item.name))
    add_list_note(row, workspace, *authority, at);
  return row;
}

void add_unmanaged(const Workspace& workspace, Time at, Status& status) {
  const auto unmanaged = unmanaged_names(workspace);
  for (const auto& name : unmanaged.names) {
    const auto generations = workspace.inventory().generations_of(name);
    StatusRow row{name,  std::string(store::to_text(generations.front().kind)),
                  "",    "",
                  {},    0,
                  false, "unmanaged: not in sealwright.yaml"};
    fill_from_generations(row, generations, at);
    status.rows.push_back(std::move(row));
  }
  status.more = unmanaged.more;
}

/// Requests made by command, for names that the YAML does not have.
void add_waiting(const Workspace& workspace, Status& status) {
  for (const auto& waiting : workspace.inventory().waiting_requests()) {
    const auto& intent = waiting.intent;
    if (workspace.hierarchy().item(intent.name)) continue;
    const std::string note =
        "waits for the certificate since " + to_date(waiting.created) + ": sealwright import FILE";
    const auto row = std::find_if(status.rows.begin(), status.rows.end(),
                                  [&](const StatusRow& one) { return one.name == intent.name; });
    if (row == status.rows.end())
      status.rows.push_back({intent.name, "waiting", "", "", {}, 0, false, note});
    else
      row->note = note;
  }
}

void add_bundles(const Workspace& workspace, Status& status) {
  for (const auto& bundle : workspace.hierarchy().bundles)
    for (const auto& said : bundle_notes(workspace, bundle))
      status.rows.push_back({bundle.name, "bundle", "", "", {}, 0, false, said});
}

/// Whatever else ends by `until`, soonest first; what `issue` made by command too.
void add_ending(const Workspace& workspace, Time until, Status& status) {
  const auto& inventory = workspace.inventory();
  std::int64_t managed = 0;
  for (const auto* item : workspace.hierarchy().in_issuing_order())
    for (const auto& generation : inventory.generations_of(item->name))
      managed += store::is_live(generation.state) && generation.not_after < until;
  const auto soonest = inventory.expiring_before(until, std::size_t(managed) + most_unmanaged);
  std::int64_t named = 0;
  for (const auto& generation : soonest) {
    if (workspace.hierarchy().item(generation.name)) continue;
    StatusRow row{
        generation.name,         std::string(store::to_text(generation.kind)), "", "", {}, 0, false,
        "not in sealwright.yaml"};
    fill_from_generations(row, {generation}, status.at);
    status.rows.push_back(std::move(row));
    ++named;
  }
  status.more = inventory.count_expiring_before(until) - managed - named;
}

}  // namespace

bool Status::anything_due() const {
  return std::any_of(rows.begin(), rows.end(), [](const StatusRow& row) { return row.due; });
}

Status status_of(const Workspace& workspace, Time at, const std::optional<Duration>& within) {
  Status status{workspace.hierarchy().name, at, {}, 0};
  for (const auto& item : workspace.hierarchy().authorities)
    if (concerns(workspace, item)) status.rows.push_back(row_of(workspace, item, at));
  for (const auto& item : workspace.hierarchy().certificates)
    if (concerns(workspace, item)) status.rows.push_back(row_of(workspace, item, at));
  if (!within) {
    add_unmanaged(workspace, at, status);
    add_waiting(workspace, status);
    add_bundles(workspace, status);
    return status;
  }
  const Time until = add(at, *within);
  std::erase_if(status.rows, [&](const StatusRow& row) { return row.ends && *row.ends > until; });
  add_ending(workspace, until, status);
  add_bundles(workspace, status);
  return status;
}

std::string to_text(const Status& status) {
  if (status.rows.empty()) return "nothing to show\n";
  std::size_t name = 4, active = 6;
  for (const auto& row : status.rows) {
    name = std::max(name, row.name.size());
    active = std::max(active, row.active.size());
  }
  std::string text = fmt::format("{:{}}  {:{}}  {:10}  {:>6}  {}\n", "NAME", name, "ACTIVE", active,
                                 "UNTIL", "DAYS", "NOTE");
  for (const auto& row : status.rows) {
    text += fmt::format("{:{}}  {:{}}  {:10}  {:>6}  {}", row.name, name,
                        row.active.empty() ? "-" : row.active, active,
                        row.ends ? to_date(*row.ends) : "-",
                        row.ends ? std::to_string(row.days_left) : "-", row.note);
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  if (status.more > 0) text += fmt::format("and {} more: sealwright list\n", status.more);
  return text;
}

Json to_json(const Status& status) {
  Json rows = Json::array();
  for (const auto& row : status.rows) {
    Json json = Json::object();
    json.set("name", row.name)
        .set("kind", row.kind)
        .set("active", row.active.empty() ? Json() : Json(row.active));
    json.set("next", row.next.empty() ? Json() : Json(row.next))
        .set("ends", row.ends ? Json(to_iso(*row.ends)) : Json());
    json.set("days_left", row.ends ? Json(row.days_left) : Json())
        .set("due", row.due)
        .set("note", row.note);
    rows.push(std::move(json));
  }
  Json json = Json::object();
  json.set("schema", "sealwright.status/1")
      .set("workspace", status.workspace)
      .set("at", to_iso(status.at))
      .set("certificates", std::move(rows))
      .set("more", status.more);
  return json;
}

}  // namespace sealwright::workspace
