#include "bundle/registry_change.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/reader_parts.h"
#include "bundle/settings.h"

namespace sealwright::bundle {
namespace {

using Action = RegistryChange::Action;
constexpr std::uint32_t type_binary = 3, type_dword = 4;

/// The part of `key` behind `prefix`, which is lower case; nothing where it does not stand there.
std::optional<std::string> below(const std::string& key, std::string_view prefix) {
  if (ascii_lower(std::string_view(key).substr(0, prefix.size())) != prefix) return std::nullopt;
  if (key.size() == prefix.size()) return std::string();
  if (key[prefix.size()] != '\\') return std::nullopt;
  return key.substr(prefix.size() + 1);
}

struct StorePath {
  Location location = Location::machine;
  std::vector<std::string> parts;  ///< Store, "Certificates", thumbprint.
};

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < path.size();) {
    const auto slash = std::min(path.find('\\', at), path.size());
    if (slash > at) parts.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return parts;
}

/// As the registry goes about keys: backslashes more than one, at the ends too, count for nothing,
/// and the 32-bit view of SOFTWARE has the same stores.
std::string plain_key(const std::string& key) {
  auto parts = split(key);
  if (parts.size() > 1 && equal_ignoring_case(parts[0], "SOFTWARE") &&
      equal_ignoring_case(parts[1], "Wow6432Node"))
    parts.erase(parts.begin() + 1);
  return fmt::format("{}", fmt::join(parts, "\\"));
}

/// Where the stores of the registry are (System Store Locations, Windows SDK).
std::optional<StorePath> store_path(const RegistryChange& change) {
  const bool machine = change.hive == "HKEY_LOCAL_MACHINE";
  std::string key = change.key;
  if (change.hive == "HKEY_USERS") {
    const auto slash = key.find('\\');
    key = slash == std::string::npos ? "" : key.substr(slash + 1);
  }
  using L = Location;
  if (const auto found = below(key, R"(software\policies\microsoft\systemcertificates)"))
    return StorePath{machine ? L::machine_policy : L::user_policy, split(*found)};
  if (const auto found = below(key, R"(software\microsoft\systemcertificates)"))
    return StorePath{machine ? L::machine : L::user, split(*found)};
  if (const auto found = below(key, R"(software\microsoft\enterprisecertificates)");
      found && machine)
    return StorePath{L::enterprise, split(*found)};
  return std::nullopt;
}

bool is_setting(const RegistryChange& change) {
  constexpr std::array<std::array<std::string_view, 2>, 4> known = {{
      {R"(\microsoft\windows\currentversion\wintrust\trust providers\software publishing)",
       "State"},
      {R"(\systemcertificates\trustedpublisher\safer)", "AuthenticodeFlags"},
      {R"(\systemcertificates\root\protectedroots)", "Flags"},
      {R"(\systemcertificates\authroot)", "DisableRootAutoUpdate"},
  }};
  const std::string key = ascii_lower(change.key);
  for (const auto& [end, name] : known)
    if (key.ends_with(end) && equal_ignoring_case(change.name, name)) return true;
  return false;
}

class Interpreter {
 public:
  explicit Interpreter(Contents& contents) : contents_(contents) {}

  void take(RegistryChange change) {
    change.hive = ascii_upper(change.hive);
    change.key = plain_key(change.key);
    if (is_setting(change)) return take_setting(change);
    const auto path = store_path(change);
    if (!path)
      take_other(change);
    else if (path->parts.size() >= 3 && equal_ignoring_case(path->parts[1], "Certificates"))
      take_certificate(change, *path);
    else if (change.action == Action::delete_key)
      fault(Severity::warning, change,
            fmt::format("it deletes '{}' with all certificates in it", printable(change.key)),
            "delete the keys of single thumbprints");
    else if (change.action == Action::set_value)
      ++contents_.other_changes;
  }

  /// What is done last counts.
  void finish() {
    std::vector<FoundCertificate> last;
    std::set<std::string> seen;
    for (auto found = certificates_.rbegin(); found != certificates_.rend(); ++found)
      if (seen.insert(fmt::format("{} {} {}", static_cast<int>(found->location),
                                  ascii_lower(found->store), found->thumbprint.hex()))
              .second)
        last.push_back(std::move(*found));
    for (auto found = last.rbegin(); found != last.rend(); ++found)
      contents_.certificates.push_back(std::move(*found));
  }

 private:
  void fault(Severity severity, const RegistryChange& change, std::string message,
             std::string remedy) {
    contents_.faults.push_back({severity, change.position, std::move(message), std::move(remedy)});
  }

  /// Where nobody knows who looks: a certificate there is told, all else is counted.
  void take_other(const RegistryChange& change) {
    if (change.action == Action::create_key) return;
    ++contents_.other_changes;
    const std::string key = ascii_lower(change.key);
    const bool store = key.find("certificates") != std::string::npos ||
                       key.find("authroot") != std::string::npos ||
                       key.find("cryptsipdll") != std::string::npos;
    if (change.action == Action::set_value && (store || key.find('%') != std::string::npos))
      fault(Severity::warning, change,
            fmt::format("it writes to '{}', which is not looked at and may decide about trust",
                        printable(change.key)),
            "look up what reads this key");
  }

  void take_setting(const RegistryChange& change) {
    if (change.action != Action::set_value && change.action != Action::delete_value) return;
    FoundSetting setting{change.hive + "\\" + change.key, change.name, {}, change.position};
    if (change.action == Action::set_value) {
      if (change.type != type_dword || change.data.size() != 4)
        return fault(
            Severity::error, change,
            fmt::format("'{}' is not a DWORD, so Windows does not read it", printable(change.name)),
            "write it as a DWORD");
      setting.value = u32le(change.data);
    }
    contents_.settings.push_back(std::move(setting));
  }

  void take_certificate(const RegistryChange& change, const StorePath& path) {
    if (change.action == Action::create_key) return;
    const bool blob = equal_ignoring_case(change.name, "Blob");
    const bool removal = change.action == Action::delete_key ||
                         change.action == Action::delete_all_values ||
                         (change.action == Action::delete_value && blob);
    if (!removal && !blob) {
      ++contents_.other_changes;
      return;
    }
    // Windows takes no other spelling of the key, for a removal neither.
    const auto thumbprint = exact_thumbprint(path.parts[2]);
    if (!thumbprint || path.parts.size() > 3)
      return fault(Severity::error, change,
                   fmt::format("the key '{}' is not named by a thumbprint, so Windows does not "
                               "look into it",
                               printable(path.parts[2])),
                   "name it by the certificate's SHA-1, 40 hex digits");
    FoundCertificate found;
    found.action = removal ? FoundCertificate::Action::remove : FoundCertificate::Action::add;
    found.location = path.location;
    found.store = store_name(path.parts[0]);
    found.thumbprint = *thumbprint;
    found.position = change.position;
    if (removal && change.conditional) return;  // It may not be done; its filters are noted.
    if (!removal && !read_certificate(change, found)) return;
    if (!removal && path.parts[2] != thumbprint->hex())
      fault(
          Severity::note, change,
          fmt::format("the key '{}' is not written as Windows writes it", printable(path.parts[2])),
          "write the thumbprint as 40 upper-case digits");
    certificates_.push_back(std::move(found));
  }

  bool read_certificate(const RegistryChange& change, FoundCertificate& found) {
    if (change.type != type_binary) {
      fault(Severity::error, change, "'Blob' is not binary, so Windows does not read it",
            "write it as REG_BINARY");
      return false;
    }
    try {
      take_blob(found, change.data, contents_);
    } catch (const Error& error) {
      fault(Severity::error, change, error.message,
            "write the bundle again, or export the certificate anew");
      return false;
    }
    return true;
  }

  Contents& contents_;
  std::vector<FoundCertificate> certificates_;
};

}  // namespace

void interpret(const std::vector<RegistryChange>& changes, Contents& contents) {
  Interpreter interpreter(contents);
  for (const auto& change : changes) interpreter.take(change);
  interpreter.finish();
}

}  // namespace sealwright::bundle
