#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "signing/catalog.h"
#include "signing/catalog_oids.h"

namespace sealwright::signing {
namespace {
namespace der = ossl::der;

constexpr const char* what = "the catalog";

[[noreturn]] void not_a_catalog(const std::string& reason) {
  throw Error(Error::Kind::input, "not a catalog (" + reason + ")");
}

NameValue read_name_value(BytesView whole) {
  der::Reader outer(whole, what);
  auto reader = outer.enter(der::sequence_tag);
  outer.end();
  NameValue pair;
  pair.name = reader.string();
  const auto flags = reader.small_integer();
  if (flags < INT32_MIN || flags > UINT32_MAX) not_a_catalog("attribute flags are too large");
  pair.flags = static_cast<std::uint32_t>(flags);
  pair.value = copy(reader.octet_string());
  reader.end();
  return pair;
}

MemberKind kind_of_guid(std::string_view guid) {
  if (equal_ignoring_case(guid, "{C689AAB8-8E78-11D0-8C47-00C04FC295EE}")) return MemberKind::pe;
  if (equal_ignoring_case(guid, "{C689AABA-8E78-11D0-8C47-00C04FC295EE}"))
    return MemberKind::cabinet;
  if (equal_ignoring_case(guid, "{DE351A42-8E59-11D0-8C47-00C04FC295EE}")) return MemberKind::flat;
  return MemberKind::other;
}

void read_member_info(CatalogMember& member, BytesView value) {
  der::Reader outer(value, what);
  auto reader = outer.enter(der::sequence_tag);
  outer.end();
  member.subject_guid = reader.string();
  if (member.subject_guid.empty()) not_a_catalog("a member is of an unknown kind");
  member.kind = kind_of_guid(member.subject_guid);
  member.certificate_version = reader.small_integer();
  reader.end();
}

void read_member_info_v2(CatalogMember& member, BytesView value) {
  der::Reader reader(value, what);
  const auto element = reader.next();
  reader.end();
  if (element.tag < der::context(0) || element.tag > der::context(2) || !element.content.empty())
    not_a_catalog("a member is of an unknown kind");
  constexpr MemberKind kinds[] = {MemberKind::pe, MemberKind::cabinet, MemberKind::flat};
  member.kind = kinds[element.tag - der::context(0)];
}

/// Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET OF ANY }
void read_attribute(CatalogMember& member, der::Reader reader, int version) {
  const auto type = reader.oid();
  auto values = reader.enter(der::set_tag);
  reader.end();
  x509::Attribute attribute{type, {}};
  while (!values.at_end()) attribute.values.push_back(copy(values.next().whole));
  const bool one = attribute.values.size() == 1;
  if (one && type == oids::name_value)
    member.attributes.push_back(read_name_value(attribute.values[0]));
  else if (one && type == oids::indirect_data && !member.data)
    member.data = read_indirect_data(attribute.values[0]);
  else if (one && type == oids::member_info && version == 1 && !member.kind)
    read_member_info(member, attribute.values[0]);
  else if (one && type == oids::member_info_v2 && version == 2 && !member.kind)
    read_member_info_v2(member, attribute.values[0]);
  else
    member.others.push_back(std::move(attribute));
}

CatalogMember read_member(der::Reader reader, int version) {
  CatalogMember member;
  member.tag = copy(reader.octet_string());
  if (auto attributes = reader.enter_if(der::set_tag))
    while (!attributes->at_end())
      read_attribute(member, attributes->enter(der::sequence_tag), version);
  reader.end();
  return member;
}

int read_version(der::Reader algorithm) {
  const auto oid = algorithm.oid();
  if (!algorithm.at_end()) algorithm.null();
  algorithm.end();
  if (oid == oids::catalog_list_member) return 1;
  if (oid == oids::catalog_list_member_v2) return 2;
  not_a_catalog("its list is of type " + oid.text());
}

void read_extension(Catalog& catalog, const der::Element& element) {
  der::Reader reader(element.content, what);
  if (reader.oid() != oids::name_value) {
    catalog.other_extensions.push_back(copy(element.whole));
    return;
  }
  catalog.attributes.push_back(read_name_value(reader.octet_string()));
  reader.end();
}

void read_extensions(Catalog& catalog, der::Reader outer) {
  auto list = outer.enter(der::sequence_tag);
  outer.end();
  while (!list.at_end()) {
    if (catalog.attributes.size() >= max_catalog_members)
      not_a_catalog("it has too many attributes");
    read_extension(catalog, list.next(der::sequence_tag));
  }
}
}  // namespace

Catalog read_trust_list(BytesView ctl) {
  der::Reader outer(ctl, what);
  auto reader = outer.enter(der::sequence_tag);
  outer.end();
  auto usage = reader.enter(der::sequence_tag);
  if (usage.oid() != oids::catalog_list) not_a_catalog("it is a trust list for another use");
  usage.end();

  Catalog catalog;
  if (reader.next_is(der::octet_string_tag)) catalog.list_identifier = copy(reader.octet_string());
  catalog.this_update = reader.time();
  catalog.version = read_version(reader.enter(der::sequence_tag));
  if (auto subjects = reader.enter_if(der::sequence_tag))
    while (!subjects->at_end()) {
      if (catalog.members.size() >= max_catalog_members) not_a_catalog("it has too many members");
      catalog.members.push_back(read_member(subjects->enter(der::sequence_tag), catalog.version));
    }
  if (auto list = reader.enter_if(der::context_constructed(0))) read_extensions(catalog, *list);
  reader.end();
  return catalog;
}

Catalog read_catalog(BytesView cat) {
  x509::SignedData data;
  try {
    data = x509::read_signed_data(cat);
  } catch (const Error& error) {
    not_a_catalog(error.message);
  }
  if (data.content_type != oids::trust_list)
    not_a_catalog("its content is of type " + data.content_type.text());
  return read_trust_list(data.content);
}

}  // namespace sealwright::signing
