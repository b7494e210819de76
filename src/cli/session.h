#pragma once
// What commands that work on a workspace do first.

#include <memory>

#include "base/windows_version.h"
#include "cli/context.h"
#include "workspace/keys.h"

namespace sealwright::cli {

/// The workspace meant by -C or the current folder. What an earlier run left unfinished is settled
/// and said.
workspace::Workspace open_workspace(Context& context);
/// The same, or nothing where there is none and none was named: for commands that work without.
std::unique_ptr<workspace::Workspace> open_workspace_if_any(Context& context);

/// The keyrings of `workspace`; the passphrase is read when first needed.
workspace::Keys open_keys(workspace::Workspace& workspace, const std::string& passphrase_file,
                          Context& context);

/// "2026-11-21" or with a time; throws Error::Kind::usage.
Time parse_at(const std::string& text);
/// --at where given, else now.
Time judged_time(const std::string& at, const Context& context);

/// Windows versions of --os. Throws Error::Kind::usage for one that is not known.
std::vector<const WindowsTarget*> parse_os(const std::vector<std::string>& given);

/// Comma-separated words, also given several times.
std::vector<std::string> split_list(const std::vector<std::string>& given);

}  // namespace sealwright::cli
