#pragma once
// Inside driver only: where on the installation media a file is: [SourceDisksFiles] and
// [SourceDisksNames].

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "driver/package.h"

namespace sealwright::driver {

/// The media of one INF. Lookups take constant time.
class Media {
 public:
  explicit Media(const Inf& inf) : inf_(inf) {}

  struct Place {
    std::string path;     ///< Windows path within the package: "amd64\x.sys".
    std::string cabinet;  ///< The cabinet that the disk names instead, or "".
    int line = 0;         ///< Of the file's entry.
  };
  /// Where `file` is for `architecture`: [SourceDisksFiles.arch], else [SourceDisksFiles]. Nothing
  /// where neither lists it.
  std::optional<Place> find(std::string_view file, Architecture architecture);
  /// LayoutFile: other INFs that say where files are.
  bool has_layout_file() const;

 private:
  using Index = std::unordered_map<std::string, const InfEntry*>;
  const Index& index(const std::string& section);
  const InfEntry* entry(std::string_view section, Architecture architecture,
                        const std::string& key);

  const Inf& inf_;
  std::map<std::string, Index> indexes_;
};

}  // namespace sealwright::driver
