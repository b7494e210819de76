#pragma once
// What every measurement does.

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace sealwright::test {

/// How long `work` takes by the wall clock.
inline double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline double median(std::vector<double> times) {
  std::ranges::sort(times);
  return times[times.size() / 2];
}

}  // namespace sealwright::test
