#include "workspace/renewal.h"

#include <algorithm>

namespace sealwright::workspace {

Time due_at(const policy::Item& item, const store::Generation& newest) {
  if (item.policy->renewal.window) return subtract(newest.not_after, *item.policy->renewal.window);
  return newest.not_after - (newest.not_after - newest.not_before) / 4;
}

RenewalAnswer renewal_due(const policy::Item& item,
                          const std::vector<store::Generation>& generations, Time now) {
  const store::Generation* newest = nullptr;
  for (const auto& generation : generations)
    if (store::is_live(generation.state) && (!newest || generation.number > newest->number))
      newest = &generation;
  if (!newest || now < due_at(item, *newest)) return {};
  const std::string until = "'" + newest->label() + "' ends at " + to_iso(newest->not_after);
  if (!item.renew) return {false, until + ", and its YAML says renew: false"};
  if (item.policy->is_authority())
    return {false,
            until + ": an authority is replaced by a rotation, which this version does not do"};
  return {true, until};
}

}  // namespace sealwright::workspace
