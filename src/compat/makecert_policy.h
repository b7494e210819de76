#pragma once
// A makecert command line as a policy, so that its certificate is made, linted and explained like
// every other of this program.

#include "compat/makecert_wish.h"

namespace sealwright::compat {

/// What the wish alone does not tell.
struct MakecertFacts {
  ossl::PublicKey key;         ///< The subject's; empty: one that is to be made.
  Time now{}, end{};           ///< `end` in whatever way it was asked for.
  bool silent_issuer = false;  ///< It has no basic constraints, as Microsoft's old roots.
};

struct MakecertPolicy {
  std::string name;  ///< "makecert-1f8a…": of its content, so that equal wishes share it.
  std::string text;  ///< Of policies/NAME.yaml.
};

/// Rules are relaxed by name, and only those that a flag asks to break.
MakecertPolicy makecert_policy(const MakecertWish& wish, const MakecertFacts& facts);

/// The key to be made.
ossl::KeySpec makecert_key(const MakecertWish& wish);

}  // namespace sealwright::compat
