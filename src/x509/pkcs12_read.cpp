#include <fmt/format.h>
#include <openssl/err.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "ossl/failure.h"
#include "ossl/handle.h"
#include "ossl/library.h"
#include "x509/pkcs12.h"
#include "x509/pkcs12_algorithm.h"

namespace sealwright::x509 {
namespace {

using Bags = ossl::Ptr<STACK_OF(PKCS12_SAFEBAG)>;
using Safes = ossl::Ptr<STACK_OF(PKCS7)>;

constexpr int max_nesting = 8;
constexpr std::size_t max_pfx_certificates = 1024;

Error damaged(const std::string& reason) {
  return ossl::failure(Error::Kind::input, "the PFX is damaged (" + reason + ")");
}

/// The empty password is two zero octets to some writers and none at all to others: `text` is null
/// for the latter.
struct Password {
  const char* text;
  int length;
  PfxPassword meaning;
};

std::vector<Password> spellings(const ossl::Secret& password) {
  if (password.empty()) return {{"", 0, PfxPassword::empty}, {nullptr, 0, PfxPassword::none}};
  return {{password.text().data(), int(password.size()), PfxPassword::given}};
}

/// A certificate or key with what ties the two together.
struct Label {
  std::string friendly_name;
  Bytes local_key_id;
};
struct LabelledCertificate {
  Certificate certificate;
  Label label;
};

/// An attribute like friendlyName (RFC 2985, 5.5.1: a BMPString); empty where it is none that can
/// be read. PKCS12_get_friendlyname() gives nothing for names of one letter beyond ASCII (OpenSSL
/// 3.0.19).
std::string text_of(const PKCS12_SAFEBAG* bag, int attribute) {
  const ASN1_TYPE* name = PKCS12_SAFEBAG_get0_attr(bag, attribute);
  if (!name || name->type != V_ASN1_BMPSTRING) return {};
  const auto* text = name->value.bmpstring;
  try {
    const std::string utf8 = from_utf16be(
        {ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))});
    return utf8.substr(0, utf8.find('\0'));
  } catch (const Error&) {
    return {};
  }
}

Label label_of(const PKCS12_SAFEBAG* bag) {
  Label label;
  label.friendly_name = text_of(bag, NID_friendlyName);
  const ASN1_TYPE* id = PKCS12_SAFEBAG_get0_attr(bag, NID_localKeyID);
  if (id && id->type == V_ASN1_OCTET_STRING) {
    const auto* octets = id->value.octet_string;
    const auto* data = ASN1_STRING_get0_data(octets);
    label.local_key_id.assign(data, data + ASN1_STRING_length(octets));
  }
  return label;
}

Certificate certificate_of(const PKCS12_SAFEBAG* bag, std::size_t number) {
  const ossl::Ptr<X509> x509(PKCS12_SAFEBAG_get1_cert(bag));
  if (!x509) throw damaged("certificate " + std::to_string(number));
  const int size = i2d_X509(x509.get(), nullptr);
  Bytes der(std::size_t(std::max(size, 0)));
  unsigned char* at = der.data();
  if (size <= 0 || i2d_X509(x509.get(), &at) != size)
    throw damaged("certificate " + std::to_string(number));
  try {
    return Certificate::from_der(der);
  } catch (const Error& error) {
    throw with_prefix(error, "certificate " + std::to_string(number) + " of the PFX");
  }
}

ossl::Secret encoded(const PKCS8_PRIV_KEY_INFO* pkcs8) {
  const int size = i2d_PKCS8_PRIV_KEY_INFO(pkcs8, nullptr);
  if (size <= 0) throw damaged("key");
  ossl::Secret der{std::size_t(size)};
  unsigned char* at = der.writable().data();
  i2d_PKCS8_PRIV_KEY_INFO(pkcs8, &at);
  return der;
}

/// Walks one file. What it has decrypted so far also says whether the password was right.
class Reader {
 public:
  Reader(PKCS12* pfx, const ossl::Secret& password, std::uint64_t max_iterations)
      : pfx_(pfx), passwords_(spellings(password)), gate_(max_iterations) {}

  bool has_mac() const { return PKCS12_mac_present(pfx_); }
  /// Whether the MAC is that of one of the password's spellings, which is tried first from then on.
  bool mac_matches();
  void read_contents();
  /// Whether the password decrypts any part, whatever the state of the others.
  bool opens_anything();
  PfxContent content();

 private:
  template <class T, class Decrypt>
  ossl::Ptr<T> decrypt(const X509_ALGOR* algorithm, Decrypt decrypt);
  Bags open(const PKCS7* safe);
  void read_safe(const STACK_OF(PKCS7) * safes, int number);
  void read_bags(const STACK_OF(PKCS12_SAFEBAG) * bags, int depth);
  void read_bag(const PKCS12_SAFEBAG* bag, int depth);
  void add_key(const PKCS12_SAFEBAG* bag, const PKCS8_PRIV_KEY_INFO* pkcs8);
  void add_part(PfxPart part);
  std::optional<std::size_t> certificate_of_key() const;

  PKCS12* pfx_;
  std::vector<Password> passwords_;
  AlgorithmGate gate_;
  bool decrypted_ = false;
  std::vector<LabelledCertificate> certificates_;
  ossl::Secret pkcs8_;
  Label key_label_;
  std::size_t keys_ = 0;
  std::size_t bare_keys_ = 0;  ///< Of keys_, those without a protection of their own.
  std::string csp_;
  PfxProtection protection_;
};

bool Reader::mac_matches() {
  const ASN1_OCTET_STRING* mac = nullptr;
  const X509_ALGOR* algorithm = nullptr;
  const ASN1_INTEGER* iterations = nullptr;
  PKCS12_get0_mac(&mac, &algorithm, nullptr, &iterations, pfx_);
  const ASN1_OBJECT* digest = nullptr;
  X509_ALGOR_get0(&digest, nullptr, nullptr, algorithm);
  std::uint64_t rounds = 1;  // RFC 7292, 4: the default
  if (iterations && !ASN1_INTEGER_get_uint64(&rounds, iterations)) rounds = UINT64_MAX;
  ERR_clear_error();
  for (const Password password : passwords_) {
    gate_.admit_mac(name_of(digest), OBJ_obj2nid(digest), rounds);
    const EVP_MD* md = EVP_get_digestbyobj(digest);
    if (!md || ASN1_STRING_length(mac) != EVP_MD_get_size(md)) throw damaged("MAC of wrong length");
    ERR_set_mark();
    const bool matches = PKCS12_verify_mac(pfx_, password.text, password.length) == 1;
    ERR_pop_to_mark();
    if (!matches) continue;
    std::stable_partition(passwords_.begin(), passwords_.end(),
                          [&](const Password& p) { return p.text == password.text; });
    protection_.mac = fmt::format("HMAC-{}", OBJ_nid2sn(OBJ_obj2nid(digest)));
    protection_.mac_iterations = rounds;
    protection_.password = password.meaning;
    return true;
  }
  return false;
}

/// `decrypt` is called with each spelling of the password until it returns something.
template <class T, class Decrypt>
ossl::Ptr<T> Reader::decrypt(const X509_ALGOR* algorithm, Decrypt decrypt) {
  const Protection protection = protection_of(algorithm);
  for (const Password password : passwords_) {
    gate_.admit(protection);
    ERR_set_mark();
    ossl::Ptr<T> result(decrypt(password));
    ERR_pop_to_mark();
    if (!result) continue;
    decrypted_ = true;
    if (!protection_.password) protection_.password = password.meaning;
    return result;
  }
  // The MAC was checked before, so nobody changed the file. NSS's TestOldCA.p12 is like that.
  if (has_mac())
    throw Error(Error::Kind::input,
                "the PFX does not open: its MAC matches the password, but " + protection.name +
                    " does not give its content",
                "the program that wrote it has a defect: export it with another");
  throw Error(Error::Kind::crypto, "wrong password", "the file has no MAC: it may also be damaged");
}

Bags Reader::open(const PKCS7* safe) {
  if (PKCS7_type_is_data(safe)) return Bags(PKCS12_unpack_p7data(const_cast<PKCS7*>(safe)));
  if (!PKCS7_type_is_encrypted(safe))
    throw Error(Error::Kind::input, "the PFX is encrypted for a certificate, not with a password",
                "export it again with a password");
  if (!safe->d.encrypted || !safe->d.encrypted->enc_data || !safe->d.encrypted->enc_data->enc_data)
    throw damaged("encrypted content is missing");
  return decrypt<STACK_OF(PKCS12_SAFEBAG)>(
      safe->d.encrypted->enc_data->algorithm, [&](Password password) {
        return PKCS12_unpack_p7encdata(const_cast<PKCS7*>(safe), password.text, password.length);
      });
}

void Reader::add_part(PfxPart part) {
  auto& parts = protection_.parts;
  if (std::ranges::find(parts, part) == parts.end()) parts.push_back(std::move(part));
}

void Reader::read_safe(const STACK_OF(PKCS7) * safes, int number) {
  const PKCS7* safe = sk_PKCS7_value(safes, number);
  const Bags bags = open(safe);
  if (!bags) throw damaged("content " + std::to_string(number + 1));
  const std::size_t certificates = certificates_.size(), keys = bare_keys_;
  read_bags(bags.get(), 0);
  std::string holds = bare_keys_ > keys ? "key" : "";
  if (certificates_.size() > certificates)
    holds += holds.empty() ? "certificates" : " and certificates";
  if (PKCS7_type_is_encrypted(safe))
    add_part(part_of(holds.empty() ? "other content" : holds,
                     protection_of(safe->d.encrypted->enc_data->algorithm)));
  else if (!holds.empty())
    add_part({holds, "", 0, PfxPart::Readers::all});
}

void Reader::read_contents() {
  const Safes safes(PKCS12_unpack_authsafes(pfx_));
  if (!safes) throw damaged("content");
  for (int i = 0; i < sk_PKCS7_num(safes.get()); ++i) read_safe(safes.get(), i);
}

bool Reader::opens_anything() {
  const Safes safes(PKCS12_unpack_authsafes(pfx_));
  for (int i = 0; i < sk_PKCS7_num(safes.get()) && !decrypted_; ++i) try {
      read_safe(safes.get(), i);
    } catch (const Error&) {
    }
  ERR_clear_error();
  return decrypted_;
}

void Reader::read_bags(const STACK_OF(PKCS12_SAFEBAG) * bags, int depth) {
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i)
    read_bag(sk_PKCS12_SAFEBAG_value(bags, i), depth);
}

/// RFC 7292, 4.2. CRLs, secrets, SDSI certificates and private bags are not for us.
void Reader::read_bag(const PKCS12_SAFEBAG* bag, int depth) {
  switch (PKCS12_SAFEBAG_get_nid(bag)) {
    case NID_keyBag:
      ++bare_keys_;
      return add_key(bag, PKCS12_SAFEBAG_get0_p8inf(bag));
    case NID_pkcs8ShroudedKeyBag: {
      const X509_ALGOR* algorithm = nullptr;
      X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, nullptr);
      const auto pkcs8 = decrypt<PKCS8_PRIV_KEY_INFO>(algorithm, [&](Password password) {
        return PKCS12_decrypt_skey(bag, password.text, password.length);
      });
      add_part(part_of("key", protection_of(algorithm)));
      return add_key(bag, pkcs8.get());
    }
    case NID_certBag:
      if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate) return;
      if (certificates_.size() == max_pfx_certificates) throw damaged("too many certificates");
      certificates_.push_back({certificate_of(bag, certificates_.size() + 1), label_of(bag)});
      return;
    case NID_safeContentsBag:
      if (depth == max_nesting) throw damaged("nested too deeply");
      return read_bags(PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
  }
}

void Reader::add_key(const PKCS12_SAFEBAG* bag, const PKCS8_PRIV_KEY_INFO* pkcs8) {
  if (++keys_ > 1) return;
  pkcs8_ = encoded(pkcs8);
  key_label_ = label_of(bag);
  csp_ = text_of(bag, NID_ms_csp_name);
}

/// By the key itself where we know its kind, and by local key id among several or none of those.
std::optional<std::size_t> Reader::certificate_of_key() const {
  std::optional<ossl::PublicKey> key;
  try {
    key = ossl::PrivateKey::from_pkcs8(pkcs8_.view()).public_key();
  } catch (const Error&) {
    ERR_clear_error();  // A key of a kind this program cannot use is still a key.
  }
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < certificates_.size(); ++i) {
    const auto& [certificate, label] = certificates_[i];
    if (key && !equal(key->subject_public_key(), certificate.public_key().subject_public_key()))
      continue;
    const bool labelled =
        !label.local_key_id.empty() && label.local_key_id == key_label_.local_key_id;
    if (labelled) return i;
    if (key && !best) best = i;
  }
  return best;
}

PfxContent Reader::content() {
  PfxContent content;
  content.friendly_name = key_label_.friendly_name;
  content.other_keys = keys_ > 1 ? keys_ - 1 : 0;
  const auto own = keys_ ? certificate_of_key() : std::nullopt;
  for (std::size_t i = 0; i < certificates_.size(); ++i) {
    auto& [certificate, label] = certificates_[i];
    if (content.friendly_name.empty() && i == own) content.friendly_name = label.friendly_name;
    if (i == own)
      content.certificate = certificate;
    else
      content.chain.push_back(certificate);
  }
  content.pkcs8 = std::move(pkcs8_);
  content.csp = std::move(csp_);
  content.protection = std::move(protection_);
  return content;
}

/// The MAC is that of no spelling of the password: another password, or other content. What opens
/// tells them apart.
[[noreturn]] void judge_mismatch(Reader& reader) {
  if (reader.opens_anything())
    throw Error(Error::Kind::input, "the PFX is damaged (its MAC does not match)",
                "the password is right: get the file again");
  throw Error(Error::Kind::crypto, "wrong password");
}

ossl::Ptr<PKCS12> parse(BytesView der) {
  if (der.size() > max_pfx_bytes)
    throw Error(Error::Kind::input,
                "a PFX of more than " + std::to_string(max_pfx_bytes) + " bytes is not read");
  const unsigned char* at = der.data();
  ossl::Ptr<PKCS12> pfx(d2i_PKCS12(nullptr, &at, long(der.size())));
  if (!pfx) throw ossl::failure(Error::Kind::input, "not a PFX (PKCS#12) file, or cut short");
  // Windows leaves 8 zero octets behind some files (3 of 80 in the corpus).
  if (std::any_of(at, der.data() + der.size(), [](std::uint8_t octet) { return octet != 0; }))
    throw damaged("there are bytes after it");
  return pfx;
}

}  // namespace

PfxPart encryption_of_key(BytesView der) {
  ossl::start_library();
  const unsigned char* at = der.data();
  const ossl::Ptr<X509_SIG> sealed(d2i_X509_SIG(nullptr, &at, long(der.size())));
  if (!sealed)
    throw ossl::failure(Error::Kind::input, "not an encrypted private key, or cut short");
  const X509_ALGOR* algorithm = nullptr;
  X509_SIG_get0(sealed.get(), &algorithm, nullptr);
  return part_of("key", protection_of(algorithm));
}

PfxContent read_pfx(BytesView der, const ossl::Secret& password, std::uint64_t max_iterations) {
  ossl::start_library();
  const auto pfx = parse(der);
  Reader reader(pfx.get(), password, max_iterations);
  if (reader.has_mac() && !reader.mac_matches()) judge_mismatch(reader);
  reader.read_contents();
  return reader.content();
}

}  // namespace sealwright::x509
