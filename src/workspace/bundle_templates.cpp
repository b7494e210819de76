#include "workspace/bundle_templates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/templates.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_template_bytes = std::size_t{1} << 20;

void check_place(const fs::path& folder, const fs::path& file, const std::string& shown) {
  const fs::path home = fs::canonical(folder) / "templates";
  std::error_code error;
  const fs::path inside = fs::weakly_canonical(file, error).lexically_relative(home);
  if (error) throw Error(Error::Kind::io, "cannot read '" + shown + "': " + error.message());
  if (inside.empty() || *inside.begin() == ".." || *inside.begin() == ".")
    throw Error(Error::Kind::policy, "'" + shown + "' is a link out of the workspace's templates/",
                "put the file itself there: everybody who gets the bundle reads it");
}

void check_utf8(const std::string& text, const std::string& shown) {
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    line += text[at] == '\n';
    if (!next_code_point(text, at))
      throw Error(Error::Kind::input, fmt::format("{}:{}: not UTF-8", shown, line));
  }
}

std::string without_mark(std::string text) {
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') lines += text[i];
  return lines;
}

}  // namespace

std::map<std::string, std::string> own_templates(const fs::path& folder) {
  std::map<std::string, std::string> own;
  for (const auto& name : bundle::template_names()) {
    const std::string shown = std::string(bundle::template_folder) + name;
    const fs::path file = folder / shown;
    std::error_code error;
    const auto status = fs::symlink_status(file, error);
    if (!fs::exists(status)) {
      // Something else than its absence: it may be there and mean something.
      if (status.type() == fs::file_type::none)
        throw Error(Error::Kind::io, "cannot read '" + shown + "': " + error.message());
      continue;
    }
    check_place(folder, file, shown);
    std::string text = read_text(file, max_template_bytes);
    check_utf8(text, shown);
    if (text = without_mark(std::move(text)); !text.empty()) own.emplace(name, std::move(text));
  }
  return own;
}

std::vector<std::string> unused_templates(const fs::path& folder) {
  const auto names = bundle::template_names();
  const fs::path home = folder / bundle::template_folder;
  std::vector<std::string> unused;
  std::error_code ignored;  // What cannot be listed is not there.
  for (fs::recursive_directory_iterator there(home, ignored), end; there != end;
       there.increment(ignored)) {
    const std::string name = there->path().lexically_relative(home).string();
    if (!there->is_directory(ignored) && !std::binary_search(names.begin(), names.end(), name))
      unused.push_back(name);
  }
  std::sort(unused.begin(), unused.end());
  return unused;
}

}  // namespace sealwright::workspace
