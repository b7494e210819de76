// The rules over every certificate of the corpus: vendors', old tools' and test suites'. The table
// says how many certificates of each kind of source break each rule; what surprises stands beside.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "lint/lint.h"
#include "signing/file.h"
#include "support.h"
#include "x509/pkcs12.h"

namespace sealwright::lint {
namespace {
namespace fs = std::filesystem;
using x509::Certificate;

/// A certificate, and whether it signed a file or a timestamp.
struct Found {
  Certificate certificate;
  std::optional<Purpose> purpose;
};

/// keys/PASSWORDS.tsv: file, kind, password.
std::map<std::string, std::string> passwords(const fs::path& corpus) {
  std::map<std::string, std::string> found;
  std::ifstream lines(corpus / "keys" / "PASSWORDS.tsv");
  for (std::string line; std::getline(lines, line);) {
    const auto one = line.find('\t'), two = line.find('\t', one + 1);
    const auto three = std::min(line.find('\t', two + 1), line.size());
    if (two == std::string::npos) continue;
    auto password = line.substr(two + 1, three - two - 1);
    if (password.starts_with("(")) password.clear();
    found[line.substr(0, one)] = password;
  }
  return found;
}

class Corpus {
 public:
  explicit Corpus(const fs::path& folder) : passwords_(passwords(folder)) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) files.push_back(entry.path());
    std::ranges::sort(files);
    for (const auto& file : files) try {
        read(file);
      } catch (const Error&) {
        ++unreadable;  // damaged on purpose, or with a password nobody knows
      }
  }

  std::map<Thumbprint, Found> found;
  std::vector<Certificate> all;
  std::size_t unreadable = 0;

 private:
  void add(const Certificate& certificate, std::optional<Purpose> purpose = {}) {
    const auto [at, is_new] =
        found.try_emplace(certificate.thumbprint(), Found{certificate, purpose});
    if (is_new) all.push_back(certificate);
    if (purpose && !at->second.purpose) at->second.purpose = purpose;
  }

  void read(const fs::path& file) {
    const auto kind = signing::detect(file);
    if (kind == signing::FileKind::pe || kind == signing::FileKind::catalog)
      return read_signed(file);
    const auto ending = file.extension().string();
    if (ending == ".p12" || ending == ".pfx") {
      const auto password = passwords_[file.filename().string()];
      const auto pfx = x509::read_pfx(read_file(file), ossl::Secret(password));
      if (pfx.certificate) add(*pfx.certificate);
      for (const auto& one : pfx.chain) add(one);
    }
    for (const char* known : {".cer", ".crt", ".der", ".pem", ".p7b", ".spc"})
      if (ending == known)
        for (const auto& one : x509::read_certificates(read_file(file))) add(one);
  }

  void read_signed(const fs::path& file) {
    for (const auto& signature : signing::read_signature(file).signatures) {
      if (const auto* signer = signature.certificate()) add(*signer, Purpose::code_signing);
      for (const auto& one : signature.data.certificates) add(one);
      for (const auto& stamp : signature.timestamps) {
        if (stamp.certificate) add(*stamp.certificate, Purpose::timestamping);
        for (const auto& one : stamp.certificates) add(one);
      }
    }
  }

  std::map<std::string, std::string> passwords_;
};

/// Why so many: what a reader of the table would ask.
const std::map<std::string, std::string> surprises = {
    {"serial-length", "zero in a test suite's; negative: makecert"},
    {"serial-entropy", "test suites, and Entrust's roots of 1999 to 2009"},
    {"serial-repeated", "copies that test suites changed"},
    {"outlives-issuer", "cross-certificates: the root that lives on is not in the corpus"},
    {"begins-before-issuer", "cross-certificates, made later than what the root had issued"},
    {"issuer-expired", "cross-certificates again"},
    {"rsa-key-size-recommended", "2048 bits were right until 2021"},
    {"weak-key", "Microsoft's PCA 2011 with a changed byte in its key: a test suite's"},
    {"key-algorithm", "Ed25519, Ed448, ML-DSA and ML-KEM of test suites"},
    {"subject-key-identifier", "makecert and the WDK's test certificates have none"},
    {"authority-key-identifier", "makecert's old form (2.5.29.1), and VeriSign before 2012"},
    {"signature-valid", "the six changed copies"},
    {"signature-digest", "MD5 and SHA-1 of their time; ML-DSA is unknown here"},
    {"key-usage-present", "Microsoft's signers have none, and its authorities' is not critical"},
    {"key-usage-bits", "a test certificate of the WDK has no digitalSignature"},
    {"basic-constraints", "openssl req's old default"},
    {"eku-present", "makecert without -eku; WinVerifyTrust takes one for every purpose"},
    {"code-signing-eku", "a file signed with a TLS certificate on purpose"},
    {"timestamping-eku", "Microsoft's Time-Stamp Service: not critical, and Windows takes it"},
    {"alternative-name-malformed", "a mail address as DNS name, a word as mail address"},
    {"crl-present", "test signers, whose authorities publish none"},
};
}  // namespace

TEST_CASE("the rules over all certificates of the corpus find what they found before",
          "[lint][corpus]") {
  const auto folder = test::corpus();
  if (!folder) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const Corpus corpus(*folder);
  std::map<std::string_view, std::array<std::size_t, 3>> counts;
  for (const auto& [thumbprint, found] : corpus.found) {
    auto subject = Subject::of(found.certificate);
    subject.purpose = found.purpose;
    subject.known = corpus.all;
    subject.now = found.certificate.not_before() + std::chrono::days(1);
    for (const auto& issuer : corpus.all)
      if (!found.certificate.self_signed() && issuer.subject() == found.certificate.issuer() &&
          (!subject.issuer_certificate ||
           subject.issuer_certificate->not_after() < issuer.not_after()) &&
          found.certificate.signed_by(issuer.public_key()))
        subject.issuer_certificate = &issuer;  // of several, the one that ends last
    std::set<std::pair<std::string, Severity>> broken;
    for (const auto& finding : check(subject)) broken.emplace(finding.rule, finding.severity);
    for (const auto& [rule, severity] : broken)
      ++counts[find_rule(rule)->name][static_cast<std::size_t>(severity)];
  }
  std::string table = fmt::format(
      "# {} certificates; files that cannot be read: {}\n# rule, errors, warnings, notes, why\n",
      corpus.found.size(), corpus.unreadable);
  for (const auto& rule : rules()) {
    const auto& [notes, warnings, errors] = counts[rule.name];
    const auto why = surprises.find(std::string(rule.name));
    if (errors + warnings + notes == 0) continue;
    table += fmt::format("{:<27}{:>4}{:>5}{:>5}  {}\n", rule.name, errors, warnings, notes,
                         why == surprises.end() ? "" : "# " + why->second);
  }
  CHECK(table == test::golden("corpus-lint.txt", table));
}

}  // namespace sealwright::lint
