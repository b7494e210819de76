// Questions about the inventory as a whole.

#include "base/error.h"
#include "store/database.h"
#include "store/generation_row.h"
#include "store/inventory.h"
#include "store/sql/entities.h"
#include "store/sql/generations.h"
#include "store/sql/overview.h"

namespace sealwright::store {
namespace {

template <class... Values>
std::int64_t count(Database& database, const char* sql, const Values&... values) {
  Statement row(database, sql);
  row.with(values...).step();
  return row.get<std::int64_t>();
}

}  // namespace

void Inventory::for_each_generation(const std::function<void(const Generation&)>& visit) const {
  Statement row(*database_, sql::generations::select_all);
  while (row.step()) visit(read_generation(row));
}

std::vector<std::string> Inventory::live_names(Origin origin, std::size_t most) const {
  Statement row(*database_, sql::overview::select_live_names);
  row.with(to_text(origin), static_cast<std::int64_t>(most));
  std::vector<std::string> names;
  while (row.step()) names.push_back(row.get<std::string>());
  return names;
}

std::int64_t Inventory::count_names(Origin origin) const {
  return count(*database_, sql::overview::count_names, to_text(origin));
}

std::int64_t Inventory::count_expiring_before(Time time) const {
  return count(*database_, sql::overview::count_expiring, time);
}

std::vector<Generation> Inventory::expiring_before(Time time, std::size_t most) const {
  Statement row(*database_, sql::generations::select_expiring);
  row.with(time);
  std::vector<Generation> soonest;
  while (soonest.size() < most && row.step()) soonest.push_back(read_generation(row));
  return soonest;
}

bool Inventory::has_live_below(GenerationId issuer) const {
  return count(*database_, sql::overview::count_live_below, issuer) > 0;
}

bool Inventory::is_needed(GenerationId id, Time at) const {
  return count(*database_, sql::overview::count_needed, id, at) > 0;
}

void Inventory::as_if_renamed(const std::vector<Rename>& renames,
                              const std::function<void()>& work) const {
  if (renames.empty()) return work();
  const Transaction undone(*database_);  // never committed
  for (const auto& rename : renames)
    Statement(*database_, sql::entities::rename).with(rename.from, rename.to).run();
  work();
}

}  // namespace sealwright::store
