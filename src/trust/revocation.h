#pragma once
// Who is revoked: what lists and other sources say of the certificates of a chain.

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "x509/crl.h"

namespace sealwright::trust {

/// What a source says of one certificate.
struct RevocationFact {
  bool revoked = false;
  std::string source;  ///< "list 12 of 'Acme Issuing CA'"
  // Of a revoked one.
  Time since{};  ///< revocationDate: what Windows judges signatures by.
  std::optional<x509::RevocationReason> reason{};
  std::optional<Time> invalidity{};  ///< invalidityDate, which Windows does not read.
  // Of the others.
  std::optional<Time> until{};  ///< When the source should have been renewed.
};

/// Somebody who knows who is revoked.
class RevocationSource {
 public:
  virtual ~RevocationSource() = default;
  /// Nothing where it knows nothing of what `issuer` issued. May be called from several threads.
  virtual std::optional<RevocationFact> find(const x509::Certificate& certificate,
                                             const x509::Certificate& issuer) const = 0;
};
using RevocationSources = std::vector<std::shared_ptr<const RevocationSource>>;

/// One revocation list. It speaks of what its issuer issued, if that signed it; a list of changes
/// (delta CRL) or of others' certificates (indirect CRL) says nothing. One that has ended still
/// tells who is revoked.
class ListSource : public RevocationSource {
 public:
  explicit ListSource(x509::Crl crl) : crl_(std::move(crl)) {}
  std::optional<RevocationFact> find(const x509::Certificate& certificate,
                                     const x509::Certificate& issuer) const override;

 private:
  bool by(const x509::Certificate& issuer) const;
  x509::Crl crl_;
  mutable std::mutex mutex_;
  /// The issuer that was checked last, and whether it signed the list: mostly there is only one.
  mutable std::optional<std::pair<std::array<std::uint8_t, 32>, bool>> checked_;
};

/// "its key may be in other hands"; empty where the reason says nothing.
std::string_view meaning_of(x509::RevocationReason reason);

}  // namespace sealwright::trust
