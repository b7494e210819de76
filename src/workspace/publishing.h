#pragma once
// Revocation lists and issuer certificates where machines fetch them (YAML: distribution).

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ca/crl.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

/// The terms of an authority's lists, from the YAML.
ca::CrlTerms crl_terms(const policy::Authority& authority);
/// The same by name; those of an authority that the YAML does not have are the usual ones.
ca::CrlTerms crl_terms(const Workspace& workspace, const std::string& authority);

/// Whether anything tells machines where to find the lists of `authority`: the YAML has a
/// `distribution`, or gives it `crl: {urls}`.
bool has_lists(const Workspace& workspace, const policy::Authority& authority);

/// Why the authority needs a new list that can be issued here, or nothing. Only where it has
/// lists, or something was revoked that no list says yet; an offline authority's come by ceremony.
std::optional<std::string> crl_due(const Workspace& workspace, const policy::Authority& authority);
/// The same as it will be at `at`.
std::optional<std::string> crl_due(const Workspace& workspace, const policy::Authority& authority,
                                   Time at);

/// What a person must do about the lists of an authority whose key is in the safe: at `at` the
/// latest ends soon or has ended, or something is revoked that it does not say. Or nothing.
std::optional<std::string> list_to_bring(const Workspace& workspace,
                                         const policy::Authority& authority, Time at);

/// Issues the lists that are due, one for each generation in use, and publishes them. Returns what
/// was done in words, for `apply`.
std::string issue_crl(Workspace& workspace, Keys& keys, const policy::Authority& authority);

/// Why `distribution: {publish: DIR}` must be written, or nothing: every live authority
/// generation's certificate (NAME-N.crt, DER) and latest list (NAME-N.crl, DER) is there as it is
/// in the inventory.
std::optional<std::string> publish_due(const Workspace& workspace);
/// Writes what is missing or older there, each file by itself and whole; nothing is removed. The
/// folder may be outside the workspace: it is the one the YAML names. Returns the files written.
/// Throws Error::Kind::state without `distribution: {publish}`, where the folder above it is
/// missing, and when a newer list stands there than the inventory knows of.
std::vector<std::filesystem::path> publish(Workspace& workspace);

}  // namespace sealwright::workspace
