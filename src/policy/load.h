#pragma once
// From files to checked values.

#include <filesystem>

#include "base/embedded.h"
#include "policy/hierarchy.h"

namespace sealwright::policy {

/// A policy as a file: what `init` copies into a workspace.
struct PolicyFile {
  std::string name;  ///< "driver-signing"
  std::string text;
};

struct Node;

/// Whether an authority or a certificate may be called so: a-z, 0-9 and -, a letter first, at most
/// 64, and neither self nor none, which mean something.
bool is_item_name(const std::string& text);

/// Finds policies by name: NAME.yaml in the workspace's folder first, else what came with the
/// program. NAME.yaml is the newest revision; older ones stay beside it as NAME@REVISION.yaml.
/// Reads each once.
class PolicySet {
 public:
  PolicySet() : shipped_(embedded_files()) {}  ///< Only what came with the program.
  explicit PolicySet(std::filesystem::path folder)
      : folder_(std::move(folder)), shipped_(embedded_files()) {}
  /// With other files than those that came with the program.
  PolicySet(std::optional<std::filesystem::path> folder, std::span<const EmbeddedFile> shipped)
      : folder_(std::move(folder)), shipped_(shipped) {}

  /// `reference` is NAME or NAME@REVISION. Throws Error::Kind::input for a mistake in the file and
  /// Error::Kind::state "there is no policy 'X'" with the nearest name as hint; with `at` as
  /// Error::Kind::input there.
  PolicyPtr get(const std::string& reference, const Node* at = nullptr);
  std::vector<std::string> names() const;  ///< Sorted.
  /// Whether a policy of this name is a file of the workspace.
  bool is_own(const std::string& name) const;
  /// The files of these policies and of all they extend, each once: what a workspace needs of its
  /// own.
  std::vector<PolicyFile> files(const std::vector<PolicyPtr>& policies);

 private:
  struct Loaded;
  struct Candidate {
    std::string label, text;
  };
  using LoadedPtr = std::shared_ptr<const Loaded>;
  friend Policy parse_policy(const std::string& text, const std::string& file, PolicySet& others);

  std::vector<Candidate> candidates(const std::string& name, int revision) const;
  LoadedPtr find(const std::string& reference, const Node* at, std::vector<std::string>& chain);
  LoadedPtr load(const std::string& text, const std::string& label,
                 std::vector<std::string>& chain);
  std::optional<std::filesystem::path> folder_;
  std::span<const EmbeddedFile> shipped_;
  std::map<std::string, LoadedPtr> loaded_;  ///< By label.
};

/// One policy file by itself; what it extends is looked up in `others`. `file` is how errors call
/// it, and its stem must be the policy's name.
Policy parse_policy(const std::string& text, const std::string& file, PolicySet& others);

/// Throws at the place of the first name in `lint: {relax}` or `negative: {breaks}` of this
/// policy's own file that is not among the `known` rules.
void check_rule_names(const Policy& policy, const std::vector<std::string>& known);

/// `file` is how errors call it. Checks everything that can be known without the inventory:
/// references, kinds, cycles, names taken twice, lab-only fields, and fields this version does not
/// support yet.
Hierarchy parse_hierarchy(const std::string& text, const std::string& file, PolicySet& policies);

/// Reads DIR/sealwright.yaml, with policies from DIR/policies and then the program. Errors call the
/// files by their path relative to `workspace`.
Hierarchy load_hierarchy(const std::filesystem::path& workspace);
Hierarchy load_hierarchy(const std::filesystem::path& workspace, PolicySet& policies);

/// Name and description of a hierarchy that came with the program (ca/NAME.yaml).
struct ShippedHierarchy {
  std::string name, description;
  std::string text;
};
std::vector<ShippedHierarchy> shipped_hierarchies();
ShippedHierarchy shipped_hierarchy(
    const std::string& name);  ///< Throws Error::Kind::usage with the nearest name.

/// `text` of a hierarchy with its `organization` set, comments and layout kept. An empty
/// organization leaves it as it is.
std::string instantiate(const std::string& text, const std::string& organization);

/// `subject` with {name} and {generation} filled in. Throws Error::Kind::policy when a value is
/// then longer than RFC 5280 allows.
x509::Name expand_subject(const Subject& subject, const std::string& name, int generation);
/// `subject` with the organization and country it lacks, and what the policy fixes.
Subject complete_subject(Subject subject, const std::string& organization,
                         const std::string& country, const Policy& policy);
/// Throws Error::Kind::policy when `name` is not what the policy's `subject` asks for.
void check_subject(const x509::Name& name, const Policy& policy);
/// A subject from RFC 4514 text, placeholders allowed.
Subject parse_subject(const std::string& rfc4514);

}  // namespace sealwright::policy
