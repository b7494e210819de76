// Keys, digests and the identifiers of keys.

#include "base/windows_version.h"
#include "lint/rule.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
using ossl::Digest;
using ossl::KeyType;
using ossl::Scheme;

void rsa_key_size(const Facts& facts, Findings& findings) {
  const auto& key = facts.subject.public_key;
  if (key.type() == KeyType::rsa && key.bits() < 2048)
    findings.add("an RSA key of " + std::to_string(key.bits()) + " bits can be broken",
                 "take 3072 bits");
}

void rsa_key_size_recommended(const Facts& facts, Findings& findings) {
  const auto& key = facts.subject.public_key;
  if (key.type() == KeyType::rsa && key.bits() >= 2048 && key.bits() < 3072)
    findings.add(
        "an RSA key of " + std::to_string(key.bits()) + " bits is below what code signing asks for",
        "take 3072 bits");
}

void key_algorithm(const Facts& facts, Findings& findings) {
  const auto& key = facts.subject.public_key;
  if (key.type() == KeyType::ed25519 || key.type() == KeyType::other)
    findings.add("Windows does not verify signatures of a key of type " + key.description(),
                 "take RSA or ECDSA");
}

void signature_digest(const Facts& facts, Findings& findings) {
  const auto& algorithm = facts.subject.algorithm;
  if (!algorithm)
    return findings.add("the signature algorithm is unknown to this program",
                        "take RSA or ECDSA with SHA-256");
  if (algorithm->scheme == Scheme::ed25519) return;
  if (algorithm->digest == Digest::md5 || algorithm->digest == Digest::sha1)
    findings.add(std::string("it is signed with ") +
                     (algorithm->digest == Digest::md5 ? "MD5" : "SHA-1") +
                     ", for which collisions are made",
                 "take SHA-256");
}

void target_digest(const Facts& facts, Findings& findings) {
  const auto& algorithm = facts.subject.algorithm;
  if (!algorithm || algorithm->digest == Digest::sha1 || algorithm->digest == Digest::md5) return;
  for (const auto& name : facts.subject.targets)
    for (const auto* target : parse_windows_target(name))
      if (target->major == 6 && target->minor <= 1)
        return findings.add(
            std::string(target->title) + " loads drivers signed with SHA-2 only when it is updated",
            "install KB4474419 or KB3033929 there");
}

void subject_key_identifier(const Facts& facts, Findings& findings) {
  if (!facts.extension(x509::oids::subject_key_identifier))
    findings.add("it has no subject key identifier", "add the extension");
}

void authority_key_identifier(const Facts& facts, Findings& findings) {
  if (!facts.extension(x509::oids::authority_key_identifier)) {
    // A self-signed certificate may leave it out.
    if (!facts.self_issued())
      findings.add("it has no authority key identifier", "add the extension");
    return;
  }
  const auto* issuer = facts.subject.issuer_certificate;
  if (!issuer || !facts.authority_key_identifier) return;
  const auto identifier = issuer->subject_key_identifier();
  if (identifier && *identifier != *facts.authority_key_identifier)
    findings.add("its authority key identifier names another key than its issuer's",
                 "copy the issuer's subject key identifier");
}

constexpr Rule table[] = {
    {{"rsa-key-size", "RSA keys have at least 2048 bits",
      "NIST SP 800-131A; Windows refuses less than 1024 (KB2661254)", Severity::error},
     rsa_key_size},
    {{"rsa-key-size-recommended", "RSA keys have at least 3072 bits", "CA/B Forum CSBR, 6.1.5",
      Severity::warning},
     rsa_key_size_recommended},
    {{"key-algorithm", "Windows knows the key's algorithm", "Authenticode: RSA and ECDSA",
      Severity::warning},
     key_algorithm},
    {{"signature-digest", "It is signed with SHA-2", "CA/B Forum CSBR, 7.1.3.2", Severity::error},
     signature_digest},
    {{"target-digest", "Its targets can verify its digest", "Microsoft security advisory 3033929",
      Severity::info},
     target_digest},
    {{"subject-key-identifier", "It names its key", "RFC 5280, 4.2.1.2", Severity::error},
     subject_key_identifier},
    {{"authority-key-identifier", "It names its issuer's key", "RFC 5280, 4.2.1.1",
      Severity::error},
     authority_key_identifier},
};
}  // namespace

std::span<const Rule> key_rules() { return table; }

}  // namespace sealwright::lint
