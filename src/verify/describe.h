#pragma once
// Inside verify only: facts about certificates and signatures as JSON.

#include "base/json.h"
#include "signing/file.h"
#include "x509/certificate.h"
#include "x509/crl.h"
#include "x509/request.h"

namespace sealwright::verify {

Json certificate_facts(const x509::Certificate& certificate);
Json certificate_list(const std::vector<x509::Certificate>& certificates);
Json crl_facts(const x509::Crl& crl);
Json request_facts(const x509::Request& request);
Json signature_facts(const signing::EmbeddedSignature& signature);

}  // namespace sealwright::verify
