// Its targets can verify its digest.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& algorithm = facts.subject.algorithm;
  if (!facts.signs() || !algorithm || algorithm->digest == ossl::Digest::sha1 ||
      algorithm->digest == ossl::Digest::md5)
    return;
  const auto old = facts.targets_where([](const auto& target) {
    return target.major < 6 || (target.major == 6 && target.minor == 0);
  });
  if (!old.empty())
    findings.add("drivers signed with SHA-2 are not recognised by " + joined(old),
                 {.windows = old});
  const auto updated = facts.targets_where(
      [](const auto& target) { return target.major == 6 && target.minor == 1; });
  if (!updated.empty())
    findings.add("only when updated, " + joined(updated) + " loads drivers signed with SHA-2",
                 {.remedy = "install KB4474419 or KB3033929 there",
                  .windows = updated,
                  .severity = Severity::info});
}
}  // namespace

const Rule target_digest = {
    {.name = "target-digest",
     .summary = "Its targets can verify its digest",
     .citation = "Microsoft security advisory 3033929; KB4474419; KB938397; KB968730",
     .severity = Severity::warning,
     .windows = "XP to Windows 7 and Server 2008 R2",
     .why = "XP SP3 and Server 2003 with KB938397 or KB968730 verify SHA-2 in certificates, "
            "but neither they nor Vista do so in the signatures of drivers. Windows 7 and "
            "2008 R2 need an update.",
     .remedy = "sign a second time with SHA-1 for these, or leave them out"},
    look};

}  // namespace sealwright::lint
