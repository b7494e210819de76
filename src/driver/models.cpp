// [Manufacturer] and the models sections: "INF Manufacturer Section", "INF Models Section".

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "base/encoding.h"
#include "driver/inf_facts.h"

namespace sealwright::driver {
namespace {
// Beyond any real package; bounds what hostile INFs make of small files.
constexpr std::size_t max_installs = 100'000;

class ModelsReader {
 public:
  ModelsReader(const Inf& inf, PackageReading& reading) : inf_(inf), reading_(reading) {}

  Models read() {
    if (const auto* manufacturers = inf_.find("Manufacturer"))
      for (const auto& entry : manufacturers->entries) read_manufacturer(entry);
    for (const auto architecture : reading_.platforms.architectures())
      for (const auto* name : {"DefaultInstall", "ClassInstall32", "InterfaceInstall32"})
        for (const auto* section : decorated_sections(inf_, name, architecture))
          add_install(name, section->line, architecture);
    std::sort(made_.architectures.begin(), made_.architectures.end());
    warn_of_platforms_without_models();
    return std::move(made_);
  }

 private:
  /// "%name% = models, NTamd64, NTarm64.10.0": models is for x86 (and Windows 2000), models.NTamd64
  /// for x64, …
  void read_manufacturer(const InfEntry& entry) {
    // A line without "=" names the models section itself.
    const auto& base = entry.value(0);
    if (base.empty()) return;
    read_models_section(base, Decoration{});
    for (std::size_t i = 1; i < entry.values.size(); ++i) {
      const auto decoration = parse_decoration(entry.value(i));
      if (decoration) read_models_section(base + "." + entry.value(i), *decoration);
    }
  }

  void read_models_section(const std::string& name, const Decoration& decoration) {
    if (!visited_.insert(ascii_lower(name)).second) return;
    const auto* section = inf_.find(name);
    if (!section) return;
    const auto own = decoration.architecture.value_or(Architecture::x86);
    if (std::find(made_.architectures.begin(), made_.architectures.end(), own) ==
        made_.architectures.end())
      made_.architectures.push_back(own);
    if (!reading_.platforms.applies(decoration, own)) return;
    for (const auto& entry : section->entries) read_model(entry, own);
  }

  /// "%device% = install-section, hardware id, compatible ids…"
  void read_model(const InfEntry& entry, Architecture architecture) {
    if (!entry.key || entry.value(0).empty()) return;
    add_install(entry.value(0), entry.line, architecture);
    for (std::size_t i = 1; i < entry.values.size(); ++i) {
      auto id = ascii_lower(entry.value(i));
      if (id.starts_with('*')) id.erase(0, 1);
      if (!id.empty() && known_ids_.insert(id).second) made_.hardware_ids.push_back(std::move(id));
    }
  }

  void add_install(const std::string& name, int line, Architecture architecture) {
    if (made_.installs.size() >= max_installs) return;
    if (known_installs_.emplace(ascii_lower(name), architecture).second)
      made_.installs.push_back({name, line, architecture});
  }

  void warn_of_platforms_without_models() {
    if (reading_.options.targets.empty()) return;
    for (const auto architecture : reading_.platforms.architectures()) {
      const auto is_for = [&](const auto& install) { return install.architecture == architecture; };
      if (std::any_of(made_.installs.begin(), made_.installs.end(), is_for)) continue;
      const auto name = std::string(inf_decoration(architecture));
      reading_.findings.push_back(
          {Finding::Severity::warning, "no-models", "", inf_.name(), 0,
           "has no models section for " + std::string(to_text(architecture)) +
               ": Windows finds no device in it there",
           "add [Models.NT" + name + "], or leave these systems out of --os"});
    }
  }

  const Inf& inf_;
  PackageReading& reading_;
  Models made_;
  std::unordered_set<std::string> visited_, known_ids_;
  std::set<std::pair<std::string, Architecture>> known_installs_;
};
}  // namespace

Models read_models(const Inf& inf, PackageReading& reading) {
  return ModelsReader(inf, reading).read();
}

bool is_installation_inf(const Inf& inf) {
  const auto& sections = inf.sections();
  return std::any_of(sections.begin(), sections.end(), [](const auto& section) {
    const auto name = ascii_lower(section.name);
    return name == "manufacturer" || name.starts_with("defaultinstall") ||
           name.starts_with("classinstall32") || name.starts_with("interfaceinstall32");
  });
}

}  // namespace sealwright::driver
