#include "workspace/negative.h"

namespace sealwright::workspace {

const policy::Negative* negative_of(const policy::Hierarchy& hierarchy, const policy::Item& item) {
  for (const policy::Item* above = &item; above; above = hierarchy.authority(above->issuer)) {
    if (above->policy->negative) return &*above->policy->negative;
    if (above->self_signed()) break;
  }
  return nullptr;
}

}  // namespace sealwright::workspace
