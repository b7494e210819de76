#include "base/encoding.h"
#include "base/error.h"
#include "store/database.h"
#include "store/generation_row.h"
#include "store/inventory.h"
#include "store/sql/entities.h"
#include "store/sql/generations.h"

namespace sealwright::store {
namespace {

Entity read_entity(Statement& row) {
  Entity entity;
  entity.id = row.get<EntityId>();
  entity.kind =
      row.get<std::string>() == "authority" ? EntityKind::authority : EntityKind::certificate;
  entity.name = row.get<std::string>();
  entity.created = row.get<Time>();
  const auto origin = row.get<std::string>();
  entity.origin = origin == "command"  ? Origin::command
                  : origin == "import" ? Origin::import
                                       : Origin::hierarchy;
  return entity;
}

template <class... Values>
std::vector<Generation> all_of(Database& database, const char* sql, const Values&... values) {
  Statement row(database, sql);
  row.with(values...);
  std::vector<Generation> all;
  while (row.step()) all.push_back(read_generation(row));
  return all;
}

template <class... Values>
std::optional<Generation> one_of(Database& database, const char* sql, const Values&... values) {
  Statement row(database, sql);
  if (!row.with(values...).step()) return std::nullopt;
  return read_generation(row);
}

Error wrong_state(const Inventory& inventory, GenerationId id, const std::string& doing) {
  const auto generation = inventory.generation(id);
  if (!generation) return Error(Error::Kind::state, "there is no such generation");
  return Error(Error::Kind::state, "cannot " + doing + " '" + generation->label() + "': it is " +
                                       std::string(to_text(generation->state)));
}

}  // namespace

Generation read_generation(Statement& row) {
  Generation g;
  g.id = row.get<GenerationId>();
  g.entity = row.get<EntityId>();
  g.kind = row.get<std::string>() == "authority" ? EntityKind::authority : EntityKind::certificate;
  g.name = row.get<std::string>();
  g.number = row.get<int>();
  g.state = generation_state(row.get<std::string>()).value_or(GenerationState::revoked);
  g.policy.name = row.get<std::string>();
  g.policy.revision = row.get<int>();
  g.policy.sha256 = row.get<Sha256>();
  g.certificate = row.get<Bytes>();
  g.serial = row.get<Serial>();
  g.thumbprint = row.get<Thumbprint>();
  g.sha256 = row.get<Sha256>();
  g.subject = row.get<std::string>();
  g.issuer = row.get<std::optional<GenerationId>>();
  g.not_before = row.get<Time>();
  g.not_after = row.get<Time>();
  g.key = row.get<std::optional<KeyId>>();
  g.created = row.get<Time>();
  g.activated = row.get<std::optional<Time>>();
  g.retiring = row.get<std::optional<Time>>();
  g.retired = row.get<std::optional<Time>>();
  g.revoked = row.get<std::optional<Time>>();
  g.reason = row.get<std::string>();
  g.invalidity = row.get<std::optional<Time>>();
  g.distrusted = row.get<bool>();
  return g;
}

std::vector<Entity> Inventory::entities() const {
  Statement row(*database_, sql::entities::select_all);
  std::vector<Entity> all;
  while (row.step()) all.push_back(read_entity(row));
  return all;
}

std::optional<Entity> Inventory::entity(const std::string& name) const {
  Statement row(*database_, sql::entities::select_one);
  if (!row.with(name).step()) return std::nullopt;
  return read_entity(row);
}

void Inventory::rename(const std::string& from, const std::string& to) {
  Transaction transaction(*database_);
  if (entity(to)) throw Error(Error::Kind::state, "'" + to + "' already exists");
  Statement(*database_, sql::entities::rename).with(from, to).run();
  if (database_->changes() == 0)
    throw Error(Error::Kind::state, "nothing is called '" + from + "'");
  append("entity.renamed", from, Json::object().set("to", to));
  transaction.commit();
}

std::vector<Generation> Inventory::generations() const {
  return all_of(*database_, sql::generations::select_all);
}
std::vector<Generation> Inventory::generations_of(const std::string& name) const {
  return all_of(*database_, sql::generations::select_by_name, name);
}
std::optional<Generation> Inventory::generation(GenerationId id) const {
  return one_of(*database_, sql::generations::select_by_id, id);
}
std::optional<Generation> Inventory::generation(const std::string& name, int number) const {
  return one_of(*database_, sql::generations::select_by_number, name, number);
}
std::optional<Generation> Inventory::active(const std::string& name) const {
  return one_of(*database_, sql::generations::select_active, name);
}
std::optional<Generation> Inventory::find(const Thumbprint& thumbprint) const {
  return one_of(*database_, sql::generations::select_by_thumbprint, thumbprint);
}
std::vector<Generation> Inventory::without_issuer() const {
  return all_of(*database_, sql::generations::select_without_issuer);
}

std::optional<Generation> Inventory::find_sha256(const Sha256& sha256) const {
  return one_of(*database_, sql::generations::select_by_sha256, sha256);
}
std::vector<Generation> Inventory::find(const Serial& serial) const {
  return all_of(*database_, sql::generations::select_by_serial, serial);
}
std::vector<Generation> Inventory::find(const KeyId& key) const {
  return all_of(*database_, sql::generations::select_by_key, key);
}
std::vector<Generation> Inventory::issued_by(GenerationId issuer) const {
  return all_of(*database_, sql::generations::select_by_issuer, issuer);
}
std::vector<Generation> Inventory::expiring_before(Time time) const {
  return all_of(*database_, sql::generations::select_expiring, time);
}

std::vector<Generation> Inventory::distrusted() const {
  return all_of(*database_, sql::generations::select_distrusted);
}

int Inventory::next_number(const std::string& name) const {
  Statement row(*database_, sql::generations::last_number);
  row.with(name).step();
  return row.get<int>() + 1;
}

void Inventory::activate(GenerationId id) {
  Transaction transaction(*database_);
  Statement(*database_, sql::generations::activate).with(id, now()).run();
  if (database_->changes() == 0) throw wrong_state(*this, id, "activate");
  const auto generation = this->generation(id);
  append("generation.activated", generation->label(), Json::object());
  retire_others(generation->entity, generation->name, id);
  transaction.commit();
}

/// What was active beside `id` becomes retiring.
void Inventory::retire_others(EntityId entity, const std::string& name, GenerationId id) {
  std::vector<std::pair<GenerationId, int>> others;
  {
    Statement row(*database_, sql::generations::select_other_active);
    row.with(entity, id);
    while (row.step()) {
      const auto other = row.get<GenerationId>();
      others.emplace_back(other, row.get<int>());
    }
  }
  for (const auto& [other, number] : others) {
    Statement(*database_, sql::generations::start_retiring).with(other, now()).run();
    append("generation.retiring", name + "@" + std::to_string(number), Json::object());
  }
}

void Inventory::start_retiring(GenerationId id) {
  Transaction transaction(*database_);
  Statement(*database_, sql::generations::start_retiring).with(id, now()).run();
  if (database_->changes() == 0) throw wrong_state(*this, id, "start retiring");
  append("generation.retiring", generation(id)->label(), Json::object());
  transaction.commit();
}

void Inventory::retire(GenerationId id, const std::string& reason) {
  Transaction transaction(*database_);
  Statement(*database_, sql::generations::retire).with(id, now(), reason).run();
  if (database_->changes() == 0) throw wrong_state(*this, id, "retire");
  append("generation.retired", generation(id)->label(), Json::object().set("reason", reason));
  transaction.commit();
}

}  // namespace sealwright::store
