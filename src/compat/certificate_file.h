#pragma once
// Files of certificates as cert2spc, pvk2pfx and certmgr take them: whatever their names say, by
// what is in them.

#include <string>
#include <vector>

#include "bundle/store_files.h"
#include "x509/crl.h"

namespace sealwright::compat {

/// What stands in such a file.
struct FileObject {
  enum class Kind { certificate, trust_list, revocation_list };
  Kind kind = Kind::certificate;
  Bytes der;  ///< Of a trust list its whole PKCS#7 message.
  std::optional<x509::Certificate> certificate;
  std::vector<bundle::BlobProperty> properties;  ///< From a serialized store.
};

struct CertificateFile {
  enum class Form {
    certificate,
    revocation_list,
    trust_list,
    pkcs7,
    serialized_store,
    signed_file
  };
  Form form = Form::certificate;
  std::vector<FileObject> objects;  ///< In the order of the file.

  std::vector<x509::Certificate> certificates() const;
  std::vector<Bytes> revocation_lists() const;
};

/// DER, PEM, bare base64, PKCS#7 (SPC, P7B), serialized stores, and the certificates of signed PE
/// files and catalogs. At most 64 MiB, PE files aside. Messages begin with the file's name.
///
/// PKCS#7 files and serialized stores may be empty.
///
/// Throws Error::Kind::io; Error::Kind::input for what is none of these, is malformed, or holds a
/// private key, be it a PFX: those have no business where certificates go.
CertificateFile read_certificate_file(const std::string& path);
/// The same of bytes that are no PE file; messages name no file.
CertificateFile parse_certificate_file(BytesView bytes);

/// "Contoso Driver Signing (E4A5…)": as hints name one of several.
std::string shown(const x509::Certificate& certificate);

/// The index of the first that issued none of the others: the one that signs.
std::size_t leaf_of(const std::vector<x509::Certificate>& certificates);

/// Whether `path` is there and something would be lost by writing so many objects over it: it has
/// another form than `replaceable`, a private key, or more objects. An empty file has nothing to
/// lose.
bool would_lose(const std::string& path, std::initializer_list<CertificateFile::Form> replaceable,
                std::size_t objects);

}  // namespace sealwright::compat
