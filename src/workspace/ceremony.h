#pragma once
// Ceremonies: the workspace on the network asks, the one in the safe judges by its own reviewed
// YAML, signs and answers, and the first one accepts. README.md in this folder is the one page for
// the people who do it; ceremony_file.h has the two files.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "workspace/ceremony_file.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

/// What was asked of authorities elsewhere.
struct Asked {
  CeremonyRequest request;  ///< Empty: the safe has nothing to do.
  CeremonyFile file;
  std::vector<store::RequestRecord> foreign;  ///< For authorities that are not ours.
};
/// Makes the requests that are missing, with their keys, and collects all that wait: certificates
/// by offline authorities, offline authorities whose certificate is not here, revocation lists that
/// are due. What was asked is on record, so that only its answer is accepted. Throws
/// Error::Kind::state in the workspace in the safe.
Asked ask(Workspace& workspace, Keys& keys, const std::string& by);

/// One thing that a file asks for or brings, as people see it before they agree.
struct CeremonyItem {
  std::string name;                ///< "acme-issuing@1"
  std::string what;                ///< "certificate by acme-root"
  std::vector<std::string> lines;  ///< What it will say, and what is to be noted.
  std::optional<Error> refused;    ///< Why it is not done.
};
std::string to_text(const std::vector<CeremonyItem>& items);
/// What a request asks for or an answer brings, judged by nobody.
std::vector<CeremonyItem> items_of(const CeremonyRequest& request);
std::vector<CeremonyItem> items_of(const CeremonyAnswer& answer);

struct PerformOptions {
  std::vector<std::string> only;  ///< Names; empty: everything that the file asks for.
  std::string by;
  ossl::Random random = ossl::system_random();
};
/// Judges every item by the YAML and the policies of this workspace: names, issuers, policies by
/// fingerprint, subjects and requests must be what these say, or the item is refused with the place
/// in the YAML. Nothing is written. Throws Error::Kind::state where this is not the workspace in
/// the safe, or the file is another PKI's; Error::Kind::usage for a name in `only` that is not
/// asked for.
std::vector<CeremonyItem> judge(const Workspace& safe, const CeremonyRequest& request,
                                const PerformOptions& options);

struct Performed {
  CeremonyAnswer answer;
  CeremonyFile file;
};
/// Does it: authorities first, then certificates, then lists. What was done for an earlier copy of
/// the file is given again, not done again. Throws the first refusal of judge() before anything is
/// signed.
Performed perform(Workspace& safe, Keys& keys, const ReadRequest& asked,
                  const PerformOptions& options);

/// Throws Error::Kind::state unless `answer` answers a request that this workspace made, and comes
/// from the safe that answered before.
void check_answer(const Workspace& workspace, const CeremonyAnswer& answer);

/// What became of each thing in a file.
struct AcceptedItem {
  std::string name;
  std::string text;                   ///< "accepted, until 2051-11-21", "accepted already"
  std::vector<std::string> warnings;  ///< What lint has to say.
};
/// Takes over all of it in one transaction, or nothing: authorities without their key, certificates
/// for the requests that wait, lists. Keys, signatures and policies are checked.
std::vector<AcceptedItem> accept_answer(Workspace& workspace, const ReadAnswer& answered);

/// Certificates that came as plain files: what waiting requests got from a foreign authority, and
/// certificates of external items of the YAML, by their subject, or of the item `as`. What nobody
/// waits for is left alone. Throws Error::Kind::state when that is all of them.
std::vector<AcceptedItem> accept_certificates(Workspace& workspace,
                                              const std::vector<x509::Certificate>& certificates,
                                              const std::string& as = {});

}  // namespace sealwright::workspace
