// Certificates, names and PEM of any kind: nothing crashes; what is read can be shown, re-encoded
// and chained.

#include <cstdlib>
#include <optional>

#include "attempt.h"
#include "base/encoding.h"
#include "base/error.h"
#include "x509/certificate.h"
#include "x509/chain.h"
#include "x509/oids.h"
#include "x509/pem.h"

namespace {
using namespace sealwright;
using namespace sealwright::x509;

void use(const Name& name) {
  const std::string text = name.text();
  require(printable(text, text.size()) == text);
  require(Name::from_der(name.der()) == name);
  name.display();
  // Values that parse() refuses (empty, with a NUL) are left out; all else says the same when
  // parsed again.
  attempt([&] { require(Name::parse(text).text() == text); });
}

void read_all_extensions(const Certificate& certificate) {
  attempt([&] { certificate.key_usage(); });
  attempt([&] { certificate.extended_key_usage(); });
  attempt([&] { certificate.basic_constraints(); });
  attempt([&] { certificate.subject_key_identifier(); });
  attempt([&] { certificate.authority_key_identifier(); });
}

void read_as_every_extension(BytesView value) {
  attempt([&] { read_key_usage(value); });
  attempt([&] { read_extended_key_usage(value); });
  attempt([&] { read_basic_constraints(value); });
  attempt([&] { read_authority_key_identifier(value); });
  attempt([&] { read_crl_distribution_points(value); });
  attempt([&] { read_authority_information_access(value); });
  attempt([&] { read_general_names(value); });
  attempt([&] { read_name_constraints(value); });
  attempt([&] { read_certificate_policies(value); });
}

void use(const Certificate& certificate) {
  use(certificate.issuer());
  use(certificate.subject());
  read_all_extensions(certificate);
  for (const Extension& extension : certificate.extensions()) {
    read_as_every_extension(extension.value);
    require(!name_of(extension.oid).empty());
  }
  Bytes serial = encode(certificate.serial());
  ossl::der::Reader reader(serial, "serial");
  require(read_serial(reader) == certificate.serial());
  const Time at = certificate.not_before();
  const Path untrusted = find_path(certificate, {certificate}, {}, at);
  require(!untrusted.valid() && !untrusted.findings.empty());
  find_path(certificate, {}, {certificate}, at);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  attempt([&] {
    const Certificate certificate = Certificate::from_der(bytes);
    require(equal(certificate.der(), bytes));
    use(certificate);
  });
  attempt([&] { read_certificates(bytes); });
  attempt([&] { use(Name::from_der(bytes)); });
  attempt([&] { use(Name::parse(text(bytes))); });
  attempt([&] { read_pem(bytes); });
  read_as_every_extension(bytes);
  return 0;
}
