#pragma once
// One run at a time changes a workspace.

#include <functional>

#include "workspace/workspace.h"

namespace sealwright::workspace {

/// Held from before a plan is made until it is done, so that of two runs at once the second finds
/// what the first made. Ends with its process, however that ends.
class Lock {
 public:
  /// Waits for the lock; `waiting` is called once if it has to. Throws Error::Kind::io.
  explicit Lock(const Workspace& workspace, const std::function<void()>& waiting = {});
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace sealwright::workspace
