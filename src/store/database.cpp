#include "store/database.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace sealwright::store {

void CloseDatabase::operator()(sqlite3* p) const noexcept { sqlite3_close_v2(p); }
void FinalizeStatement::operator()(sqlite3_stmt* p) const noexcept { sqlite3_finalize(p); }

StatementHandle Database::take(const char* sql) {
  if (auto node = idle_.extract(std::string_view(sql))) return std::move(node.mapped());
  sqlite3_stmt* made = nullptr;
  const int code =
      sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  StatementHandle handle(made);
  if (code != SQLITE_OK) fail(code);
  return handle;
}

void Database::give_back(StatementHandle handle) noexcept {
  sqlite3_reset(handle.get());
  sqlite3_clear_bindings(handle.get());
  try {
    const std::string_view sql = sqlite3_sql(handle.get());
    idle_.emplace(sql, std::move(handle));
  } catch (const std::bad_alloc&) {
    // Then it is prepared again next time.
  }
}

void Database::execute(const char* sql) { Statement(*this, sql).run(); }

std::int64_t Database::changes() const { return sqlite3_changes64(handle_.get()); }

Statement::Statement(Database& database, const char* sql)
    : database_(database), lock_(database.mutex_), handle_(database.take(sql)) {}

Statement::~Statement() { database_.give_back(std::move(handle_)); }

bool Statement::step() {
  column_ = 0;
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.fail(code);
  return false;
}

void Statement::run() {
  if (step()) throw Error(Error::Kind::internal, "a statement gave rows that nobody reads");
}

bool Statement::run_unless_taken() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) return false;
  if (code != SQLITE_DONE) database_.fail(code);
  return true;
}

void Statement::bind(int index, std::nullptr_t) { sqlite3_bind_null(handle_.get(), index); }

void Statement::bind(int index, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(handle_.get(), index, value); code != SQLITE_OK)
    database_.fail(code);
}

void Statement::bind(int index, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  if (const int code =
          sqlite3_bind_text64(handle_.get(), index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
      code != SQLITE_OK)
    database_.fail(code);
}

void Statement::bind(int index, BytesView value) {
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  if (const int code = sqlite3_bind_blob64(handle_.get(), index, data, value.size(), SQLITE_STATIC);
      code != SQLITE_OK)
    database_.fail(code);
}

void Statement::bind(int index, const Serial& value) {
  if (!value.negative) return bind(index, BytesView(value.value));
  Bytes marked = {0};
  append(marked, value.value);
  if (const int code = sqlite3_bind_blob64(handle_.get(), index, marked.data(), marked.size(),
                                           SQLITE_TRANSIENT);
      code != SQLITE_OK)
    database_.fail(code);
}

bool Statement::next_is_null() const {
  return sqlite3_column_type(handle_.get(), column_) == SQLITE_NULL;
}

std::int64_t Statement::next_integer() { return sqlite3_column_int64(handle_.get(), column_++); }

std::string Statement::next_text() {
  const int at = column_++;
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), at));
  return data ? std::string(data, std::size_t(sqlite3_column_bytes(handle_.get(), at)))
              : std::string();
}

BytesView Statement::next_blob() {
  const int at = column_++;
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), at));
  return {data, data ? std::size_t(sqlite3_column_bytes(handle_.get(), at)) : 0};
}

void Statement::next_exactly(std::span<std::uint8_t> into) {
  const BytesView found = next_blob();
  if (found.size() != into.size())
    throw Error(Error::Kind::input, "'" + database_.shown().string() + "' is damaged",
                "restore it from a backup");
  std::ranges::copy(found, into.begin());
}

Transaction::Transaction(Database& database) : database_(database), lock_(database.mutex_) {
  if (database_.depth_ == 0) {
    database_.execute("BEGIN IMMEDIATE");
    database_.doomed_ = false;
  }
  ++database_.depth_;
}

Transaction::~Transaction() {
  --database_.depth_;
  if (committed_) return;
  if (database_.depth_ > 0) {
    database_.doomed_ = true;
    return;
  }
  // After SQLITE_FULL and its like SQLite has rolled back already.
  if (sqlite3_get_autocommit(database_.handle_.get()) == 0)
    sqlite3_exec(database_.handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  if (database_.depth_ == 1) {
    if (database_.doomed_)
      throw Error(Error::Kind::internal, "a part of a transaction failed, the rest was committed");
    database_.execute("COMMIT");
  }
  committed_ = true;
}

}  // namespace sealwright::store
