#include "x509/chain.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <tuple>

#include "base/encoding.h"
#include "ossl/failure.h"
#include "ossl/handle.h"
#include "x509/path_search.h"

namespace sealwright::x509 {
namespace {
using ossl::Ptr;

constexpr int weakest_rsa_bits = 1024;

struct RawFinding {
  int error;  ///< X509_V_ERR_…
  std::size_t depth;
};

/// What OpenSSL's callbacks see: the path as it must be, and the faults found so far. Room is made
/// beforehand, since no exception may pass through C.
struct Observer {
  std::vector<Ptr<X509>> path;
  std::vector<RawFinding> findings;
  static constexpr std::size_t max_findings = 256;
};

Observer& observer_of(X509_STORE_CTX* context) {
  return *static_cast<Observer*>(X509_STORE_CTX_get_ex_data(context, 0));
}

/// Records the fault and goes on, so that one run finds all of them.
int record(int ok, X509_STORE_CTX* context) noexcept {
  if (ok) return 1;
  Observer& observer = observer_of(context);
  const int depth = X509_STORE_CTX_get_error_depth(context);
  if (observer.findings.size() < Observer::max_findings)
    observer.findings.push_back(
        {X509_STORE_CTX_get_error(context), static_cast<std::size_t>(std::max(depth, 0))});
  return 1;
}

/// Keeps OpenSSL on the path that was searched.
int follows_path(X509_STORE_CTX* context, X509* subject, X509* issuer) noexcept {
  const auto& path = observer_of(context).path;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i].get() != subject) continue;
    if (i + 1 < path.size()) return path[i + 1].get() == issuer;
    return subject == issuer &&
           X509_NAME_cmp(X509_get_subject_name(subject), X509_get_issuer_name(subject)) == 0;
  }
  return 0;
}

PathFault fault_of(int error) {
  switch (error) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return PathFault::untrusted_root;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return PathFault::missing_issuer;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return PathFault::not_yet_valid;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return PathFault::expired;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
    case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY:
      return PathFault::bad_signature;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      return PathFault::not_a_ca;
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
      return PathFault::path_too_long;
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      return PathFault::name_not_permitted;
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
      return PathFault::unknown_critical_extension;
    case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
    case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
    case X509_V_ERR_INVALID_EXTENSION:
      return PathFault::malformed;
  }
  return PathFault::other;
}

std::string shown(const Name& name) { return printable(name.text(), 120); }

std::string detail_of(PathFault fault, const Certificate& certificate, int error) {
  switch (fault) {
    case PathFault::untrusted_root:
      return fmt::format("the root '{}' is not trusted", shown(certificate.subject()));
    case PathFault::missing_issuer:
      return fmt::format("its issuer '{}' is missing", shown(certificate.issuer()));
    case PathFault::not_yet_valid:
      return "valid only from " + to_iso(certificate.not_before());
    case PathFault::expired:
      return "expired at " + to_iso(certificate.not_after());
    case PathFault::bad_signature:
      return fmt::format("its signature is not by the key of '{}'", shown(certificate.issuer()));
    case PathFault::not_a_ca:
      return "it issued a certificate, but is no authority";
    case PathFault::path_too_long:
      return "more authorities below it than it allows";
    case PathFault::name_not_permitted:
      return "its names are outside the name constraints of an issuer";
    case PathFault::unknown_critical_extension:
      return "it has a critical extension of unknown meaning";
    case PathFault::weak_key:
      return fmt::format("its key is too weak ({})", certificate.public_key().description());
    case PathFault::malformed:
      return "an extension or date of it is malformed";
    case PathFault::other:
      break;
  }
  return X509_verify_cert_error_string(error);
}

/// The certificates as OpenSSL reads them; false where it cannot, and `bad` is the index.
bool parse(const std::vector<Certificate>& certificates, std::vector<Ptr<X509>>& into,
           std::size_t& bad) {
  for (const Certificate& certificate : certificates) {
    const unsigned char* at = certificate.der().data();
    into.emplace_back(d2i_X509(nullptr, &at, static_cast<long>(certificate.der().size())));
    if (into.back()) continue;
    bad = into.size() - 1;
    return false;
  }
  return true;
}

template <class T>
T* made(T* object) {
  if (!object)
    throw ossl::failure(Error::Kind::internal, "out of memory while checking a certificate chain");
  return object;
}

/// Runs X509_verify_cert along the path; every fault is in the observer afterwards.
void verify(const CandidatePath& candidate, Time at, Observer& observer) {
  Ptr<X509_STORE> store(made(X509_STORE_new()));
  Ptr<X509_STORE_CTX> context(made(X509_STORE_CTX_new()));
  Ptr<STACK_OF(X509)> untrusted(made(sk_X509_new_null()));
  for (const auto& certificate : observer.path)
    if (sk_X509_push(untrusted.get(), certificate.get())) X509_up_ref(certificate.get());
  X509_STORE_set_check_issued(store.get(), follows_path);
  if (candidate.reaches_anchor) X509_STORE_add_cert(store.get(), observer.path.back().get());
  if (X509_STORE_CTX_init(context.get(), store.get(), observer.path[0].get(), untrusted.get()) != 1)
    throw ossl::failure(Error::Kind::internal, "cannot check a certificate chain");
  X509_STORE_CTX_set_ex_data(context.get(), 0, &observer);
  X509_STORE_CTX_set_verify_cb(context.get(), record);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(at.time_since_epoch().count()));
  X509_VERIFY_PARAM_set_depth(parameters, static_cast<int>(max_path_certificates));
  // Digests and key sizes are judged by policy, lint and verify: signatures of old vendors must
  // stay readable.
  X509_VERIFY_PARAM_set_auth_level(parameters, 0);
  // The store holds the anchor alone, and that is self-signed: it counts even where its key
  // identifiers are odd.
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  if (X509_verify_cert(context.get()) <= 0 && observer.findings.empty())
    observer.findings.push_back({X509_STORE_CTX_get_error(context.get()), 0});
}

void add(Path& path, PathFault fault, std::size_t depth, int error = X509_V_OK) {
  depth = std::min(depth, path.certificates.size() - 1);
  path.findings.push_back({fault, depth, detail_of(fault, path.certificates[depth], error)});
}

void sort_findings(Path& path) {
  const auto key = [](const PathFinding& finding) {
    return std::tie(finding.depth, finding.fault, finding.detail);
  };
  std::ranges::sort(path.findings, [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto same = [&](const auto& a, const auto& b) { return key(a) == key(b); };
  const auto extra = std::ranges::unique(path.findings, same);
  path.findings.erase(extra.begin(), extra.end());
}

Path judge(const CandidatePath& candidate, Time at) {
  Path path;
  path.certificates = candidate.certificates;
  path.anchored = candidate.reaches_anchor;
  Observer observer;
  observer.findings.reserve(Observer::max_findings);
  std::size_t bad = 0;
  if (parse(candidate.certificates, observer.path, bad))
    verify(candidate, at, observer);
  else
    add(path, PathFault::malformed, bad);
  ERR_clear_error();
  for (const RawFinding& finding : observer.findings)
    add(path, fault_of(finding.error), finding.depth, finding.error);
  for (std::size_t depth = 0; depth < path.certificates.size(); ++depth) {
    const auto& key = path.certificates[depth].public_key();
    if (key.type() == ossl::KeyType::rsa && key.bits() < weakest_rsa_bits)
      add(path, PathFault::weak_key, depth);
    if (depth < observer.path.size() && observer.path[depth] &&
        X509_get_extension_flags(observer.path[depth].get()) & EXFLAG_INVALID)
      add(path, PathFault::malformed, depth);
  }
  sort_findings(path);
  return path;
}

/// Less is better; of equals the longer path says more.
auto rank(const Path& path) {
  return std::tuple(!path.anchored, path.findings.size(),
                    max_path_certificates - path.certificates.size());
}

}  // namespace

Path find_path(const Certificate& target, const std::vector<Certificate>& pool,
               const std::vector<Certificate>& anchors, Time at) {
  std::optional<Path> best;
  for (const CandidatePath& candidate : candidate_paths(target, pool, anchors, at)) {
    Path path = judge(candidate, at);
    if (path.valid()) return path;
    if (!best || rank(path) < rank(*best)) best = std::move(path);
  }
  return *best;
}

}  // namespace sealwright::x509
