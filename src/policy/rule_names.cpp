// Names of lint rules in a policy. The rules live a floor above, so the names come from there.

#include <algorithm>

#include "base/encoding.h"
#include "base/suggest.h"
#include "policy/load.h"
#include "policy/tree.h"

namespace sealwright::policy {
namespace {

void check_name(const Node& node, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), node.value) != known.end()) return;
  throw node.error("there is no rule '" + printable(node.value, 60) + "'",
                   did_you_mean(node.value, known));
}
}  // namespace

void check_rule_names(const Policy& policy, const std::vector<std::string>& known) {
  const auto document = parse_document(policy.text, policy.place.file);
  const auto& root = document->root;
  if (const auto* lint = root.find("lint"))
    if (const auto* relax = lint->find("relax"))
      for (const auto& entry : relax->items)
        if (const auto* rule = entry.find("rule")) check_name(*rule, known);
  if (const auto* negative = root.find("negative"))
    if (const auto* breaks = negative->find("breaks")) check_name(*breaks, known);
}

}  // namespace sealwright::policy
