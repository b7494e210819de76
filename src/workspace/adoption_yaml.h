#pragma once
// `import --write-yaml`: a sealwright.yaml that says what was found, so that the next plan has
// nothing to do.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ca/import_arrange.h"

namespace sealwright::workspace {

struct ImportYamlOptions {
  std::string password;  ///< A secret in YAML ("{env: V}"), for what is encrypted.
  std::string keyring;   ///< As given with --keyring, or empty.
  Time now{};
  /// The text of a workspace's YAML that the entries are added to; nothing: a new one.
  std::optional<std::string> current;
  std::set<std::string> present;                       ///< Names that it has.
  std::map<store::GenerationId, std::string> issuers;  ///< Names of those that were there before.
};

/// A double-quoted scalar; anything may stand in a file name.
std::string yaml_text(std::string_view text);

struct ImportYaml {
  struct File {
    std::string path;  ///< Relative to the folder of the YAML.
    std::string text;
  };
  std::string text;
  std::vector<File> files;  ///< Policies that the program does not have, certificates of P7B files.
  std::vector<policy::PolicyPtr> used;  ///< Policies of the new entries.
  std::size_t items = 0;                ///< That are in the YAML, and were not before.
  std::size_t left_out = 0;  ///< Live ones that are not: they come as history, unmanaged.
};

/// Authorities, and of end-entities those that have their keys; at most 200 of a folder. Due ones
/// get `renew: false`. Throws Error::Kind::input where `current` has a section in flow style that
/// entries cannot be added to.
ImportYaml yaml_for(const ca::Found& found, const ca::Arrangement& arrangement,
                    const ca::ImportPolicies& policies, const ImportYamlOptions& options);

}  // namespace sealwright::workspace
