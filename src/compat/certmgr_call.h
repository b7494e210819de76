#pragma once
// certmgr's words, checked against each other.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compat/certificate_file.h"
#include "compat/tool.h"
#include "store/records.h"

namespace sealwright::compat {

/// Where certificates are read from or written to: a file, or a Windows store of the inventory.
struct Place {
  bool is_store = false;
  std::string name;
  store::StoreLocation location = store::StoreLocation::current_user;
};
std::string shown(const Place& place);  ///< "'x.cer'", "store 'Root' of LocalMachine"

/// Which of the objects at a place are meant.
struct Selection {
  std::set<FileObject::Kind> kinds;  ///< Empty: certificates, or what there is where there is none.
  bool all = false;
  std::string common_name;
  std::optional<Thumbprint> sha1;
};

struct CertmgrCall {
  enum class Action { show, add, remove, put };
  Action action = Action::show;
  Selection selection;
  bool verbose = false, as_pkcs7 = false;
  Place source;
  std::optional<Place> target;
};

/// Throws Error::Kind::usage for words that do not go together.
CertmgrCall read_certmgr_call(const CommandLine& line, World& world);

/// Those of `objects`, found at `place`, that are meant. Where the model would ask for a number,
/// the only one is taken.
///
/// Throws Error::Kind::input when there is none, or several without -all; the hint names them.
std::vector<FileObject> select(std::vector<FileObject> objects, const Selection& selection,
                               const Place& place);

}  // namespace sealwright::compat
