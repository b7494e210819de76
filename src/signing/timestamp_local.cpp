// Timestamps made with a certificate at hand (RFC 3161, 2.4.2; RFC 5816).

#include "base/error.h"
#include "ossl/der.h"
#include "signing/oids.h"
#include "signing/timestamp.h"
#include "x509/oids.h"

namespace sealwright::signing {
namespace der = ossl::der;
namespace {

/// SigningCertificateV2 with one ESSCertIDv2: SHA-256 (the default, hence not written), issuer and
/// serial.
Bytes signing_certificate_v2(const x509::Certificate& certificate) {
  const Bytes names =
      der::sequence({der::constructed(der::context_constructed(4), {certificate.issuer().der()})});
  const Bytes issuer_serial = der::sequence({names, x509::encode(certificate.serial())});
  const Bytes identifier = der::sequence({der::octet_string(certificate.sha256()), issuer_serial});
  return der::sequence({der::sequence({identifier})});
}

Bytes tst_info(const Authority& authority, const TimestampRequest& request, Time now) {
  const Bytes algorithm = der::sequence({der::oid(ossl::oid_of(request.digest)), der::null()});
  const Serial serial = x509::random_serial(authority.random);
  std::vector<Bytes> fields{der::integer(1),
                            der::oid(request.policy.empty() ? authority.policy : request.policy),
                            der::sequence({algorithm, der::octet_string(request.imprint)}),
                            der::positive_integer(serial.value),
                            der::generalized_time(now),
                            der::sequence({der::integer(authority.accuracy.count())})};
  if (!request.nonce.empty()) fields.push_back(der::element(der::integer_tag, request.nonce));
  return der::sequence(fields);
}

void demand_valid_at(const x509::Certificate& certificate, Time now) {
  if (now >= certificate.not_before() && now <= certificate.not_after()) return;
  const bool early = now < certificate.not_before();
  throw Error(Error::Kind::policy,
              "the timestamping certificate '" + certificate.subject().text() + "' " +
                  (early ? "is not valid before " + to_iso(certificate.not_before())
                         : "expired at " + to_iso(certificate.not_after())));
}

}  // namespace

LocalTimestamper::LocalTimestamper(Authority authority)
    : authority_(std::move(authority)),
      signing_certificate_(signing_certificate_v2(authority_.certificate)) {
  if (!may_stamp(authority_.certificate))
    throw Error(
        Error::Kind::policy,
        "the certificate '" + authority_.certificate.subject().text() + "' cannot make timestamps",
        "its extended key usage must be critical and timeStamping alone");
  if (!authority_.signer || authority_.signer->public_key() != authority_.certificate.public_key())
    throw Error(Error::Kind::input, "the key is not the timestamping certificate's");
}

Bytes LocalTimestamper::token(const TimestampRequest& request) {
  const Time now = authority_.clock();
  demand_valid_at(authority_.certificate, now);
  x509::SignedData data;
  data.version = 3;  // RFC 5652, 5.1: the content is not id-data.
  data.content_type = oids::tst_info;
  const Bytes info = tst_info(authority_, request, now);
  data.content = der::octet_string(info);
  if (request.certificates) {
    data.certificates.push_back(authority_.certificate);
    for (const x509::Certificate& certificate : authority_.chain)
      if (!certificate.self_signed()) data.certificates.push_back(certificate);
  }
  x509::SignerInfo signer;
  signer.digest = authority_.digest;
  signer.authenticated = {x509::content_type_attribute(oids::tst_info),
                          x509::signing_time_attribute(now),
                          x509::message_digest_attribute(ossl::hash(signer.digest, info)),
                          {oids::signing_certificate_v2, {signing_certificate_}}};
  x509::sign(signer, authority_.certificate, *authority_.signer);
  data.signers.push_back(std::move(signer));
  return x509::encode(data, x509::CertificateOrder::sorted);
}

Bytes LocalTimestamper::stamp(BytesView signature_value, ossl::Digest digest) {
  return token({digest, ossl::hash(digest, signature_value), {}, {}, true});
}

}  // namespace sealwright::signing
