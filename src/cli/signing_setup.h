#pragma once
// What `sign` and `package sign` share: who signs, with which timestamp, and the record of it.

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/session.h"
#include "signing/file.h"
#include "workspace/signing_identity.h"

namespace sealwright::cli {

struct SigningWords : KeyWords {
  std::string with, certificate, digest, description, url, password_file;
  std::vector<std::string> timestamp, chain, cross_certificates;
  bool page_hashes = false;
};
/// Adds their options to a command whose Options derive from SigningWords.
template <class O>
void add_signing_options(CommandBuilder<O>& builder) {
  builder
      .template required_option<std::string>("--with", "SIGNER", &O::with,
                                             "NAME[@N] of the workspace, FILE.pfx, or pkcs11:URI")
      .template option<std::string>(
          "--certificate", "FILE", &O::certificate,
          "The certificate of the key on the token (default: the one beside it there)")
      .template option<std::vector<std::string>>(
          "--timestamp", "WHO", &O::timestamp,
          "A name under 'timestamping', a URL, local, or none; several are tried in order")
      .template option<std::string>("--digest", "D", &O::digest,
                                    "sha256 (default), sha384, sha512, sha1")
      .template option<std::string>("--description", "TEXT", &O::description,
                                    "What Windows shows as the program's name")
      .template option<std::string>("--url", "URL", &O::url, "Where people learn more")
      .template option<std::vector<std::string>>("--chain", "FILE", &O::chain,
                                                 "Certificates to include")
      .template option<std::vector<std::string>>(
          "--cross-certificate", "FILE", &O::cross_certificates, "Cross-certificates to include")
      .template option<std::string>("--password-file", "FILE", &O::password_file,
                                    "Holds the password of the PFX")
      .flag("--page-hashes", &O::page_hashes, "Include page hashes (PE)");
  add_key_options(builder);
}

/// Everything a signature needs, resolved from words; keeps what it refers to alive.
class SigningSetup {
 public:
  SigningSetup(const SigningWords& words, Context& context);
  ~SigningSetup();

  const signing::Identity& identity() const { return *identity_; }
  const signing::SignOptions& options() const { return options_; }
  std::string label() const { return label_; }  ///< "driver-signing@1" or the subject.
  /// Refuses a file that the signer's policy does not allow (Error::Kind::policy), and says in the
  /// record what is signed next.
  void before(const std::string& file_name, const std::filesystem::path& path);
  /// Records the result; `written` is the file as it is now.
  void after(const std::filesystem::path& written, const signing::SignedFile& result);

 private:
  void use_workspace(const SigningWords& words, Context& context);
  void use_pfx(const SigningWords& words, Context& context);
  void use_token(const SigningWords& words, Context& context);
  void use_file(const SigningWords& words, signing::Identity identity, Context& context);
  void choose_timestamp(const SigningWords& words, Context& context);

  std::unique_ptr<workspace::Workspace> workspace_;
  std::unique_ptr<workspace::Keys> keys_;
  workspace::NamedSigner named_;
  std::unique_ptr<ossl::Signer> own_signer_;  ///< Of a PFX or a token, outside the inventory.
  class Timestamps;
  std::unique_ptr<Timestamps> timestamps_;
  std::optional<signing::Identity> identity_;
  signing::SignOptions options_;
  std::string label_;
};

/// One line about a signed file for people, and an object for scripts.
std::string signed_line(const std::string& file, const signing::SignedFile& result);
Json signed_json(const std::string& file, const signing::SignedFile& result);

}  // namespace sealwright::cli
