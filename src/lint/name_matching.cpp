#include "lint/name_matching.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::lint {
namespace {
using Kind = x509::GeneralName::Kind;

/// `within` is `host`, or what its labels end with.
bool in_domain(std::string_view host, std::string_view within) {
  if (within.empty()) return true;
  if (within.front() == '.') within.remove_prefix(1);
  if (host.size() < within.size()) return false;
  const auto tail = host.substr(host.size() - within.size());
  return equal_ignoring_case(tail, within) &&
         (host.size() == within.size() || host[host.size() - within.size() - 1] == '.');
}

/// Mail addresses and URIs: a host exactly, or with a dot before it everything below.
bool host_matches(std::string_view host, std::string_view constraint) {
  if (constraint.empty()) return true;
  if (constraint.front() != '.') return equal_ignoring_case(host, constraint);
  return in_domain(host, constraint) && host.size() >= constraint.size();
}

bool mail_matches(std::string_view address, std::string_view constraint) {
  if (constraint.find('@') != std::string_view::npos)
    return equal_ignoring_case(address, constraint);
  const auto at = address.rfind('@');
  return at != std::string_view::npos && host_matches(address.substr(at + 1), constraint);
}

std::string_view host_of(std::string_view uri) {
  const auto scheme = uri.find("://");
  if (scheme == std::string_view::npos) return {};
  uri.remove_prefix(scheme + 3);
  uri = uri.substr(0, uri.find_first_of("/?#"));
  if (const auto at = uri.rfind('@'); at != std::string_view::npos) uri.remove_prefix(at + 1);
  return uri.substr(0, uri.find(':'));
}

/// The octets of an address; empty when it is none.
Bytes octets_of(const std::string& text) {
  Bytes octets(16);
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return octets;
  octets.resize(4);
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) return octets;
  return {};
}

Bytes mask_of(const std::string& text, std::size_t octets) {
  if (const auto written = octets_of(text); written.size() == octets) return written;
  Bytes mask(octets);
  const auto bits = std::min<std::size_t>(std::strtoul(text.c_str(), nullptr, 10), octets * 8);
  for (std::size_t bit = 0; bit < bits; ++bit) mask[bit / 8] |= std::uint8_t(0x80 >> bit % 8);
  return mask;
}

bool address_matches(const std::string& address, const std::string& network) {
  const auto slash = network.find('/');
  const auto have = octets_of(address), base = octets_of(network.substr(0, slash));
  if (have.empty() || have.size() != base.size() || slash == std::string::npos) return false;
  const auto mask = mask_of(network.substr(slash + 1), base.size());
  for (std::size_t i = 0; i < have.size(); ++i)
    if ((have[i] ^ base[i]) & mask[i]) return false;
  return true;
}

/// Whether `name` begins with all of `base`, from the country down.
bool directory_matches(const std::string& name, const std::string& base) {
  try {
    const auto have = x509::Name::parse(name).attributes();
    const auto wanted = x509::Name::parse(base).attributes();
    return wanted.size() <= have.size() &&
           std::equal(wanted.begin(), wanted.end(), have.begin(), [](const auto& a, const auto& b) {
             return a.type == b.type && equal_ignoring_case(a.value, b.value);
           });
  } catch (const Error&) {
    return false;
  }
}

bool matches(const x509::GeneralName& name, const x509::GeneralName& constraint) {
  if (name.kind != constraint.kind) return false;
  switch (name.kind) {
    case Kind::dns:
      return in_domain(name.value, constraint.value);
    case Kind::email:
      return mail_matches(name.value, constraint.value);
    case Kind::uri:
      return host_matches(host_of(name.value), constraint.value);
    case Kind::ip:
      return address_matches(name.value, constraint.value);
    case Kind::directory:
      return directory_matches(name.value, constraint.value);
  }
  return false;
}

std::vector<x509::GeneralName> names_of(const x509::Name& subject,
                                        std::vector<x509::GeneralName> names) {
  const bool has_mail =
      std::ranges::any_of(names, [](const auto& name) { return name.kind == Kind::email; });
  if (!subject.empty()) names.insert(names.begin(), {Kind::directory, subject.text()});
  const auto mail = x509::attribute_type("E");
  if (!has_mail)
    for (const auto& attribute : subject.attributes())
      if (attribute.type == mail) names.push_back({Kind::email, attribute.value});
  return names;
}
}  // namespace

std::optional<std::string> violation_of(const x509::NameConstraints& constraints,
                                        const x509::Name& subject,
                                        const std::vector<x509::GeneralName>& alternative_names) {
  for (const auto& name : names_of(subject, alternative_names)) {
    const auto fits = [&](const auto& constraint) { return matches(name, constraint); };
    const auto same_kind = [&](const auto& constraint) { return constraint.kind == name.kind; };
    const auto shown = "'" + printable(name.value) + "'";
    if (std::ranges::any_of(constraints.excluded, fits))
      return shown + " is excluded by its issuer's name constraints";
    // A kind that is not listed is not limited.
    if (std::ranges::any_of(constraints.permitted, same_kind) &&
        std::ranges::none_of(constraints.permitted, fits))
      return shown + " is not permitted by its issuer's name constraints";
  }
  return std::nullopt;
}

}  // namespace sealwright::lint
