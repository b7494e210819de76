#pragma once
// Text for LGPO.exe, which writes local policies of machines without a domain.

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// lgpo.txt, the same instructions as Registry.pol has, and remove.txt, which takes them back:
/// importing a text removes nothing that it does not name. Only keys, thumbprints and numbers stand
/// in them.
std::vector<OutputFile> lgpo_files(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
