// Policies found by name, with what they extend merged in.

#include <algorithm>
#include <charconv>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "base/suggest.h"
#include "policy/effective.h"
#include "policy/load.h"
#include "policy/policy_build.h"

namespace sealwright::policy {
namespace fs = std::filesystem;
namespace {
constexpr std::size_t max_chain = 16;

struct Wanted {
  std::string name;
  int revision = 0;  ///< 0: any.
};

Wanted split(const std::string& reference) {
  const auto at = reference.find('@');
  Wanted named{reference.substr(0, at), 0};
  if (at != std::string::npos)
    std::from_chars(reference.data() + at + 1, reference.data() + reference.size(), named.revision);
  return named;
}

/// `child` over `base`: maps are merged field by field, everything else is replaced.
Node merged(const Node& base, const Node& child) {
  if (base.type != Node::Type::map || child.type != Node::Type::map) return child;
  Node made = child;
  const auto* from = base.find("algorithm");
  const auto* to = child.find("algorithm");
  const bool another_algorithm = from && to && from->value != to->value;
  for (const auto& member : base.members) {
    // The size or curve of a key of another algorithm means nothing to this one.
    if (another_algorithm && (member.key.value == "size" || member.key.value == "curve")) continue;
    const auto own = std::find_if(made.members.begin(), made.members.end(), [&](const auto& other) {
      return other.key.value == member.key.value;
    });
    if (own == made.members.end()) {
      made.members.push_back(member);
    } else {
      own->value = merged(member.value, own->value);
    }
  }
  return made;
}

/// The revision a file says it has, without judging the rest of it; 0 when it cannot be told.
int stated_revision(const Node& root) {
  const auto* node = root.find("revision");
  int revision = 0;
  if (node) std::from_chars(node->value.data(), node->value.data() + node->value.size(), revision);
  return revision;
}

void check_file_name(const Policy& policy, const Node& name, const std::string& label) {
  const auto stem = fs::path(label).stem().string();
  if (policy.name == stem || policy.name + "@" + std::to_string(policy.revision) == stem) return;
  throw name.error("the policy is called '" + policy.name + "', but its file '" +
                       fs::path(label).filename().string() + "'",
                   "give both the same name");
}
}  // namespace

struct PolicySet::Loaded {
  PolicyPtr policy;
  Node tree;  ///< With what it extends; points into `documents`.
  std::vector<std::shared_ptr<const Document>> documents;
};

/// Where a policy may be, in the order of precedence.
std::vector<PolicySet::Candidate> PolicySet::candidates(const std::string& name,
                                                        int revision) const {
  std::vector<std::string> files = {name + ".yaml"};
  if (revision > 0) files.push_back(name + "@" + std::to_string(revision) + ".yaml");
  std::vector<Candidate> found;
  for (const auto& file : files)
    if (folder_ && fs::exists(*folder_ / file))
      found.push_back({"policies/" + file, read_text(*folder_ / file, max_yaml_bytes)});
  for (const auto& file : files)
    for (const auto& shipped : shipped_)
      if (shipped.path == "policies/" + file)
        found.push_back({"built-in policies/" + file, std::string(shipped.content)});
  return found;
}

PolicySet::LoadedPtr PolicySet::find(const std::string& reference, const Node* at,
                                     std::vector<std::string>& chain) {
  const auto wanted = split(reference);
  int other_revision = 0;
  bool workspace_has_another = false;
  for (const auto& candidate : candidates(wanted.name, wanted.revision)) {
    // A hierarchy does not get the program's own in silence where the workspace has another.
    const bool shipped = candidate.label.starts_with("built-in ");
    if (at && chain.empty() && workspace_has_another && shipped) break;
    if (wanted.revision > 0) {
      const int revision = stated_revision(parse_document(candidate.text, candidate.label)->root);
      if (revision != 0 && revision != wanted.revision) {
        if (other_revision == 0) other_revision = revision;
        workspace_has_another = workspace_has_another || !shipped;
        continue;
      }
    }
    if (std::find(chain.begin(), chain.end(), candidate.label) != chain.end()) {
      const std::string message = "policy '" + wanted.name + "' extends itself";
      throw at ? at->error(message) : Error(Error::Kind::input, message);
    }
    if (const auto known = loaded_.find(candidate.label); known != loaded_.end())
      return known->second;
    return loaded_[candidate.label] = load(candidate.text, candidate.label, chain);
  }
  const std::string message = other_revision
                                  ? "policy '" + wanted.name + "' has revision " +
                                        std::to_string(other_revision) + ", not " +
                                        std::to_string(wanted.revision)
                                  : "there is no policy '" + printable(wanted.name, 60) + "'";
  const auto hint = other_revision ? "write " + wanted.name + "@" + std::to_string(other_revision)
                                   : did_you_mean(wanted.name, names());
  throw at ? at->error(message, hint) : Error(Error::Kind::state, message, hint);
}

PolicySet::LoadedPtr PolicySet::load(const std::string& text, const std::string& label,
                                     std::vector<std::string>& chain) {
  auto made = std::make_shared<Loaded>();
  made->documents.push_back(parse_document(text, label));
  const Node& own = made->documents.front()->root;
  expect_map(own, "a policy");
  made->tree = own;
  LoadedPtr base;
  if (const auto* extends = own.find("extends")) {
    for (const char* field : {"version", "name", "revision"})  // these are never inherited
      if (!own.find(field)) throw missing_field(own, field, "a policy");
    const auto reference = policy_reference().read(*extends, "'extends'");
    if (chain.size() >= max_chain) throw extends->error("more than 16 policies extend each other");
    chain.push_back(label);
    base = find(reference.name, extends, chain);
    chain.pop_back();
    made->tree = merged(base->tree, own);
    made->documents.insert(made->documents.end(), base->documents.begin(), base->documents.end());
  }
  const auto written = read_object(policy_fields(), made->tree, "a policy");
  if (base && written.kind != base->policy->kind)
    throw own.find("kind")->error("a policy of kind " + to_text(written.kind) + " cannot extend '" +
                                  base->policy->name + "', which is of kind " +
                                  to_text(base->policy->kind));
  auto policy = make_policy(written);
  check_file_name(policy, *written.name.node, label);
  if (base) {
    policy.extends.push_back(base->policy->name + "@" + std::to_string(base->policy->revision));
    policy.extends.insert(policy.extends.end(), base->policy->extends.begin(),
                          base->policy->extends.end());
  }
  policy.text = text;
  policy.fingerprint = fingerprint_of(policy);
  made->policy = std::make_shared<const Policy>(std::move(policy));
  return made;
}

PolicyPtr PolicySet::get(const std::string& reference, const Node* at) {
  std::vector<std::string> chain;
  return find(reference, at, chain)->policy;
}

std::vector<std::string> PolicySet::names() const {
  std::set<std::string> found;
  const auto add = [&](const fs::path& path) {
    const auto stem = path.stem().string();
    if (path.extension() == ".yaml" && stem.find('@') == std::string::npos) found.insert(stem);
  };
  std::error_code ignored;  // a folder that is not there or not readable has none
  if (folder_)
    for (const auto& entry : fs::directory_iterator(*folder_, ignored)) add(entry.path());
  for (const auto& file : shipped_)
    if (file.path.starts_with("policies/")) add(fs::path(std::string(file.path)));
  return {found.begin(), found.end()};
}

bool PolicySet::is_own(const std::string& name) const {
  return folder_ && fs::exists(*folder_ / (name + ".yaml"));
}

std::vector<PolicyFile> PolicySet::files(const std::vector<PolicyPtr>& policies) {
  std::map<std::string, std::string> found;
  const auto add = [&](const Policy& policy) {
    const auto [known, added] = found.try_emplace(policy.name, policy.text);
    if (!added && known->second != policy.text)
      found.try_emplace(policy.name + "@" + std::to_string(policy.revision), policy.text);
  };
  for (const auto& policy : policies) {
    add(*policy);
    for (const auto& reference : policy->extends) add(*get(reference));
  }
  std::vector<PolicyFile> files;
  for (auto& [name, text] : found) files.push_back({name, text});
  return files;
}

Policy parse_policy(const std::string& text, const std::string& file, PolicySet& others) {
  std::vector<std::string> chain;
  return *others.load(text, file, chain)->policy;
}

}  // namespace sealwright::policy
