#include "trust/revocation.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"

namespace sealwright::trust {
namespace {

std::string name_of(const x509::Crl& crl) {
  const auto number = crl.number();
  const std::string issuer = "of '" + printable(crl.issuer().display()) + "'";
  // Numbers are small but for a few authorities that put times into them.
  if (!number || number->size() > sizeof(std::uint64_t))
    return "the list " + issuer + " of " + to_date(crl.this_update());
  std::uint64_t value = 0;
  for (const auto byte : *number) value = (value << 8) | byte;
  return fmt::format("list {} {}", value, issuer);
}

}  // namespace

bool ListSource::by(const x509::Certificate& issuer) const {
  if (!(crl_.issuer() == issuer.subject())) return false;
  const std::lock_guard lock(mutex_);
  if (!checked_ || checked_->first != issuer.sha256())
    checked_ = std::pair(issuer.sha256(), crl_.signed_by(issuer.public_key()));
  return checked_->second;
}

std::optional<RevocationFact> ListSource::find(const x509::Certificate& certificate,
                                               const x509::Certificate& issuer) const {
  const auto& unknown = crl_.critical_unknown();
  const bool of_others =
      std::find(unknown.begin(), unknown.end(), x509::oids::certificate_issuer) != unknown.end();
  if (crl_.delta() || of_others || !by(issuer)) return std::nullopt;
  RevocationFact fact;
  fact.source = name_of(crl_);
  fact.until = crl_.next_update();
  const auto* entry = crl_.find(certificate.serial());
  // RFC 5280, 5.2.5: a list of some certificates only does not clear the others.
  if (!entry) return unknown.empty() ? std::optional(fact) : std::nullopt;
  fact.revoked = true;
  fact.since = entry->revoked;
  fact.reason = entry->reason;
  fact.invalidity = entry->invalidity;
  return fact;
}

std::string_view meaning_of(x509::RevocationReason reason) {
  using Reason = x509::RevocationReason;
  switch (reason) {
    case Reason::key_compromise:
      return "its key may be in other hands";
    case Reason::ca_compromise:
    case Reason::aa_compromise:
      return "the authority's key may be in other hands";
    case Reason::affiliation_changed:
      return "its name is its holder's no more";
    case Reason::superseded:
      return "another took its place";
    case Reason::cessation_of_operation:
      return "it is used no more";
    case Reason::certificate_hold:
      return "until further notice";
    case Reason::privilege_withdrawn:
      return "its holder may use it no more";
    case Reason::unspecified:
    case Reason::remove_from_crl:
      break;
  }
  return "";
}

}  // namespace sealwright::trust
