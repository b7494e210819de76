#pragma once
// Revocation lists and issuer certificates where machines fetch them (YAML: distribution).

#include <optional>
#include <string>
#include <vector>

#include "ca/crl.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

/// The terms of an authority's lists, from the YAML.
ca::CrlTerms crl_terms(const policy::Authority& authority);

/// Why the authority needs a new list that can be issued here, or nothing. Only where the YAML has
/// a `distribution` or gives it `crl: {urls}`; an offline authority's list comes by ceremony.
std::optional<std::string> crl_due(const Workspace& workspace, const policy::Authority& authority);

/// Issues the list and publishes it. Returns what was done in words, for `apply`.
std::string issue_crl(Workspace& workspace, Keys& keys, const policy::Authority& authority);

/// Why `distribution: {publish: DIR}` must be written, or nothing: every live authority
/// generation's certificate (NAME-N.crt, DER) and latest list (NAME-N.crl, DER) is there as it is
/// in the inventory.
std::optional<std::string> publish_due(const Workspace& workspace);
/// Writes what is missing or older there, each file by itself and whole. The folder may be outside
/// the workspace: it is the one the YAML names. Returns the files written.
std::vector<std::string> publish(Workspace& workspace);

}  // namespace sealwright::workspace
