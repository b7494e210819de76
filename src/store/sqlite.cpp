// What is SQLite's own: opening, pragmas, checkpoints, and what its result codes mean.

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "store/database.h"

namespace sealwright::store {
namespace fs = std::filesystem;
namespace {

// "SWRT" as a number, in SQLite's header field for it.
constexpr const char* application_id = "1398231636";
constexpr const char* set_application_id = "PRAGMA application_id=1398231636";

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

std::string reason(int error_number) { return std::string(std::strerror(error_number)); }

Error damaged(const fs::path& path) {
  return Error(Error::Kind::input, quoted(path) + " is damaged", "restore it from a backup");
}

Error not_ours(const fs::path& path) {
  return Error(Error::Kind::input, quoted(path) + " is not an inventory");
}

/// The file is looked at, not opened: closing a second descriptor would drop the locks that SQLite
/// holds on the first.
void check_file(const fs::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      throw Error(Error::Kind::state, "there is no inventory at " + quoted(path),
                  "make one with: sealwright init");
    throw Error(Error::Kind::io, "cannot open " + quoted(path) + ": " + reason(errno));
  }
  if (S_ISDIR(status.st_mode))
    throw Error(Error::Kind::io, quoted(path) + " is a folder, not an inventory");
  if (!S_ISREG(status.st_mode)) throw not_ours(path);
  if (faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0)
    throw Error(Error::Kind::io, "cannot open " + quoted(path) + ": " + reason(errno));
}

}  // namespace

std::unique_ptr<Database> Database::create(const fs::path& path, const fs::path& shown,
                                           const DatabaseOptions& options) {
  std::unique_ptr<Database> database(new Database(path, shown));
  database->configure(options, File::fresh);
  return database;
}

std::unique_ptr<Database> Database::open(const fs::path& path, const DatabaseOptions& options) {
  check_file(path);
  std::unique_ptr<Database> database(new Database(path, path));
  database->configure(options, File::ours);
  return database;
}

Database::Database(fs::path path, fs::path shown)
    : path_(std::move(path)), shown_(std::move(shown)) {
  sqlite3* made = nullptr;
  const std::string name = in_memory() ? path_.string() : fs::absolute(path_).string();
  const int code =
      sqlite3_open_v2(name.c_str(), &made,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  handle_.reset(made);
  if (code != SQLITE_OK) fail(code);
}

void Database::configure(const DatabaseOptions& options, File file) {
  sqlite3_busy_timeout(handle_.get(), int(options.busy_timeout.count()));
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // A file that somebody else wrote must not run code of its own.
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  if (file == File::ours && pragma("PRAGMA application_id") != application_id)
    throw not_ours(shown_);
  if (!in_memory() && pragma("PRAGMA journal_mode=WAL") != "wal")
    throw Error(Error::Kind::io,
                "the file system of " + quoted(shown_) + " cannot keep an inventory",
                "it lacks shared memory or locks; use a local disk");
  pragma("PRAGMA synchronous=FULL");
  pragma("PRAGMA foreign_keys=ON");
  pragma("PRAGMA secure_delete=ON");
  pragma("PRAGMA cell_size_check=ON");
}

std::string Database::pragma(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.get<std::string>() : std::string();
}

void Database::mark_as_ours() { execute(set_application_id); }

void Database::checkpoint() {
  if (in_memory()) return;
  const std::scoped_lock lock(mutex_);
  if (sqlite3_get_autocommit(handle_.get()) == 0)
    throw Error(Error::Kind::internal, "a checkpoint inside a transaction");
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

void Database::fail(int code) const {
  const int error_number = handle_ ? sqlite3_system_errno(handle_.get()) : 0;
  const std::string detail = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  const auto with_cause = [&](Error error) {
    error.causes.push_back("SQLite: " + detail + " (" + std::to_string(code) + ")");
    return error;
  };
  const auto io = [&](const std::string& doing, const std::string& why) {
    return with_cause(
        Error(Error::Kind::io, "cannot " + doing + " " + quoted(shown_) + ": " + why));
  };
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw with_cause(Error(Error::Kind::state, "the inventory is busy",
                             "another sealwright is at work on it; try again when it is done"));
    case SQLITE_FULL:
      throw io("write", "the disk is full");
    case SQLITE_IOERR:
      if (error_number == ENOSPC || error_number == EDQUOT) throw io("write", "the disk is full");
      throw io("read or write", error_number ? reason(error_number) : detail);
    case SQLITE_READONLY:
      throw io("write", "it, or its folder, is read-only");
    case SQLITE_CANTOPEN:
      throw io("open", error_number ? reason(error_number) : detail);
    case SQLITE_PERM:
      throw io("open", detail);
    case SQLITE_NOTADB:
      throw with_cause(not_ours(shown_));
    case SQLITE_CORRUPT:
      throw with_cause(damaged(shown_));
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    default:
      throw with_cause(Error(Error::Kind::internal, "the inventory's database refuses: " + detail));
  }
}

}  // namespace sealwright::store
