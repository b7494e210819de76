#include "ca/import_file.h"

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ossl/der.h"
#include "x509/content.h"
#include "x509/java_keystore.h"
#include "x509/pem.h"
#include "x509/pkcs12.h"
#include "x509/pvk.h"

namespace sealwright::ca {
namespace {

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
    made_.other_keys += content.other_keys;
  }

  void read_der(BytesView bytes) {
    const auto label = x509::label_of_der(bytes);
    if (label.empty())
      throw Error(Error::Kind::input, "neither a certificate nor a key, nor a list of either",
                  "give PEM, DER, PFX, SPC, P7B or PVK");
    const auto content = x509::content_of_label(label);
    if (content == x509::Content::private_key)
      ossl::der::only_element(bytes, ossl::der::sequence_tag, "the private key");
    if (content == x509::Content::request)
      throw Error(Error::Kind::input, "a request for a certificate, not a certificate",
                  "issue it: sealwright issue NAME --policy P --csr FILE");
    read_block(std::string(label), {}, bytes);
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
    switch (x509::content_of_label(label)) {
      case x509::Content::private_key:
        return read_key_block(label, headers, content);
      case x509::Content::certificate:
        return made_.certificates.push_back(x509::Certificate::from_der(content));
      case x509::Content::trusted_certificate:
        return made_.certificates.push_back(x509::read_trusted_certificate(content));
      case x509::Content::pkcs7:
        for (auto& certificate : x509::read_certificates(content))
          made_.certificates.push_back(std::move(certificate));
        return;
      case x509::Content::crl:
        return made_.crls.push_back(x509::Crl::from_der(content));
      case x509::Content::pfx:
        return read_pfx_file(content);
      case x509::Content::request:
      case x509::Content::other:
        break;
    }
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
  const auto bytes = read_file(path, max_file_bytes);
  try {
    auto found = x509::read_certificates(bytes);
    if (found.size() == 1) return found.front();
    throw Error(Error::Kind::input, "holds " + std::to_string(found.size()) + " certificates",
                "give a file with the one that is meant");
  } catch (const Error& error) {
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
