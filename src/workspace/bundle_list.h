#pragma once
// The versions of bundles: what each holds, and where it is.

#include <map>
#include <string>
#include <vector>

#include "workspace/bundles.h"

namespace sealwright::workspace {

struct BundleVersionRow {
  int version = 1;
  Time made{};
  std::map<bundle::Store, std::size_t> certificates;  ///< Of each store; all four are there.
  std::size_t gained = 0, lost = 0;                   ///< Against the version before.
  /// Where its files are, relative to the workspace; with its rings, those alone have theirs.
  struct Folder {
    std::string path, ring;
  };
  std::vector<Folder> folders;
  std::optional<Time> deployed;
  std::int64_t machines = 0, machines_total = 0;
  std::optional<int> rolled_back_to;
};

struct BundleRow {
  std::string name;
  bool in_yaml = true;
  std::string due;                         ///< Why a version must be written, or empty.
  std::vector<BundleVersionRow> versions;  ///< Oldest first.
  std::vector<bundle::Entry> overlaps;     ///< Of what the machines shall have now.
};

/// Those of the YAML in its order, then what only the inventory knows; or the one of this name.
/// Throws Error::Kind::state where nothing is called so.
std::vector<BundleRow> list_bundles(const Workspace& workspace, const std::string& name = {});

std::string to_text(const std::vector<BundleRow>& bundles);
/// "sealwright.bundle-list/1"
Json to_json(const std::vector<BundleRow>& bundles);
/// The rows "store", "name" and "until" of superseded certificates.
Json overlaps_json(const std::vector<bundle::Entry>& entries);

}  // namespace sealwright::workspace
