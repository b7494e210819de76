// Extensions made of names: subjectAlternativeName, nameConstraints, certificatePolicies, and the
// places of CRLs and issuers.

#include "base/error.h"
#include "x509/extension_reader.h"
#include "x509/general_name.h"
#include "x509/oids.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;

const Oid& ca_issuers() {
  static const Oid oid("1.3.6.1.5.5.7.48.2");
  return oid;
}
const Oid& ocsp() {
  static const Oid oid("1.3.6.1.5.5.7.48.1");
  return oid;
}
const Oid& cps_qualifier() {
  static const Oid oid("1.3.6.1.5.5.7.2.1");
  return oid;
}

Bytes uri(const std::string& url) { return encode({GeneralName::Kind::uri, url}, NameUse::name); }

std::vector<GeneralName> read_names(der::Reader names, NameUse use) {
  std::vector<GeneralName> result;
  while (!names.at_end())
    if (auto name = read_general_name(names, use)) result.push_back(std::move(*name));
  return result;
}

/// GeneralSubtrees; minimum is always 0 and maximum absent (RFC 5280, 4.2.1.10).
Bytes subtrees(unsigned number, const std::vector<GeneralName>& names) {
  if (names.empty()) return {};
  std::vector<Bytes> parts;
  for (const GeneralName& name : names)
    parts.push_back(der::sequence({encode(name, NameUse::constraint)}));
  return der::constructed(der::context_constructed(number), parts);
}

std::vector<GeneralName> read_subtrees(der::Reader list) {
  std::vector<GeneralName> names;
  while (!list.at_end()) {
    der::Reader subtree = list.enter(der::sequence_tag);
    if (auto name = read_general_name(subtree, NameUse::constraint))
      names.push_back(std::move(*name));
    subtree.next_if(der::context(0));
    subtree.end();
  }
  return names;
}

}  // namespace

Extension subject_alternative_name_extension(const std::vector<GeneralName>& names, bool critical) {
  if (names.empty()) throw Error(Error::Kind::internal, "a subject alternative name without names");
  std::vector<Bytes> parts;
  for (const GeneralName& name : names) parts.push_back(encode(name, NameUse::name));
  return {oids::subject_alternative_name, critical, der::sequence(parts)};
}

std::vector<GeneralName> read_general_names(BytesView value) {
  ExtensionReader reader(value, "subjectAltName");
  const der::Reader names = reader.enter(der::sequence_tag);
  reader.end();
  return read_names(names, NameUse::name);
}

Extension name_constraints_extension(const NameConstraints& constraints) {
  if (constraints.permitted.empty() && constraints.excluded.empty())
    throw Error(Error::Kind::internal, "name constraints without names");
  // RFC 5280, 4.2.1.10: conforming CAs MUST mark it critical.
  return {oids::name_constraints, true,
          der::sequence({subtrees(0, constraints.permitted), subtrees(1, constraints.excluded)})};
}

NameConstraints read_name_constraints(BytesView value) {
  ExtensionReader reader(value, "nameConstraints");
  der::Reader fields = reader.enter(der::sequence_tag);
  reader.end();
  NameConstraints constraints;
  if (auto list = fields.enter_if(der::context_constructed(0)))
    constraints.permitted = read_subtrees(*list);
  if (auto list = fields.enter_if(der::context_constructed(1)))
    constraints.excluded = read_subtrees(*list);
  fields.end();
  return constraints;
}

Extension crl_distribution_points_extension(const std::vector<std::string>& urls) {
  if (urls.empty()) throw Error(Error::Kind::internal, "CRL distribution points without URLs");
  std::vector<Bytes> names;
  for (const auto& url : urls) names.push_back(uri(url));
  // One distribution point: its names are ways to the same CRL (RFC 5280, 4.2.1.13).
  const Bytes full_name = der::constructed(der::context_constructed(0), names);
  return {oids::crl_distribution_points, false,
          der::sequence({der::sequence({der::element(der::context_constructed(0), full_name)})})};
}

std::vector<std::string> read_crl_distribution_points(BytesView value) {
  ExtensionReader reader(value, "cRLDistributionPoints");
  der::Reader points = reader.enter(der::sequence_tag);
  reader.end();
  std::vector<std::string> urls;
  while (!points.at_end()) {
    der::Reader point = points.enter(der::sequence_tag);
    if (auto place = point.enter_if(der::context_constructed(0)))
      if (auto full_name = place->enter_if(der::context_constructed(0)))
        for (auto& name : read_names(*full_name, NameUse::name))
          if (name.kind == GeneralName::Kind::uri) urls.push_back(std::move(name.value));
    point.next_if(der::context(1));              // reasons
    point.next_if(der::context_constructed(2));  // cRLIssuer
    point.end();
  }
  return urls;
}

Extension authority_information_access_extension(const std::vector<std::string>& issuer_urls,
                                                 const std::vector<std::string>& ocsp_urls) {
  if (issuer_urls.empty() && ocsp_urls.empty())
    throw Error(Error::Kind::internal, "authority information access without URLs");
  std::vector<Bytes> parts;
  for (const auto& url : issuer_urls)
    parts.push_back(der::sequence({der::oid(ca_issuers()), uri(url)}));
  for (const auto& url : ocsp_urls) parts.push_back(der::sequence({der::oid(ocsp()), uri(url)}));
  return {oids::authority_information_access, false, der::sequence(parts)};
}

AuthorityInformationAccess read_authority_information_access(BytesView value) {
  ExtensionReader reader(value, "authorityInfoAccess");
  der::Reader list = reader.enter(der::sequence_tag);
  reader.end();
  AuthorityInformationAccess access;
  while (!list.at_end()) {
    der::Reader description = list.enter(der::sequence_tag);
    const Oid method = description.oid();
    auto name = read_general_name(description, NameUse::name);
    description.end();
    if (!name || name->kind != GeneralName::Kind::uri) continue;
    if (method == ca_issuers()) access.issuers.push_back(std::move(name->value));
    if (method == ocsp()) access.ocsp.push_back(std::move(name->value));
  }
  return access;
}

Extension certificate_policies_extension(const std::vector<CertificatePolicy>& policies) {
  if (policies.empty()) throw Error(Error::Kind::internal, "certificate policies without a policy");
  std::vector<Bytes> parts;
  for (const auto& policy : policies) {
    Bytes qualifiers;
    if (!policy.cps.empty())
      qualifiers =
          der::sequence({der::sequence({der::oid(cps_qualifier()), der::ia5_string(policy.cps)})});
    parts.push_back(der::sequence({der::oid(policy.oid), qualifiers}));
  }
  return {oids::certificate_policies, false, der::sequence(parts)};
}

std::vector<CertificatePolicy> read_certificate_policies(BytesView value) {
  ExtensionReader reader(value, "certificatePolicies");
  der::Reader list = reader.enter(der::sequence_tag);
  reader.end();
  std::vector<CertificatePolicy> policies;
  while (!list.at_end()) {
    der::Reader information = list.enter(der::sequence_tag);
    CertificatePolicy policy{information.oid(), {}};
    if (auto qualifiers = information.enter_if(der::sequence_tag))
      while (!qualifiers->at_end()) {
        der::Reader qualifier = qualifiers->enter(der::sequence_tag);
        const bool cps = qualifier.oid() == cps_qualifier();
        const der::Element content = qualifier.next();
        if (cps && policy.cps.empty())
          policy.cps = der::string_of(content, "the extension certificatePolicies");
      }
    information.end();
    policies.push_back(std::move(policy));
  }
  return policies;
}

}  // namespace sealwright::x509
