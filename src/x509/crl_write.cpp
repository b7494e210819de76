// Certificate revocation lists written: the to-be-signed part, and the whole with its signature;
// reasons by name.

#include <algorithm>
#include <array>

#include "base/error.h"
#include "x509/crl.h"
#include "x509/extension_list.h"

namespace sealwright::x509 {
namespace der = ossl::der;
namespace {

struct ReasonName {
  RevocationReason reason;
  std::string_view name;
};
/// RFC 5280, 5.3.1.
constexpr ReasonName reasons[] = {
    {RevocationReason::unspecified, "unspecified"},
    {RevocationReason::key_compromise, "keyCompromise"},
    {RevocationReason::ca_compromise, "cACompromise"},
    {RevocationReason::affiliation_changed, "affiliationChanged"},
    {RevocationReason::superseded, "superseded"},
    {RevocationReason::cessation_of_operation, "cessationOfOperation"},
    {RevocationReason::certificate_hold, "certificateHold"},
    {RevocationReason::remove_from_crl, "removeFromCRL"},
    {RevocationReason::privilege_withdrawn, "privilegeWithdrawn"},
    {RevocationReason::aa_compromise, "aACompromise"},
};

/// Small letters, without '-' and '_'.
std::string plain(std::string_view text) {
  std::string letters;
  for (const char c : text)
    if (c != '-' && c != '_') letters.push_back(c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c);
  return letters;
}

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(Error::Kind::internal, "a revocation list " + reason);
}

/// In the order of their numbers. Negative ones (which only old certificates have) come first.
bool less(const Serial& a, const Serial& b) {
  if (a.negative != b.negative) return a.negative;
  if (a.value.size() != b.value.size()) return (a.value.size() < b.value.size()) != a.negative;
  return a.value < b.value;
}

std::vector<const RevokedCertificate*> sorted(const std::vector<RevokedCertificate>& entries) {
  std::vector<const RevokedCertificate*> order;
  order.reserve(entries.size());
  for (const RevokedCertificate& entry : entries) {
    if (entry.serial.value.empty()) refuse("with an empty serial number");
    order.push_back(&entry);
  }
  std::ranges::sort(order, [](const auto* a, const auto* b) { return less(a->serial, b->serial); });
  const auto twice = std::ranges::adjacent_find(
      order, [](const auto* a, const auto* b) { return a->serial == b->serial; });
  if (twice != order.end()) refuse("with serial " + (*twice)->serial.hex() + " twice");
  return order;
}

/// RFC 5280, 5.3.1: left out for unspecified; not critical.
std::vector<Extension> reason_extension(RevocationReason reason) {
  if (reason == RevocationReason::unspecified) return {};
  const Bytes number = {static_cast<std::uint8_t>(reason)};
  return {{oids::reason_code, false, der::element(der::enumerated_tag, number)}};
}

/// What entries say beside serial and time. Most say the same few things.
class EntryExtensions {
 public:
  EntryExtensions() {
    for (const ReasonName& row : reasons)
      by_reason_[std::size_t(row.reason)] = encode(reason_extension(row.reason));
  }
  Bytes of(const RevokedCertificate& entry) const {
    const auto reason = entry.reason.value_or(RevocationReason::unspecified);
    if (!entry.invalidity) return by_reason_[std::size_t(reason)];
    auto extensions = reason_extension(reason);
    extensions.push_back({oids::invalidity_date, false, der::generalized_time(*entry.invalidity)});
    return encode(extensions);
  }

 private:
  std::array<Bytes, 11> by_reason_;
};

/// RFC 5280, 5.1.2.6: absent where there is none.
Bytes encode_entries(const std::vector<RevokedCertificate>& entries) {
  if (entries.empty()) return {};
  const EntryExtensions extensions;
  std::vector<Bytes> parts;
  parts.reserve(entries.size());
  for (const RevokedCertificate* entry : sorted(entries))
    parts.push_back(
        der::sequence({encode(entry->serial), der::time(entry->revoked), extensions.of(*entry)}));
  return der::sequence(parts);
}

void check(const CrlToBeSigned& t) {
  if (t.issuer.empty()) refuse("without an issuer");
  if (t.authority_key_identifier.empty()) refuse("without an authority key identifier");
  if (t.number < 0) refuse("with a negative number");
  if (t.next_update < t.this_update) refuse("that ends before it begins");
}

}  // namespace

std::string_view to_text(RevocationReason reason) {
  return std::ranges::find(reasons, reason, &ReasonName::reason)->name;
}

std::optional<RevocationReason> revocation_reason(std::string_view text) {
  const std::string wanted = plain(text);
  for (const ReasonName& row : reasons)
    if (plain(row.name) == wanted) return row.reason;
  return std::nullopt;
}

std::vector<std::string> revocation_reason_names() {
  std::vector<std::string> names;
  for (const ReasonName& row : reasons) names.emplace_back(row.name);
  return names;
}

Bytes encode(const CrlToBeSigned& to_be_signed) {
  const auto& t = to_be_signed;
  check(t);
  std::vector<Extension> extensions = {
      authority_key_identifier_extension(t.authority_key_identifier),
      {oids::crl_number, false, der::integer(t.number)}};
  if (t.expired_since)
    extensions.push_back(
        {oids::expired_certs_on_crl, false, der::generalized_time(*t.expired_since)});
  return der::sequence({der::integer(1), ossl::algorithm_identifier(t.algorithm), t.issuer.der(),
                        der::time(t.this_update), der::time(t.next_update),
                        encode_entries(t.entries),
                        der::element(der::context_constructed(0), encode(extensions))});
}

Crl assemble_crl(BytesView tbs, const ossl::SignatureAlgorithm& algorithm, BytesView signature) {
  return Crl::from_der(
      der::sequence({tbs, ossl::algorithm_identifier(algorithm), der::bit_string(signature)}));
}

}  // namespace sealwright::x509
