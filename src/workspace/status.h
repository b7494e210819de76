#pragma once
// Where the certificates of a workspace stand: generations, days left, what is due.

#include <string>
#include <vector>

#include "base/json.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

struct StatusRow {
  std::string name;
  std::string kind;    ///< "authority", "certificate", "waiting" (a request) or "bundle"
  std::string active;  ///< "driver-signing@2", or empty.
  std::string next;    ///< The generation that waits, or empty.
  std::optional<Time> ends;
  std::int64_t days_left = 0;  ///< Of the active generation; negative when it is over.
  bool due = false;            ///< Something is to be done, by apply or by a person.
  std::string note;            ///< What is due or waited for, or empty.
};

struct Status {
  std::string workspace;
  Time at{};
  std::vector<StatusRow> rows;  ///< In the order of the YAML, authorities first; then what is
                                ///< unmanaged, or, with `within`, whatever else ends by then, of
                                ///< these some; then bundles that are rolled back.
  std::int64_t more = 0;        ///< How many of these are not in `rows`.
  bool anything_due() const;
};

/// `at` judges; `within`, where given, keeps the rows that end before at + within.
Status status_of(const Workspace& workspace, Time at, const std::optional<Duration>& within);
std::string to_text(const Status& status);
Json to_json(const Status& status);

}  // namespace sealwright::workspace
