#include <algorithm>

#include "ossl/der.h"
#include "x509/pkcs7.h"

namespace sealwright::x509 {
namespace der = ossl::der;

namespace oids {
const Oid pkcs7_data("1.2.840.113549.1.7.1");
const Oid pkcs7_signed_data("1.2.840.113549.1.7.2");
const Oid content_type("1.2.840.113549.1.9.3");
const Oid message_digest("1.2.840.113549.1.9.4");
const Oid signing_time("1.2.840.113549.1.9.5");
const Oid counter_signature("1.2.840.113549.1.9.6");
const Oid sequence_number("1.2.840.113549.1.9.25.4");
}  // namespace oids

namespace {

/// RFC 2315's examples and every Authenticode signature have NULL parameters.
Bytes digest_algorithm(const SignerInfo& signer) {
  if (!signer.digest_algorithm_der.empty()) return signer.digest_algorithm_der;
  return der::sequence({der::oid(ossl::oid_of(signer.digest)), der::null()});
}

/// A SET OF (tag 0x31) as the IMPLICIT [n] that it is in a SignerInfo.
Bytes implicit(unsigned number, Bytes set) {
  set[0] = der::context_constructed(number);
  return set;
}

Bytes attribute_set(const std::vector<Attribute>& attributes) {
  std::vector<Bytes> parts;
  for (const Attribute& attribute : attributes) parts.push_back(encode_attribute(attribute));
  return der::set_of(std::move(parts));
}

Bytes signer_identifier(const SignerInfo& signer) {
  if (signer.subject_key_identifier)
    return der::element(der::context(0), *signer.subject_key_identifier);
  return der::sequence({signer.issuer.der(), encode(signer.serial)});
}

std::vector<Bytes> digest_algorithms(const SignedData& data) {
  if (!data.digest_algorithms.empty()) return data.digest_algorithms;
  std::vector<Bytes> algorithms;
  for (const SignerInfo& signer : data.signers) {
    Bytes algorithm = digest_algorithm(signer);
    if (std::find(algorithms.begin(), algorithms.end(), algorithm) == algorithms.end())
      algorithms.push_back(std::move(algorithm));
  }
  std::sort(algorithms.begin(), algorithms.end());
  return algorithms;
}

std::vector<Bytes> bag(const SignedData& data, CertificateOrder order) {
  std::vector<Bytes> parts;
  for (const Certificate& certificate : data.certificates) parts.push_back(certificate.der());
  parts.insert(parts.end(), data.other_certificates.begin(), data.other_certificates.end());
  if (order == CertificateOrder::as_given) return parts;
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  return parts;
}

std::vector<Bytes> signers(const SignedData& data) {
  std::vector<Bytes> parts;
  for (const SignerInfo& signer : data.signers) parts.push_back(encode_signer_info(signer));
  return parts;
}

}  // namespace

Bytes encode_attribute(const Attribute& attribute) {
  return der::sequence({der::oid(attribute.type), der::set_of(attribute.values)});
}

Bytes encode_signer_info(const SignerInfo& signer) {
  std::vector<Bytes> parts = {der::integer(signer.version), signer_identifier(signer),
                              digest_algorithm(signer)};
  if (!signer.authenticated_der.empty())
    parts.push_back(implicit(0, signer.authenticated_der));
  else if (!signer.authenticated.empty())
    parts.push_back(implicit(0, attribute_set(signer.authenticated)));
  parts.push_back(signer.signature_algorithm_der);
  parts.push_back(der::octet_string(signer.signature));
  if (!signer.unauthenticated.empty())
    parts.push_back(implicit(1, attribute_set(signer.unauthenticated)));
  return der::sequence(parts);
}

Bytes encode(const SignedData& data, CertificateOrder order) {
  std::vector<Bytes> info = {der::oid(data.content_type)};
  if (!data.content.empty())
    info.push_back(der::element(der::context_constructed(0), data.content));
  std::vector<Bytes> parts = {
      der::integer(data.version),
      der::constructed(der::set_tag, digest_algorithms(data)),
      der::sequence(info),
  };
  if (const auto certificates = bag(data, order); !certificates.empty())
    parts.push_back(der::constructed(der::context_constructed(0), certificates));
  if (!data.crls.empty()) parts.push_back(der::constructed(der::context_constructed(1), data.crls));
  parts.push_back(der::constructed(der::set_tag, signers(data)));
  return der::sequence({der::oid(oids::pkcs7_signed_data),
                        der::constructed(der::context_constructed(0), {der::sequence(parts)})});
}

Bytes certificates_only(const std::vector<Certificate>& certificates) {
  SignedData data;
  data.content_type = oids::pkcs7_data;
  data.certificates = certificates;
  return encode(data, CertificateOrder::as_given);
}

}  // namespace sealwright::x509
