#include "x509/certificate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "x509/extension_list.h"
#include "x509/oids.h"
#include "x509/pem.h"
#include "x509/signed_element.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;

[[noreturn]] void malformed(const std::string& reason) {
  throw Error(Error::Kind::input, fmt::format("the certificate is malformed ({})", reason));
}

}  // namespace

struct Certificate::Data {
  Bytes der;
  BytesView tbs, inner_algorithm, algorithm, signature;  // views into der
  int version = 1;
  Serial serial;
  Name issuer, subject;
  Time not_before{}, not_after{};
  ossl::PublicKey public_key;
  std::vector<Extension> extensions;
  Thumbprint thumbprint;
  std::array<std::uint8_t, 32> sha256{};

  void read();

 private:
  void read_tbs(der::Reader fields);
  void read_version(der::Reader& fields);
};

void Certificate::Data::read() {
  const std::string what = "the certificate";
  const auto element =
      read_signed_element(der, what, [this](der::Reader contents) { read_tbs(contents); });
  tbs = element.contents;
  algorithm = element.algorithm;
  signature = element.signature;
  std::ranges::copy(ossl::hash(ossl::Digest::sha1, der), thumbprint.value.begin());
  std::ranges::copy(ossl::hash(ossl::Digest::sha256, der), sha256.begin());
}

void Certificate::Data::read_version(der::Reader& fields) {
  auto explicit_version = fields.enter_if(der::context_constructed(0));
  if (!explicit_version) return;
  const std::int64_t number = explicit_version->small_integer();
  explicit_version->end();
  if (number < 0 || number > 2) malformed(fmt::format("unknown version {}", number));
  version = static_cast<int>(number) + 1;
}

/// RFC 5280, 4.1.2.
void Certificate::Data::read_tbs(der::Reader fields) {
  read_version(fields);
  serial = read_serial(fields);
  inner_algorithm = fields.next(der::sequence_tag).whole;
  issuer = Name::from_der(fields.next(der::sequence_tag).whole);
  der::Reader validity = fields.enter(der::sequence_tag);
  not_before = validity.time();
  not_after = validity.time();
  validity.end();
  subject = Name::from_der(fields.next(der::sequence_tag).whole);
  public_key = ossl::PublicKey::from_spki(fields.next(der::sequence_tag).whole);
  if (version >= 2) {  // issuerUniqueID, subjectUniqueID
    fields.next_if(der::context(1));
    fields.next_if(der::context(2));
  }
  if (version == 3)
    if (auto outer = fields.enter_if(der::context_constructed(3))) {
      extensions = read_extensions(outer->enter(der::sequence_tag), "the certificate");
      outer->end();
    }
  fields.end();
}

Certificate Certificate::from_der(BytesView bytes) {
  if (bytes.size() > max_certificate_bytes)
    throw Error(Error::Kind::input,
                fmt::format("the certificate is too large ({} bytes, at most {})", bytes.size(),
                            max_certificate_bytes));
  auto data = std::make_shared<Data>();
  data->der = copy(bytes);
  data->read();
  return Certificate(std::move(data));
}

const Bytes& Certificate::der() const { return data_->der; }
BytesView Certificate::tbs() const { return data_->tbs; }
int Certificate::version() const { return data_->version; }
const Serial& Certificate::serial() const { return data_->serial; }
const Name& Certificate::issuer() const { return data_->issuer; }
const Name& Certificate::subject() const { return data_->subject; }
Time Certificate::not_before() const { return data_->not_before; }
Time Certificate::not_after() const { return data_->not_after; }
const ossl::PublicKey& Certificate::public_key() const { return data_->public_key; }
BytesView Certificate::signature_algorithm_der() const { return data_->algorithm; }
BytesView Certificate::signature() const { return data_->signature; }
const std::vector<Extension>& Certificate::extensions() const { return data_->extensions; }
const Thumbprint& Certificate::thumbprint() const { return data_->thumbprint; }
const std::array<std::uint8_t, 32>& Certificate::sha256() const { return data_->sha256; }

std::optional<ossl::SignatureAlgorithm> Certificate::signature_algorithm() const {
  return ossl::signature_algorithm(data_->algorithm);
}

const Extension* Certificate::extension(const Oid& oid) const {
  const auto found = std::ranges::find(data_->extensions, oid, &Extension::oid);
  return found == data_->extensions.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> Certificate::key_usage() const {
  const Extension* found = extension(oids::key_usage);
  if (!found) return std::nullopt;
  return read_key_usage(found->value);
}

std::optional<std::vector<Oid>> Certificate::extended_key_usage() const {
  const Extension* found = extension(oids::extended_key_usage);
  if (!found) return std::nullopt;
  return read_extended_key_usage(found->value);
}

std::optional<BasicConstraints> Certificate::basic_constraints() const {
  const Extension* found = extension(oids::basic_constraints);
  if (!found) return std::nullopt;
  return read_basic_constraints(found->value);
}

bool Certificate::is_ca() const {
  const auto constraints = basic_constraints();
  return constraints && constraints->ca;
}

std::optional<Bytes> Certificate::subject_key_identifier() const {
  const Extension* found = extension(oids::subject_key_identifier);
  if (!found) return std::nullopt;
  return read_subject_key_identifier(found->value);
}

std::optional<Bytes> Certificate::authority_key_identifier() const {
  const Extension* found = extension(oids::authority_key_identifier);
  if (!found) return std::nullopt;
  return read_authority_key_identifier(found->value);
}

bool Certificate::signed_by(const ossl::PublicKey& issuer) const {
  const auto algorithm = signature_algorithm();
  // RFC 5280, 4.1.1.2: the algorithm outside is the one the signature covers.
  if (!algorithm || !equal(data_->algorithm, data_->inner_algorithm)) return false;
  return issuer.verify(*algorithm, tbs(), signature());
}

std::string Certificate::to_pem() const { return x509::to_pem("CERTIFICATE", der()); }

Serial read_serial(der::Reader& reader) {
  Bytes content = reader.integer();
  const bool negative = content[0] & 0x80;
  if (content.size() > 1 && content[0] == 0) content.erase(content.begin());
  return {std::move(content), negative};
}

}  // namespace sealwright::x509
