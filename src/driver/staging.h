#pragma once
// Inside driver only: several files of a folder replaced together.

#include <filesystem>
#include <string>
#include <vector>

namespace sealwright::driver {

/// A hidden folder inside the one that changes, where new files are made; gone with everything in
/// it at the end. What a run that was killed left there is removed by the next.
class Staging {
 public:
  /// Throws Error::Kind::io.
  explicit Staging(const std::filesystem::path& folder);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  /// A path for a new file that is to replace `target`, or to appear there.
  std::filesystem::path path_for(const std::filesystem::path& target);

  /// Moves every file to its target. When a move fails, those before it are undone, and
  /// Error::Kind::io is thrown.
  void commit();

 private:
  struct Move {
    std::filesystem::path made, target, backup;
    bool existed = false;
  };
  void back_up(Move& move);
  void undo(std::size_t count) noexcept;

  std::filesystem::path folder_, hidden_;
  int lock_ = -1;  ///< Of the hidden folder: says that its run is alive.
  std::vector<Move> moves_;
};

}  // namespace sealwright::driver
