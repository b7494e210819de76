// Timestamps as they stand in signatures: RFC 3161 tokens and PKCS#9 countersignatures.

#include <algorithm>

#include "base/error.h"
#include "ossl/der.h"
#include "signing/oids.h"
#include "signing/timestamp.h"
#include "x509/oids.h"

namespace sealwright::signing {
namespace der = ossl::der;
namespace {

constexpr const char* what = "the timestamp";

[[noreturn]] void malformed(const std::string& reason) {
  throw Error(Error::Kind::input, std::string(what) + " is malformed (" + reason + ")");
}

/// Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0], micros [1] }
std::chrono::milliseconds read_accuracy(der::Reader fields) {
  const auto small = [](BytesView content) {
    const Bytes integer = der::element(der::integer_tag, content);
    const std::int64_t value = der::Reader(integer, what).small_integer();
    if (value < 0 || value > 1'000'000'000) malformed("accuracy");
    return value;
  };
  std::chrono::milliseconds result{0};
  if (const auto seconds = fields.next_if(der::integer_tag))
    result += std::chrono::seconds(small(seconds->content));
  if (const auto millis = fields.next_if(der::context(0)))
    result += std::chrono::milliseconds(small(millis->content));
  if (const auto micros = fields.next_if(der::context(1)))
    result += std::chrono::milliseconds((small(micros->content) + 999) / 1000);
  fields.end();
  return result;
}

/// TSTInfo (RFC 3161, 2.4.2).
void read_tst_info(BytesView bytes, TimestampFacts& facts) {
  der::Reader fields(der::only_element(bytes, der::sequence_tag, what).content, what);
  if (fields.small_integer() != 1) malformed("unknown version");
  facts.policy = fields.oid();
  der::Reader imprint = fields.enter(der::sequence_tag);
  const Oid algorithm = imprint.enter(der::sequence_tag).oid();
  const auto digest = ossl::digest_by_oid(algorithm);
  if (!digest) malformed("its digest algorithm " + algorithm.text() + " is not supported");
  facts.imprint_digest = *digest;
  facts.imprint = copy(imprint.octet_string());
  imprint.end();
  facts.serial = x509::read_serial(fields);
  facts.time = fields.time_with_fraction();
  if (const auto accuracy = fields.enter_if(der::sequence_tag))
    facts.accuracy = read_accuracy(*accuracy);
  fields.next_if(der::boolean_tag);  // ordering
  if (fields.next_is(der::integer_tag)) facts.nonce = fields.integer();
  fields.next_if(der::context_constructed(0));  // tsa
  fields.next_if(der::context_constructed(1));  // extensions
  fields.end();
}

void find_signer(TimestampFacts& facts) {
  if (const auto* certificate = x509::find_certificate(facts.signer, facts.certificates))
    facts.certificate = *certificate;
}

/// The first ESSCertID of a SigningCertificate(V2) attribute: whose hash, and by which algorithm
/// (RFC 2634, 5.4; RFC 5035, 3).
struct CertificateHash {
  ossl::Digest digest;
  Bytes hash;
};
CertificateHash read_certificate_hash(const Bytes& value, bool v2) {
  der::Reader fields(der::only_element(value, der::sequence_tag, what).content, what);
  der::Reader identifier = fields.enter(der::sequence_tag).enter(der::sequence_tag);
  CertificateHash result{v2 ? ossl::Digest::sha256 : ossl::Digest::sha1, {}};
  if (auto algorithm = identifier.enter_if(der::sequence_tag)) {
    const auto digest = ossl::digest_by_oid(algorithm->oid());
    if (!v2 || !digest) malformed("certificate identifier");
    result.digest = *digest;
  }
  result.hash = copy(identifier.octet_string());
  return result;
}

bool is_named(const x509::SignerInfo& signer, const x509::Certificate& certificate) {
  const auto* v2 = signer.find_authenticated(oids::signing_certificate_v2);
  const auto* attribute = v2 ? v2 : signer.find_authenticated(oids::signing_certificate);
  if (!attribute || attribute->values.empty()) return false;
  try {
    const auto [digest, hash] = read_certificate_hash(attribute->values.front(), v2 != nullptr);
    return ossl::hash(digest, certificate.der()) == hash;
  } catch (const Error&) {
    return false;  // Not read is not named.
  }
}

bool is_for_timestamping(const x509::Certificate& certificate) {
  try {
    const auto purposes = certificate.extended_key_usage();
    return purposes && std::ranges::find(*purposes, x509::oids::time_stamping) != purposes->end();
  } catch (const Error&) {
    return false;
  }
}

/// The digest that a countersignature holds of the signature value.
Bytes message_digest_of(const x509::SignerInfo& signer) {
  const auto* attribute = signer.find_authenticated(x509::oids::message_digest);
  if (!attribute || attribute->values.size() != 1) malformed("no message digest");
  return copy(der::Reader(attribute->values.front(), what).octet_string());
}

}  // namespace

bool may_stamp(const x509::Certificate& certificate) {
  const auto* extension = certificate.extension(x509::oids::extended_key_usage);
  if (!extension || !extension->critical) return false;
  return is_for_timestamping(certificate) && certificate.extended_key_usage()->size() == 1;
}

TimestampFacts read_token(BytesView bytes) {
  const x509::SignedData data = x509::read_signed_data(bytes);
  if (data.content_type != oids::tst_info) malformed("it is a signature of something else");
  if (data.signers.size() != 1) malformed("it needs one signer");
  TimestampFacts facts;
  facts.kind = TimestampFacts::Kind::rfc3161;
  facts.content = copy(der::only_element(data.content, der::octet_string_tag, what).content);
  read_tst_info(facts.content, facts);
  facts.signer = data.signers.front();
  facts.certificates = data.certificates;
  find_signer(facts);
  return facts;
}

TimestampFacts read_counter_signature(BytesView bytes, const std::vector<x509::Certificate>& pool) {
  TimestampFacts facts;
  facts.kind = TimestampFacts::Kind::pkcs9;
  facts.signer = x509::read_signer_info(bytes);
  facts.imprint_digest = facts.signer.digest;
  facts.imprint = message_digest_of(facts.signer);
  const auto* time = facts.signer.find_authenticated(x509::oids::signing_time);
  if (!time || time->values.size() != 1) malformed("no signing time");
  facts.time = der::Reader(time->values.front(), what).time();
  facts.certificates = pool;
  find_signer(facts);
  return facts;
}

TimestampCheck check_timestamp(const TimestampFacts& facts, BytesView signature_value) {
  TimestampCheck result;
  const bool token = facts.kind == TimestampFacts::Kind::rfc3161;
  result.imprint_matches = ossl::hash(facts.imprint_digest, signature_value) == facts.imprint;
  if (!facts.certificate) return result;
  result.certificate_present = true;
  const x509::SignerCheck check = x509::check(
      facts.signer, token ? BytesView(facts.content) : signature_value, *facts.certificate);
  result.signature_valid = check.signature_valid && check.digest_matches;
  result.certificate_named = !token || is_named(facts.signer, *facts.certificate);
  result.purpose = is_for_timestamping(*facts.certificate);
  return result;
}

}  // namespace sealwright::signing
