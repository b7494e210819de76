#pragma once
// Who issues: -ic with -iv or -ik, or a certificate of the workspace's stores.

#include "compat/issuing_place.h"
#include "compat/makecert_wish.h"

namespace sealwright::compat {

struct MakecertIssuer {
  x509::Certificate certificate;
  std::unique_ptr<ossl::Signer> signer;
  std::optional<store::Generation> generation;  ///< Nothing: not in the inventory yet.
  bool silent = false;  ///< No basic constraints, as Microsoft's old roots; warned about.
};

/// Throws Error::Kind::input or state with the reason where it may not issue: it says that it is no
/// authority, its key is another's, it is over, or several are meant.
MakecertIssuer find_issuer(const MakecertWish& wish, IssuingPlace& place, const CommandLine& line,
                           World& world);

}  // namespace sealwright::compat
