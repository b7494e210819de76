#pragma once
// The inventory as a tree: issuers above what they issued.

#include <string>
#include <vector>

#include "base/json.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

struct TreeNode {
  std::string label;  ///< "lab-root@1"; the bare name of what is not there yet.
  std::string kind;   ///< "authority" or "certificate"
  std::string state;  ///< "active" …, or "missing"
  std::string subject;
  std::optional<Time> ends;
  std::string mark;                ///< What is due or waited for, or empty.
  std::vector<TreeNode> children;  ///< Authorities first, then by name and number.
};

struct Tree {
  std::string workspace;
  std::vector<TreeNode> roots;
};

/// Every generation in the inventory below the one that issued it, and what the YAML wants below
/// the newest live generation of its issuer.
Tree make_tree(const Workspace& workspace, Time at);

enum class Lines { ascii, unicode };
/// At most `most` nodes are shown below one issuer; the rest is counted.
std::string to_text(const Tree& tree, Lines lines, std::size_t most = 100);
Json to_json(const Tree& tree);

}  // namespace sealwright::workspace
