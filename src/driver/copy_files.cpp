// What install sections copy: "INF CopyFiles Directive", "INF CopyINF Directive", "INF DDInstall
// Section".

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "base/encoding.h"
#include "driver/inf_facts.h"
#include "driver/media.h"

namespace sealwright::driver {
namespace {
// Beyond any real package; bounds what hostile INFs make of small files.
constexpr std::size_t max_steps = 4 * max_package_files;
constexpr int max_needs_depth = 16;

/// Files of Windows that packages may not ship (Windows XP and Server 2003 redistribution rules).
bool belongs_to_windows(std::string_view lower_name) {
  static constexpr std::array<std::string_view, 24> names = {
      "cfgmgr32.dll", "d3d8.dll",     "d3d9.dll",     "ddraw.dll",    "drmk.sys",
      "dsound.dll",   "hal.dll",      "hidclass.sys", "hidparse.sys", "kernel32.dll",
      "ks.sys",       "ndis.sys",     "ntdll.dll",    "ntoskrnl.exe", "opengl32.dll",
      "portcls.sys",  "pscript5.dll", "setupapi.dll", "stream.sys",   "unidrv.dll",
      "usbd.sys",     "usbhub.sys",   "usbser.sys",   "winusb.sys"};
  return std::find(names.begin(), names.end(), lower_name) != names.end();
}

/// The last part of a Windows path.
std::string file_name(std::string_view path) {
  return std::string(path.substr(path.find_last_of("/\\") + 1));  // npos + 1 is 0
}

class CopyReader {
 public:
  CopyReader(const Inf& inf, PackageReading& reading) : inf_(inf), reading_(reading) {}

  std::vector<PackageFile> read(const std::vector<InstallSection>& installs) {
    for (const auto& install : installs) read_install(inf_, install, 0);
    return std::move(files_);
  }

 private:
  /// Where a file is named, for messages.
  struct Origin {
    const Inf& inf;
    const InfSection& section;
    int line;
    Architecture architecture;
  };

  void add_finding(const Origin& at, Finding::Severity severity, std::string id, std::string alias,
                   std::string message, std::string remedy) {
    // Architectures share lines: each is said once.
    if (said_.emplace(id, at.inf.name(), at.line, message).second)
      reading_.findings.push_back({severity, std::move(id), std::move(alias), at.inf.name(),
                                   at.line, std::move(message), std::move(remedy)});
  }

  /// A DDInstall section and those that belong to it by their names.
  void read_install(const Inf& inf, const InstallSection& install, int depth) {
    const auto sections = decorated_sections(inf, install.name, install.architecture);
    if (sections.empty() && depth == 0) missing_install(inf, install);
    for (const auto* section : sections) {
      if (!visit(inf, *section, install.architecture)) continue;
      read_directives(inf, *section, install.architecture, depth);
      for (const auto* suffix : {".CoInstallers", ".Interfaces", ".Components"})
        if (const auto* more = inf.find(section->name + suffix))
          read_directives(inf, *more, install.architecture, depth);
    }
  }

  bool visit(const Inf& inf, const InfSection& section, Architecture architecture) {
    return visited_.emplace(&inf, &section, architecture).second && ++steps_ < max_steps;
  }

  void missing_install(const Inf& inf, const InstallSection& install) {
    if (said_.emplace("no-install-section", inf.name(), 0, ascii_lower(install.name)).second)
      reading_.findings.push_back(
          {Finding::Severity::warning, "no-install-section", "", inf.name(), install.line,
           "the install section [" + printable(install.name) + "] is not in the INF",
           "add it, or correct its name in the models section"});
  }

  void read_directives(const Inf& inf, const InfSection& section, Architecture architecture,
                       int depth) {
    for (const auto& entry : section.entries) {
      if (!entry.key) continue;
      const auto key = ascii_lower(*entry.key);
      if (key == "copyfiles")
        read_copy_files({inf, section, entry.line, architecture}, entry);
      else if (key == "copyinf")
        read_copy_inf({inf, section, entry.line, architecture}, entry);
      else if (key == "needs")
        read_needs(inf, section, entry, architecture, depth);
      else if (key == "addinterface")
        read_install(inf, {entry.value(2), entry.line, architecture}, depth + 1);
      else if (key == "addcomponent")
        read_install(inf, {entry.value(2), entry.line, architecture}, depth + 1);
      else if (key.starts_with('{'))  // InterfaceInstall32: {class} = section
        read_install(inf, {entry.value(0), entry.line, architecture}, depth + 1);
    }
  }

  /// Needs names sections of this INF or of those that Include names; Windows' own are not here.
  void read_needs(const Inf& inf, const InfSection& section, const InfEntry& entry,
                  Architecture architecture, int depth) {
    if (depth >= max_needs_depth) return;
    std::vector<const Inf*> sources = {&inf};
    for (const auto* include : section.find_all("Include"))
      for (const auto& name : include->values) {
        const auto found = reading_.infs.find(ascii_lower(file_name(name)));
        if (found != reading_.infs.end()) sources.push_back(&found->second);
      }
    for (const auto& name : entry.values)
      for (const auto* source : sources)
        if (const auto* needed = source->find(name))
          if (visit(*source, *needed, architecture))
            read_directives(*source, *needed, architecture, depth + 1);
  }

  void read_copy_files(const Origin& at, const InfEntry& entry) {
    for (const auto& value : entry.values) {
      if (value.empty()) continue;
      if (value.starts_with('@')) {
        add_file(at, value.substr(1), value.substr(1));
      } else if (const auto* list = at.inf.find(value)) {
        read_list(at.inf, *list, at.architecture);
      } else if (!includes_other_infs(at.section)) {
        add_finding(at, Finding::Severity::warning, "no-copy-section", "",
                    "the section [" + printable(value) + "] that CopyFiles names is not in the INF",
                    "add it, or correct its name");
      }
    }
  }

  /// "destination[, source[, unused[, flags]]]"
  void read_list(const Inf& inf, const InfSection& list, Architecture architecture) {
    if (!visit(inf, list, architecture)) return;
    for (const auto& entry : list.entries) {
      const auto& destination = entry.value(0);
      if (destination.empty() || ++steps_ >= max_steps) continue;
      const auto& source = entry.value(1).empty() ? destination : entry.value(1);
      add_file({inf, list, entry.line, architecture}, destination, source);
    }
  }

  /// INFs to be copied lie beside this one.
  void read_copy_inf(const Origin& at, const InfEntry& entry) {
    for (const auto& name : entry.values) {
      if (name.empty()) continue;
      const auto found = reading_.folder.find(name);
      if (found.result == Folder::Found::Result::found)
        add_found(at, found, file_name(name));
      else
        not_found(at, found.result, name, name);
    }
  }

  static bool includes_other_infs(const InfSection& section) {
    return section.find("Include") != nullptr;
  }

  Media& media(const Inf& inf) { return media_.try_emplace(&inf, inf).first->second; }

  void add_file(const Origin& at, const std::string& destination, const std::string& source) {
    const auto place = media(at.inf).find(source, at.architecture);
    if (!place) {
      not_listed(at, source);
      return;
    }
    const auto found = reading_.folder.find(place->path);
    if (found.result == Folder::Found::Result::found) {
      add_found(at, found, destination);
      warn_of_windows_file(at, destination);
      return;
    }
    const bool in_cabinet =
        !place->cabinet.empty() &&
        reading_.folder.find(place->cabinet).result == Folder::Found::Result::found;
    if (in_cabinet)
      add_finding(at, Finding::Severity::error, "file-in-cabinet", "22.9.1",
                  "'" + printable(source) + "' of [" + printable(at.section.name) +
                      "] is in the cabinet '" + printable(place->cabinet) +
                      "', which this version does not unpack",
                  "put the file itself into the package");
    else
      not_found(at, found.result, source, place->path);
  }

  void not_found(const Origin& at, Folder::Found::Result result, const std::string& name,
                 const std::string& path) {
    const auto what = "'" + printable(name) + "' of [" + printable(at.section.name) + "] ";
    if (result == Folder::Found::Result::outside) {
      add_finding(at, Finding::Severity::error, "file-outside-package", "22.9.1",
                  what + "is outside the package: '" + printable(path) + "'",
                  "put the file into the package's folder");
      return;
    }
    const bool same = path == name;
    add_finding(at, Finding::Severity::error, "missing-file", "22.9.1",
                what + "is missing" + (same ? "" : ": no '" + printable(path) + "' in the package"),
                "put the file there, or correct [SourceDisksFiles] and [SourceDisksNames]");
  }

  void not_listed(const Origin& at, const std::string& source) {
    if (media(at.inf).has_layout_file()) {
      add_finding(at, Finding::Severity::note, "file-from-layout", "",
                  "'" + printable(source) +
                      "' is taken from Windows (LayoutFile): no catalog of this package lists it",
                  "");
      return;
    }
    add_finding(at, Finding::Severity::error, "not-in-source-disks-files", "22.9.10",
                "'" + printable(source) + "' of [" + printable(at.section.name) +
                    "] is missing from [SourceDisksFiles]",
                "list it there, or name the LayoutFile that does in [Version]");
  }

  void add_found(const Origin& at, const Folder::Found& found, const std::string& destination) {
    PackageFile file{found.path,  found.relative,  ascii_lower(file_name(destination)),
                     inf_.name(), at.section.name, at.line,
                     false};
    if (known_.emplace(file.relative, file.destination).second) files_.push_back(std::move(file));
  }

  void warn_of_windows_file(const Origin& at, const std::string& destination) {
    if (belongs_to_windows(ascii_lower(file_name(destination))))
      add_finding(at, Finding::Severity::warning, "windows-file", "22.9.8",
                  "possible Windows XP/Windows Server 2003 file redistribution violation ('" +
                      printable(destination) + "')",
                  "leave the file out: it is a part of Windows");
  }

  const Inf& inf_;
  PackageReading& reading_;
  std::vector<PackageFile> files_;
  std::set<std::tuple<const Inf*, const InfSection*, Architecture>> visited_;
  std::set<std::tuple<std::string, std::string, int, std::string>> said_;
  std::set<std::pair<std::string, std::string>> known_;
  std::map<const Inf*, Media> media_;
  std::size_t steps_ = 0;
};
}  // namespace

std::vector<PackageFile> read_copied_files(const Inf& inf,
                                           const std::vector<InstallSection>& installs,
                                           PackageReading& reading) {
  return CopyReader(inf, reading).read(installs);
}

}  // namespace sealwright::driver
