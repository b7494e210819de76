// Certificate revocation lists read.

#include "x509/crl.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "x509/content.h"
#include "x509/extension_list.h"
#include "x509/extension_reader.h"
#include "x509/oids.h"
#include "x509/pem.h"
#include "x509/signed_element.h"

namespace sealwright::x509 {
namespace der = ossl::der;

namespace oids {
const Oid crl_number("2.5.29.20");
const Oid reason_code("2.5.29.21");
const Oid invalidity_date("2.5.29.24");
const Oid delta_crl_indicator("2.5.29.27");
const Oid issuing_distribution_point("2.5.29.28");
const Oid certificate_issuer("2.5.29.29");
const Oid expired_certs_on_crl("2.5.29.60");
}  // namespace oids

namespace {

constexpr const char* what = "the revocation list";

[[noreturn]] void malformed(const std::string& reason) {
  throw Error(Error::Kind::input, fmt::format("{} is malformed ({})", what, reason));
}

/// CRLReason; 7 is not used, and more do not exist.
std::optional<RevocationReason> read_reason(BytesView value) {
  ExtensionReader reader(value, "reasonCode");
  const BytesView number = reader.next(der::enumerated_tag).content;
  reader.end();
  if (number.size() != 1 || number[0] == 0 || number[0] == 7 || number[0] > 10) return std::nullopt;
  return RevocationReason{number[0]};
}

Time read_invalidity(BytesView value) {
  ExtensionReader reader(value, "invalidityDate");
  const Time time = reader.time();
  reader.end();
  return time;
}

/// Where a serial stands in the list. Most comparisons are of `key` alone: a million serials are a
/// million places in memory.
struct Place {
  std::uint64_t key;
  std::uint32_t index;
};

/// The last octets: those of serials that count up differ, too.
std::uint64_t key_of(const Serial& serial) {
  std::uint64_t key = 0;
  const auto& value = serial.value;
  for (std::size_t at = value.size() - std::min<std::size_t>(8, value.size()); at < value.size();
       ++at)
    key = key << 8 | value[at];
  return key;
}

/// Extensions that an entry had. Two of one would let two readers see two reasons.
struct Seen {
  bool reason = false, invalidity = false;
};

}  // namespace

struct Crl::Data {
  Bytes der;
  BytesView tbs, inner_algorithm, algorithm, signature;  // views into der
  Name issuer;
  Time this_update{};
  std::optional<Time> next_update;
  std::vector<RevokedCertificate> entries;
  std::vector<Place> by_serial;
  std::vector<Extension> extensions;
  std::vector<Oid> critical_unknown;

  void read();
  void sort();

 private:
  void read_tbs(der::Reader fields);
  void read_entry(der::Reader fields);
  void read_entry_extension(der::Reader fields, RevokedCertificate& entry, Seen& seen);
  void note_unknown(const Oid& oid);
};

/// RFC 5280, 5.1.1.
void Crl::Data::read() {
  const auto element =
      read_signed_element(der, what, [this](der::Reader contents) { read_tbs(contents); });
  tbs = element.contents;
  algorithm = element.algorithm;
  signature = element.signature;
}

/// RFC 5280, 5.1.2.
void Crl::Data::read_tbs(der::Reader fields) {
  const bool version_2 = fields.next_is(der::integer_tag);
  if (version_2) {
    const std::int64_t version = fields.small_integer();
    if (version != 1) malformed(fmt::format("unknown version {}", version));
  }
  inner_algorithm = fields.next(der::sequence_tag).whole;
  issuer = Name::from_der(fields.next(der::sequence_tag).whole);
  this_update = fields.time();
  if (fields.next_is(der::utc_time_tag) || fields.next_is(der::generalized_time_tag))
    next_update = fields.time();
  // Some authorities write an empty list, which should be absent (5.1.2.6).
  if (auto list = fields.enter_if(der::sequence_tag))
    while (!list->at_end()) read_entry(list->enter(der::sequence_tag));
  if (version_2)
    if (auto outer = fields.enter_if(der::context_constructed(0))) {
      extensions = read_extensions(outer->enter(der::sequence_tag), what);
      outer->end();
    }
  fields.end();
  for (const Extension& extension : extensions)
    if (extension.critical && extension.oid != oids::crl_number &&
        extension.oid != oids::authority_key_identifier)
      note_unknown(extension.oid);
}

void Crl::Data::read_entry(der::Reader fields) {
  Seen seen;
  RevokedCertificate& entry = entries.emplace_back();
  entry.serial = read_serial(fields);
  entry.revoked = fields.time();
  if (auto list = fields.enter_if(der::sequence_tag)) {
    do read_entry_extension(list->enter(der::sequence_tag), entry, seen);
    while (!list->at_end());
  }
  fields.end();
}

/// RFC 5280, 5.3.
void Crl::Data::read_entry_extension(der::Reader fields, RevokedCertificate& entry, Seen& seen) {
  // Octets are compared: texts for each of a million entries would be what reading costs.
  static const Bytes reason_code = der::oid_content(oids::reason_code);
  static const Bytes invalidity_date = der::oid_content(oids::invalidity_date);
  const BytesView type = fields.next(der::oid_tag).content;
  const bool critical = fields.next_is(der::boolean_tag) && fields.boolean();
  const BytesView value = fields.octet_string();
  fields.end();
  if (equal(type, reason_code)) {
    if (std::exchange(seen.reason, true)) malformed("extension reasonCode appears twice");
    entry.reason = read_reason(value);
  } else if (equal(type, invalidity_date)) {
    if (std::exchange(seen.invalidity, true)) malformed("extension invalidityDate appears twice");
    entry.invalidity = read_invalidity(value);
  } else if (critical) {
    note_unknown(der::oid_from_content(type, what));
  }
}

/// Entries of one list repeat the same few: those are not kept a million times.
void Crl::Data::note_unknown(const Oid& oid) {
  if (critical_unknown.empty() || critical_unknown.back() != oid) critical_unknown.push_back(oid);
}

void Crl::Data::sort() {
  std::ranges::sort(critical_unknown);
  const auto again = std::ranges::unique(critical_unknown);
  critical_unknown.erase(again.begin(), again.end());
  by_serial.reserve(entries.size());
  for (const RevokedCertificate& entry : entries)
    by_serial.push_back({key_of(entry.serial), static_cast<std::uint32_t>(by_serial.size())});
  std::ranges::sort(by_serial, [this](const Place& a, const Place& b) {
    if (a.key != b.key) return a.key < b.key;
    const auto order = entries[a.index].serial <=> entries[b.index].serial;
    return order != 0 ? order < 0 : a.index < b.index;
  });
}

Crl Crl::from_der(BytesView bytes) {
  if (bytes.size() > max_crl_bytes)
    throw Error(Error::Kind::input, fmt::format("{} is too large ({} bytes, at most {})", what,
                                                bytes.size(), max_crl_bytes));
  auto data = std::make_shared<Data>();
  data->der = copy(bytes);
  data->read();
  data->sort();
  return Crl(std::move(data));
}

const Bytes& Crl::der() const { return data_->der; }
const Name& Crl::issuer() const { return data_->issuer; }
Time Crl::this_update() const { return data_->this_update; }
std::optional<Time> Crl::next_update() const { return data_->next_update; }
const std::vector<RevokedCertificate>& Crl::entries() const { return data_->entries; }
const std::vector<Extension>& Crl::extensions() const { return data_->extensions; }
const std::vector<Oid>& Crl::critical_unknown() const { return data_->critical_unknown; }
std::string Crl::to_pem() const { return x509::to_pem("X509 CRL", der()); }

const RevokedCertificate* Crl::find(const Serial& serial) const {
  const auto& entries = data_->entries;
  const auto& places = data_->by_serial;
  const std::uint64_t key = key_of(serial);
  const auto found = std::ranges::partition_point(places, [&](const Place& place) {
    return place.key != key ? place.key < key : entries[place.index].serial < serial;
  });
  if (found == places.end() || entries[found->index].serial != serial) return nullptr;
  return &entries[found->index];
}

const Extension* Crl::extension(const Oid& oid) const {
  const auto found = std::ranges::find(data_->extensions, oid, &Extension::oid);
  return found == data_->extensions.end() ? nullptr : &*found;
}

std::optional<Bytes> Crl::number() const {
  const Extension* found = extension(oids::crl_number);
  if (!found) return std::nullopt;
  ExtensionReader reader(found->value, "cRLNumber");
  Serial number = read_serial(reader);
  reader.end();
  if (number.negative)
    throw Error(Error::Kind::input, "the extension cRLNumber is malformed (negative number)");
  return std::move(number.value);
}

std::optional<Bytes> Crl::authority_key_identifier() const {
  const Extension* found = extension(oids::authority_key_identifier);
  if (!found) return std::nullopt;
  return read_authority_key_identifier(found->value);
}

/// Malformed parameters make it an unknown one: the signature is bad, the list can be shown.
std::optional<ossl::SignatureAlgorithm> Crl::signature_algorithm() const {
  try {
    return ossl::signature_algorithm(data_->algorithm);
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool Crl::signed_by(const ossl::PublicKey& issuer) const {
  const auto algorithm = signature_algorithm();
  // RFC 5280, 5.1.1.2: the algorithm outside is the one the signature covers.
  if (!algorithm || !equal(data_->algorithm, data_->inner_algorithm)) return false;
  return issuer.verify(*algorithm, data_->tbs, data_->signature);
}

std::vector<Crl> read_crls(BytesView bytes) {
  if (!looks_like_pem(bytes)) return {Crl::from_der(bytes)};
  std::vector<Crl> lists;
  for (const PemBlock& block : read_pem(bytes))
    if (content_of_label(block.label) == Content::crl) lists.push_back(Crl::from_der(block.der));
  if (lists.empty())
    throw Error(Error::Kind::input, "no revocation list found", "give a CRL (.crl, .pem)");
  return lists;
}

}  // namespace sealwright::x509
