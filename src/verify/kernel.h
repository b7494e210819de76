#pragma once
// Inside verify only: what the kernels of the Windows versions asked about say to a driver.

#include <vector>

#include "verify/findings.h"
#include "verify/signature.h"

namespace sealwright::verify {

/// The Windows versions that were asked about; where none were, the newest for x64.
std::vector<const WindowsTarget*> systems_of(const Question& question);

/// One answer for each version: whether its kernel loads a driver that has one of these signatures,
/// its own or a catalog's.
std::vector<SystemAnswer> judge_drivers(const std::vector<trust::DriverSignature>& signatures,
                                        const Question& question);

/// A failure for the first version whose kernel does not load it.
void report_load(const std::vector<SystemAnswer>& answers, Findings& findings);

}  // namespace sealwright::verify
