#pragma once
// A workspace's own texts for its bundles: templates/bundle/NAME instead of the program's.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sealwright::workspace {

/// Those in `folder` of a workspace, by name, that stand for one of the program's; with LF, and
/// without byte order mark. An empty file counts as none, for that is what 'bundle template NAME >
/// FILE' reads while it runs.
///
/// Each must be a regular file of at most 1 MiB in UTF-8. A link must not lead out of the folder
/// templates/: what is read here is given to others. Throws Error::Kind::input with the file (and
/// line), Error::Kind::policy for such a link, Error::Kind::io for what cannot be read.
std::map<std::string, std::string> own_templates(const std::filesystem::path& folder);

/// Files in templates/bundle/ whose names are none of the program's, sorted: nothing reads them.
std::vector<std::string> unused_templates(const std::filesystem::path& folder);

}  // namespace sealwright::workspace
