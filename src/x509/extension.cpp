// Extensions about what a key is for: keyUsage, extendedKeyUsage, basicConstraints, key
// identifiers.

#include "x509/extension.h"

#include <limits>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "x509/extension_reader.h"
#include "x509/oids.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;

struct UsageName {
  std::string_view name;
  std::uint32_t bit;
};
constexpr UsageName usage_names[] = {
    {"digitalSignature", digital_signature},
    {"contentCommitment", content_commitment},
    {"keyEncipherment", key_encipherment},
    {"dataEncipherment", data_encipherment},
    {"keyAgreement", key_agreement},
    {"keyCertSign", key_cert_sign},
    {"cRLSign", crl_sign},
    {"encipherOnly", encipher_only},
    {"decipherOnly", decipher_only},
};
constexpr std::uint32_t all_usages = (decipher_only << 1) - 1;

}  // namespace

std::optional<std::uint32_t> key_usage_bit(std::string_view name) {
  if (name == "nonRepudiation") return content_commitment;  // its name before RFC 5280
  for (const auto& row : usage_names)
    if (row.name == name) return row.bit;
  return std::nullopt;
}

std::vector<std::string> key_usage_names(std::uint32_t bits) {
  std::vector<std::string> names;
  for (const auto& row : usage_names)
    if (bits & row.bit) names.emplace_back(row.name);
  return names;
}

Extension key_usage_extension(std::uint32_t bits, bool critical) {
  // RFC 5280, 4.2.1.3: at least one bit must be set.
  if (bits == 0 || bits & ~all_usages)
    throw Error(Error::Kind::internal, "a key usage without bits or with unknown ones");
  return {oids::key_usage, critical, der::named_bits(bits)};
}

std::uint32_t read_key_usage(BytesView value) {
  ExtensionReader reader(value, "keyUsage");
  std::uint32_t bits = 0;
  int unused = 0;
  // Trailing zero bits are no fault here: makers that do not know X.690, 11.2.2 leave them.
  const BytesView octets = reader.bit_string(&unused);
  for (std::size_t bit = 0; bit < 9 && bit / 8 < octets.size(); ++bit)
    if (octets[bit / 8] & 0x80u >> bit % 8) bits |= 1u << bit;
  reader.end();
  return bits;
}

Extension extended_key_usage_extension(const std::vector<Oid>& purposes, bool critical) {
  if (purposes.empty())
    throw Error(Error::Kind::internal, "an extended key usage without purposes");
  std::vector<Bytes> parts;
  for (const Oid& purpose : purposes) parts.push_back(der::oid(purpose));
  return {oids::extended_key_usage, critical, der::sequence(parts)};
}

std::vector<Oid> read_extended_key_usage(BytesView value) {
  ExtensionReader reader(value, "extKeyUsage");
  der::Reader list = reader.enter(der::sequence_tag);
  reader.end();
  std::vector<Oid> purposes;
  do purposes.push_back(list.oid());  // RFC 5280, 4.2.1.12: SIZE (1..MAX)
  while (!list.at_end());
  return purposes;
}

Extension basic_constraints_extension(const BasicConstraints& constraints, bool critical) {
  if (constraints.path_length && (!constraints.ca || *constraints.path_length < 0))
    throw Error(Error::Kind::internal,
                "a path length needs a CA and may not be negative");  // RFC 5280, 4.2.1.9
  std::vector<Bytes> parts;
  if (constraints.ca) parts.push_back(der::boolean(true));
  if (constraints.path_length) parts.push_back(der::integer(*constraints.path_length));
  return {oids::basic_constraints, critical, der::sequence(parts)};
}

BasicConstraints read_basic_constraints(BytesView value) {
  ExtensionReader reader(value, "basicConstraints");
  der::Reader fields = reader.enter(der::sequence_tag);
  reader.end();
  BasicConstraints constraints;
  // FALSE may be written out, as in the example certificate of RFC 8410, section 10.2.
  if (fields.next_is(der::boolean_tag)) constraints.ca = fields.boolean();
  if (!fields.at_end()) {
    const std::int64_t length = fields.small_integer();
    if (length < 0 || length > std::numeric_limits<int>::max())
      throw Error(Error::Kind::input,
                  "the extension basicConstraints is malformed (impossible path length)");
    constraints.path_length = static_cast<int>(length);
  }
  fields.end();
  return constraints;
}

Extension subject_key_identifier_extension(BytesView key_identifier) {
  return {oids::subject_key_identifier, false, der::octet_string(key_identifier)};
}

Bytes read_subject_key_identifier(BytesView value) {
  ExtensionReader reader(value, "subjectKeyIdentifier");
  const BytesView identifier = reader.octet_string();
  reader.end();
  return copy(identifier);
}

Extension authority_key_identifier_extension(BytesView key_identifier) {
  return {oids::authority_key_identifier, false,
          der::sequence({der::element(der::context(0), key_identifier)})};
}

std::optional<Bytes> read_authority_key_identifier(BytesView value) {
  ExtensionReader reader(value, "authorityKeyIdentifier");
  der::Reader fields = reader.enter(der::sequence_tag);
  reader.end();
  const auto identifier = fields.next_if(der::context(0));
  // authorityCertIssuer and authorityCertSerialNumber: they name one certificate of the issuer, and
  // so break when it is renewed.
  if (fields.next_is(der::context_constructed(1))) fields.next();
  if (fields.next_is(der::context(2))) fields.next();
  fields.end();
  if (!identifier) return std::nullopt;
  return copy(identifier->content);
}

}  // namespace sealwright::x509
