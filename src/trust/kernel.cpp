#include "trust/kernel.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "x509/oids.h"

namespace sealwright::trust {
namespace {

struct KnownRoot {
  std::string_view thumbprint, common_name;
  RootOwner owner;
};

// "Kernel-mode code signing requirements": the roots that Code Integrity consults.
constexpr KnownRoot known_roots[] = {
    {"A43489159A520F0D93D032CCAF37E7FE20A8B419", "Microsoft Root Authority", RootOwner::microsoft},
    {"CDD4EEAE6000AC7F40C3802C171E30148030C072", "Microsoft Root Certificate Authority",
     RootOwner::microsoft},
    {"3B1EFD3A66EA28B16697394703A72CA340A05BD5", "Microsoft Root Certificate Authority 2010",
     RootOwner::microsoft},
    {"8FBE4D070EF8AB1BCCAF2A9D5CCAE7282A2C66B3", "Microsoft Code Verification Root",
     RootOwner::code_verification},
};

enum Rule { no_check, x86_boot_start, cross_signed, portal_only, server_whql, whql_catalog };

constexpr LoadRule rules[] = {
    {"kernel-no-check", "loads drivers without looking at their signatures",
     "Windows Driver Kit, \"Kernel-mode code signing requirements\": from Windows Vista on"},
    {"kernel-x86-boot-start",
     "looks at the signatures of drivers only where they start the machine or play protected media",
     "Windows Driver Kit, \"Kernel-mode code signing requirements\", 32-bit"},
    {"kernel-cross-signed",
     "loads drivers whose chain ends in a root of Microsoft or, through a cross-certificate, in "
     "Microsoft Code Verification Root",
     "Windows Driver Kit, \"Cross-certificates for kernel mode code signing\""},
    {"kernel-portal-only",
     "loads drivers that Microsoft signed; with Secure Boot off, also cross-signed ones",
     "Windows Driver Kit, \"Driver signing policy\": from Windows 10 1607 on"},
    {"kernel-server-whql", "loads drivers that passed Microsoft's hardware lab tests",
     "Hardware dashboard, \"Code signing requirements\": from Windows Server 2016 on"},
    {"kernel-whql-catalog", "loads drivers whose catalog Microsoft signed",
     "Windows Driver Kit, \"Driver signing policy\": Windows on ARM"},
};

/// Cross-signed drivers of certificates from before this day still load on Windows 10 1607 to 1803
/// ("Driver signing policy", exceptions).
constexpr Time last_cross_signing{std::chrono::sys_days{std::chrono::year{2015} / 7 / 29}};

constexpr std::string_view testing =
    "turn TESTSIGNING on for tests (bcdedit /set testsigning on, Secure Boot off), or have "
    "Microsoft sign the package";

Rule rule_of(const WindowsTarget& target) {
  const bool vista = target.major >= 6;
  if (!vista) return no_check;
  if (target.architecture == Architecture::x86) return x86_boot_start;
  if (target.architecture == Architecture::arm || target.architecture == Architecture::arm64)
    return whql_catalog;
  if (target.build < 14393) return cross_signed;
  return target.server ? server_whql : portal_only;
}

bool has(const DriverSignature& signature, const Oid& purpose) {
  return std::find(signature.purposes.begin(), signature.purposes.end(), purpose) !=
         signature.purposes.end();
}

LoadAnswer answer(Rule rule, std::optional<bool> loads, std::string text, std::string remedy = {}) {
  return {loads, std::string(rules[rule].id), std::move(text), std::move(remedy)};
}

/// Windows 7 learnt SHA-2 in 2015.
std::string sha2_note(const WindowsTarget& target, const DriverSignature& signature) {
  if (target.major == 6 && target.minor <= 1 && !signature.sha1)
    return " once SHA-2 support is installed (KB3033929, KB4474419)";
  return {};
}

/// Of a signature whose chain ends in Microsoft Code Verification Root.
LoadAnswer judge_cross_signed(const WindowsTarget& target, Rule rule,
                              const DriverSignature& signature) {
  if (rule == cross_signed) return answer(rule, true, "loads it" + sha2_note(target, signature));
  if (rule == portal_only && target.build < 17763 && signature.signer_issued < last_cross_signing)
    return answer(rule, true, "loads it, since its certificate is from before 2015-07-29");
  return answer(rule, false,
                "does not load it: cross-signed drivers no longer count while Secure Boot is on",
                "have Microsoft sign the package");
}

LoadAnswer judge_microsoft(const WindowsTarget& target, Rule rule,
                           const DriverSignature& signature) {
  if (rule == server_whql && has(signature, x509::oids::whql_attested))
    return answer(rule, false,
                  "does not load it: drivers signed by attestation are not for servers",
                  "submit the results of the hardware lab kit for this version");
  return answer(rule, true, "loads it" + sha2_note(target, signature));
}

LoadAnswer judge_root(const WindowsTarget& target, Rule rule, const DriverSignature& signature) {
  if (signature.signer_expired)
    return answer(rule, false,
                  "does not load it: a certificate expired, and no timestamp says it was signed "
                  "before",
                  "timestamp while the certificate is valid");
  return signature.root == RootOwner::code_verification
             ? judge_cross_signed(target, rule, signature)
             : judge_microsoft(target, rule, signature);
}

}  // namespace

RootOwner owner_of(const x509::Certificate& root) {
  const auto thumbprint = root.thumbprint().hex();
  for (const auto& known : known_roots)
    if (known.thumbprint == thumbprint) return known.owner;
  return RootOwner::other;
}

RootOwner owner_named(const x509::Name& subject) {
  for (const auto& known : known_roots)
    if (known.common_name == subject.common_name()) return known.owner;
  return RootOwner::other;
}

std::span<const LoadRule> load_rules() { return rules; }

const LoadRule& load_rule(const WindowsTarget& target) { return rules[rule_of(target)]; }

LoadAnswer judge_load(const WindowsTarget& target, const DriverSignature* signature) {
  const Rule rule = rule_of(target);
  if (rule == no_check) return answer(rule, true, "loads it unchecked");
  if (rule == x86_boot_start)
    return answer(rule, true, "loads it unchecked, unless it starts the machine");
  if (!signature)
    return answer(rule, false, "does not load it: it is not signed", std::string(testing));
  if (!signature->valid)
    return answer(rule, false, "does not load it: its signature is not valid",
                  "sign again after the last change");
  if (signature->root == RootOwner::other)
    return answer(rule, false,
                  fmt::format("does not load it: only Microsoft's roots count, and its chain ends "
                              "in '{}'",
                              signature->root_name),
                  std::string(testing));
  auto made = judge_root(target, rule, *signature);
  if (signature->root_known || made.loads == false) return made;
  return answer(rule, std::nullopt,
                fmt::format("may load it: whether its chain truly ends in '{}' cannot be told "
                            "without that root",
                            signature->root_name),
                "give Microsoft's root with --trust file:PEM");
}

}  // namespace sealwright::trust
