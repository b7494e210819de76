// Certification requests for keys that have a certificate already.

#include <algorithm>

#include "base/error.h"
#include "ca/chain.h"
#include "ca/export.h"
#include "ca/sha256.h"
#include "x509/oids.h"
#include "x509/request.h"

namespace sealwright::ca {
namespace {

/// openssl x509 -x509toreq leaves out the key identifiers, too.
bool can_be_asked_for(const x509::Extension& extension) {
  const Oid issuers[] = {x509::oids::subject_key_identifier, x509::oids::authority_key_identifier,
                         x509::oids::crl_distribution_points,
                         x509::oids::authority_information_access};
  return std::find(std::begin(issuers), std::end(issuers), extension.oid) == std::end(issuers);
}

/// As strong as the key (FIPS 186-5, 6.1.1); of an RSA key what every authority takes.
ossl::Digest digest_for(const ossl::PublicKey& key) {
  if (key.curve() == ossl::Curve::p384) return ossl::Digest::sha384;
  return key.curve() == ossl::Curve::p521 ? ossl::Digest::sha512 : ossl::Digest::sha256;
}

}  // namespace

ExportedRequest export_request(store::Inventory& inventory, const store::Generation& generation,
                               std::unique_ptr<ossl::Signer> signer, const std::string& file) {
  const auto certificate = certificate_of(generation);
  x509::RequestContents contents;
  contents.subject = certificate.subject();
  std::copy_if(certificate.extensions().begin(), certificate.extensions().end(),
               std::back_inserter(contents.extensions), can_be_asked_for);
  auto recording = std::make_unique<RecordingSigner>(inventory, generation, std::move(signer));
  const auto digest = digest_for(recording->public_key());
  recording->subject({file, "request", std::string(ossl::to_text(digest)), {}, {}});
  const auto request = x509::make_request(contents, digest, *recording);
  if (!request.verified())
    throw Error(Error::Kind::crypto, "the signature that was made is not valid",
                "nothing was written; if this happens again, do not trust this machine or token");
  return {{ossl::Secret(request.to_pem()), Access::everyone}, std::move(recording)};
}

void finish_request(RecordingSigner& signer, const Exported& exported) {
  signer.finish({sha256(exported.content.view()), {}, ""});
}

Exported waiting_request(const store::RequestRecord& waiting) {
  return {ossl::Secret(x509::Request::from_der(waiting.intent.request).to_pem()), Access::everyone};
}

}  // namespace sealwright::ca
