#pragma once
// Folders that save() wrote, as they are found later: by then anybody may have been there.

#include <filesystem>
#include <optional>
#include <string>

namespace sealwright::bundle {

/// What the manifest.json of a folder says it is.
struct Written {
  std::string bundle;
  int version = 1;
  std::string ring;
  bool operator==(const Written&) const = default;
};

/// Nothing where no manifest.json of ours is there, which is not judged further.
std::optional<Written> written_in(const std::filesystem::path& folder);

/// Why `folder` is more or less than what save() wrote: a link, a file that the manifest does not
/// list, one that changed or is gone. Nothing where it is just that, and can be taken away.
std::optional<std::string> why_not_as_written(const std::filesystem::path& folder);

}  // namespace sealwright::bundle
