// Reads the backup of a Group Policy Object: what it carries, and whether clients would get it.

#include <fmt/format.h>

#include <pugixml.hpp>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/readers.h"
#include "bundle/xml_read.h"

namespace sealwright::bundle {
namespace {

// [MS-GPREG] 1.9, [MS-GPPREF] 1.9
constexpr std::string_view registry_extension = "{35378eac-683f-11d2-a89a-00c04fbbcfa2}";
constexpr std::string_view preference_extension = "{b087be9d-ed37-454f-af9c-04291e351182}";

class BackupReader {
 public:
  BackupReader(const std::vector<OutputFile>& files, Contents& contents)
      : files_(files), contents_(contents) {}

  void read() {
    const auto* backup = find_file(files_, "Backup.xml");
    if (!backup)
      return fault(Fault::Severity::error, "", "it has no Backup.xml, so Import-GPO refuses it",
                   "copy the whole folder of the backup");
    if (!find_file(files_, "bkupInfo.xml"))
      fault(Fault::Severity::error, "", "it has no bkupInfo.xml, so Import-GPO does not find it",
            "copy the whole folder of the backup");
    document_ = parsed_xml(backup->content);
    const auto scheme = document_.document_element();
    if (local_name(scheme) != "GroupPolicyBackupScheme")
      throw Error(Error::Kind::input, "Backup.xml is not the backup of a policy");
    const auto object = child(scheme, "GroupPolicyObject");
    core_ = child(object, "GroupPolicyCoreSettings");
    contents_.title = child(core_, "DisplayName").text().get();
    read_files(object);
    for (const bool user : {false, true}) check_side(user);
    interpret(changes_, contents_);
  }

 private:
  struct Side {
    bool registry = false, preference = false;
  };

  void fault(Fault::Severity severity, const std::string& file, std::string message,
             std::string remedy) {
    contents_.faults.push_back({severity, {file, ""}, std::move(message), std::move(remedy)});
  }

  void read_files(pugi::xml_node object) {
    for (const auto extension : object.children()) {
      if (local_name(extension) != "GroupPolicyExtension") continue;
      for (const auto listed : extension.children())
        if (local_name(listed) == "FSObjectFile") read_listed(listed);
    }
    for (const auto& file : files_) {
      const std::string name = ascii_lower(file.path);
      if (name.starts_with("domainsysvol/") && !listed_.contains(name))
        fault(Fault::Severity::warning, file.path,
              "Backup.xml does not list it, so it is not imported",
              "make the backup again, or take the file out");
    }
  }

  void read_listed(pugi::xml_node listed) {
    std::string location;
    for (const auto& attribute : listed.attributes())
      if (std::string_view(attribute.name()).ends_with("Location")) location = attribute.value();
    if (location.empty()) return;  // Named, and not in the backup: GPMC lists Adm\*.* that way.
    const auto* file = find_file(files_, location);
    if (!file)
      return fault(Fault::Severity::error, printable(location),
                   "Backup.xml lists it and it is not there, so Import-GPO fails (0x8007000D)",
                   "copy the whole folder of the backup");
    const std::string name = ascii_lower(file->path);
    listed_.insert(name);
    const bool user = name.starts_with("domainsysvol/gpo/user/");
    const std::string hive = user ? "HKEY_CURRENT_USER" : "HKEY_LOCAL_MACHINE";
    std::vector<RegistryChange> changes;
    if (name.ends_with("/registry.pol")) {
      changes = registry_pol_changes(file->content, hive, file->path, contents_.faults);
      side(user).registry = true;
    } else if (name.ends_with("/preferences/registry/registry.xml")) {
      changes = registry_xml_changes(file->content, file->path, contents_.faults);
      side(user).preference = true;
    }
    for (auto& change : changes) add_bounded(changes_, std::move(change));
  }

  Side& side(bool user) { return sides_[user ? 1 : 0]; }

  /// Whether the clients get to see what a side holds ([MS-GPOL] 3.2.5.1).
  void check_side(bool user) {
    const auto& held = side(user);
    if (!held.registry && !held.preference) return;
    const char* name = user ? "User" : "Machine";
    const std::string extensions =
        ascii_lower(child(core_, std::string(name) + "ExtensionGuids").text().get());
    if (held.registry && extensions.find(registry_extension) == std::string::npos)
      unread(name, "registry.pol", registry_extension);
    if (held.preference && extensions.find(preference_extension) == std::string::npos)
      unread(name, "Registry.xml", preference_extension);
    if (child(core_, std::string(name) + "VersionNumber").text().as_ullong() == 0)
      fault(Fault::Severity::error, "Backup.xml",
            fmt::format("{}VersionNumber is 0, so clients take this side for empty", name),
            "raise it: 65537 is version 1 in the directory and in SYSVOL");
  }

  void unread(const char* side, const char* file, std::string_view extension) {
    fault(Fault::Severity::error, "Backup.xml",
          fmt::format("{}ExtensionGuids does not name {}, so clients never read {}", side,
                      ascii_upper(extension), file),
          "add the extension with its tool, in the order of the extensions");
  }

  const std::vector<OutputFile>& files_;
  Contents& contents_;
  pugi::xml_document document_;
  pugi::xml_node core_;
  std::set<std::string> listed_;
  Side sides_[2];
  std::vector<RegistryChange> changes_;
};

}  // namespace

void read_gpo_backup(const std::vector<OutputFile>& files, Contents& contents) {
  contents.format = "gpo";
  BackupReader(files, contents).read();
}

}  // namespace sealwright::bundle
