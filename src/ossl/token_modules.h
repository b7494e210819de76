#pragma once
// Modules, their slots, and the one token that a URI means; for the sources of pkcs11.h.

#include <memory>
#include <string>
#include <vector>

#include "ossl/pkcs11_uri.h"

namespace sealwright::ossl {

/// PKCS#11 modules that are loaded and initialized; finalized at the end unless p11-kit knows of
/// other users in this process.
class Modules {
 public:
  /// Those that are registered with p11-kit; one that cannot be loaded is left out.
  static std::shared_ptr<const Modules> registered();
  /// One, by the path of its shared library, or a name in p11-kit's folder of modules. Throws
  /// Error::Kind::state.
  static std::shared_ptr<const Modules> at(const std::string& path);
  ~Modules();
  Modules(const Modules&) = delete;
  Modules& operator=(const Modules&) = delete;

  const std::vector<CK_FUNCTION_LIST*>& list() const { return list_; }

 private:
  Modules() = default;
  std::vector<CK_FUNCTION_LIST*> list_;
  CK_FUNCTION_LIST** registered_ = nullptr;
};

/// A token in a slot. It is alive as long as its module.
struct TokenPlace {
  std::shared_ptr<const Modules> modules;
  CK_FUNCTION_LIST* functions = nullptr;
  CK_SLOT_ID slot = 0;
  CK_FLAGS flags = 0;
  std::string label, serial, manufacturer, model;  ///< Printable, without the padding.
};

/// The one token that `uri` names among those of `modules`. Throws Error::Kind::state for none and
/// for several, and names those that are there.
TokenPlace find_token(const std::shared_ptr<const Modules>& modules, const TokenUri& uri);

/// Flags as they are now; those of `place` where the token does not say.
CK_FLAGS current_flags(const TokenPlace& place);

}  // namespace sealwright::ossl
