#include "x509/name.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "x509/name_value.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;

struct AttributeRow {
  std::string_view oid, short_name, long_name;
};

/// Short names of RFC 4514, section 3, RFC 4519 and, for what these leave out, the ones Windows
/// prints.
constexpr AttributeRow attribute_rows[] = {
    {"2.5.4.3", "CN", "commonName"},
    {"2.5.4.4", "SN", "surname"},
    {"2.5.4.5", "serialNumber", "deviceSerialNumber"},
    {"2.5.4.6", "C", "countryName"},
    {"2.5.4.7", "L", "localityName"},
    {"2.5.4.8", "ST", "stateOrProvinceName"},
    {"2.5.4.8", "S", "stateOrProvinceName"},
    {"2.5.4.9", "STREET", "streetAddress"},
    {"2.5.4.10", "O", "organizationName"},
    {"2.5.4.11", "OU", "organizationalUnitName"},
    {"2.5.4.12", "T", "title"},
    {"2.5.4.13", "description", "description"},
    {"2.5.4.15", "businessCategory", "businessCategory"},
    {"2.5.4.17", "postalCode", "postalCode"},
    {"2.5.4.20", "telephoneNumber", "telephoneNumber"},
    {"2.5.4.41", "name", "name"},
    {"2.5.4.42", "GN", "givenName"},
    {"2.5.4.42", "G", "givenName"},
    {"2.5.4.43", "initials", "initials"},
    {"2.5.4.44", "generationQualifier", "generationQualifier"},
    {"2.5.4.46", "dnQualifier", "dnQualifier"},
    {"2.5.4.65", "pseudonym", "pseudonym"},
    {"2.5.4.97", "organizationIdentifier", "organizationIdentifier"},
    {"0.9.2342.19200300.100.1.1", "UID", "userId"},
    {"0.9.2342.19200300.100.1.25", "DC", "domainComponent"},
    {"1.2.840.113549.1.9.1", "E", "emailAddress"},
    {"1.2.840.113549.1.9.2", "unstructuredName", "unstructuredName"},
    {"1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL", "jurisdictionLocalityName"},
    {"1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST", "jurisdictionStateOrProvinceName"},
    {"1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC", "jurisdictionCountryName"},
};

/// X.520: countryName, serialNumber and dnQualifier are PrintableString; RFC 4519 and PKCS #9:
/// domainComponent and emailAddress are IA5String.
Bytes encode_value(const Oid& type, std::string_view text) {
  const std::string& oid = type.text();
  if (oid == "2.5.4.6" || oid == "2.5.4.5" || oid == "2.5.4.46" ||
      oid == "1.3.6.1.4.1.311.60.2.1.3")
    return der::printable_string(text);
  if (oid == "0.9.2342.19200300.100.1.25" || oid == "1.2.840.113549.1.9.1")
    return der::ia5_string(text);
  return der::utf8_string(text);
}

}  // namespace

std::optional<Oid> attribute_type(std::string_view short_name) {
  for (const auto& row : attribute_rows)
    if (equal_ignoring_case(row.short_name, short_name) ||
        equal_ignoring_case(row.long_name, short_name))
      return Oid(row.oid);
  return std::nullopt;
}

std::optional<std::string_view> attribute_name(const Oid& type) {
  for (const auto& row : attribute_rows)
    if (row.oid == type.text()) return row.short_name;
  return std::nullopt;
}

Bytes encode_attribute_value(const Oid& type, std::string_view text) {
  const std::string shown = std::string(attribute_name(type).value_or(type.text()));
  if (text.empty()) throw Error(Error::Kind::input, shown + ": the value is empty");
  if (text.find('\0') != std::string_view::npos)
    throw Error(Error::Kind::input, shown + ": the value contains a NUL");
  try {
    return encode_value(type, text);
  } catch (const Error& error) {
    throw with_prefix(error, shown);
  }
}

std::optional<std::string> text_value(const der::Element& value) {
  try {
    return der::string_of(value, "attribute value");
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<std::vector<RawAttribute>> read_rdns(BytesView name_der) {
  const std::string what = "distinguished name";
  der::Reader reader(name_der, what);
  der::Reader names = reader.enter(der::sequence_tag);
  reader.end();
  std::vector<std::vector<RawAttribute>> rdns;
  while (!names.at_end()) {
    der::Reader set = names.enter(der::set_tag);
    auto& rdn = rdns.emplace_back();
    do {  // X.501, 9.3: SET SIZE (1..MAX)
      der::Reader attribute = set.enter(der::sequence_tag);
      Oid type = attribute.oid();
      rdn.push_back({std::move(type), attribute.next()});
      attribute.end();
    } while (!set.at_end());
  }
  return rdns;
}

Name Name::of(const std::vector<NameAttribute>& most_specific_first) {
  std::vector<Bytes> rdns;
  for (auto it = most_specific_first.rbegin(); it != most_specific_first.rend(); ++it)
    rdns.push_back(der::set_of(
        {der::sequence({der::oid(it->type), encode_attribute_value(it->type, it->value)})}));
  return from_der(der::sequence(rdns));
}

Name Name::from_der(BytesView bytes) {
  Name name;
  for (const auto& rdn : read_rdns(bytes))
    for (const auto& [type, value] : rdn) {
      auto text = text_value(value);
      name.attributes_.push_back({type, text ? std::move(*text) : "#" + to_hex(value.whole)});
    }
  name.der_ = copy(bytes);
  return name;
}

std::string Name::first(std::string_view short_name) const {
  const auto type = attribute_type(short_name);
  const auto found =
      std::find_if(attributes_.rbegin(), attributes_.rend(),
                   [&](const NameAttribute& attribute) { return type && attribute.type == *type; });
  return found == attributes_.rend() ? std::string() : found->value;
}

std::string Name::display() const {
  for (const char* type : {"CN", "OU", "O", "E"})
    if (auto value = first(type); !value.empty()) return value;
  return text();
}

}  // namespace sealwright::x509
