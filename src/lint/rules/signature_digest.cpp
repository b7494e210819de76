// It is signed with SHA-2.

#include "lint/all_rules.h"

namespace sealwright::lint {
namespace {

void look(const Facts& facts, Findings& findings) {
  const auto& algorithm = facts.subject.algorithm;
  if (!algorithm)
    return findings.add("the signature algorithm is unknown to this program",
                        {.remedy = "take RSA or ECDSA with SHA-256"});
  if (algorithm->scheme == ossl::Scheme::ed25519) return;
  if (algorithm->digest == ossl::Digest::md5)
    return findings.add("it is signed with MD5, for which collisions are made");
  if (algorithm->digest != ossl::Digest::sha1) return;
  if (facts.only_before_sha2())
    return findings.add("it is signed with SHA-1, as its targets need: no newer Windows takes it",
                        {.remedy = "use it for these targets only", .severity = Severity::info});
  // Nobody verifies a root's own signature: trust is in the key.
  findings.add("it is signed with SHA-1, for which collisions are made",
               {.windows = facts.targets_where([](const auto& target) {
                  return target.major > 6 || (target.major == 6 && target.minor > 0);
                }),
                .severity = facts.self_issued() ? Severity::warning : Severity::error});
}
}  // namespace

const Rule signature_digest = {
    {.name = "signature-digest",
     .summary = "It is signed with SHA-2",
     .citation = "CA/B Forum CSBR, 7.1.3.2; Microsoft: SHA-1 deprecation",
     .severity = Severity::error,
     .windows = "Windows 7 and Server 2008 R2 and later",
     .why = "Collisions of MD5 and SHA-1 can be made, and with them a second certificate of "
            "the same signature. Windows 7 and later take SHA-2, and SHA-1 ever less; only "
            "XP, Server 2003, Vista and 2008 need it.",
     .remedy = "take SHA-256"},
    look};

}  // namespace sealwright::lint
