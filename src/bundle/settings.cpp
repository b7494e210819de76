#include "bundle/settings.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "trust/stores.h"

namespace sealwright::bundle {
namespace {

using Kind = Setting::Kind;
using Scope = Setting::Scope;

constexpr std::string_view software_publishing =
    R"(Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\Software Publishing)";
// wincrypt.h: CERT_TRUST_PUB_SAFER_LOCAL_MACHINE_REGPATH and its group policy twin.
constexpr std::string_view safer =
    R"(SOFTWARE\Microsoft\SystemCertificates\TrustedPublisher\Safer)";
constexpr std::string_view safer_policy =
    R"(Software\Policies\Microsoft\SystemCertificates\TrustedPublisher\Safer)";
// LocalSystem. HKEY_USERS\.DEFAULT is another name of the same hive.
constexpr std::string_view local_system = "S-1-5-18";

}  // namespace

std::string_view value_name(Kind kind) {
  return kind == Kind::wintrust_state ? "State" : "AuthenticodeFlags";
}

std::string_view scope_name(Scope scope) {
  switch (scope) {
    case Scope::machine:
      return "machine";
    case Scope::current_user:
      return "current";
    case Scope::default_user:
      return "default";
    case Scope::system:
      return "system";
  }
  return "";
}

Setting setting_from_json(const Json& json) {
  for (const Kind kind : {Kind::wintrust_state, Kind::authenticode_flags})
    for (const Scope scope :
         {Scope::machine, Scope::current_user, Scope::default_user, Scope::system})
      if (json.at("name").string() == value_name(kind) &&
          json.at("scope").string() == scope_name(scope))
        return {kind, scope, static_cast<std::uint32_t>(json.at("value").integer())};
  throw Error(Error::Kind::input, "the recorded bundle has an unknown setting '" +
                                      printable(json.at("name").string()) + "'");
}

std::string_view hive_of(Scope scope) {
  if (scope == Scope::machine) return "HKEY_LOCAL_MACHINE";
  return scope == Scope::current_user ? "HKEY_CURRENT_USER" : "HKEY_USERS";
}

std::string key_of(const Setting& setting, Place place) {
  if (setting.kind == Kind::authenticode_flags)
    return std::string(place == Place::policy ? safer_policy : safer);
  if (setting.scope == Scope::default_user)
    return fmt::format(R"(.DEFAULT\{})", software_publishing);
  if (setting.scope == Scope::system)
    return fmt::format(R"({}\{})", local_system, software_publishing);
  return std::string(software_publishing);
}

std::optional<std::uint32_t> windows_default(Kind kind) {
  if (kind == Kind::wintrust_state) return trust::default_wintrust_state;
  return std::nullopt;
}

std::string key_of(const Entry& entry) {
  return fmt::format(R"(SOFTWARE\Microsoft\SystemCertificates\{}\Certificates\{})",
                     entry.store == Store::root ? "ROOT" : registry_name(entry.store),
                     entry.certificate.thumbprint().hex());
}

}  // namespace sealwright::bundle
