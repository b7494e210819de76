#pragma once
// Trust anchors for Linux machines that verify signatures: build agents.

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// anchors/*.crt, one PEM root each, as update-ca-certificates wants them; anchors.pem, all in one;
/// install-trust.sh and remove-trust.sh. Roots only: the other stores have no meaning there.
std::vector<OutputFile> linux_files(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
