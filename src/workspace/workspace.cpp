#include "workspace/workspace.h"

#include "base/error.h"

namespace sealwright::workspace {

namespace fs = std::filesystem;

fs::path find(const std::string& given, const fs::path& start) {
  if (!given.empty()) {
    if (fs::exists(fs::path(given) / hierarchy_file)) return fs::canonical(given);
    throw Error(Error::Kind::state,
                "'" + given + "' is not a workspace (it holds no sealwright.yaml)",
                "make one with 'sealwright init " + given + " --hierarchy NAME'");
  }
  for (fs::path folder = fs::absolute(start);; folder = folder.parent_path()) {
    if (fs::exists(folder / hierarchy_file)) return folder;
    if (folder == folder.root_path()) break;
  }
  throw Error(Error::Kind::state,
              "no workspace here: neither this folder nor one above it holds sealwright.yaml",
              "make one with 'sealwright init DIR --hierarchy NAME', or name one with --workspace DIR");
}

fs::path inventory_path(const policy::Hierarchy& hierarchy, const fs::path& folder) {
  constexpr std::string_view scheme = "sqlite:";
  if (!hierarchy.inventory.starts_with(scheme))
    throw Error(Error::Kind::input,
                "inventory '" + hierarchy.inventory + "' is not supported by this version",
                "use sqlite:PATH");
  return folder / hierarchy.inventory.substr(scheme.size());
}

Workspace Workspace::open(const fs::path& folder, Clock clock) {
  Workspace workspace;
  workspace.folder_ = folder;
  workspace.policies_ = policy::PolicySet(folder / "policies");
  workspace.hierarchy_ = policy::load_hierarchy(folder, workspace.policies_);
  workspace.inventory_ = std::make_shared<store::Inventory>(
      store::Inventory::open(inventory_path(workspace.hierarchy_, folder), std::move(clock)));
  return workspace;
}

fs::path Workspace::resolve_output(const fs::path& path) const {
  const fs::path root = fs::canonical(folder_);
  const auto first_step = [&](const fs::path& of) {
    const fs::path inside = fs::weakly_canonical(of).lexically_relative(root);
    return inside.empty() ? std::string("..") : inside.begin()->string();
  };
  const std::string first = first_step(folder_ / path);
  if (first == ".." || first == ".")
    throw Error(Error::Kind::policy, "'" + path.string() + "' is outside the workspace",
                "write inside it, and copy from there");
  if (first == hierarchy_file || first == "policies" || first == first_step(private_folder()))
    throw Error(Error::Kind::policy, "'" + path.string() + "' is among the workspace's own files",
                "write into another folder, as out/");
  return folder_ / path;
}

fs::path Workspace::private_folder() const {
  return inventory_path(hierarchy_, folder_).parent_path();
}

}  // namespace sealwright::workspace
