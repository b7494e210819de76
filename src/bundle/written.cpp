#include "bundle/written.h"

#include <limits>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "bundle/write.h"

namespace sealwright::bundle {
namespace {

namespace fs = std::filesystem;

constexpr const char* manifest_name = "manifest.json";
constexpr std::size_t max_manifest_bytes = std::size_t{64} << 20;

Json manifest_of(const fs::path& folder) {
  return Json::parse(read_text(folder / manifest_name, max_manifest_bytes));
}

/// The files it lists, and the folders that these are in.
struct Listed {
  std::set<std::string> files = {manifest_name}, folders;
};
Listed listed_in(const Json& manifest) {
  Listed listed;
  for (const auto& row : manifest.at("files").items()) {
    const fs::path path = row.at("path").string();
    listed.files.insert(path.string());
    for (auto folder = path.parent_path(); !folder.empty() && folder != folder.parent_path();
         folder = folder.parent_path())
      listed.folders.insert(folder.string());
  }
  return listed;
}

/// The first thing in `folder` that `listed` does not have. Links are never followed.
std::optional<std::string> something_else(const fs::path& folder, const Listed& listed) {
  for (const auto& there : fs::recursive_directory_iterator(folder)) {
    const std::string path = there.path().lexically_relative(folder).string();
    const auto type = there.symlink_status().type();
    const bool known = type == fs::file_type::regular     ? listed.files.contains(path)
                       : type == fs::file_type::directory ? listed.folders.contains(path)
                                                          : false;
    if (!known) return path;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Written> written_in(const fs::path& folder) {
  try {
    const Json manifest = manifest_of(folder);
    const Json* ring = manifest.find("ring");
    const std::int64_t version = manifest.at("version").integer();
    if (version < 1 || version > std::numeric_limits<int>::max()) return std::nullopt;
    return Written{manifest.at("state").at("bundle").string(), static_cast<int>(version),
                   ring ? ring->string() : std::string()};
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<std::string> why_not_as_written(const fs::path& folder) {
  try {
    if (fs::symlink_status(folder).type() != fs::file_type::directory) return "it is not a folder";
    const auto other = something_else(folder, listed_in(manifest_of(folder)));
    if (other) return "'" + printable(*other) + "' is in it, too";
    if (!is_intact(folder)) return "its files are not as they were written";
    return std::nullopt;
  } catch (const Error&) {
    return "it has no manifest.json that can be read";
  } catch (const fs::filesystem_error& error) {
    return "it cannot be read: " + error.code().message();
  }
}

}  // namespace sealwright::bundle
