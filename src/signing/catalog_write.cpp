#include <algorithm>

#include "base/error.h"
#include "ossl/der.h"
#include "signing/catalog.h"
#include "signing/catalog_oids.h"

namespace sealwright::signing {
namespace {
namespace der = ossl::der;

// Which SIP (subject interface package) of Windows calculates the digest of a member.
constexpr std::string_view pe_guid = "{C689AAB8-8E78-11D0-8C47-00C04FC295EE}";
constexpr std::string_view cabinet_guid = "{C689AABA-8E78-11D0-8C47-00C04FC295EE}";
constexpr std::string_view flat_guid = "{DE351A42-8E59-11D0-8C47-00C04FC295EE}";

std::string_view guid_of(const CatalogMember& member) {
  if (!member.subject_guid.empty()) return member.subject_guid;
  switch (*member.kind) {
    case MemberKind::pe:
      return pe_guid;
    case MemberKind::cabinet:
      return cabinet_guid;
    case MemberKind::flat:
      return flat_guid;
    case MemberKind::other:
      break;
  }
  throw Error(Error::Kind::internal, "a catalog member of unknown kind has no subject GUID");
}

Bytes attribute(const Oid& type, BytesView value) {
  return der::sequence({der::oid(type), der::constructed(der::set_tag, {value})});
}

/// CatNameValue ::= SEQUENCE { name BMPString, flags INTEGER, value OCTET STRING }
Bytes name_value(const NameValue& pair) {
  return der::sequence(
      {der::bmp_string(pair.name), der::integer(pair.flags), der::octet_string(pair.value)});
}

/// CatMemberInfo ::= SEQUENCE { subjectGuid BMPString, certVersion INTEGER }
Bytes member_info(const CatalogMember& member) {
  return attribute(oids::member_info, der::sequence({der::bmp_string(guid_of(member)),
                                                     der::integer(member.certificate_version)}));
}

/// CatMemberInfo2 ::= CHOICE { pe [0] NULL, cabinet [1] NULL, flat [2] NULL }
Bytes member_info_v2(MemberKind kind) {
  if (kind == MemberKind::other)
    throw Error(Error::Kind::internal,
                "a catalog member of unknown kind has no place in version 2");
  const unsigned number = kind == MemberKind::pe ? 0 : kind == MemberKind::cabinet ? 1 : 2;
  return attribute(oids::member_info_v2, der::element(der::context(number), {}));
}

/// TrustedSubject ::= SEQUENCE { tag OCTET STRING, attributes SET OF Attribute }
Bytes encode_member(int version, const CatalogMember& member) {
  std::vector<Bytes> attributes;
  for (const auto& pair : member.attributes)
    attributes.push_back(attribute(oids::name_value, name_value(pair)));
  if (member.kind)
    attributes.push_back(version == 1 ? member_info(member) : member_info_v2(*member.kind));
  if (member.data) attributes.push_back(attribute(oids::indirect_data, encode(*member.data)));
  for (const auto& other : member.others) attributes.push_back(x509::encode_attribute(other));
  return der::sequence({der::octet_string(member.tag), der::set_of(std::move(attributes))});
}

/// CTL entries are looked up by binary search: sorted by tag in all catalogs of Microsoft's tools.
Bytes trusted_subjects(const Catalog& catalog) {
  std::vector<const CatalogMember*> sorted;
  for (const auto& member : catalog.members) sorted.push_back(&member);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->tag < b->tag; });
  std::vector<Bytes> encoded;
  for (const auto* member : sorted) encoded.push_back(encode_member(catalog.version, *member));
  return der::sequence(encoded);
}

Bytes extensions(const Catalog& catalog) {
  std::vector<Bytes> encoded;
  for (const auto& pair : catalog.attributes)
    encoded.push_back(
        der::sequence({der::oid(oids::name_value), der::octet_string(name_value(pair))}));
  encoded.insert(encoded.end(), catalog.other_extensions.begin(), catalog.other_extensions.end());
  if (encoded.empty()) return {};
  return der::constructed(der::context_constructed(0), {der::sequence(encoded)});
}
}  // namespace

Bytes encode(const Catalog& catalog) {
  const auto& algorithm =
      catalog.version == 1 ? oids::catalog_list_member : oids::catalog_list_member_v2;
  return der::sequence({der::sequence({der::oid(oids::catalog_list)}),
                        der::octet_string(catalog.list_identifier), der::time(catalog.this_update),
                        der::sequence({der::oid(algorithm), der::null()}),
                        trusted_subjects(catalog), extensions(catalog)});
}

Bytes encode_unsigned(const Catalog& catalog) {
  x509::SignedData data;
  data.content_type = oids::trust_list;
  data.content = encode(catalog);
  return x509::encode(data);
}

}  // namespace sealwright::signing
