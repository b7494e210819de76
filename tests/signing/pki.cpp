#include "pki.h"

#include <memory>

#include "ossl/random.h"
#include "x509/oids.h"

namespace sealwright::test {
namespace {

constexpr Time begin{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}};
constexpr Time end{std::chrono::sys_days{std::chrono::year{2045} / 1 / 1}};

std::vector<x509::Extension> extensions_for(Purpose purpose) {
  if (purpose == Purpose::authority)
    return {x509::basic_constraints_extension({true, {}}, true),
            x509::key_usage_extension(x509::key_cert_sign | x509::crl_sign, true)};
  const Oid& eku =
      purpose == Purpose::code_signing ? x509::oids::code_signing : x509::oids::time_stamping;
  return {x509::key_usage_extension(x509::digital_signature, true),
          x509::extended_key_usage_extension({eku}, purpose == Purpose::timestamping)};
}

}  // namespace

Holder make_holder(const std::string& name, Purpose purpose, const ossl::KeySpec& key,
                   const Holder* issuer) {
  auto signer = std::make_unique<ossl::KeySigner>(ossl::PrivateKey::generate(key));
  ossl::Signer& issuing = issuer ? static_cast<ossl::Signer&>(*issuer->signer) : *signer;
  x509::ToBeSigned to_be_signed;
  to_be_signed.serial = x509::random_serial(ossl::system_random());
  to_be_signed.algorithm = issuing.public_key().algorithm(ossl::Digest::sha256);
  to_be_signed.subject = x509::Name::parse("CN=" + name + ",O=Tests");
  to_be_signed.issuer = issuer ? issuer->certificate.subject() : to_be_signed.subject;
  to_be_signed.not_before = begin;
  to_be_signed.not_after = end;
  to_be_signed.public_key = signer->public_key();
  to_be_signed.extensions = extensions_for(purpose);
  to_be_signed.extensions.push_back(
      x509::subject_key_identifier_extension(signer->public_key().key_identifier()));
  to_be_signed.extensions.push_back(
      x509::authority_key_identifier_extension(issuing.public_key().key_identifier()));
  const Bytes tbs = x509::encode(to_be_signed);
  x509::Certificate certificate =
      x509::assemble(tbs, to_be_signed.algorithm, issuing.sign(to_be_signed.algorithm, tbs));
  return {std::move(certificate), std::move(signer)};
}

const Pki& pki() {
  static const Pki made = [] {
    const ossl::KeySpec rsa{ossl::KeyType::rsa, 2048, {}},
        ec{ossl::KeyType::ec, 0, ossl::Curve::p256};
    Holder root = make_holder("Test Root", Purpose::authority, ec, nullptr);
    Holder issuing = make_holder("Test Issuing", Purpose::authority, ec, &root);
    Holder code = make_holder("Test Publisher", Purpose::code_signing, rsa, &issuing);
    Holder ec_code = make_holder("Test EC Publisher", Purpose::code_signing, ec, &issuing);
    Holder tsa = make_holder("Test Timestamps", Purpose::timestamping, rsa, &issuing);
    return Pki{std::move(root), std::move(issuing), std::move(code), std::move(ec_code),
               std::move(tsa)};
  }();
  return made;
}

signing::Identity Pki::identity() const {
  return {code.certificate, {issuing.certificate, root.certificate}, code.signer.get()};
}

signing::Identity Pki::ec_identity() const {
  return {ec_code.certificate, {issuing.certificate, root.certificate}, ec_code.signer.get()};
}

signing::Authority Pki::authority() const {
  return {.certificate = tsa.certificate,
          .chain = {issuing.certificate, root.certificate},
          .signer = tsa.signer.get(),
          .clock = [] { return noon; },
          .random = counting_random()};
}

std::string write_pem(const std::filesystem::path& path,
                      const std::vector<x509::Certificate>& certificates) {
  std::string pem;
  for (const x509::Certificate& certificate : certificates) pem += certificate.to_pem();
  write_file(path, view(pem), {Access::everyone, Existing::replace});
  return path.string();
}

ossl::Random counting_random() {
  return [next = std::uint8_t{0}](std::span<std::uint8_t> into) mutable {
    for (std::uint8_t& byte : into) byte = ++next;
  };
}

}  // namespace sealwright::test
