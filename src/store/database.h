#pragma once
// One connection to the database that the inventory is kept in: statements, transactions, errors.
// For store alone. SQL is the common subset of SQLite and PostgreSQL with parameters ?1, ?2 …; what
// is SQLite's own is in sqlite.cpp.

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/id.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sealwright::store {

struct CloseDatabase {
  void operator()(sqlite3* p) const noexcept;
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* p) const noexcept;
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

class Database;

/// One run of a prepared statement. While it lives, no other thread uses the connection.
class Statement {
 public:
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Binds ?1, ?2 … in order. Views must stay valid until the statement ends.
  template <class... Values>
  Statement& with(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }

  bool step();              ///< True: on a row, columns are read from the left.
  void run();               ///< To its end; it gives no rows.
  bool run_unless_taken();  ///< As run(), but false when a unique index is against it.

  /// The next column of the row. A value that the type cannot hold is an Error::Kind::input: the
  /// file is damaged.
  template <class T>
  T get();

 private:
  void bind(int index, std::nullptr_t);
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, BytesView value);
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, bool value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::uint32_t value) { bind(index, std::int64_t{value}); }
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const Bytes& value) { bind(index, BytesView(value)); }
  void bind(int index, Time value) { bind(index, std::int64_t{value.time_since_epoch().count()}); }
  void bind(int index, const KeyId& value) { bind(index, BytesView(value.value)); }
  void bind(int index, const Thumbprint& value) { bind(index, BytesView(value.value)); }
  /// A negative one behind a zero octet, which no positive one begins with.
  void bind(int index, const Serial& value);
  template <std::size_t n>
  void bind(int index, const std::array<std::uint8_t, n>& value) {
    bind(index, BytesView(value));
  }
  template <class E, class = std::enable_if_t<std::is_enum_v<E>>>
  void bind(int index, E value) {
    static_assert(std::is_same_v<std::underlying_type_t<E>, std::int64_t>, "row numbers only");
    bind(index, static_cast<std::int64_t>(value));
  }
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    if (value)
      bind(index, *value);
    else
      bind(index, nullptr);
  }

  bool next_is_null() const;
  std::int64_t next_integer();
  std::string next_text();
  BytesView next_blob();
  void next_exactly(std::span<std::uint8_t> into);

  Database& database_;
  std::unique_lock<std::recursive_mutex> lock_;
  StatementHandle handle_;
  int column_ = 0;
};

/// A transaction that writes: BEGIN IMMEDIATE, since one that began by reading would fail at once
/// under contention. Inside another one it joins it. Without commit() everything is undone.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  std::unique_lock<std::recursive_mutex> lock_;
  bool committed_ = false;
};

struct DatabaseOptions {
  std::chrono::milliseconds busy_timeout{10'000};
};

class Database {
 public:
  /// Opens an empty file, or a database in memory for ":memory:". Errors call it `shown`.
  static std::unique_ptr<Database> create(const std::filesystem::path& path,
                                          const std::filesystem::path& shown,
                                          const DatabaseOptions& options);
  /// Opens a database file of ours; see Inventory::open() for the errors.
  static std::unique_ptr<Database> open(const std::filesystem::path& path,
                                        const DatabaseOptions& options);

  void execute(
      const char* sql);          ///< One statement without parameters; a constant, as all SQL here.
  std::int64_t changes() const;  ///< Rows that the last statement changed.
  bool in_memory() const { return path_ == ":memory:"; }
  const std::filesystem::path& shown() const { return shown_; }  ///< What errors call it.

  /// Marks the file as an inventory (SQLite's application id). Inside a transaction.
  void mark_as_ours();
  /// Brings everything into the main file and empties the write-ahead log, so that nothing
  /// overwritten is left in it.
  void checkpoint();

  /// Throws the Error that `code` of the failed call means.
  [[noreturn]] void fail(int code) const;

 private:
  friend class Statement;
  friend class Transaction;
  Database(std::filesystem::path path, std::filesystem::path shown);
  StatementHandle take(const char* sql);
  void give_back(StatementHandle handle) noexcept;
  enum class File { fresh, ours };
  void configure(const DatabaseOptions& options, File file);
  std::string pragma(const char* sql);

  std::filesystem::path path_, shown_;
  std::recursive_mutex mutex_;
  std::unique_ptr<sqlite3, CloseDatabase> handle_;
  /// Keys are the statements' own copies of their text (sqlite3_sql), so they live as long.
  std::multimap<std::string_view, StatementHandle> idle_;
  int depth_ = 0;        ///< Of transactions.
  bool doomed_ = false;  ///< An inner transaction was not committed.
};

template <class T>
T Statement::get() {
  if constexpr (std::is_same_v<T, std::string>) {
    return next_text();
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return copy(next_blob());
  } else if constexpr (std::is_same_v<T, Time>) {
    return Time(std::chrono::seconds(next_integer()));
  } else if constexpr (std::is_same_v<T, Serial>) {
    Serial serial{copy(next_blob())};
    serial.negative = serial.value.size() > 1 && serial.value.front() == 0;
    if (serial.negative) serial.value.erase(serial.value.begin());
    return serial;
  } else if constexpr (std::is_same_v<T, KeyId> || std::is_same_v<T, Thumbprint>) {
    T value;
    next_exactly(value.value);
    return value;
  } else if constexpr (std::is_same_v<T, std::array<std::uint8_t, 32>>) {
    T value{};
    next_exactly(value);
    return value;
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    return static_cast<T>(next_integer());
  } else {  // std::optional
    if (next_is_null()) {
      ++column_;
      return std::nullopt;
    }
    return get<typename T::value_type>();
  }
}

}  // namespace sealwright::store
