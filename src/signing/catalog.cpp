#include "signing/catalog.h"

#include <charconv>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::signing {
namespace {
std::string find_attribute(const std::vector<NameValue>& attributes, std::string_view name) {
  for (const auto& attribute : attributes)
    if (equal_ignoring_case(attribute.name, name)) return attribute.text().value_or("");
  return "";
}

std::optional<ossl::Digest> digest_of_size(std::size_t bytes) {
  for (const auto digest : {ossl::Digest::sha1, ossl::Digest::sha256})
    if (ossl::size_of(digest) == bytes) return digest;
  return std::nullopt;
}

/// The n of "HWIDn", or 0.
unsigned hardware_id_number(std::string_view name) {
  constexpr std::string_view prefix = "HWID";
  if (name.size() <= prefix.size() || !equal_ignoring_case(name.substr(0, prefix.size()), prefix))
    return 0;
  unsigned number = 0;
  const auto* end = name.data() + name.size();
  const auto read = std::from_chars(name.data() + prefix.size(), end, number);
  return read.ec == std::errc() && read.ptr == end ? number : 0;
}

std::string key(BytesView digest) { return text(digest); }

IndirectData indirect_data(MemberKind kind, ossl::Digest algorithm, BytesView digest) {
  IndirectData data;
  const bool pe = kind == MemberKind::pe;
  data.type = pe ? oids::pe_image_data : oids::cab_data;
  data.value = pe ? pe_image_data(ImageFlags::resources_and_import_tables) : spc_file_link();
  data.digest = algorithm;
  data.message_digest = copy(digest);
  return data;
}

Bytes text_with_terminator(std::string_view utf8) {
  auto bytes = utf16le(utf8);
  put_u16le(bytes, 0);
  return bytes;
}
}  // namespace

NameValue NameValue::of_text(std::string_view name, std::string_view utf8) {
  NameValue made;
  made.name = name;
  made.value = text_with_terminator(utf8);
  return made;
}

std::optional<std::string> NameValue::text() const {
  if ((flags & attribute_data_ascii) == 0) return std::nullopt;
  BytesView rest = value;
  if (rest.size() % 2 != 0) return std::nullopt;
  while (rest.size() >= 2 && u16le(rest.last(2)) == 0) rest = rest.first(rest.size() - 2);
  try {
    return from_utf16le(rest);
  } catch (const Error&) {
    return std::nullopt;  // an unpaired surrogate: not text
  }
}

std::string_view to_text(MemberKind kind) {
  switch (kind) {
    case MemberKind::pe:
      return "pe";
    case MemberKind::cabinet:
      return "cabinet";
    case MemberKind::flat:
      return "flat";
    case MemberKind::other:
      return "other";
  }
  return "";
}

BytesView CatalogMember::digest() const {
  if (data) return data->message_digest;
  return digest_of_size(tag.size()) ? BytesView(tag) : BytesView();
}

std::optional<ossl::Digest> CatalogMember::algorithm() const {
  if (data) return data->digest;
  return digest_of_size(tag.size());
}

std::string CatalogMember::attribute(std::string_view name) const {
  return find_attribute(attributes, name);
}

std::string CatalogMember::tag_text() const {
  if (digest_of_size(tag.size())) return to_hex_upper(tag);
  NameValue as_text;
  as_text.value = tag;
  return as_text.text().value_or(to_hex_upper(tag));
}

std::string Catalog::attribute(std::string_view name) const {
  return find_attribute(attributes, name);
}

std::vector<std::string> Catalog::hardware_ids() const {
  std::multimap<unsigned, std::string> by_number;
  for (const auto& attribute : attributes)
    if (const auto number = hardware_id_number(attribute.name))
      by_number.emplace(number, attribute.text().value_or(""));
  std::vector<std::string> ids;
  for (auto& [number, id] : by_number) ids.push_back(std::move(id));
  return ids;
}

std::vector<CatalogMember> members_for(int version, const CatalogFile& file) {
  CatalogMember member;
  member.kind = file.kind;
  member.attributes = file.attributes;
  if (version == 1) {
    member.tag = text_with_terminator(to_hex_upper(file.sha1));
    member.data = indirect_data(file.kind, ossl::Digest::sha1, file.sha1);
    return {std::move(member)};
  }
  auto by_sha1 = member;
  by_sha1.tag = file.sha1;
  member.tag = file.sha256;
  member.data = indirect_data(file.kind, ossl::Digest::sha256, file.sha256);
  return {std::move(by_sha1), std::move(member)};
}

CatalogIndex::CatalogIndex(const Catalog& catalog) {
  members_.reserve(catalog.members.size());
  for (const auto& member : catalog.members)
    if (!member.digest().empty()) members_.emplace(key(member.digest()), &member);
}

std::vector<const CatalogMember*> CatalogIndex::find(BytesView digest) const {
  std::vector<const CatalogMember*> found;
  const auto [first, last] = members_.equal_range(key(digest));
  for (auto at = first; at != last; ++at) found.push_back(at->second);
  return found;
}

}  // namespace sealwright::signing
