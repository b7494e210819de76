#pragma once
// What machines gain and lose between two bundles, written or recorded, ours or somebody else's.

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "bundle/read.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// One certificate in one store.
struct Holding {
  std::string store;  ///< "Root", of users "Root (CurrentUser)"; empty: the importer decides.
  Thumbprint thumbprint;
  std::string name;  ///< In the hierarchy, "lab-root@1", or empty.
  std::string subject;
  std::optional<std::vector<Oid>> purposes;  ///< Roots only; nothing: all.
};

struct HeldSetting {
  std::string name;   ///< "State"
  std::string scope;  ///< "machine" "current" "default" "system"
  std::uint32_t value = 0;
  bool operator==(const HeldSetting&) const = default;
};

/// What machines have that imported everything.
struct Holdings {
  std::vector<Holding> certificates;  ///< By store and thumbprint, each once.
  std::vector<HeldSetting> settings;
};

Holdings holdings_of(const State& state);
/// Of all imports: formats of one bundle say the same. What only takes certificates out (the
/// removals that lie beside them) counts for nothing.
Holdings holdings_of(const Reading& reading);

struct Difference {
  std::vector<Holding> gained, lost;
  struct Change {
    Holding before, after;
  };
  std::vector<Change> purposes;  ///< The same certificate, trusted for other things.
  std::vector<HeldSetting> set;  ///< New, or with another value.
  std::vector<HeldSetting> left;
  bool empty() const;
};
Difference difference(const Holdings& before, const Holdings& after);

std::string to_text(const Difference& difference);
Json to_json(const Difference& difference);  ///< An object without a schema.

}  // namespace sealwright::bundle
