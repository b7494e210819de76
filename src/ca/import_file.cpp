#include "ca/import_file.h"

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ossl/der.h"
#include "x509/java_keystore.h"
#include "x509/pem.h"
#include "x509/pkcs12.h"
#include "x509/pkcs7.h"
#include "x509/pvk.h"

namespace sealwright::ca {
namespace {
namespace der = ossl::der;

constexpr std::size_t max_file_bytes = x509::max_crl_bytes;
const std::string wrong_password = "wrong password", needs_password = "needs a password";

/// A file that is being read, and its password once that was asked for.
class Reading {
 public:
  Reading(const std::string& path, const AskFilePassword& ask) : path_(path), ask_(ask) {}

  FileContent read() {
    const ossl::Secret content(read_file(path_, max_file_bytes));
    try {
      x509::refuse_java_keystore(content.view(), path_);
      if (x509::looks_like_pvk(content.view()))
        read_pvk_file(content.view());
      else if (x509::looks_like_pem(content.view()))
        read_pem_file(content.view());
      else
        read_der(content.view());
    } catch (const Error& error) {
      if (error.kind == Error::Kind::usage) throw;  // nobody could be asked for the password
      throw with_prefix(error, path_);
    }
    return std::move(made_);
  }

 private:
  const ossl::Secret* password() {
    if (!asked_) {
      asked_ = true;
      if (ask_) password_ = ask_(path_);
    }
    return password_ ? &*password_ : nullptr;
  }

  /// `open(password)`: first without one, and again with it where one is needed.
  template <class Open>
  void open_key(const Open& open) {
    try {
      made_.keys.push_back({open(nullptr), path_, false});
      return;
    } catch (const Error& error) {
      if (error.message != needs_password) throw;
    }
    if (const auto* known = password())
      made_.keys.push_back({open(known), path_, true});
    else
      made_.locked = true;
  }

  void read_pvk_file(BytesView bytes) {
    open_key([&](const ossl::Secret* known) { return x509::read_pvk(bytes, known); });
  }

  void read_pfx_file(BytesView bytes) {
    x509::PfxContent content;
    bool encrypted = false;
    try {
      content = x509::read_pfx(bytes, {});
    } catch (const Error& error) {
      if (error.message != wrong_password) throw;
      const auto* known = password();
      if (!known) {
        made_.locked = true;
        return;
      }
      content = x509::read_pfx(bytes, *known);
      encrypted = true;
    }
    if (content.certificate) made_.certificates.push_back(*content.certificate);
    for (auto& certificate : content.chain) made_.certificates.push_back(std::move(certificate));
    if (!content.pkcs8.empty())
      made_.keys.push_back({ossl::PrivateKey::from_pkcs8(content.pkcs8.view()), path_, encrypted});
    made_.other_keys = content.other_keys;
  }

  void take_certificates(BytesView bytes) {
    for (auto& certificate : x509::read_certificates(bytes))
      made_.certificates.push_back(std::move(certificate));
  }

  void read_key_der(const char* label, BytesView bytes) { read_key_block(label, {}, bytes); }

  /// Told apart by their first elements: RFC 7292, 4; RFC 2315, 7; RFC 5208, 5 and 6; RFC 8017,
  /// A.1.2; RFC 5915, 3; what is left is a certificate or a list (RFC 5280, 4.1 and 5.1).
  void read_der(BytesView bytes) {
    der::Reader inner = content_of(bytes);
    if (inner.next_is(der::oid_tag)) return take_certificates(bytes);
    if (inner.next_is(der::sequence_tag)) return read_signed(bytes, inner);
    if (!inner.next_is(der::integer_tag)) throw unknown();
    constexpr std::uint8_t pfx_version = 3;
    if (equal(inner.next().content, Bytes{pfx_version})) return read_pfx_file(bytes);
    if (inner.next_is(der::octet_string_tag)) return read_key_der("EC PRIVATE KEY", bytes);
    if (inner.next_is(der::integer_tag)) return read_key_der("RSA PRIVATE KEY", bytes);
    read_key_der("PRIVATE KEY", bytes);
  }

  void read_signed(BytesView bytes, der::Reader& inner) {
    der::Reader signed_part = inner.enter(der::sequence_tag);
    if (inner.next_is(der::octet_string_tag)) return read_key_der("ENCRYPTED PRIVATE KEY", bytes);
    signed_part.next_if(der::context_constructed(0));
    signed_part.next_if(der::integer_tag);
    const bool two =
        signed_part.next_if(der::sequence_tag) && signed_part.next_if(der::sequence_tag);
    if (two &&
        (signed_part.next_is(der::utc_time_tag) || signed_part.next_is(der::generalized_time_tag)))
      made_.crls.push_back(x509::Crl::from_der(bytes));
    else if (two && signed_part.next_is(der::context_constructed(0)))
      throw Error(Error::Kind::input, "a request for a certificate, not a certificate",
                  "issue it: sealwright issue NAME --policy P --csr FILE");
    else
      take_certificates(bytes);
  }

  static Error unknown() {
    return Error(Error::Kind::input, "neither a certificate nor a key, nor a list of either",
                 "give PEM, DER, PFX, SPC, P7B or PVK");
  }

  static der::Reader content_of(BytesView bytes) {
    static const std::string what = "the file";
    // BER of indefinite length: PKCS#7 and PFX are written like that, too.
    if (bytes.size() > 2 && bytes[0] == der::sequence_tag && bytes[1] == 0x80)
      return der::Reader(bytes.subspan(2), what);
    if (bytes.empty() || bytes[0] != der::sequence_tag) throw unknown();
    return der::Reader(bytes, what).enter(der::sequence_tag);
  }

  void read_pem_file(BytesView bytes) {
    for (auto& block : x509::read_pem(bytes)) {
      const ossl::Secret content(std::move(block.der));
      read_block(block.label, block.headers, content.view());
    }
    if (made_.certificates.empty() && made_.keys.empty() && made_.crls.empty() && !made_.locked)
      throw Error(Error::Kind::input, "holds neither a certificate nor a key");
  }

  void read_block(const std::string& label, const std::string& headers, BytesView content) {
    if (label.ends_with("PRIVATE KEY")) return read_key_block(label, headers, content);
    if (label == "CERTIFICATE" || label == "X509 CERTIFICATE")  // RFC 7468, 5.1 and 5.3
      return made_.certificates.push_back(x509::Certificate::from_der(content));
    if (label == "TRUSTED CERTIFICATE")  // OpenSSL's own: what it trusts it for stands behind.
      return made_.certificates.push_back(
          x509::Certificate::from_der(der::Reader(content, "the certificate").next().whole));
    if (label == "PKCS7" || label == "CMS" || label == "PKCS #7 SIGNED DATA")
      return take_certificates(content);
    if (label == "X509 CRL") return made_.crls.push_back(x509::Crl::from_der(content));
    ++made_.ignored;
  }

  /// RFC 1421, 4.6: "Proc-Type: 4,ENCRYPTED" and the cipher stand in headers.
  void read_key_block(const std::string& label, const std::string& headers, BytesView content) {
    std::string text = x509::to_pem(label, content);
    if (!headers.empty()) text.insert(text.find('\n') + 1, headers + "\n");
    const ossl::Secret pem(view(text));
    std::fill(text.begin(), text.end(), '\0');
    open_key(
        [&](const ossl::Secret* known) { return ossl::PrivateKey::from_pem(pem.view(), known); });
  }

  const std::string& path_;
  const AskFilePassword& ask_;
  bool asked_ = false;
  std::optional<ossl::Secret> password_;
  FileContent made_;
};

}  // namespace

FileContent read_any_file(const std::string& path, const AskFilePassword& ask) {
  return Reading(path, ask).read();
}

x509::Certificate read_one_certificate(const std::string& path) {
  try {
    auto found = x509::read_certificates(read_file(path, max_file_bytes));
    if (found.size() == 1) return found.front();
    throw Error(Error::Kind::input, "holds " + std::to_string(found.size()) + " certificates",
                "give a file with the one that is meant");
  } catch (const Error& error) {
    if (error.kind == Error::Kind::io) throw;
    throw with_prefix(error, printable(path));
  }
}

void match_keys(Found& found) {
  std::map<KeyId, std::size_t> by_key;
  for (std::size_t i = 0; i < found.keys.size(); ++i)
    by_key.emplace(found.keys[i].key.public_key().id(), i);
  for (auto& certificate : found.certificates)
    if (const auto key = by_key.find(certificate.certificate.public_key().id());
        key != by_key.end())
      certificate.key = key->second;
}

}  // namespace sealwright::ca
