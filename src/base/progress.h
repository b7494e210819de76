#pragma once
// How long work tells its caller how far it is; cli draws it, and only on a terminal.

#include <cstdint>
#include <functional>

namespace sealwright {

/// Called with (done, total) in the unit of the work, from one thread at a time; may be empty.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

}  // namespace sealwright
