#pragma once
// What a file does to the certificate stores and settings of the machines that import it, whoever
// made it: the model read back. One import, one Contents.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/blob.h"

namespace sealwright::bundle {

/// Where in a file something stands.
struct Position {
  std::string file;   ///< Below what was read, with '/'; empty: the file itself.
  std::string place;  ///< "line 12", "instruction 3", "item 2", …
};
std::string to_text(const Position& position);  ///< "Machine/registry.pol: instruction 3"

/// Whose stores, and by which way.
enum class Location {
  machine,         ///< LocalMachine
  machine_policy,  ///< LocalMachine, the stores of Group Policy
  user,            ///< CurrentUser
  user_policy,
  enterprise,  ///< LocalMachine, what Active Directory brought
  directory,   ///< Active Directory itself: the whole forest
  linux,       ///< The anchors of a Linux machine
  unsaid,      ///< Whoever imports the file decides
};
std::string_view to_text(Location location);  ///< "LocalMachine", "LocalMachine by policy", …

/// One certificate put into, or taken out of, one store.
struct FoundCertificate {
  enum class Action { add, remove };
  Action action = Action::add;
  Location location = Location::unsaid;
  std::string store;  ///< As Windows calls it; empty: whoever imports the file decides.
  Thumbprint thumbprint;
  std::optional<x509::Certificate> certificate;  ///< Not with most removals.
  std::vector<BlobProperty> properties;
  Position position;
};

/// A registry value beside the certificates that decides about trust.
struct FoundSetting {
  std::string key;   ///< With its hive: "HKEY_LOCAL_MACHINE\…"
  std::string name;  ///< "State", "AuthenticodeFlags", "Flags" (of ProtectedRoots)
  std::optional<std::uint32_t> value;  ///< Nothing: it is deleted.
  Position position;
};

/// What is wrong with the file itself. Readers report what they can go on after; a file that cannot
/// be read at all is an Error.
struct Fault {
  enum class Severity { note, warning, error };
  Severity severity = Severity::error;
  Position position;
  std::string message;  ///< Lower case, no full stop.
  std::string remedy;
};

struct Contents {
  std::string path;    ///< Of the file or folder that is imported, below what was read.
  std::string format;  ///< "reg", "registry-pol", "gpo", … as in the YAML, or "certificate".
  std::string title;   ///< What it calls itself: the policy's or the profile's name, or empty.
  std::vector<FoundCertificate> certificates;
  std::vector<FoundSetting> settings;
  std::vector<Fault> faults;
  bool only_looks = false;        ///< A script that says whether a machine is like this.
  std::size_t other_changes = 0;  ///< Changes that are not looked at.
};

/// The value of a property, or nothing.
std::optional<BytesView> property(const FoundCertificate& found, std::uint32_t id);
/// Property 9: what a root is trusted for; nothing where it is for all. Throws Error::Kind::input
/// where it cannot be read.
std::optional<std::vector<Oid>> purposes(const FoundCertificate& found);

}  // namespace sealwright::bundle
