// An Inspection as text for people and as JSON.

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "diagnose/inspection.h"
#include "x509/oids.h"

namespace sealwright::diagnose {
namespace {

using bundle::FoundCertificate;
using bundle::Location;
using Severity = bundle::Fault::Severity;

std::string_view to_text(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

std::string complaint(Severity severity, const std::string& where, const std::string& message,
                      const std::string& remedy) {
  std::string text = fmt::format("        {:<8} {}{}{}\n", to_text(severity), printable(where),
                                 where.empty() ? "" : ": ", printable(message, 400));
  if (!remedy.empty()) text += fmt::format("        remedy   {}\n", printable(remedy, 400));
  return text;
}

/// "codeSigning, timeStamping", "nothing", or "" where there is no limit.
std::string purposes_text(const FoundCertificate& found) {
  try {
    const auto purposes = bundle::purposes(found);
    if (!purposes) return {};
    std::vector<std::string> names;
    for (const auto& oid : *purposes) names.push_back(x509::key_purpose_name(oid));
    return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
  } catch (const Error&) {
    return "what cannot be read";
  }
}

/// What an import does with it.
std::string_view verb(const FoundCertificate& found, const bundle::Contents& contents) {
  if (contents.only_looks) return "look";
  return found.action == FoundCertificate::Action::add ? "put" : "take";
}

std::string certificate_text(const FoundCertificate& found, const bundle::Contents& contents) {
  std::string text =
      fmt::format("  {:<4}  {:<16}  {}", verb(found, contents),
                  found.store.empty() ? "-" : printable(found.store, 40), found.thumbprint.hex());
  if (found.certificate)
    text += fmt::format("  {}, until {}", printable(found.certificate->subject().display(), 120),
                        to_date(found.certificate->not_after()));
  if (found.location != Location::machine) text += fmt::format("  ({})", to_text(found.location));
  text += "\n";
  if (found.certificate)
    text += fmt::format("{:26}SHA-256 {}\n", "", to_hex(found.certificate->sha256()));
  if (const auto names = purposes_text(found); !names.empty())
    text += fmt::format("{:26}for {}\n", "", names);
  return text;
}

std::string setting_text(const bundle::FoundSetting& setting) {
  if (!setting.value)
    return fmt::format("  free  {}  {}\n", printable(setting.name), printable(setting.key));
  return fmt::format("  set   {} = 0x{:08x}  {}\n", printable(setting.name), *setting.value,
                     printable(setting.key));
}

/// Findings stand in the order of the certificates, then of the settings.
std::span<const ImportFinding> findings_of(const InspectedImport& import, int certificate,
                                           int setting) {
  using Place = std::pair<int, int>;
  const auto place = [](const ImportFinding& finding) {
    return finding.certificate >= 0 ? Place(0, finding.certificate) : Place(1, finding.setting);
  };
  const Place wanted = certificate >= 0 ? Place(0, certificate) : Place(1, setting);
  const auto found = std::ranges::equal_range(import.findings, wanted, {}, place);
  return {found.begin(), found.end()};
}

std::string findings_text(const InspectedImport& import, int certificate, int setting) {
  std::string text;
  for (const auto& finding : findings_of(import, certificate, setting))
    text += complaint(finding.severity, "", finding.message, finding.remedy);
  return text;
}

std::string body_text(const InspectedImport& import) {
  std::string text;
  const auto& contents = import.contents;
  for (std::size_t i = 0; i < contents.certificates.size(); ++i)
    text += certificate_text(contents.certificates[i], contents) +
            findings_text(import, static_cast<int>(i), -1);
  for (std::size_t i = 0; i < contents.settings.size(); ++i)
    text += setting_text(contents.settings[i]) + findings_text(import, -1, static_cast<int>(i));
  for (const auto& fault : contents.faults)
    text += complaint(fault.severity, bundle::to_text(fault.position), fault.message, fault.remedy);
  if (contents.other_changes > 0)
    text +=
        fmt::format("  and {} other changes, which are not looked at\n", contents.other_changes);
  return text.empty() ? "  nothing\n" : text;
}

std::string title_of(const bundle::Contents& contents) {
  const std::string title = contents.title.empty() ? "" : ", '" + printable(contents.title) + "'";
  return fmt::format("{}  ({}{})\n", printable(contents.path, 400), contents.format, title);
}

/// Imports that do the same stand together.
struct Group {
  std::string titles, body;
};

std::vector<Group> groups_of(const Inspection& inspection) {
  std::vector<Group> groups;
  for (const auto& import : inspection.imports) {
    std::string body = body_text(import);
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const Group& group) { return group.body == body; });
    if (same == groups.end())
      groups.push_back({title_of(import.contents), std::move(body)});
    else
      same->titles += title_of(import.contents);
  }
  return groups;
}

/// READMEs and certificates beside scripts are no surprise, and many.
std::string skipped_text(const std::vector<std::string>& skipped) {
  std::string text;
  for (const auto& path : skipped)
    if (!path.ends_with("README.txt") && !path.ends_with(".cer") && !path.ends_with("gpreport.xml"))
      text += (text.empty() ? "" : ", ") + printable(path);
  return text.empty() ? text : "\nnot read: " + text + "\n";
}

Json to_json(const bundle::Fault& fault) {
  Json json = Json::object();
  json.set("severity", to_text(fault.severity)).set("message", fault.message);
  if (!fault.position.file.empty()) json.set("file", fault.position.file);
  if (!fault.position.place.empty()) json.set("place", fault.position.place);
  if (!fault.remedy.empty()) json.set("remedy", fault.remedy);
  return json;
}

Json findings_json(const InspectedImport& import, int certificate, int setting) {
  Json list = Json::array();
  for (const auto& finding : findings_of(import, certificate, setting))
    list.push(Json::object()
                  .set("severity", to_text(finding.severity))
                  .set("message", finding.message)
                  .set("remedy", finding.remedy));
  return list;
}

/// Null: all.
Json purposes_json(const FoundCertificate& found) {
  std::optional<std::vector<Oid>> purposes;
  try {
    purposes = bundle::purposes(found);
  } catch (const Error&) {
    purposes.emplace();  // What cannot be read allows nothing.
  }
  if (!purposes) return {};
  Json list = Json::array();
  for (const auto& oid : *purposes) list.push(oid.text());
  return list;
}

Json certificate_json(const FoundCertificate& found, const bundle::Contents& contents) {
  Json json = Json::object();
  json.set("action", verb(found, contents));
  json.set("location", to_text(found.location)).set("store", found.store);
  json.set("thumbprint", found.thumbprint.hex());
  if (const auto& certificate = found.certificate) {
    json.set("sha256", to_hex(certificate->sha256()));
    json.set("subject", certificate->subject().text());
    json.set("issuer", certificate->issuer().text());
    json.set("not_before", to_iso(certificate->not_before()));
    json.set("not_after", to_iso(certificate->not_after()));
  }
  json.set("purposes", purposes_json(found));
  json.set("place", bundle::to_text(found.position));
  return json;
}

Json import_json(const InspectedImport& import) {
  const auto& contents = import.contents;
  Json certificates = Json::array(), settings = Json::array(), faults = Json::array();
  for (std::size_t i = 0; i < contents.certificates.size(); ++i)
    certificates.push(certificate_json(contents.certificates[i], contents)
                          .set("findings", findings_json(import, static_cast<int>(i), -1)));
  for (std::size_t i = 0; i < contents.settings.size(); ++i) {
    const auto& setting = contents.settings[i];
    Json row = Json::object();
    row.set("key", setting.key).set("name", setting.name);
    row.set("value", setting.value ? Json(std::int64_t{*setting.value}) : Json());
    settings.push(row.set("findings", findings_json(import, -1, static_cast<int>(i))));
  }
  for (const auto& fault : contents.faults) faults.push(to_json(fault));
  Json json = Json::object();
  json.set("path", contents.path).set("format", contents.format);
  if (!contents.title.empty()) json.set("title", contents.title);
  json.set("certificates", std::move(certificates)).set("settings", std::move(settings));
  json.set("faults", std::move(faults)).set("other_changes", contents.other_changes);
  return json;
}

}  // namespace

std::string to_text(const Inspection& inspection) {
  std::string text = printable(inspection.path, 400);
  if (!inspection.bundle.empty())
    text += fmt::format(": bundle {}@{}{}", printable(inspection.bundle), inspection.version,
                        inspection.faults.empty() ? ", every file as it was written" : "");
  text += "\n";
  for (const auto& fault : inspection.faults)
    text += complaint(fault.severity, bundle::to_text(fault.position), fault.message, fault.remedy);
  for (const auto& group : groups_of(inspection)) text += "\n" + group.titles + group.body;
  text += skipped_text(inspection.skipped);
  const auto counts = count(inspection);
  return text + fmt::format("\n{} {}, {} {}\n", counts.errors,
                            counts.errors == 1 ? "error" : "errors", counts.warnings,
                            counts.warnings == 1 ? "warning" : "warnings");
}

Json to_json(const Inspection& inspection) {
  Json imports = Json::array(), faults = Json::array();
  for (const auto& import : inspection.imports) imports.push(import_json(import));
  for (const auto& fault : inspection.faults) faults.push(to_json(fault));
  const auto counts = count(inspection);
  Json json = Json::object();
  json.set("schema", "sealwright.bundle-inspect/1").set("path", inspection.path);
  if (!inspection.bundle.empty())
    json.set("bundle", inspection.bundle).set("version", inspection.version);
  json.set("errors", counts.errors).set("warnings", counts.warnings);
  json.set("faults", std::move(faults)).set("imports", std::move(imports));
  json.set("skipped", Json::strings(inspection.skipped));
  return json;
}

}  // namespace sealwright::diagnose
