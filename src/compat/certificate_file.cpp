#include "compat/certificate_file.h"

#include <algorithm>
#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ossl/der.h"
#include "signing/file.h"
#include "signing/oids.h"
#include "x509/content.h"
#include "x509/pem.h"
#include "x509/pkcs7.h"
#include "x509/pvk.h"

namespace sealwright::compat {
namespace {

namespace der = ossl::der;
using Form = CertificateFile::Form;
using Kind = FileObject::Kind;

constexpr std::size_t max_file_bytes = x509::max_crl_bytes;
/// szOID_CATALOG_LIST: the use that makes a trust list a catalog (wincrypt.h).
const Oid catalog_list{"1.3.6.1.4.1.311.12.1.1"};

[[noreturn]] void refuse_key(const std::string& what) {
  throw Error(Error::Kind::input, what + ": only certificates are taken here",
              "give the certificate by itself, as a .cer or .spc file");
}

[[noreturn]] void refuse_unknown() {
  throw Error(Error::Kind::input, "neither a certificate nor a file that holds some",
              "give a .cer, .crt, .pem, .crl, .spc or .p7b file");
}

/// Reads one file into objects.
class Reading {
 public:
  CertificateFile read(BytesView bytes) {
    if (bundle::looks_like_serialized_store(bytes))
      read_store(bytes);
    else if (x509::looks_like_pvk(bytes))
      refuse_key("it is a PVK file");
    else if (x509::looks_like_pem(bytes))
      read_pem(bytes);
    else if (const auto decoded = bare_base64(bytes))
      read_der(*decoded);
    else
      read_der(bytes);
    if (made_.objects.empty() && made_.form == Form::certificate) refuse_unknown();
    if (made_.form == Form::certificate && made_.objects.front().kind == Kind::revocation_list)
      made_.form = Form::revocation_list;
    return std::move(made_);
  }

  CertificateFile read_signed_file(const std::string& path) {
    made_.form = Form::signed_file;
    const auto file = signing::read_signature(path);
    for (const auto& signature : file.signatures) {
      for (const auto& one : signature.data.certificates) add(one);
      for (const auto& stamp : signature.timestamps)
        for (const auto& one : stamp.certificates) add(one);
    }
    if (made_.objects.empty())
      throw Error(Error::Kind::input, "it is not signed, so there are no certificates in it");
    return std::move(made_);
  }

 private:
  /// The certificates of nested signatures and of timestamps often are the same.
  void add(const x509::Certificate& certificate) {
    const auto same = [&](const FileObject& one) { return one.certificate == certificate; };
    if (std::ranges::none_of(made_.objects, same)) take(certificate);
  }

  void take(x509::Certificate certificate) {
    Bytes bytes = certificate.der();
    made_.objects.push_back({Kind::certificate, std::move(bytes), std::move(certificate), {}});
  }

  void take_list(BytesView bytes) {
    made_.objects.push_back(
        {Kind::revocation_list, x509::Crl::from_der(bytes).der(), std::nullopt, {}});
  }

  void read_store(BytesView bytes) {
    made_.form = Form::serialized_store;
    for (auto& element : bundle::store_elements(bytes)) {
      if (element.body.id == bundle::property_certificate)
        take(x509::Certificate::from_der(element.body.value));
      else if (element.body.id == bundle::property_revocation_list)
        take_list(element.body.value);
      else
        made_.objects.push_back({Kind::trust_list, element.body.value, std::nullopt, {}});
      made_.objects.back().properties = std::move(element.properties);
    }
  }

  void read_pem(BytesView bytes) {
    for (const auto& block : x509::read_pem(bytes))
      read_content(x509::content_of_label(block.label), block.der);
  }

  /// Base64 of DER without BEGIN and END, which Windows takes too. DER itself begins with "0".
  static std::optional<Bytes> bare_base64(BytesView bytes) {
    if (bytes.empty() || bytes[0] != 'M') return std::nullopt;
    return from_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }

  void read_der(BytesView bytes) {
    const auto content = x509::content_of_der(bytes);
    if (content == x509::Content::private_key) refuse_key("it is a private key");
    read_content(content, bytes);
  }

  void read_content(x509::Content content, BytesView bytes) {
    switch (content) {
      case x509::Content::private_key:
        refuse_key("a private key is in it");
      case x509::Content::pfx:
        refuse_key("it is a PFX file");
      case x509::Content::certificate:
        return take(x509::Certificate::from_der(bytes));
      case x509::Content::trusted_certificate:
        return take(x509::read_trusted_certificate(bytes));
      case x509::Content::crl:
        return take_list(bytes);
      case x509::Content::pkcs7:
        return read_message(bytes);
      case x509::Content::request:
      case x509::Content::other:
        break;
    }
  }

  void read_message(BytesView bytes) {
    const auto data = x509::read_signed_data(bytes);
    made_.form = form_of(data);
    if (made_.form == Form::trust_list)
      made_.objects.push_back({Kind::trust_list, copy(bytes), std::nullopt, {}});
    for (const auto& one : data.certificates) take(one);
    for (const auto& one : data.crls) take_list(one);
    if (made_.objects.empty() && made_.form != Form::pkcs7)
      throw Error(Error::Kind::input, "no certificate is in this signed file");
  }

  static Form form_of(const x509::SignedData& data) {
    if (data.content_type == signing::oids::trust_list) {
      const Bytes use = der::oid(catalog_list);
      const bool catalog = std::ranges::search(data.content, use).begin() != data.content.end();
      return catalog ? Form::signed_file : Form::trust_list;
    }
    return data.signers.empty() ? Form::pkcs7 : Form::signed_file;
  }

  CertificateFile made_;
};

}  // namespace

std::vector<x509::Certificate> CertificateFile::certificates() const {
  std::vector<x509::Certificate> all;
  for (const auto& one : objects)
    if (one.certificate) all.push_back(*one.certificate);
  return all;
}

std::vector<Bytes> CertificateFile::revocation_lists() const {
  std::vector<Bytes> all;
  for (const auto& one : objects)
    if (one.kind == FileObject::Kind::revocation_list) all.push_back(one.der);
  return all;
}

CertificateFile read_certificate_file(const std::string& path) {
  const auto kind = signing::detect(path);
  try {
    if (kind != signing::FileKind::other && kind != signing::FileKind::catalog)
      return Reading().read_signed_file(path);
    return parse_certificate_file(read_file(path, max_file_bytes));
  } catch (const Error& error) {
    if (error.message.find("'" + path + "'") != std::string::npos) throw;
    throw with_prefix(error, "'" + path + "'");
  }
}

CertificateFile parse_certificate_file(BytesView bytes) { return Reading().read(bytes); }

std::string shown(const x509::Certificate& certificate) {
  return certificate.subject().display() + " (" + certificate.thumbprint().hex() + ")";
}

std::size_t leaf_of(const std::vector<x509::Certificate>& certificates) {
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const auto& one = certificates[i];
    const auto below = [&](const x509::Certificate& other) {
      return !(other == one) && other.issuer() == one.subject();
    };
    if (std::ranges::none_of(certificates, below)) return i;
  }
  return 0;
}

bool would_lose(const std::string& path, std::initializer_list<Form> replaceable,
                std::size_t objects) {
  if (!std::filesystem::exists(path)) return false;
  if (std::filesystem::is_regular_file(path) && std::filesystem::file_size(path) == 0) return false;
  try {
    const auto file = read_certificate_file(path);
    return file.objects.size() > objects ||
           std::ranges::find(replaceable, file.form) == replaceable.end();
  } catch (const Error&) {
    return true;
  }
}

}  // namespace sealwright::compat
