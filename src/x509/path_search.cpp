#include "x509/path_search.h"

#include <algorithm>
#include <tuple>

#include "base/error.h"

namespace sealwright::x509 {
namespace {

constexpr std::size_t max_paths = 32;
constexpr int max_signature_checks = 256;

/// A key identifier for matching; a malformed extension is as good as none here, and a finding
/// later.
template <class Read>
std::optional<Bytes> key_identifier(Read read) {
  try {
    return read();
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// RFC 5280, 4.2.1.1: names alone do not tell two generations of an authority apart.
bool may_have_issued(const Certificate& issuer, const Certificate& subject) {
  if (!(issuer.subject() == subject.issuer())) return false;
  const auto wanted = key_identifier([&] { return subject.authority_key_identifier(); });
  if (!wanted) return true;
  const auto held = key_identifier([&] { return issuer.subject_key_identifier(); });
  return !held || *held == *wanted;
}

class Search {
 public:
  Search(const std::vector<Certificate>& pool, const std::vector<Certificate>& anchors, Time at)
      : pool_(pool), anchors_(anchors), at_(at) {}

  std::vector<CandidatePath> paths_of(const Certificate& target) {
    path_.push_back(target);
    extend();
    return std::move(found_);
  }

 private:
  /// Depth first; every call ends in at least one path, so that max_paths bounds the calls.
  void extend() {
    const Certificate last = path_.back();
    const bool ends = is_self_signed(last);
    if (ends || path_.size() == max_path_certificates)
      return keep(ends && contains(anchors_, last));
    const auto issuers = issuers_of(last);
    if (issuers.empty()) keep(false);
    for (const Certificate& issuer : issuers) {
      if (found_.size() == max_paths) return;
      path_.push_back(issuer);
      extend();
      path_.pop_back();
    }
  }

  void keep(bool reaches_anchor) { found_.push_back({path_, reaches_anchor}); }

  static bool contains(const std::vector<Certificate>& certificates,
                       const Certificate& certificate) {
    return std::ranges::find(certificates, certificate) != certificates.end();
  }

  /// Old roots are signed with MD2, which nothing can check any more; what counts for a root is
  /// that it is in the store.
  bool is_self_signed(const Certificate& certificate) {
    if (!certificate.self_issued()) return false;
    return !certificate.signature_algorithm() || is_signed_by(certificate, certificate);
  }

  bool is_signed_by(const Certificate& subject, const Certificate& issuer) {
    return checks_left_-- > 0 && subject.signed_by(issuer.public_key());
  }

  /// Those whose key made the signature, best first. Where there are none, the best of those that
  /// have the name.
  std::vector<Certificate> issuers_of(const Certificate& subject) {
    std::vector<Certificate> named;
    for (const auto* source : {&anchors_, &pool_})
      for (const Certificate& candidate : *source)
        if (may_have_issued(candidate, subject) && !contains(path_, candidate) &&
            !contains(named, candidate))
          named.push_back(candidate);
    std::ranges::stable_sort(named,
                             [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    std::vector<Certificate> signers;
    for (const Certificate& candidate : named) {
      if (checks_left_ <= 0) break;
      if (is_signed_by(subject, candidate)) signers.push_back(candidate);
    }
    if (signers.empty() && !named.empty()) signers.push_back(named.front());
    return signers;
  }

  /// Less is better: trusted, then valid at the time, then valid for longer.
  std::tuple<bool, bool, Time::rep> rank(const Certificate& certificate) const {
    const bool valid = certificate.not_before() <= at_ && at_ <= certificate.not_after();
    return {!contains(anchors_, certificate), !valid,
            -certificate.not_after().time_since_epoch().count()};
  }

  const std::vector<Certificate>& pool_;
  const std::vector<Certificate>& anchors_;
  Time at_;
  std::vector<Certificate> path_;
  std::vector<CandidatePath> found_;
  int checks_left_ = max_signature_checks;
};

}  // namespace

std::vector<CandidatePath> candidate_paths(const Certificate& target,
                                           const std::vector<Certificate>& pool,
                                           const std::vector<Certificate>& anchors, Time at) {
  return Search(pool, anchors, at).paths_of(target);
}

}  // namespace sealwright::x509
