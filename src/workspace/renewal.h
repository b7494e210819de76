#pragma once
// When a generation is due for what comes next: its successor, its activation, its retirement.

#include <optional>
#include <string>
#include <vector>

#include "policy/hierarchy.h"
#include "store/records.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

struct RenewalAnswer {
  bool renew = false;
  std::string reason;  ///< Why, or what a person must do about it; empty: nothing is due.
};

/// The item's policy on renewal, or the authority's own.
const policy::RenewalPolicy& renewal_of(const policy::Hierarchy& hierarchy,
                                        const policy::Item& item);

/// When the newest live generation is due: its policy's window before its end; a quarter of its
/// lifetime by default, and where the window is no shorter than that whole.
Time due_at(const policy::RenewalPolicy& renewal, const store::Generation& newest);

/// Looks at the newest live generation. Authorities are never renewed by themselves: that is a
/// rotation. Nor is what the YAML ends at a fixed time, which the next would share.
RenewalAnswer renewal_due(const policy::Hierarchy& hierarchy, const policy::Item& item,
                          const std::vector<store::Generation>& generations, Time now);

/// The nearest authority above `generation` that was revoked: what hangs below it counts no more.
std::optional<store::Generation> revoked_above(const store::Inventory& inventory,
                                               const store::Generation& generation);
/// What follows for the newest live generation when an authority above it was revoked. Nothing for
/// what is wrong on purpose.
RenewalAnswer revocation_above(const Workspace& workspace, const policy::Item& item,
                               const std::vector<store::Generation>& generations);

/// Whether a generation that waits may start to sign.
struct ActivationAnswer {
  bool activate = false;
  std::string reason;  ///< Why, or what it waits for.
};
/// `activate: when-deployed`: every bundle that names the item has had a version with the
/// generation deployed, and its lead has passed since; what was taken out again and came back
/// counts from when it came back. Where a bundle asks for no confirmation, its version counts as
/// deployed when it was made. Nothing is due while a bundle is rolled back to a version without
/// the generation, whatever the policy says.
ActivationAnswer activation_due(const Workspace& workspace, const policy::Item& item,
                                const store::Generation& next);

/// Whether a bundle that names `name` is rolled back, so that what is new does not reach machines.
bool in_rolled_back_bundle(const Workspace& workspace, const std::string& name);

/// Why the overlap of a retiring generation is over, or nothing. until-safe: no signature that must
/// go on being accepted was made with it or below it, and nothing that it issued is in use.
std::optional<std::string> retirement_due(const Workspace& workspace, const policy::Item& item,
                                          const store::Generation& retiring);

/// Whether the item is there to be revoked (a negative policy that breaks `revoked`): issuing it is
/// half the work.
bool to_be_revoked(const policy::Item& item);

const store::Generation* newest_live(const std::vector<store::Generation>& generations);

}  // namespace sealwright::workspace
