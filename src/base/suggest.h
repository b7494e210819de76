#pragma once
// "Did you mean …?"

#include <string>
#include <string_view>
#include <vector>

namespace sealwright {

/// The candidate that `word` is most likely a slip of (by edit distance, swapped neighbours
/// counting once, case ignored), or "" when none is near enough. `word` of one byte or beyond 64
/// has none.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean 'X'?", or "" when nearest() finds none.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace sealwright
