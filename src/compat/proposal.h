#pragma once
// What --explain prints: the sealwright.yaml that makes the same thing properly, the policies it
// needs, and the Windows stores that must know it.

#include <string>
#include <vector>

namespace sealwright::compat {

struct Proposal {
  struct Policy {
    std::string name;  ///< "makecert-publisher"
    std::string text;  ///< Of policies/NAME.yaml.
  };
  std::string name = "from-makecert";    ///< Of the hierarchy.
  std::vector<std::string> notes;        ///< One sentence each: what YAML cannot say, and why.
  std::vector<std::string> authorities;  ///< Whole entries, "NAME: {…}", of one line each.
  std::vector<std::string> certificates;
  std::vector<std::string> exports;
  std::vector<std::string> bundles;  ///< May hold several lines, indented from 0.
  std::vector<Policy> policies;
  /// "CurrentUser\My on the signing machine": where Windows must have it, and why.
  std::vector<std::string> stores;
};

/// sealwright.yaml, each policy under "# policies/NAME.yaml" behind a "---" line, stores and notes
/// as comments in front. The first document is a hierarchy that policy::load takes, with those
/// policies beside it.
std::string to_text(const Proposal& proposal);

/// A name for the YAML from a common name or file: "Contoso.com(Test)" → "contoso-com-test";
/// `otherwise` where no letter is left.
std::string item_name(const std::string& text, const std::string& otherwise);

}  // namespace sealwright::compat
