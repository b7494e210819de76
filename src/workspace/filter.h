#pragma once
// Which generations of the inventory a person means: `list --filter`.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "workspace/workspace.h"

namespace sealwright::workspace {

/// Clauses, all of which must hold: kind=authority, policy=NAME[@REV], issuer=NAME[@N] or none,
/// state=active or live, origin=command, serial=HEX, expires<90d or expires>2027-01-01, and
/// name~GLOB, name=NAME, subject~GLOB.
class Filter {
 public:
  /// Each text is clauses separated by commas. A duration counts from `now`. Throws
  /// Error::Kind::usage for what is no clause, naming the keys.
  static Filter parse(const std::vector<std::string>& texts, Time now);
  bool empty() const { return clauses_.empty(); }

  /// Calls `visit` with what fits, by name and number, one at a time. Few queries, however much the
  /// inventory holds.
  void each(const store::Inventory& inventory,
            const std::function<void(const store::Generation&)>& visit) const;

 private:
  struct Facts;
  struct Clause {
    std::function<bool(const store::Generation&, Facts&)> holds;
  };
  static Clause clause(const std::string& text, Time now);
  static Clause expiry(const std::string& text, char relation, const std::string& value, Time now);
  std::vector<Clause> clauses_;
};

}  // namespace sealwright::workspace
