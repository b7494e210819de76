// The files of a ceremony, written.

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "ossl/digest.h"
#include "policy/policy.h"
#include "workspace/ceremony_file.h"
#include "workspace/ceremony_words.h"

namespace sealwright::workspace {
namespace {

constexpr int digit_groups = 6, bytes_per_group = 5;

std::string hex(const std::array<std::uint8_t, 32>& sha256) { return to_hex(sha256); }

/// In groups of four, as people compare them.
std::string grouped(const std::string& digits) {
  std::string text;
  for (std::size_t at = 0; at < digits.size(); at += 4)
    text += (at ? " " : "") + digits.substr(at, 4);
  return text;
}

/// A single-quoted YAML scalar of text without control characters.
std::string quoted(const std::string& value) {
  std::string text = "'";
  for (const char c : value) text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

std::string head(const CeremonyOrigin& origin, const std::string& what,
                 const std::vector<std::string>& lines) {
  std::string text = fmt::format("# {} of the PKI '{}', made by {} on {}.\n#\n", what,
                                 origin.workspace, origin.by, to_iso(origin.made));
  for (const auto& line : lines) text += line.empty() ? "#\n" : "# " + line + "\n";
  return text;
}

std::string common(const CeremonyOrigin& origin, const std::string& kind) {
  return fmt::format("ceremony: {}\nversion: 1\nworkspace: {}\nid: {}\nmade: {}\nby: {}\n", kind,
                     origin.workspace, quoted(origin.id), quoted(to_iso(origin.made)),
                     quoted(origin.by));
}

std::string written(const char* key, const std::vector<std::string>& lines) {
  if (lines.empty()) return fmt::format("    {}: []\n", key);
  std::string text = fmt::format("    {}:\n", key);
  for (const auto& line : lines) text += "      - " + quoted(line) + "\n";
  return text;
}

std::string written(const CeremonyTerms& terms) {
  return fmt::format("    policy: {}\n    fingerprint: '{}'\n    subject: {}\n", terms.policy,
                     terms.fingerprint, quoted(terms.subject));
}

std::string present(const std::string& where) {
  std::string text = "\n# Present " + where + ":\n";
  for (int line = 0; line < 3; ++line)
    text += "#\n# name ______________________________  signature ______________________________\n";
  return text + "\n";
}

std::string written(const store::RevokedSerial& revoked) {
  std::string text =
      fmt::format("      - serial: '{}'\n        revoked: '{}'\n        reason: {}\n",
                  revoked.serial.hex(), to_iso(revoked.revoked), quoted(revoked.reason));
  if (revoked.invalidity)
    text += fmt::format("        invalidity: '{}'\n", to_iso(*revoked.invalidity));
  return text;
}

std::string body(const CeremonyRequest& request) {
  std::string text = "\n" + common(request.origin, "request");
  if (!request.authorities.empty())
    text += "\n# Authorities that have their key in the safe.\nauthorities:\n";
  for (const auto& authority : request.authorities) {
    text += "  - name: " + authority.name + "\n" + written(authority.terms);
    if (authority.known.empty()) {
      text += "    known: []\n";
      continue;
    }
    text += "    known:\n";
    for (const auto& sha256 : authority.known) text += "      - '" + sha256 + "'\n";
  }
  if (!request.certificates.empty())
    text += "\n# Certificates to be issued, for the requests below.\ncertificates:\n";
  for (const auto& wanted : request.certificates) {
    const auto& key = wanted.request.public_key();
    text += fmt::format("  - name: {}\n    generation: {}\n    issuer: {}\n", wanted.name,
                        wanted.generation, wanted.issuer);
    text += written(wanted.terms);
    text += fmt::format("    key: {}\n    key_sha256: '{}'\n", quoted(key.description()),
                        grouped(key.id().hex()));
    text += written("asks", words_of(wanted.request.extensions(), Words::all));
  }
  if (!request.lists.empty())
    text += "\n# Revocation lists to be issued, and what must be on them.\nlists:\n";
  for (const auto& list : request.lists) {
    text +=
        fmt::format("  - authority: {}\n    certificate: '{}'\n", list.authority, list.certificate);
    text += list.revoked.empty() ? "    revoked: []\n" : "    revoked:\n";
    for (const auto& revoked : list.revoked) text += written(revoked);
  }
  text += present("when this was asked for");
  for (const auto& wanted : request.certificates) text += wanted.request.to_pem();
  return text;
}

std::string written(const x509::Certificate& certificate) {
  return fmt::format("    subject: {}\n    key: {}\n    ends: '{}'\n    sha256: '{}'\n",
                     quoted(certificate.subject().text()),
                     quoted(certificate.public_key().description()),
                     to_iso(certificate.not_after()), grouped(hex(certificate.sha256()))) +
         written("says", words_of(certificate.extensions(), Words::telling));
}

std::string body(const CeremonyAnswer& answer) {
  std::string text = "\n" + common(answer.origin, "answer");
  text += fmt::format("for: {}\nrequest: '{}'\nrequest_number: '{}'\n", quoted(answer.asked_by),
                      hex(answer.request), check_number(answer.request));
  if (!answer.authorities.empty()) text += "\nauthorities:\n";
  for (const auto& made : answer.authorities) {
    text += fmt::format("  - name: {}\n    generation: {}\n    policy: {}\n    fingerprint: '{}'\n",
                        made.name, made.generation, made.terms.policy, made.terms.fingerprint);
    text += written(made.certificate);
  }
  if (!answer.certificates.empty()) text += "\ncertificates:\n";
  for (const auto& made : answer.certificates) {
    text += fmt::format("  - name: {}\n    generation: {}\n    issuer: {}\n", made.name,
                        made.generation, made.issuer);
    text += written(made.certificate);
  }
  if (!answer.lists.empty()) text += "\nlists:\n";
  for (const auto& made : answer.lists) {
    const auto next = made.crl.next_update();
    text += fmt::format(
        "  - authority: {}\n    certificate: '{}'\n    revoked: {}\n    next: '{}'\n",
        made.authority, made.certificate, made.crl.entries().size(), next ? to_iso(*next) : "");
  }
  text += present("at the ceremony");
  for (const auto& made : answer.authorities) text += made.certificate.to_pem();
  for (const auto& made : answer.certificates) text += made.certificate.to_pem();
  for (const auto& made : answer.lists) text += made.crl.to_pem();
  return text;
}

CeremonyFile file_of(const std::string& head, const std::string& body) {
  CeremonyFile file;
  const Bytes digest = ossl::hash(ossl::Digest::sha256, view(head + body));
  std::copy(digest.begin(), digest.end(), file.sha256.begin());
  file.number = check_number(file.sha256);
  file.text = head + "number: '" + file.number + "'\n" + body;
  return file;
}

}  // namespace

std::string check_number(const store::Sha256& sha256) {
  std::string text;
  for (int group = 0; group < digit_groups; ++group) {
    std::uint64_t value = 0;
    for (int byte = 0; byte < bytes_per_group; ++byte)
      value = value << 8 | sha256[std::size_t(group * bytes_per_group + byte)];
    text += fmt::format("{}{:05}", group ? " " : "", value % 100000);
  }
  return text;
}

bool same_number(const std::string& typed, const std::string& number) {
  const auto digits = [](const std::string& text) {
    std::string kept;
    for (const char c : text)
      if (c != ' ' && c != '-' && c != '\t') kept += c;
    return kept;
  };
  return digits(typed) == digits(number);
}

CeremonyFile write_ceremony(const CeremonyRequest& request) {
  return file_of(
      head(request.origin, "Request for a ceremony",
           {"In the workspace in the safe:", "", "  sealwright ceremony show FILE",
            "  sealwright ceremony perform FILE -o ANSWER", "",
            "Whoever brings this file reads the number aloud. It stands for every letter",
            "here: grep -v '^number: ' FILE | sha256sum, each five bytes modulo 100000."}),
      body(request));
}

CeremonyFile write_ceremony(const CeremonyAnswer& answer) {
  return file_of(
      head(answer.origin, "Answer of a ceremony",
           {"In the workspace that asked:", "", "  sealwright ceremony show FILE",
            "  sealwright ceremony accept FILE", "",
            "Whoever was present reads the number aloud. It stands for every letter",
            "here: grep -v '^number: ' FILE | sha256sum, each five bytes modulo 100000."}),
      body(answer));
}

}  // namespace sealwright::workspace
