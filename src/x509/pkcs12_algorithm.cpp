#include "x509/pkcs12_algorithm.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include "base/error.h"
#include "ossl/der.h"
#include "x509/ber.h"

namespace sealwright::x509 {
namespace der = ossl::der;
namespace {

constexpr const char* what = "the PFX's encryption";
constexpr const char* pbkdf2 = "1.2.840.113549.1.5.12";
constexpr const char* scrypt = "1.3.6.1.4.1.11591.4.11";

[[noreturn]] void unsupported(const std::string& name) {
  throw Error(Error::Kind::input, "the PFX uses " + name + ", which is not supported",
              "export it again with AES-256 or 3DES");
}

int nid_of(const Oid& oid) { return OBJ_txt2nid(oid.text().c_str()); }

/// A count from the file; what is not a positive number of 63 bits costs more than any limit.
std::uint64_t count(der::Reader& fields) {
  const Bytes value = fields.integer();
  if (value[0] & 0x80) return UINT64_MAX;
  std::uint64_t result = 0;
  if (value.size() > 8) return UINT64_MAX;
  for (const std::uint8_t octet : value) result = result << 8 | octet;
  return result;
}

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? UINT64_MAX : result;
}

std::string cipher_name(int cipher) {
  if (cipher == NID_des_ede3_cbc) return "3DES";
  return cipher == NID_undef ? "an unknown cipher" : OBJ_nid2sn(cipher);
}

bool is_aes_cbc(int cipher) {
  return cipher == NID_aes_128_cbc || cipher == NID_aes_192_cbc || cipher == NID_aes_256_cbc;
}

bool is_rc2(int cipher) { return cipher == NID_rc2_40_cbc || cipher == NID_rc2_cbc; }

/// RFC 8018, A.2: PBKDF2-params.
void read_pbkdf2(der::Reader fields, Protection& protection) {
  fields.next();  // salt
  protection.work = protection.iterations = count(fields);
  fields.next_if(der::integer_tag);
  protection.digest = NID_sha1;
  if (auto prf = fields.enter_if(der::sequence_tag)) {
    const Oid name = prf->oid();
    protection.digest = NID_undef;
    if (!EVP_PBE_find(EVP_PBE_TYPE_PRF, nid_of(name), nullptr, &protection.digest, nullptr))
      protection.name = "the pseudo-random function " + name.text();
  }
  protection.scheme = fmt::format("{}, PBKDF2-HMAC-{}", cipher_name(protection.cipher),
                                  OBJ_nid2sn(protection.digest));
  if (is_aes_cbc(protection.cipher) &&
      (protection.digest == NID_sha1 || protection.digest == NID_sha256))
    protection.readers = PfxPart::Readers::since_1709;
}

/// RFC 7914, 7.1: a unit of N * r takes about as long as a round of PBKDF2.
void read_scrypt(der::Reader fields, Protection& protection) {
  fields.next();  // salt
  const std::uint64_t n = count(fields), r = count(fields), p = count(fields);
  protection.work = product(product(n, r), p);
  protection.digest = NID_sha256;
  protection.scheme =
      fmt::format("{}, scrypt with N={} r={} p={}", cipher_name(protection.cipher), n, r, p);
}

/// RFC 8018, A.4: PBES2-params.
void read_pbes2(der::Reader fields, Protection& protection) {
  der::Reader derivation = fields.enter(der::sequence_tag);
  const Oid function = derivation.oid();
  const Oid scheme = fields.enter(der::sequence_tag).oid();
  protection.cipher = nid_of(scheme);
  protection.name =
      "the cipher " +
      (protection.cipher == NID_undef ? scheme.text() : std::string(OBJ_nid2sn(protection.cipher)));
  if (function.text() == pbkdf2)
    read_pbkdf2(derivation.enter(der::sequence_tag), protection);
  else if (function.text() == scrypt)
    read_scrypt(derivation.enter(der::sequence_tag), protection);
  else
    protection.name = "the key derivation " + function.text();
}

/// RFC 7292, appendix C, and RFC 8018, A.3: salt and iteration count.
void read_pbe(der::Reader fields, Protection& protection) {
  fields.next();
  protection.work = protection.iterations = count(fields);
}

/// The names of the schemes say PKCS#12 or PKCS#5's first version by their cipher: the latter has
/// only DES and RC2-64.
void describe_pbe(int nid, Protection& protection) {
  const bool pkcs5 = nid == NID_pbeWithMD2AndDES_CBC || nid == NID_pbeWithMD5AndDES_CBC ||
                     nid == NID_pbeWithSHA1AndDES_CBC || nid == NID_pbeWithMD2AndRC2_CBC ||
                     nid == NID_pbeWithMD5AndRC2_CBC || nid == NID_pbeWithSHA1AndRC2_CBC;
  protection.scheme = fmt::format("{}, {} with {}", cipher_name(protection.cipher),
                                  pkcs5 ? "PBKDF1" : "PKCS#12 KDF", digest_name(protection.digest));
  if (nid == NID_pbe_WithSHA1And3_Key_TripleDES_CBC)
    protection.readers = PfxPart::Readers::all;
  else if (!pkcs5 && is_rc2(protection.cipher))
    protection.readers = PfxPart::Readers::all_with_rc2;
}

bool can_fetch(int cipher, int digest) {
  ERR_set_mark();
  const ossl::Ptr<EVP_CIPHER> c(EVP_CIPHER_fetch(nullptr, OBJ_nid2sn(cipher), nullptr));
  const ossl::Ptr<EVP_MD> d(EVP_MD_fetch(nullptr, OBJ_nid2sn(digest), nullptr));
  ERR_pop_to_mark();
  return (cipher == NID_undef || c) && (digest == NID_undef || d);
}

}  // namespace

std::string name_of(const ASN1_OBJECT* object) {
  char text[128];
  const int length = OBJ_obj2txt(text, sizeof text, object, 0);
  return length > 0 ? text : "an unnamed algorithm";
}

Protection protection_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  const void* value = nullptr;
  int type = 0;
  X509_ALGOR_get0(&object, &type, &value, algorithm);
  Protection protection;
  protection.name = name_of(object);
  if (type != V_ASN1_SEQUENCE)
    throw Error(Error::Kind::input, std::string(what) + " is malformed (no parameters)");
  const auto* sequence = static_cast<const ASN1_STRING*>(value);
  const auto parameters = definite_lengths(
      {ASN1_STRING_get0_data(sequence), std::size_t(ASN1_STRING_length(sequence))});
  if (!parameters)
    throw Error(Error::Kind::input, std::string(what) + " is malformed (parameters cut short)");
  const int nid = OBJ_obj2nid(object);
  const der::Reader fields = der::Reader(parameters->der, what).enter(der::sequence_tag);
  if (nid == NID_pbes2) {
    read_pbes2(fields, protection);
  } else if (EVP_PBE_find(EVP_PBE_TYPE_OUTER, nid, &protection.cipher, &protection.digest,
                          nullptr)) {
    read_pbe(fields, protection);
    describe_pbe(nid, protection);
  }
  return protection;
}

PfxPart part_of(std::string holds, const Protection& protection) {
  return {std::move(holds), protection.scheme.empty() ? protection.name : protection.scheme,
          protection.iterations, protection.readers};
}

std::string digest_name(int digest) {
  const std::string name = digest == NID_undef ? "an unknown digest" : OBJ_nid2sn(digest);
  return name.starts_with("SHA") && name.find('-') == name.npos ? "SHA-" + name.substr(3) : name;
}

void AlgorithmGate::spend(std::uint64_t work) {
  if (work > max_work_ - spent_)
    throw Error(
        Error::Kind::input,
        "the PFX demands more than " + std::to_string(max_work_) + " rounds of key derivation",
        "export it again with fewer iterations");
  spent_ += work;
}

bool AlgorithmGate::available(int cipher, int digest) {
  if (can_fetch(cipher, digest)) return true;
  if (!legacy_) legacy_.emplace();
  return can_fetch(cipher, digest);
}

void AlgorithmGate::admit(const Protection& protection) {
  if (protection.cipher == NID_undef || protection.digest == NID_undef ||
      !available(protection.cipher, protection.digest))
    unsupported(protection.name);
  spend(protection.work);
}

void AlgorithmGate::admit_mac(const std::string& name, int digest, std::uint64_t work) {
  if (digest == NID_undef || !available(NID_undef, digest)) unsupported("a MAC of " + name);
  spend(work);
}

}  // namespace sealwright::x509
