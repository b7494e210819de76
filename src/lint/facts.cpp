// What rules look at, read once for all of them.

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "lint/purpose.h"
#include "lint/rule.h"
#include "ossl/der.h"
#include "x509/oids.h"

namespace sealwright::lint {
namespace {
namespace der = ossl::der;
namespace oids = x509::oids;

/// RFC 5280, 4.1. The certificate was read before, so that its shape is known to be right.
Encoding encoding_of(const x509::Certificate& certificate) {
  Encoding made;
  made.version = certificate.version();
  const std::string what = "the certificate";
  der::Reader fields = der::Reader(certificate.tbs(), what).enter(der::sequence_tag);
  fields.next_if(der::context_constructed(0));
  fields.next(der::integer_tag);
  const auto algorithm = fields.next(der::sequence_tag);
  made.algorithms_agree = equal(algorithm.whole, certificate.signature_algorithm_der());
  fields.next(der::sequence_tag);  // issuer
  der::Reader validity = fields.enter(der::sequence_tag);
  made.not_before_tag = validity.next().tag;
  made.not_after_tag = validity.next().tag;
  fields.next(der::sequence_tag);  // subject
  fields.next(der::sequence_tag);  // subjectPublicKeyInfo
  made.unique_identifiers = fields.next_is(der::context(1)) || fields.next_is(der::context(2));
  return made;
}

/// Names that are not known are the caller's mistake, not the certificate's.
std::vector<const WindowsTarget*> targets_of(const std::vector<std::string>& names) {
  std::vector<const WindowsTarget*> made;
  for (const auto& name : names)
    for (const auto* target : parse_windows_target(name)) made.push_back(target);
  return made;
}

/// What `reader` makes of the extension `oid`; nothing where it is absent or malformed.
template <class Read>
auto read_of(const x509::Certificate& certificate, const Oid& oid, Read reader)
    -> std::optional<std::decay_t<decltype(reader(BytesView()))>> {
  const auto* found = certificate.extension(oid);
  if (!found) return std::nullopt;
  try {
    return reader(found->value);
  } catch (const Error&) {
    return std::nullopt;
  }
}
}  // namespace

std::optional<Bytes> subject_key_identifier_of(const x509::Certificate& certificate) {
  return read_of(certificate, oids::subject_key_identifier, x509::read_subject_key_identifier);
}
std::optional<x509::BasicConstraints> basic_constraints_of(const x509::Certificate& certificate) {
  return read_of(certificate, oids::basic_constraints, x509::read_basic_constraints);
}
std::optional<std::uint32_t> key_usage_of(const x509::Certificate& certificate) {
  return read_of(certificate, oids::key_usage, x509::read_key_usage);
}
std::optional<std::vector<Oid>> purposes_of(const x509::Certificate& certificate) {
  return read_of(certificate, oids::extended_key_usage, x509::read_extended_key_usage);
}
std::optional<x509::NameConstraints> name_constraints_of(const x509::Certificate& certificate) {
  return read_of(certificate, oids::name_constraints, x509::read_name_constraints);
}

Facts::Facts(const Subject& from) : subject(from) {
  const auto read = [&](const Oid& oid, auto& into, auto reader) {
    const auto* found = extension(oid);
    if (!found) return;
    try {
      into = reader(found->value);
    } catch (const Error& error) {
      malformed.push_back(x509::name_of(oid) + ": " + error.message);
    }
  };
  read(oids::key_usage, key_usage, x509::read_key_usage);
  read(oids::extended_key_usage, purposes, x509::read_extended_key_usage);
  read(oids::basic_constraints, basic_constraints, x509::read_basic_constraints);
  read(oids::subject_key_identifier, subject_key_identifier, x509::read_subject_key_identifier);
  read(oids::authority_key_identifier, authority_key_identifier,
       x509::read_authority_key_identifier);
  read(oids::subject_alternative_name, alternative_names, x509::read_general_names);
  read(oids::name_constraints, name_constraints, x509::read_name_constraints);
  read(oids::certificate_policies, policies, x509::read_certificate_policies);
  read(oids::crl_distribution_points, crl_urls, x509::read_crl_distribution_points);
  read(oids::authority_information_access, access, x509::read_authority_information_access);
  if (from.certificate) encoding = encoding_of(*from.certificate);
  targets = targets_of(from.targets);
  purpose = purpose_of(*this);
}

const x509::Extension* Facts::extension(const Oid& oid) const {
  const auto found = std::ranges::find(subject.extensions, oid, &x509::Extension::oid);
  return found == subject.extensions.end() ? nullptr : &*found;
}

bool Facts::has_purpose(const Oid& wanted) const { return purposes && holds(*purposes, wanted); }

bool Facts::issuer_over() const {
  const auto* issuer = subject.issuer_certificate;
  return issuer && (issuer->not_after() < subject.not_before ||
                    (subject.now && issuer->not_after() <= *subject.now));
}

std::vector<std::string> Facts::targets_where(
    const std::function<bool(const WindowsTarget&)>& which) const {
  std::vector<std::string> titles;
  for (const auto* target : targets) {
    const std::string title(target->title);
    if (which(*target) && std::ranges::find(titles, title) == titles.end()) titles.push_back(title);
  }
  return titles;
}

bool Facts::only_before_sha2() const {
  return !targets.empty() && std::ranges::all_of(targets, [](const auto* target) {
    return target->major < 6 || (target->major == 6 && target->minor == 0);
  });
}

bool lasts_months(Time from, Time to, int months) {
  try {
    return to >= add(from, Duration{months, {}});
  } catch (const Error&) {  // beyond the year 9999
    return false;
  }
}

std::size_t bit_length(const Bytes& magnitude) {
  if (magnitude.empty()) return 0;
  return (magnitude.size() - 1) * 8 +
         static_cast<std::size_t>(std::bit_width(unsigned{magnitude.front()}));
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

bool holds(const std::vector<Oid>& list, const Oid& oid) {
  return std::ranges::find(list, oid) != list.end();
}

}  // namespace sealwright::lint
