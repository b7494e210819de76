#pragma once
// A workspace is the folder one PKI lives in: sealwright.yaml, its policies, and the inventory.
// This folder brings them together: what should exist, what does, and what follows.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "policy/load.h"
#include "store/inventory.h"

namespace sealwright::workspace {

constexpr const char* hierarchy_file = "sealwright.yaml";

/// The folder meant by `given`, or, where that is empty, the nearest parent of `start` that holds
/// sealwright.yaml. Throws Error::Kind::state when there is none.
std::filesystem::path find(const std::string& given, const std::filesystem::path& start);

/// An open workspace.
class Workspace {
 public:
  /// Reads the YAML and opens the inventory. Throws what these throw.
  static Workspace open(const std::filesystem::path& folder, Clock clock);

  const std::filesystem::path& folder() const { return folder_; }
  const policy::Hierarchy& hierarchy() const { return hierarchy_; }
  policy::PolicySet& policies() { return policies_; }
  store::Inventory& inventory() { return *inventory_; }
  const store::Inventory& inventory() const { return *inventory_; }
  Time now() const { return inventory_->now(); }
  /// A path of the YAML, which is relative to the folder.
  std::filesystem::path resolve(const std::filesystem::path& path) const { return folder_ / path; }
  /// A file or folder that the YAML wants written: inside the workspace, and none of its own
  /// files. Throws Error::Kind::policy.
  std::filesystem::path resolve_output(const std::filesystem::path& path) const;
  std::filesystem::path private_folder() const;  ///< Where the inventory and the key files are.

 private:
  std::filesystem::path folder_;
  policy::PolicySet policies_;
  policy::Hierarchy hierarchy_;
  std::shared_ptr<store::Inventory> inventory_;
};

/// Where the inventory of `hierarchy` is. Throws Error::Kind::input for what is not `sqlite:PATH`.
std::filesystem::path inventory_path(const policy::Hierarchy& hierarchy,
                                     const std::filesystem::path& folder);

}  // namespace sealwright::workspace
