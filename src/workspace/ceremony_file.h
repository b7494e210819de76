#pragma once
// The two files of a ceremony: what the workspace on the network asks of the one in the safe, and
// what comes back. Each is one text file that a person can read, print and sign: a strict YAML
// document, then PEM blocks. See README.md in this folder.
//
// There is exactly one way to write down what such a file says, and the readers accept no other, so
// that nothing in it is decoration: a comment that was changed is a file that was changed.

#include <optional>
#include <string>
#include <vector>

#include "store/records.h"
#include "x509/crl.h"
#include "x509/request.h"

namespace sealwright::workspace {

constexpr std::size_t max_ceremony_bytes = std::size_t{16} << 20;
constexpr std::size_t max_ceremony_items = 1024;  ///< Of each kind.

/// What people read aloud to each other: 30 digits, six groups of five, from the SHA-256 of all of
/// the file but the line with the number. Two files with the same number are found in 2^50 tries by
/// someone who makes both, a second for a given one in 2^99.
std::string check_number(const store::Sha256& sha256);
/// Whether `typed` is that number, spaces and dashes apart.
bool same_number(const std::string& typed, const std::string& number);

/// Who made a file, when, in which workspace.
struct CeremonyOrigin {
  std::string workspace;  ///< Its name: the same in both.
  std::string id;         ///< That of the inventory: of each its own.
  Time made{};
  std::string by;  ///< "anna@pki1", as the maker said; printable.
};

/// What both sides must mean by an item: as `policy: NAME@REV` with what it says, and the subject.
struct CeremonyTerms {
  std::string policy;       ///< "offline-root-ca@1"
  std::string fingerprint;  ///< Policy::fingerprint
  std::string subject;      ///< RFC 4514
};

struct CeremonyRequest {
  /// An authority whose key is in the safe.
  struct Authority {
    std::string name;
    CeremonyTerms terms;
    std::vector<std::string> known;  ///< SHA-256 (hex) of its certificates that are here.
  };
  /// A certificate for a key that is not in the safe, by an authority that is.
  struct Certificate {
    std::string name;
    int generation = 1;
    std::string issuer;
    CeremonyTerms terms;
    x509::Request request;
  };
  /// A revocation list, and what must be on it.
  struct List {
    std::string authority;
    std::string certificate;  ///< SHA-256 (hex) of the issuing generation; empty: the active one.
    std::vector<store::RevokedSerial> revoked;
  };
  CeremonyOrigin origin;
  std::vector<Authority> authorities;
  std::vector<Certificate> certificates;
  std::vector<List> lists;
  bool empty() const { return authorities.empty() && certificates.empty() && lists.empty(); }
};

struct CeremonyAnswer {
  struct Authority {
    std::string name;
    int generation = 1;
    CeremonyTerms terms;
    x509::Certificate certificate;
  };
  struct Certificate {
    std::string name;
    int generation = 1;  ///< As in the request.
    std::string issuer;
    x509::Certificate certificate;
  };
  struct List {
    std::string authority;
    std::string certificate;  ///< SHA-256 (hex) of the generation that issued it.
    x509::Crl crl;
  };
  CeremonyOrigin origin;
  std::string asked_by;     ///< Id of the workspace that asked.
  store::Sha256 request{};  ///< Of the file it answers.
  std::vector<Authority> authorities;
  std::vector<Certificate> certificates;
  std::vector<List> lists;
};

/// A file as it is written, and what identifies it.
struct CeremonyFile {
  std::string text;
  store::Sha256 sha256{};  ///< Of all but the line with the number.
  std::string number;
};
CeremonyFile write_ceremony(const CeremonyRequest& request);
CeremonyFile write_ceremony(const CeremonyAnswer& answer);

/// Whether `text` is one of the two, rather than a certificate or something else.
bool looks_like_ceremony(const std::string& text);

/// Line ends may have become CRLF on the way. Nothing is verified but that the file says what its
/// number stands for. Throws Error::Kind::input, with the line, for everything else; and for the
/// other one of the two files. `file` is how errors call it.
struct ReadRequest {
  CeremonyRequest request;
  CeremonyFile file;
};
ReadRequest read_ceremony_request(const std::string& text, const std::string& file);
struct ReadAnswer {
  CeremonyAnswer answer;
  CeremonyFile file;
};
ReadAnswer read_ceremony_answer(const std::string& text, const std::string& file);

}  // namespace sealwright::workspace
