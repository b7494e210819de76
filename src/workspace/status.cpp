#include "workspace/status.h"

#include <fmt/format.h>

#include <algorithm>

#include "workspace/renewal.h"

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

StatusRow row_of(const Workspace& workspace, const policy::Item& item, Time at) {
  StatusRow row{
      item.name, item.policy->is_authority() ? "authority" : "certificate", "", "", {}, 0, false,
      ""};
  const auto generations = workspace.inventory().generations_of(item.name);
  fill_from_generations(row, generations, at);
  const auto due = renewal_due(item, generations, at);
  row.due = row.active.empty() || !due.reason.empty();
  row.note = row.active.empty() && row.next.empty() ? "not issued yet" : due.reason;
  if (!row.next.empty() && row.note.empty()) row.note = row.next + " waits for its activation";
  if (row.ends && row.days_left < 0) row.note = "expired";
  return row;
}

}  // namespace

bool Status::anything_due() const {
  return std::any_of(rows.begin(), rows.end(), [](const StatusRow& row) { return row.due; });
}

Status status_of(const Workspace& workspace, Time at, const std::optional<Duration>& within) {
  Status status{workspace.hierarchy().name, at, {}};
  for (const auto& item : workspace.hierarchy().authorities)
    status.rows.push_back(row_of(workspace, item, at));
  for (const auto& item : workspace.hierarchy().certificates)
    status.rows.push_back(row_of(workspace, item, at));
  for (const auto& entity : workspace.inventory().entities()) {
    if (workspace.hierarchy().item(entity.name)) continue;
    StatusRow row{entity.name, std::string(store::to_text(entity.kind)), "", "", {}, 0,
                  false,       "unmanaged: not in sealwright.yaml"};
    fill_from_generations(row, workspace.inventory().generations_of(entity.name), at);
    status.rows.push_back(std::move(row));
  }
  if (within)
    std::erase_if(status.rows,
                  [&](const StatusRow& row) { return row.ends && *row.ends > add(at, *within); });
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
      .set("certificates", std::move(rows));
  return json;
}

}  // namespace sealwright::workspace
