#include "x509/request.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "x509/attribute_list.h"
#include "x509/content.h"
#include "x509/extension_list.h"
#include "x509/pem.h"
#include "x509/signed_element.h"

namespace sealwright::x509 {
namespace der = ossl::der;

namespace oids {
const Oid extension_request("1.2.840.113549.1.9.14");
const Oid microsoft_extension_request("1.3.6.1.4.1.311.2.1.14");
const Oid certificate_template_name("1.3.6.1.4.1.311.20.2");
const Oid certificate_template("1.3.6.1.4.1.311.21.7");
}  // namespace oids

namespace {

const std::string what = "the request";

[[noreturn]] void malformed(const std::string& reason) {
  throw Error(Error::Kind::input, fmt::format("{} is malformed ({})", what, reason));
}

bool holds_extensions(const Attribute& attribute) {
  return attribute.type == oids::extension_request ||
         attribute.type == oids::microsoft_extension_request;
}

/// RFC 2985, 5.4.2: one value, ExtensionRequest ::= Extensions. Some programs ask for no extension
/// with an empty list.
std::vector<Extension> requested_extensions(const std::vector<Attribute>& attributes) {
  const auto asks = std::ranges::find_if(attributes, holds_extensions);
  if (asks == attributes.end()) return {};
  // Two would let two readers see two requests.
  if (std::ranges::count_if(attributes, holds_extensions) > 1 || asks->values.size() != 1)
    malformed("extensions are requested twice");
  der::Reader value(asks->values[0], "the extension request");
  der::Reader list = value.enter(der::sequence_tag);
  value.end();
  if (list.at_end()) return {};
  auto extensions = read_extensions(list, what);
  if (extensions.size() > max_request_extensions)
    malformed(fmt::format("more than {} extensions", max_request_extensions));
  return extensions;
}

}  // namespace

struct Request::Data {
  Bytes der;
  BytesView info, algorithm, signature;  // views into der
  Name subject;
  ossl::PublicKey public_key;
  std::vector<Attribute> attributes;
  std::vector<Extension> extensions;
  std::array<std::uint8_t, 32> sha256{};

  void read();
  std::optional<ossl::SignatureAlgorithm> signature_algorithm() const;

 private:
  void read_info(der::Reader fields);
};

/// RFC 2986, 4.2.
void Request::Data::read() {
  const auto element =
      read_signed_element(der, what, [this](der::Reader contents) { read_info(contents); });
  info = element.contents;
  algorithm = element.algorithm;
  signature = element.signature;
  std::ranges::copy(ossl::hash(ossl::Digest::sha256, der), sha256.begin());
}

/// RFC 2986, 4.1.
void Request::Data::read_info(der::Reader fields) {
  if (const std::int64_t version = fields.small_integer(); version != 0)
    malformed(fmt::format("unknown version {}", version));
  subject = Name::from_der(fields.next(der::sequence_tag).whole);
  public_key = ossl::PublicKey::from_spki(fields.next(der::sequence_tag).whole);
  // They are not optional, but old programs that have none leave them out.
  if (const auto set = fields.enter_if(der::context_constructed(0)))
    attributes = read_attributes(*set);
  fields.end();
  extensions = requested_extensions(attributes);
}

/// Malformed parameters make it an unknown one: the signature is bad, the request can be shown.
std::optional<ossl::SignatureAlgorithm> Request::Data::signature_algorithm() const {
  try {
    return ossl::signature_algorithm(algorithm);
  } catch (const Error&) {
    return std::nullopt;
  }
}

Request Request::from_der(BytesView bytes) {
  if (bytes.size() > max_request_bytes)
    throw Error(Error::Kind::input, fmt::format("{} is too large ({} bytes, at most {})", what,
                                                bytes.size(), max_request_bytes));
  auto data = std::make_shared<Data>();
  data->der = copy(bytes);
  data->read();
  return Request(std::move(data));
}

const Bytes& Request::der() const { return data_->der; }
const Name& Request::subject() const { return data_->subject; }
const ossl::PublicKey& Request::public_key() const { return data_->public_key; }
const std::vector<Extension>& Request::extensions() const { return data_->extensions; }
const std::vector<Attribute>& Request::attributes() const { return data_->attributes; }
const std::array<std::uint8_t, 32>& Request::sha256() const { return data_->sha256; }
std::string Request::to_pem() const { return x509::to_pem("CERTIFICATE REQUEST", der()); }

std::optional<ossl::SignatureAlgorithm> Request::signature_algorithm() const {
  return data_->signature_algorithm();
}

const Extension* Request::extension(const Oid& oid) const {
  const auto found = std::ranges::find(data_->extensions, oid, &Extension::oid);
  return found == data_->extensions.end() ? nullptr : &*found;
}

bool Request::verified() const {
  const auto algorithm = signature_algorithm();
  return algorithm && public_key().verify(*algorithm, data_->info, data_->signature);
}

Request read_request(BytesView bytes) {
  if (!looks_like_pem(bytes)) return Request::from_der(bytes);
  std::vector<Request> found;
  for (const PemBlock& block : read_pem(bytes)) {
    if (content_of_label(block.label) != Content::request) continue;
    if (!found.empty())
      throw Error(Error::Kind::input, "several requests in one file", "give one request per file");
    found.push_back(Request::from_der(block.der));
  }
  if (found.empty())
    throw Error(Error::Kind::input, "no certification request found",
                "give a PKCS#10 request (.csr, .req, .p10)");
  return found.front();
}

Request make_request(const RequestContents& contents, ossl::Digest digest, ossl::Signer& signer) {
  std::vector<Bytes> attributes;
  if (!contents.extensions.empty())
    attributes.push_back(
        encode_attribute({oids::extension_request, {encode(contents.extensions)}}));
  const Bytes info =
      der::sequence({der::integer(0), contents.subject.der(), signer.public_key().spki(),
                     der::constructed(der::context_constructed(0), attributes)});
  const auto algorithm = signer.public_key().algorithm(digest);
  return Request::from_der(der::sequence({info, ossl::algorithm_identifier(algorithm),
                                          der::bit_string(signer.sign(algorithm, info))}));
}

Extension certificate_template_name_extension(const std::string& name) {
  if (name.empty()) throw Error(Error::Kind::input, "a certificate template without a name");
  return {oids::certificate_template_name, false, der::bmp_string(name)};
}

Extension certificate_template_extension(const CertificateTemplate& wanted) {
  std::vector<Bytes> parts = {der::oid(wanted.oid), der::integer(wanted.major)};
  if (wanted.minor) parts.push_back(der::integer(*wanted.minor));
  return {oids::certificate_template, false, der::sequence(parts)};
}

}  // namespace sealwright::x509
