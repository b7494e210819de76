#pragma once
// Inside lint only: names against name constraints (RFC 5280, 4.2.1.10).

#include <optional>
#include <string>

#include "x509/extension.h"
#include "x509/name.h"

namespace sealwright::lint {

/// What of `subject` and `alternative_names` the constraints forbid, for people, or nothing.
/// Directory names, DNS names, mail addresses (those in the subject too, where the alternative
/// names have none), hosts of URIs and IP addresses are looked at.
std::optional<std::string> violation_of(const x509::NameConstraints& constraints,
                                        const x509::Name& subject,
                                        const std::vector<x509::GeneralName>& alternative_names);

}  // namespace sealwright::lint
