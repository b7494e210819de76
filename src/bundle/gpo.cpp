#include "bundle/gpo.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "bundle/blob.h"
#include "bundle/gpo_parts.h"
#include "bundle/registry_pol.h"
#include "bundle/settings.h"

namespace sealwright::bundle {
namespace {

constexpr const char* public_key_settings =
    "http://www.microsoft.com/GroupPolicy/Settings/PublicKey";
constexpr const char* registry_settings = "http://www.microsoft.com/GroupPolicy/Settings/Registry";

// Client side extensions with the tools that edit them, sorted ([MS-GPOL] 2.2.4): registry and
// certificates ([MS-GPEF] 1.9), administrative templates of users ([MS-GPREG] 1.9), and registry
// preferences ([MS-GPPREF] 1.9).
constexpr const char* certificate_extensions =
    "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{53D6AB1D-2488-11D1-A28C-00C04FB94F17}]"
    "[{B1BE8D72-6EAC-11D2-A4EA-00C04F79F83A}{53D6AB1D-2488-11D1-A28C-00C04FB94F17}]";
constexpr const char* user_registry_extensions =
    "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{D02B1F73-3407-48AE-BA88-E8213C6761F1}]";
constexpr const char* preference_extensions =
    "[{00000000-0000-0000-0000-000000000000}{BEE07A6A-EC9F-4659-B8C9-0B1937907C83}]"
    "[{B087BE9D-ED37-454F-AF9C-04291E351182}{BEE07A6A-EC9F-4659-B8C9-0B1937907C83}]";
constexpr const char* preference_file = "Preferences/Registry/Registry.xml";

Gpo gpo_of(const State& state, const FormatRequest& request, const std::string& backup_id) {
  Gpo gpo;
  gpo.guid = derived_guid(identity_of("gpo", state));
  gpo.backup_id = backup_id;
  gpo.name = title(state, request);
  gpo.comment = fmt::format("{} version {}", state.name, state.version);
  gpo.workspace_id = state.workspace_id;
  gpo.made = state.made;
  gpo.version = state.version;
  return gpo;
}

const char* report_element(Store store) {
  switch (store) {
    case Store::root:
      return "q1:RootCertificate";
    case Store::ca:
      return "q1:IntermediateCACertificate";
    case Store::trusted_publisher:
      return "q1:TrustedPublishersCertificate";
    case Store::disallowed:
      return "q1:UntrustedCertificate";
  }
  return "";
}

void report_certificates(pugi::xml_node side, const State& state) {
  pugi::xml_node extension =
      add_extension(side, public_key_settings, "q1:PublicKeySettings", "Public Key");
  for (const auto& entry : state.present) {
    pugi::xml_node certificate = add_element(extension, report_element(entry.store));
    add_text(certificate, "q1:IssuedTo", entry.certificate.subject().display());
    add_text(certificate, "q1:IssuedBy", entry.certificate.issuer().display());
    add_text(certificate, "q1:ExpirationDate", to_iso(entry.certificate.not_after()));
    add_element(certificate, "q1:Data")
        .text()
        .set(to_hex_upper(encode_blob(entry.certificate, entry.purposes)).c_str());
  }
}

void report_numbers(pugi::xml_node side, const std::vector<PolicyInstruction>& instructions) {
  pugi::xml_node extension;
  for (const auto& instruction : instructions) {
    if (instruction.type != reg_dword) continue;
    if (!extension)
      extension = add_extension(side, registry_settings, "q1:RegistrySettings", "Registry");
    pugi::xml_node setting = add_element(extension, "q1:RegistrySetting");
    add_text(setting, "q1:KeyPath", instruction.key);
    add_text(setting, "q1:AdmSetting", "false");
    pugi::xml_node value = add_element(setting, "q1:Value");
    add_text(value, "q1:Name", instruction.value);
    ByteReader reader(instruction.data, "setting");
    add_text(value, "q1:Number", std::to_string(reader.u32()));
  }
}

std::vector<OutputFile> policy_backup(const State& state, const FormatRequest& request) {
  const auto machine = policy_instructions(state), user = user_policy_instructions(state);
  Gpo gpo = gpo_of(state, request, gpo_backup_id(state, request));
  gpo.machine = {certificate_extensions, {{"registry.pol", encode_registry_pol(machine)}}};
  if (!user.empty())
    gpo.user = {user_registry_extensions, {{"registry.pol", encode_registry_pol(user)}}};
  gpo.report = gpo_report(gpo, [&](pugi::xml_node side, bool of_users) {
    if (!of_users) report_certificates(side, state);
    report_numbers(side, of_users ? user : machine);
  });
  return backup_files(gpo);
}

using Items = std::vector<PreferenceItem> (*)(const State& state, bool user);

std::vector<OutputFile> preference_backup(const State& state, const FormatRequest& request,
                                          const std::string& backup_id, Items items_of) {
  Gpo gpo = gpo_of(state, request, backup_id);
  for (const bool user : {false, true})
    if (const auto items = items_of(state, user); !items.empty())
      (user ? gpo.user : gpo.machine) = {
          preference_extensions, {{preference_file, registry_xml(items, gpo.made, gpo.guid)}}};
  gpo.report = gpo_report(gpo, [&](pugi::xml_node side, bool user) {
    report_items(side, items_of(state, user), gpo.made, gpo.guid);
  });
  return backup_files(gpo);
}

std::string backup_id(const char* kind, const State& state, const FormatRequest& request) {
  return derived_guid({kind, state.workspace_id, state.name, std::to_string(state.version),
                       is_preference(request) ? "preference" : "policy", title(state, request),
                       content_of(state).dump(-1)});
}

}  // namespace

bool is_preference(const FormatRequest& request) { return request.option("flavor") != "policy"; }

std::string gpo_backup_id(const State& state, const FormatRequest& request) {
  return backup_id("gpo-backup", state, request);
}

std::string gpo_removal_id(const State& state, const FormatRequest& request) {
  return backup_id("gpo-removal", state, request);
}

std::vector<OutputFile> gpo_backup(const State& state, const FormatRequest& request) {
  if (!is_preference(request)) return policy_backup(state, request);
  auto files = preference_backup(state, request, gpo_backup_id(state, request), preference_items);
  for (auto& file :
       preference_backup(state, request, gpo_removal_id(state, request), preference_removal_items))
    files.push_back({"remove/" + file.path, std::move(file.content)});
  return files;
}

}  // namespace sealwright::bundle
