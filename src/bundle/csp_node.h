#pragma once
// Inside bundle only: nodes of the RootCATrustedCertificates configuration service provider, as
// SyncML and the profiles of Intune name them.

#include <optional>
#include <string>
#include <string_view>

#include "bundle/contents.h"

namespace sealwright::bundle {

/// What a URI names below the provider: the node of a certificate, or what hangs below it.
struct CspNode {
  Location location = Location::machine;
  std::string store;       ///< As the provider calls it; empty: the provider itself.
  std::string thumbprint;  ///< As written, or empty.
  std::string leaf;        ///< "EncodedCertificate", or empty.
};
/// Nothing where `uri` is not below the provider. Any case, with or without "./Device".
std::optional<CspNode> csp_node(std::string_view uri);

/// What Add and Replace of a node with a value do, and what a row of a profile does: an addition,
/// and faults where the provider refuses it.
void add_csp_value(const std::string& uri, std::string_view value, const Position& position,
                   Contents& contents);
/// What Delete does.
void delete_csp_node(const std::string& uri, const Position& position, Contents& contents);

/// The store that a node of the provider is, with a fault where there is none of the name, or no
/// `location` can have it.
std::optional<std::string> csp_store(const CspNode& node, const Position& position,
                                     Contents& contents);

}  // namespace sealwright::bundle
