#include "driver/media.h"

#include "base/encoding.h"

namespace sealwright::driver {
namespace {
std::string join(const std::string& folder, const std::string& rest) {
  return folder.empty() ? rest : folder + "\\" + rest;
}
}  // namespace

const Media::Index& Media::index(const std::string& section) {
  const auto [found, added] = indexes_.try_emplace(section);
  if (!added) return found->second;
  if (const auto* source = inf_.find(section))
    for (const auto& entry : source->entries)
      if (entry.key) found->second.try_emplace(ascii_lower(*entry.key), &entry);
  return found->second;
}

const InfEntry* Media::entry(std::string_view section, Architecture architecture,
                             const std::string& key) {
  const auto plain = std::string(section);
  const auto decorated = plain + "." + std::string(inf_decoration(architecture));
  for (const auto& name : {decorated, plain}) {
    const auto& all = index(name);
    if (const auto found = all.find(key); found != all.end()) return found->second;
  }
  return nullptr;
}

std::optional<Media::Place> Media::find(std::string_view file, Architecture architecture) {
  // filename = diskid[, subdir[, size]]
  const auto* listed = entry("SourceDisksFiles", architecture, ascii_lower(file));
  if (!listed) return std::nullopt;
  Place place;
  place.line = listed->line;
  // diskid = description[, tag or cabinet[, unused[, path[, flags[, tag]]]]]
  const auto* disk = entry("SourceDisksNames", architecture, ascii_lower(listed->value(0)));
  auto folder = disk ? disk->value(3) : std::string();
  if (disk && ascii_lower(disk->value(1)).ends_with(".cab"))
    place.cabinet = join(folder, disk->value(1));
  place.path = join(join(folder, listed->value(1)), std::string(file));
  if (folder.empty() && listed->value(1).empty()) place.path = file;
  return place;
}

bool Media::has_layout_file() const { return !inf_.value("Version", "LayoutFile").empty(); }

}  // namespace sealwright::driver
