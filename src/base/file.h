#pragma once
// Files: read whole with a limit, written beside the target, synced and then named (house rule 5).

#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/error.h"

namespace sealwright {

/// The whole of a regular file. Pipes and devices are refused, not waited for (Error::Kind::input,
/// "'X' is not a regular file"), unless `path` names one that is open already: /dev/stdin,
/// /dev/fd/N or /proc/self/fd/N, as a shell's <(…) does. Throws Error::Kind::io ("cannot read 'X':
/// No such file or directory"), or Error::Kind::input if it is longer than `max_bytes`.
Bytes read_file(const std::filesystem::path& path, std::size_t max_bytes = std::size_t{1} << 30);
std::string read_text(const std::filesystem::path& path,
                      std::size_t max_bytes = std::size_t{1} << 20);

/// As read_file(), and whatever else can be read: a pipe is waited for. For secrets, which people
/// hand over in pipes on purpose.
Bytes read_stream(const std::filesystem::path& path, std::size_t max_bytes);

enum class Access { everyone, owner };    ///< 0644 or 0600, whatever the umask allows less.
enum class Existing { refuse, replace };  ///< What to do where the target is already there.

struct WriteOptions {
  Access access = Access::everyone;
  Existing existing = Existing::refuse;
};

/// Writes a file durably: a file without a name in the same folder (O_TMPFILE; where the file
/// system has none, with a temporary one), fsync, its name, fsync of the folder. Parents are
/// created (for their owner alone, if the file is). On any failure the target is as before and no
/// temporary file is left (where this process is killed: only between the last two steps of a
/// replacement); where the sync of the folder fails, the new file is already there. A symbolic link
/// at `path` is replaced, not followed; devices, pipes and folders are refused. Throws
/// Error::Kind::io ("cannot write 'X': No space left on device"), or Error::Kind::state ("'X'
/// already exists", hint --overwrite).
void write_file(const std::filesystem::path& path, BytesView bytes, WriteOptions options = {});

/// A file written piece by piece under the same promises; nothing appears at `path` before
/// commit().
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path, WriteOptions options = {});
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  int fd() const { return fd_; }
  void write(BytesView bytes);
  void sync();  ///< What was written so far is on disk.
  /// As sync(), and its descriptor is free for others; only commit() may follow. It has a temporary
  /// name from here on.
  void park();
  void commit();

 private:
  void take_temporary_name();
  int take_name();  ///< 0, or errno.

  std::filesystem::path path_;
  std::filesystem::path temporary_;  ///< Empty where it has none (any more).
  WriteOptions options_;
  int fd_ = -1;
};

/// One of several files that belong together.
struct NewFile {
  std::filesystem::path path;
  BytesView bytes;
  WriteOptions options;
};
/// Writes them as write_file() does, and none gets its name before all are on disk: a full disk or
/// a file that may not be replaced leaves nothing new. Those beyond half of the descriptors that a
/// process may have wait under temporary names. `written` is told the index of each that has
/// its name, in order; what it throws ends the work. Two with one path are the caller's mistake.
void write_files(std::span<const NewFile> files,
                 const std::function<void(std::size_t)>& written = {});

/// A file descriptor open for reading; regular files only (Error::Kind::input otherwise).
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  InputFile(InputFile&& other) noexcept;
  int fd() const { return fd_; }
  std::uint64_t size() const { return size_; }
  const std::filesystem::path& path() const { return path_; }
  /// Reads exactly into.size() bytes at `offset`, or throws Error::Kind::input "is cut short".
  void read_at(std::uint64_t offset, std::span<std::uint8_t> into) const;

 private:
  std::filesystem::path path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

/// What std::filesystem could not do, in our words.
Error error_of(const std::filesystem::filesystem_error& error);

}  // namespace sealwright
