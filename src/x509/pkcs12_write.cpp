#include "base/encoding.h"
#include "base/error.h"
#include "ossl/failure.h"
#include "ossl/handle.h"
#include "ossl/library.h"
#include "x509/pkcs12.h"

namespace sealwright::x509 {
namespace {

using Bags = ossl::Ptr<STACK_OF(PKCS12_SAFEBAG)>;
using Safes = ossl::Ptr<STACK_OF(PKCS7)>;

/// What a profile stands for.
struct Algorithms {
  int encryption;  ///< Of key and certificates.
  int salt_bytes;
  const EVP_MD* mac;
};

Algorithms algorithms_of(PfxProfile profile) {
  // PBES2 with PBKDF2-HMAC-SHA256 is what OpenSSL makes of a bare cipher.
  if (profile == PfxProfile::modern) return {NID_aes_256_cbc, 16, EVP_sha256()};
  return {NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 8, EVP_sha1()};
}

[[noreturn]] void failed(const std::string& step) {
  throw ossl::failure(Error::Kind::crypto, "the PFX cannot be written (" + step + ")");
}

/// The three things every step of the writer needs.
struct Writer {
  const PfxContent& content;
  const ossl::Secret& password;
  const PfxOptions& options;
  Algorithms algorithms = algorithms_of(options.profile);

  const char* text() const {  // Null is another password than the empty one.
    if (options.password == PfxPassword::none) return nullptr;
    return password.empty() ? "" : password.text().data();
  }
  int length() const { return int(password.size()); }
};

void push(Bags& bags, ossl::Ptr<PKCS12_SAFEBAG> bag) {
  if (!bag || sk_PKCS12_SAFEBAG_push(bags.get(), bag.get()) <= 0) failed("bag");
  bag.release();
}

void push(Safes& safes, ossl::Ptr<PKCS7> safe) {
  if (!safe || sk_PKCS7_push(safes.get(), safe.get()) <= 0) failed("content");
  safe.release();
}

/// An attribute of one BMPString, which Windows takes for UTF-16: OpenSSL's own way from UTF-8
/// refuses what is beyond the first plane.
void add_text(PKCS12_SAFEBAG* bag, int attribute, const std::string& text) {
  if (text.empty()) return;
  const Bytes units = utf16be(text);
  if (!PKCS12_add1_attr_by_NID(bag, attribute, MBSTRING_BMP, units.data(), int(units.size())))
    failed(OBJ_nid2sn(attribute));
}

/// What ties key and certificate together for Windows.
void add_attributes(PKCS12_SAFEBAG* bag, const PfxContent& content) {
  Thumbprint id = content.certificate->thumbprint();
  if (!PKCS12_add_localkeyid(bag, id.value.data(), int(id.value.size()))) failed("local key id");
  add_text(bag, NID_friendlyName, content.friendly_name);
}

/// Packed as the element it is: an X509 object would decode the public key first, which takes a
/// fifth of the time of a whole PFX.
ossl::Ptr<PKCS12_SAFEBAG> certificate_bag(const Certificate& certificate) {
  const unsigned char* at = certificate.der().data();
  const ossl::Ptr<ASN1_TYPE> element(d2i_ASN1_TYPE(nullptr, &at, long(certificate.der().size())));
  ossl::Ptr<PKCS12_SAFEBAG> bag(element ? PKCS12_item_pack_safebag(element.get(),
                                                                   ASN1_ITEM_rptr(ASN1_ANY),
                                                                   NID_x509Certificate, NID_certBag)
                                        : nullptr);
  if (!bag) failed("certificate");
  return bag;
}

ossl::Ptr<PKCS7> certificates(const Writer& writer) {
  Bags bags(sk_PKCS12_SAFEBAG_new_null());
  auto own = certificate_bag(*writer.content.certificate);
  add_attributes(own.get(), writer.content);
  push(bags, std::move(own));
  for (const Certificate& certificate : writer.content.chain)
    push(bags, certificate_bag(certificate));
  return ossl::Ptr<PKCS7>(
      PKCS12_pack_p7encdata(writer.algorithms.encryption, writer.text(), writer.length(), nullptr,
                            writer.algorithms.salt_bytes, writer.options.iterations, bags.get()));
}

ossl::Ptr<PKCS7> key(const Writer& writer) {
  const BytesView der = writer.content.pkcs8.view();
  const unsigned char* at = der.data();
  const ossl::Ptr<PKCS8_PRIV_KEY_INFO> pkcs8(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, long(der.size())));
  if (!pkcs8) failed("key");
  ossl::Ptr<PKCS12_SAFEBAG> bag(PKCS12_SAFEBAG_create_pkcs8_encrypt(
      writer.algorithms.encryption, writer.text(), writer.length(), nullptr,
      writer.algorithms.salt_bytes, writer.options.iterations, pkcs8.get()));
  if (!bag) failed("key");
  add_attributes(bag.get(), writer.content);
  add_text(bag.get(), NID_ms_csp_name, writer.options.csp);
  Bags bags(sk_PKCS12_SAFEBAG_new_null());
  push(bags, std::move(bag));
  return ossl::Ptr<PKCS7>(PKCS12_pack_p7data(bags.get()));
}

void check(const Writer& writer) {
  const PfxContent& content = writer.content;
  if (content.pkcs8.empty() || !content.certificate)
    throw Error(Error::Kind::internal, "a PFX needs a key and its certificate");
  const auto public_key = ossl::PrivateKey::from_pkcs8(content.pkcs8.view()).public_key();
  if (!equal(public_key.subject_public_key(),
             content.certificate->public_key().subject_public_key()))
    throw Error(Error::Kind::input, "the key is not the certificate's");
  if (writer.options.password != PfxPassword::given && !writer.password.empty())
    throw Error(Error::Kind::internal, "a password for a PFX that has none");
  if (!is_utf8(writer.password.text()) || !is_utf8(content.friendly_name) ||
      !is_utf8(writer.options.csp))
    throw Error(Error::Kind::input, "the password, the friendly name or the CSP name is not UTF-8");
  // Twice for the certificates' key and IV, twice for the key's, and once for the MAC.
  const std::uint64_t most = max_pfx_iterations / 5;
  if (writer.options.iterations < 1 || std::uint64_t(writer.options.iterations) > most)
    throw Error(Error::Kind::input, "iterations must be 1 to " + std::to_string(most) + ", not " +
                                        std::to_string(writer.options.iterations));
}

Bytes encoded(PKCS12* pfx) {
  const int size = i2d_PKCS12(pfx, nullptr);
  if (size <= 0) failed("encoding");
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* at = der.data();
  i2d_PKCS12(pfx, &at);
  return der;
}

}  // namespace

Bytes write_pfx(const PfxContent& content, const ossl::Secret& password,
                const PfxOptions& options) {
  ossl::start_library();
  const Writer writer{content, password, options};
  check(writer);
  Safes safes(sk_PKCS7_new_null());
  push(safes, certificates(writer));
  push(safes, key(writer));
  const ossl::Ptr<PKCS12> pfx(PKCS12_add_safes(safes.get(), NID_pkcs7_data));
  if (!pfx) failed("content");
  if (!PKCS12_set_mac(pfx.get(), writer.text(), writer.length(), nullptr,
                      writer.algorithms.salt_bytes, options.iterations, writer.algorithms.mac))
    failed("MAC");
  return encoded(pfx.get());
}

}  // namespace sealwright::x509
