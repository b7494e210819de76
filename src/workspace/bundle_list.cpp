#include "workspace/bundle_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "workspace/bundle_parts.h"

namespace sealwright::workspace {
namespace {

using bundle::Store;
constexpr Store all_stores[] = {Store::root, Store::ca, Store::trusted_publisher,
                                Store::disallowed};

std::size_t missing_in(const std::vector<bundle::Entry>& from,
                       const std::vector<bundle::Entry>& in) {
  return static_cast<std::size_t>(std::count_if(
      from.begin(), from.end(), [&](const bundle::Entry& entry) { return !holds(in, entry); }));
}

BundleVersionRow row_of(const store::BundleVersion& version, const bundle::State& state,
                        const std::vector<bundle::Entry>& before) {
  BundleVersionRow row;
  row.version = version.version;
  row.made = version.created;
  for (const auto store : all_stores) row.certificates[store] = 0;
  for (const auto& entry : state.present) ++row.certificates[entry.store];
  row.gained = missing_in(state.present, before);
  row.lost = missing_in(before, state.present);
  row.deployed = version.deployed;
  row.machines = version.machines;
  row.machines_total = version.machines_total;
  row.rolled_back_to = state.rolled_back_to;
  return row;
}

BundleRow row_of(const Workspace& workspace, const std::string& name) {
  BundleRow row;
  row.name = name;
  const auto* wanted = workspace.hierarchy().bundle(name);
  row.in_yaml = wanted != nullptr;
  std::vector<bundle::Entry> before;
  for (const auto& version : workspace.inventory().bundle_versions(name)) {
    auto state = recorded_state(workspace, version);
    row.versions.push_back(row_of(version, state, before));
    if (wanted)
      for (const auto& [path, ring] : folders_of(workspace, *wanted, version.version))
        row.versions.back().folders.push_back({path.string(), ring});
    before = std::move(state.present);
  }
  if (!wanted) return row;
  row.due = bundle_due(workspace, *wanted).value_or("");
  for (auto& entry : desired_state(workspace, *wanted).present)
    if (!entry.overlap.empty()) row.overlaps.push_back(std::move(entry));
  return row;
}

std::vector<std::string> names_of(const Workspace& workspace) {
  std::vector<std::string> names;
  for (const auto& bundle : workspace.hierarchy().bundles) names.push_back(bundle.name);
  for (const auto& name : workspace.inventory().bundle_names())
    if (!workspace.hierarchy().bundle(name)) names.push_back(name);
  return names;
}

/// Where the files for all machines are.
std::string main_folder(const BundleRow& bundle, const BundleVersionRow& version) {
  for (const auto& folder : version.folders)
    if (folder.ring.empty()) return folder.path;
  return bundle.in_yaml ? "not written" : "-";
}

std::string note_of(const BundleRow& bundle, const BundleVersionRow& version) {
  std::vector<std::string> notes;
  if (version.rolled_back_to)
    notes.push_back(fmt::format("rolled back to v{}", *version.rolled_back_to));
  if (version.deployed)
    notes.push_back(fmt::format("deployed {}: {} of {} machines", to_date(*version.deployed),
                                version.machines, version.machines_total));
  for (const auto& folder : version.folders)
    if (!folder.ring.empty()) notes.push_back("ring " + folder.ring + ": " + folder.path);
  const bool latest = version.version == bundle.versions.back().version;
  if (latest && !bundle.due.empty()) notes.push_back("due: " + bundle.due);
  if (latest && !bundle.in_yaml) notes.emplace_back("not in sealwright.yaml");
  return fmt::format("{}", fmt::join(notes, "; "));
}

using Line = std::vector<std::string>;

Line line_of(const BundleRow& bundle, const BundleVersionRow& version) {
  Line line = {fmt::format("{}@{}", bundle.name, version.version), to_date(version.made),
               fmt::format("+{} -{}", version.gained, version.lost)};
  for (const auto store : all_stores)
    line.push_back(std::to_string(version.certificates.at(store)));
  line.push_back(main_folder(bundle, version));
  line.push_back(note_of(bundle, version));
  return line;
}

std::string table_of(const std::vector<Line>& lines) {
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i)
      text += fmt::format("{:{}}{}", line[i], widths[i], i + 1 < line.size() ? "  " : "");
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  return text;
}

Json to_json(const BundleVersionRow& version) {
  Json counts = Json::object(), folders = Json::array();
  for (const auto store : all_stores)
    counts.set(std::string(bundle::yaml_name(store)), version.certificates.at(store));
  for (const auto& folder : version.folders)
    folders.push(Json::object()
                     .set("path", folder.path)
                     .set("ring", folder.ring.empty() ? Json() : Json(folder.ring)));
  Json json = Json::object();
  json.set("version", version.version).set("made", to_iso(version.made));
  json.set("certificates", std::move(counts));
  json.set("gained", version.gained).set("lost", version.lost);
  json.set("folders", std::move(folders));
  json.set("deployed", version.deployed ? Json(to_iso(*version.deployed)) : Json());
  json.set("machines", version.machines).set("machines_total", version.machines_total);
  json.set("rolled_back_to", version.rolled_back_to ? Json(*version.rolled_back_to) : Json());
  return json;
}

}  // namespace

std::vector<BundleRow> list_bundles(const Workspace& workspace, const std::string& name) {
  auto names = names_of(workspace);
  if (!name.empty()) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw Error(Error::Kind::state, "no bundle is called '" + printable(name) + "'",
                  did_you_mean(name, names));
    names = {name};
  }
  std::vector<BundleRow> rows;
  for (const auto& one : names) rows.push_back(row_of(workspace, one));
  return rows;
}

std::string to_text(const std::vector<BundleRow>& bundles) {
  if (bundles.empty()) return "there is no bundle\n";
  std::vector<Line> lines = {
      {"VERSION", "MADE", "CHANGE", "ROOT", "CA", "PUBLISHER", "DISALLOWED", "FOLDER", "NOTE"}};
  for (const auto& bundle : bundles) {
    if (bundle.versions.empty())
      lines.push_back({bundle.name, "-", "-", "-", "-", "-", "-", "-", "due: " + bundle.due});
    for (const auto& version : bundle.versions) lines.push_back(line_of(bundle, version));
  }
  std::string text = table_of(lines);
  for (const auto& bundle : bundles)
    for (const auto& entry : bundle.overlaps)
      text += fmt::format("{}: {} stays in {} {}\n", bundle.name, printable(entry.label),
                          bundle::registry_name(entry.store), entry.overlap);
  return text;
}

Json to_json(const std::vector<BundleRow>& bundles) {
  Json rows = Json::array();
  for (const auto& bundle : bundles) {
    Json versions = Json::array();
    for (const auto& version : bundle.versions) versions.push(to_json(version));
    rows.push(Json::object()
                  .set("name", bundle.name)
                  .set("in_yaml", bundle.in_yaml)
                  .set("due", bundle.due.empty() ? Json() : Json(bundle.due))
                  .set("versions", std::move(versions))
                  .set("overlaps", overlaps_json(bundle.overlaps)));
  }
  return Json::object().set("schema", "sealwright.bundle-list/1").set("bundles", std::move(rows));
}

Json overlaps_json(const std::vector<bundle::Entry>& entries) {
  Json rows = Json::array();
  for (const auto& entry : entries)
    rows.push(Json::object()
                  .set("store", bundle::yaml_name(entry.store))
                  .set("name", entry.label)
                  .set("stays", entry.overlap));
  return rows;
}

}  // namespace sealwright::workspace
