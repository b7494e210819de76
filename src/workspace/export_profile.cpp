// Which PFX the machines that shall read it can read.

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/windows_version.h"
#include "ca/chain.h"
#include "workspace/exports.h"

namespace sealwright::workspace {
namespace {

using x509::PfxProfile;

constexpr int first_modern_pfx_build = 16299;  // Windows 10 1709; Server 2019 is 17763.
/// Windows XP knows x509::enhanced_rsa_csp as "… (Prototype)" only. This one every Windows has; it
/// signs with SHA-1 at most.
constexpr const char* xp_csp = "Microsoft Enhanced Cryptographic Provider v1.0";

struct Targets {
  std::vector<std::string> names;
  std::string whose;  ///< "" for the hierarchy's.
};

policy::PolicyPtr policy_of(const Workspace& workspace, const store::Generation& generation) {
  if (const auto* item = workspace.hierarchy().item(generation.name)) return item->policy;
  if (generation.policy.name.empty()) return nullptr;
  try {
    policy::PolicySet policies(workspace.folder() / "policies");
    return policies.get(fmt::format("{}@{}", generation.policy.name, generation.policy.revision));
  } catch (const Error&) {
    return nullptr;  // It was taken away since: the hierarchy's targets decide.
  }
}

Targets targets_of(const Workspace& workspace, const store::Generation& generation) {
  const auto policy = policy_of(workspace, generation);
  if (policy && !policy->targets.empty())
    return {policy->targets, " (targets of policy '" + policy->name + "')"};
  return {workspace.hierarchy().targets, ""};
}

std::string csp_for(const std::string& wanted, PfxProfile profile,
                    const store::Generation& generation, const std::vector<std::string>& targets) {
  if (wanted == "none") return "";
  if (wanted != "auto") return wanted;
  const auto key = ca::certificate_of(generation).public_key();
  if (profile == PfxProfile::modern || key.type() != ossl::KeyType::rsa) return "";
  const auto named = parse_windows_targets(targets);
  const bool xp = std::any_of(named.begin(), named.end(), [](const auto* target) {
    return target->major == 5 && !target->server;
  });
  return xp ? xp_csp : x509::enhanced_rsa_csp;
}

}  // namespace

ProfileChoice choose_profile(policy::ExportProfile wanted,
                             const std::vector<std::string>& targets) {
  if (wanted == policy::ExportProfile::modern) return {PfxProfile::modern, "asked for"};
  if (wanted == policy::ExportProfile::compatible) return {PfxProfile::compatible, "asked for"};
  for (const auto* target : parse_windows_targets(targets))
    if (target->build < first_modern_pfx_build)
      return {PfxProfile::compatible,
              fmt::format("{} cannot read AES-256 PFX files", target->title)};
  return {PfxProfile::modern,
          targets.empty() ? "no older targets are named" : "all targets read AES-256 PFX files"};
}

PfxChoice choose_pfx(const Workspace& workspace, const store::Generation& generation,
                     const policy::PfxPlan& plan) {
  const auto targets = targets_of(workspace, generation);
  auto [profile, because] = choose_profile(plan.profile, targets.names);
  if (plan.profile == policy::ExportProfile::automatic) because += targets.whose;
  return {{profile, plan.iterations, plan.chain, plan.friendly_name,
           csp_for(plan.csp, profile, generation, targets.names)},
          because};
}

}  // namespace sealwright::workspace
