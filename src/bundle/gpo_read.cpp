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
  BackupReader(const Folder& folder, Contents& contents) : folder_(folder), contents_(contents) {}

  void read() {
    const auto* backup = folder_.find("Backup.xml");
    if (!backup)
      return fault(Fault::Severity::error, "", "it has no Backup.xml, so Import-GPO refuses it",
                   "copy the whole folder of the backup");
    if (!folder_.find("bkupInfo.xml"))
      fault(Fault::Severity::error, "", "it has no bkupInfo.xml, so Import-GPO does not find it",
            "copy the whole folder of the backup");
    document_ = parsed_xml(*backup->content);
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
    for (const auto& file : folder_.files()) {
      const std::string name = ascii_lower(file.path);
      if (name.starts_with("domainsysvol/") && !listed_.contains(name))
        fault(Fault::Severity::warning, file.path,
              "Backup.xml does not list it, so it is not imported",
              "make the backup again, or take the file out");
    }
  }

  void read_listed(pugi::xml_node listed) {
    const std::string location = attribute(listed, "Location");
    if (location.empty()) return;  // Named, and not in the backup: GPMC lists Adm\*.* that way.
    const auto* file = folder_.find(location);
    if (!file)
      return fault(Fault::Severity::error, printable(location),
                   "Backup.xml lists it and it is not there, so Import-GPO fails (0x8007000D)",
                   "copy the whole folder of the backup");
    if (!listed_.insert(ascii_lower(file->path)).second) return;
    const std::string name = target(listed, *file);
    const bool user = name.starts_with("domainsysvol/gpo/user/");
    const std::string hive = user ? "HKEY_CURRENT_USER" : "HKEY_LOCAL_MACHINE";
    std::vector<RegistryChange> changes;
    if (name.ends_with("/registry.pol")) {
      changes = registry_pol_changes(*file->content, hive, file->path, contents_.faults);
      side(user).registry = true;
    } else if (name.ends_with("/preferences/registry/registry.xml")) {
      changes = registry_xml_changes(*file->content, file->path, contents_.faults);
      side(user).preference = true;
    } else {
      note_other(*file);
    }
    for (auto& change : changes) add_bounded(changes_, std::move(change));
  }

  /// Where the file goes, as "domainsysvol/gpo/machine/registry.pol": Path says that, and Location
  /// where it lies.
  std::string target(pugi::xml_node listed, const Folder::File& file) {
    std::string path = ascii_lower(attribute(listed, "Path"));
    for (char& c : path)
      if (c == '\\') c = '/';
    constexpr std::string_view sides[][2] = {{"%gpo_mach_fspath%", "domainsysvol/gpo/machine"},
                                             {"%gpo_user_fspath%", "domainsysvol/gpo/user"}};
    for (const auto& [variable, folder] : sides)
      if (path.starts_with(variable)) path.replace(0, variable.size(), folder);
    if (path != ascii_lower(file.path))
      fault(Fault::Severity::error, file.path,
            "Backup.xml says that it goes to '" + printable(attribute(listed, "Path")) +
                "', which is another place than its own",
            "make the backup again: nobody's console writes this");
    return path;
  }

  static std::string attribute(pugi::xml_node node, std::string_view name) {
    for (const auto& one : node.attributes())
      if (std::string_view full = one.name(); full.substr(full.find(':') + 1) == name)
        return one.value();
    return {};
  }

  /// Scripts run as the system; the rest has other editors.
  void note_other(const Folder::File& file) {
    const bool script = ascii_lower(file.path).find("/scripts/") != std::string::npos;
    fault(script ? Fault::Severity::warning : Fault::Severity::note, file.path,
          script ? "a script that the machines run, which is not looked at"
                 : "it goes to the machines too, and is not looked at",
          script ? "read it: it can change all that this says" : "");
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

  const Folder& folder_;
  Contents& contents_;
  pugi::xml_document document_;
  pugi::xml_node core_;
  std::set<std::string> listed_;
  Side sides_[2];
  std::vector<RegistryChange> changes_;
};

}  // namespace

void read_gpo_backup(const Folder& folder, Contents& contents) {
  contents.format = "gpo";
  BackupReader(folder, contents).read();
}

}  // namespace sealwright::bundle
