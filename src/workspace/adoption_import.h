#pragma once
// `sealwright import`: what was found, as rows that are shown before anything is done, and the
// doing.

#include <string>
#include <vector>

#include "base/json.h"
#include "workspace/adoption_terms.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

struct ImportRow {
  std::string name;  ///< "drv@2"
  std::string what;  ///< "driver-signing, RSA-2048"
  Time until{};
  std::string state;   ///< "active"
  std::string key;     ///< "yes", "no"
  bool there = false;  ///< Before; left as it is.
};

/// What the rules say of the live ones: told, not enforced.
struct ImportFinding {
  std::string rule, severity, message;
  std::vector<std::string> names;  ///< The first few.
  std::size_t count = 0;
};

struct ImportReport {
  std::vector<ImportRow> rows;      ///< Issuers first.
  std::size_t revoked_serials = 0;  ///< Without a certificate.
  std::vector<std::string> notes;
  std::vector<ImportFinding> findings;
};

/// `targets`: Windows versions for the rules. The first 1,000 live certificates are linted.
ImportReport report_on(const ca::Found& found, const ca::Arrangement& arrangement,
                       const std::vector<std::string>& targets, Time now);
/// At most `most` rows.
std::string to_text(const ImportReport& report, std::size_t most);
Json to_json(const ImportReport& report);

/// Certificates that a request waits for are its answer and no import: they are taken out of
/// `found`.
std::vector<x509::Certificate> answers_in(const Workspace& workspace, ca::Found& found);
/// Accepts one, below whatever issuer the inventory has by now.
struct AcceptedAnswer {
  std::string text;                ///< What was done.
  std::vector<std::string> notes;  ///< Where it is not what was asked for.
};
AcceptedAnswer accept_answer(Workspace& workspace, const x509::Certificate& certificate);

/// Takes it over, keys into their keyrings.
ca::ImportResult import_all(Workspace& workspace, Keys& keys, const ca::Found& found,
                            const ca::Arrangement& arrangement, const Progress& progress);

}  // namespace sealwright::workspace
