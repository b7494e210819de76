// PFX and SPC made in process, against OpenSSL's own makers of the same files in the same run. A
// PFX is little but its key derivations, so that nobody's writer goes much below PKCS12_create().
//
// bench_export

#include <fmt/core.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <memory>
#include <vector>

#include "measure.h"
#include "x509/made.h"
#include "x509/pkcs12.h"
#include "x509/pkcs7.h"

namespace {
using namespace sealwright;
using test::median;
using test::seconds;
using namespace sealwright::x509;

constexpr int rounds = 101, iterations = 2048;
constexpr const char* password = "correct horse";

void demand(bool holds) {
  if (!holds) std::abort();
}

/// A key, its certificate and another, as OpenSSL has them.
struct Theirs {
  Theirs() {
    const auto read = [](const Certificate& wanted) {
      const unsigned char* at = wanted.der().data();
      return d2i_X509(nullptr, &at, long(wanted.der().size()));
    };
    const unsigned char* at = made::rsa().pkcs8.view().data();
    key = d2i_AutoPrivateKey(nullptr, &at, long(made::rsa().pkcs8.size()));
    certificate = read(made::rsa().certificate);
    chain = sk_X509_new_null();
    sk_X509_push(chain, read(made::other().certificate));
  }
  ~Theirs() {
    EVP_PKEY_free(key);
    X509_free(certificate);
    sk_X509_pop_free(chain, X509_free);
  }
  Theirs(const Theirs&) = delete;
  Theirs& operator=(const Theirs&) = delete;

  EVP_PKEY* key;
  X509* certificate;
  STACK_OF(X509) * chain;
};

template <class T>
Bytes encoded(T* object, int (*encode)(const T*, unsigned char**)) {
  unsigned char* der = nullptr;
  const int size = encode(object, &der);
  demand(size > 0);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

Bytes their_pfx(const Theirs& theirs, PfxProfile profile) {
  const bool modern = profile == PfxProfile::modern;
  const int cipher = modern ? NID_aes_256_cbc : NID_pbe_WithSHA1And3_Key_TripleDES_CBC;
  // -1: no MAC yet, whose digest PKCS12_create() would choose.
  const std::unique_ptr<PKCS12, decltype(&PKCS12_free)> pfx(
      PKCS12_create(password, "bench", theirs.key, theirs.certificate, theirs.chain, cipher, cipher,
                    iterations, -1, 0),
      PKCS12_free);
  demand(pfx && PKCS12_set_mac(pfx.get(), password, -1, nullptr, modern ? 16 : 8, iterations,
                               modern ? EVP_sha256() : EVP_sha1()) == 1);
  return encoded<PKCS12>(pfx.get(), i2d_PKCS12);
}

Bytes our_pfx(const PfxContent& content, PfxProfile profile) {
  return write_pfx(content, ossl::Secret(view(password)), {profile, iterations});
}

Bytes their_spc(const Theirs& theirs) {
  const std::unique_ptr<PKCS7, decltype(&PKCS7_free)> spc(PKCS7_new(), PKCS7_free);
  demand(PKCS7_set_type(spc.get(), NID_pkcs7_signed) == 1 &&
         PKCS7_content_new(spc.get(), NID_pkcs7_data) == 1 &&
         PKCS7_add_certificate(spc.get(), theirs.certificate) == 1 &&
         PKCS7_add_certificate(spc.get(), sk_X509_value(theirs.chain, 0)) == 1);
  // As crl2pkcs7 does: a SignedData without content.
  PKCS7_set_detached(spc.get(), 1);
  return encoded<PKCS7>(spc.get(), i2d_PKCS7);
}

void compare(const char* name, int times, const std::function<void()>& theirs,
             const std::function<void()>& ours) {
  std::vector<double> limits, works;
  for (int round = 0; round < rounds; ++round) {
    limits.push_back(seconds([&] {
      for (int i = 0; i < times; ++i) theirs();
    }));
    works.push_back(seconds([&] {
      for (int i = 0; i < times; ++i) ours();
    }));
  }
  const double limit = median(limits), work = median(works);
  fmt::print("{:<16} {:9.1f} us   OpenSSL {:9.1f} us   {:.2f}x\n", name, 1e6 * work / times,
             1e6 * limit / times, work / limit);
}

}  // namespace

int main() {
  const Theirs theirs;
  PfxContent content;
  content.pkcs8 = made::rsa().pkcs8.clone();
  content.certificate = made::rsa().certificate;
  content.chain = {made::other().certificate};
  content.friendly_name = "bench";
  const std::vector<Certificate> both = {made::rsa().certificate, made::other().certificate};
  demand(certificates_only(both) == their_spc(theirs));
  for (const auto& [name, profile] :
       {std::pair{"PFX modern", PfxProfile::modern}, {"PFX compatible", PfxProfile::compatible}})
    compare(
        name, 1, [&, chosen = profile] { their_pfx(theirs, chosen); },
        [&, chosen = profile] { our_pfx(content, chosen); });
  compare(
      "SPC", 200, [&] { their_spc(theirs); }, [&] { certificates_only(both); });
}
