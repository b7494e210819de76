#pragma once
// Certificates made by openssl for the rules to judge.

#include <string>

#include "support.h"
#include "x509/certificate.h"

namespace sealwright::lint::made {

/// What openssl is told; extensions as in its configuration files.
struct Recipe {
  std::string extensions;
  std::string subject = "/C=DE/O=Acme/CN=Leaf";
  int days = 100;
  std::string serial = "0x4123456789abcdef0123456789abcdef";
  std::string digest = "sha256";
  std::string key = "leaf.key";
  std::string issuer = "issuing";  ///< "" for a self-signed one.
};

/// A root, an issuing authority (path length 0) and keys, in a folder that is removed at the end.
class Pki {
 public:
  Pki();
  x509::Certificate make(const Recipe& recipe);
  const x509::Certificate& root() const { return *root_; }
  const x509::Certificate& issuing() const { return *issuing_; }

 private:
  x509::Certificate make(const std::string& name, const Recipe& recipe);
  test::Scratch folder_;
  std::optional<x509::Certificate> root_, issuing_;
};

Pki& pki();  ///< One for all tests.

extern const std::string code_signing;  ///< The extensions of a good code-signing certificate.
extern const std::string timestamping;

}  // namespace sealwright::lint::made
