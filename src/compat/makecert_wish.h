#pragma once
// What a makecert command line asks for, every value read and every contradiction refused. Nothing
// is opened and nothing is made here.

#include "compat/flags.h"
#include "ossl/digest.h"
#include "policy/hierarchy.h"
#include "store/records.h"

namespace sealwright::compat {

/// The flags of Microsoft's tool (win32, driver and .NET documentation), -p12 of mono's, and ours.
std::span<const Flag> makecert_flags();

/// What the certificate will be.
enum class MakecertRole {
  root,          ///< -r -cy authority
  signing_root,  ///< -r and nothing that says what for: scripts use it as a root and as a signer.
  self_signed,   ///< -r -eku, or -r -cy end
  intermediate,  ///< -cy authority under an issuer
  end_entity,    ///< Under an issuer.
};
bool is_authority(MakecertRole role);
bool is_self_signed(MakecertRole role);

struct MakecertWish {
  enum class Publisher { unsaid, individual, commercial };

  std::string output;       ///< OUT.cer; empty: none, it goes into a store alone.
  policy::Subject subject;  ///< -n
  MakecertRole role = MakecertRole::end_entity;
  ossl::Digest digest = ossl::Digest::sha256;
  bool digest_given = false;
  std::optional<int> bits;
  std::optional<Time> not_before, not_after;
  std::optional<int> months;
  std::optional<int> path_length;
  std::vector<Oid> purposes;  ///< As given; may be empty.
  std::optional<Serial> serial;
  Publisher publisher = Publisher::unsaid;
  std::string agency_url;    ///< -l
  std::string display_name;  ///< -d
  bool netscape = false;
  bool as_original = false;

  // The subject's key: in a PVK, in a container of the workspace, or somebody else's.
  std::string pvk, container, certified;
  std::optional<bool> exchange;  ///< -sky
  std::string pfx;               ///< -p12

  // The issuer: a certificate's file, or a name in a store; and its key.
  std::string issuer_file, issuer_pvk, issuer_container, issuer_name;
  std::string issuer_store = "My";
  store::StoreLocation issuer_location = store::StoreLocation::current_user;

  // Where it goes in the workspace.
  std::string store;
  store::StoreLocation location = store::StoreLocation::current_user;
  bool exportable = false;

  bool needs_workspace = false;
  std::vector<std::string> notes, warnings;  ///< A sentence each, to be printed before any work.

  bool issued_by_another() const { return !is_self_signed(role); }
  /// What the extended key usage will hold: what was given, or what the role has of itself.
  std::vector<Oid> purposes_or_default() const;
};

/// Throws Error::Kind::usage, with what to do instead as the hint.
MakecertWish read_makecert(const CommandLine& line);

}  // namespace sealwright::compat
