#pragma once
// Who is at work: tells intents of a run that is under way from those of one that died. For store
// alone.

#include <cstdint>
#include <filesystem>
#include <mutex>

namespace sealwright::store {

/// One process's mark in the file beside the inventory: a lock on the byte whose offset is its
/// number. The system drops it when the process ends, however that happens. Numbers are drawn from
/// the database and never used twice.
class Holder {
 public:
  /// `path` empty: the inventory is in memory, nobody else can be at work.
  explicit Holder(std::filesystem::path path) : path_(std::move(path)) {}
  ~Holder();
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  std::int64_t number() const { return number_; }  ///< 0: none taken yet.
  /// Takes `number` as its own; false when another has it. Throws Error::Kind::io.
  bool take(std::int64_t number);
  /// Whether the one that took `number` is still there.
  bool alive(std::int64_t number);

 private:
  void open_file();
  std::filesystem::path path_;
  int fd_ = -1;
  std::int64_t number_ = 0;
};

}  // namespace sealwright::store
