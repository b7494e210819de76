#include <algorithm>

#include "base/error.h"
#include "ossl/der.h"
#include "x509/attribute_list.h"
#include "x509/ber.h"
#include "x509/pkcs7.h"

namespace sealwright::x509 {
namespace der = ossl::der;
namespace {

constexpr const char* what = "the PKCS#7 signature";

[[noreturn]] void malformed(const std::string& reason) {
  throw Error(Error::Kind::input, std::string(what) + " is malformed (" + reason + ")");
}

/// RFC 5652, 5.3: issuerAndSerialNumber or [0] subjectKeyIdentifier.
void read_signer_identifier(der::Reader& fields, SignerInfo& signer) {
  if (const auto key_identifier = fields.next_if(der::context(0))) {
    signer.subject_key_identifier = copy(key_identifier->content);
    return;
  }
  der::Reader names = fields.enter(der::sequence_tag);
  signer.issuer = Name::from_der(names.next(der::sequence_tag).whole);
  signer.serial = read_serial(names);
  names.end();
}

Oid algorithm_of(BytesView algorithm_identifier) {
  return der::Reader(algorithm_identifier, what).enter(der::sequence_tag).oid();
}

void read_digest_algorithm(BytesView algorithm_identifier, SignerInfo& signer) {
  const Oid algorithm = algorithm_of(algorithm_identifier);
  const auto digest = ossl::digest_by_oid(algorithm);
  if (!digest)
    throw Error(Error::Kind::input,
                std::string(what) + " uses the digest algorithm " + algorithm.text() +
                    ", which is not supported",
                "md5, sha1, sha256, sha384 and sha512 are");
  signer.digest = *digest;
  signer.digest_algorithm_der = copy(algorithm_identifier);
}

/// What was signed: the SET OF, whose tag in the SignerInfo is [0] (RFC 2315, 9.3).
Bytes as_signed(BytesView attributes) {
  Bytes signed_bytes = copy(attributes);
  signed_bytes[0] = der::set_tag;
  return signed_bytes;
}

SignerInfo read_signer(der::Reader fields) {
  SignerInfo signer;
  const std::int64_t version = fields.small_integer();
  if (version != 1 && version != 3) malformed("unknown version of SignerInfo");
  signer.version = int(version);
  read_signer_identifier(fields, signer);
  read_digest_algorithm(fields.next(der::sequence_tag).whole, signer);
  if (const auto attributes = fields.next_if(der::context_constructed(0))) {
    signer.authenticated = read_attributes({attributes->content, what});
    // An empty [0] is no attributes to some and signed attributes to others.
    if (signer.authenticated.empty()) malformed("empty authenticated attributes");
    signer.authenticated_der = as_signed(attributes->whole);
  }
  signer.signature_algorithm_der = copy(fields.next(der::sequence_tag).whole);
  algorithm_of(signer.signature_algorithm_der);
  signer.signature = copy(fields.octet_string());
  if (auto attributes = fields.enter_if(der::context_constructed(1)))
    signer.unauthenticated = read_attributes(*attributes);
  fields.end();
  return signer;
}

void read_content(der::Reader fields, SignedData& data) {
  data.content_type = fields.oid();
  if (auto explicit_content = fields.enter_if(der::context_constructed(0))) {
    const der::Element content = explicit_content->next();
    if (content.tag == (der::octet_string_tag | 0x20)) malformed("content is in segments");
    data.content = copy(content.whole);
    explicit_content->end();
  }
  fields.end();
}

void read_certificates_of(der::Reader bag, SignedData& data) {
  while (!bag.at_end()) {
    if (data.certificates.size() + data.other_certificates.size() == max_bag_certificates)
      malformed("more than " + std::to_string(max_bag_certificates) + " certificates");
    const der::Element element = bag.next();
    if (element.tag != der::sequence_tag) {
      data.other_certificates.push_back(copy(element.whole));
      continue;
    }
    try {
      data.certificates.push_back(Certificate::from_der(element.whole));
    } catch (const Error& error) {
      const std::size_t number = data.certificates.size() + data.other_certificates.size() + 1;
      throw with_prefix(error, "certificate " + std::to_string(number) + " of " + what);
    }
  }
}

SignedData read_fields(der::Reader fields) {
  SignedData data;
  const std::int64_t version = fields.small_integer();
  if (version < 1 || version > 5) malformed("unknown version of SignedData");
  data.version = int(version);
  der::Reader algorithms = fields.enter(der::set_tag);
  while (!algorithms.at_end()) {
    if (data.digest_algorithms.size() == max_signers) malformed("too many digest algorithms");
    data.digest_algorithms.push_back(copy(algorithms.next(der::sequence_tag).whole));
  }
  read_content(fields.enter(der::sequence_tag), data);
  if (const auto bag = fields.enter_if(der::context_constructed(0)))
    read_certificates_of(*bag, data);
  if (auto crls = fields.enter_if(der::context_constructed(1)))
    while (!crls->at_end()) data.crls.push_back(copy(crls->next().whole));
  der::Reader signers = fields.enter(der::set_tag);
  while (!signers.at_end()) {
    if (data.signers.size() == max_signers)
      malformed("more than " + std::to_string(max_signers) + " signers");
    data.signers.push_back(read_signer(signers.enter(der::sequence_tag)));
  }
  fields.end();
  return data;
}

SignedData read_der(BytesView bytes, std::size_t* trailing) {
  der::Reader outer(bytes, what);
  der::Reader info = outer.enter(der::sequence_tag);
  if (info.oid() != oids::pkcs7_signed_data)
    throw Error(Error::Kind::input, "not a PKCS#7 signature (another content type)");
  der::Reader explicit_content = info.enter(der::context_constructed(0));
  info.end();
  der::Reader fields = explicit_content.enter(der::sequence_tag);
  explicit_content.end();
  SignedData data = read_fields(fields);
  if (trailing)
    *trailing = outer.rest().size();
  else
    outer.end();
  return data;
}

}  // namespace

std::vector<Attribute> read_attributes(der::Reader set) {
  std::vector<Attribute> attributes;
  while (!set.at_end()) {
    der::Reader fields = set.enter(der::sequence_tag);
    Attribute attribute{fields.oid(), {}};
    der::Reader values = fields.enter(der::set_tag);
    while (!values.at_end()) attribute.values.push_back(copy(values.next().whole));
    fields.end();
    attributes.push_back(std::move(attribute));
  }
  return attributes;
}

SignedData read_signed_data(BytesView bytes, std::size_t* trailing) {
  try {
    return read_der(bytes, trailing);
  } catch (const Error&) {
    // Only what has an indefinite length is worth a second look.
    const auto definite = definite_lengths(bytes);
    if (!definite || equal(definite->der, bytes.first(definite->used))) throw;
    SignedData data = read_der(definite->der, nullptr);
    const std::size_t rest = bytes.size() - definite->used;
    if (!trailing && rest) malformed("there are bytes after it");
    if (trailing) *trailing = rest;
    return data;
  }
}

SignerInfo read_signer_info(BytesView bytes) {
  return read_signer({der::only_element(bytes, der::sequence_tag, what).content, what});
}

}  // namespace sealwright::x509
