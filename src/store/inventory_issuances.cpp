#include "base/encoding.h"
#include "base/error.h"
#include "store/database.h"
#include "store/holder.h"
#include "store/inventory.h"
#include "store/sql/entities.h"
#include "store/sql/generations.h"
#include "store/sql/issuances.h"
#include "store/sql/keys.h"

namespace sealwright::store {
namespace {

std::string label(const std::string& name, int number) {
  return name + "@" + std::to_string(number);
}

template <class... Values>
bool any(Database& database, const char* count, const Values&... values) {
  Statement row(database, count);
  return row.with(values...).step() && row.get<std::int64_t>() > 0;
}

/// What an intent that is being settled was about.
struct Settled {
  std::string name;
  int number = 1;
  EntityId entity{};
  std::optional<GenerationId> issuer;
  KeyId key;
  bool own_key = false;  ///< The key was stored with the intent.
};

Settled settle(Database& database, IssuanceId id, const char* outcome, Time now,
               const std::string& reason) {
  Statement row(database, sql::issuances::settle);
  if (!row.with(id, outcome, now, reason).step())
    throw Error(Error::Kind::state, "another run has settled this issuance meanwhile");
  Settled settled;
  settled.name = row.get<std::string>();
  settled.number = row.get<int>();
  settled.entity = row.get<EntityId>();
  settled.issuer = row.get<std::optional<GenerationId>>();
  settled.key = row.get<KeyId>();
  settled.own_key = row.get<bool>();
  return settled;
}

}  // namespace

EntityId Inventory::entity_for(EntityKind kind, const std::string& name, Origin origin) {
  if (const auto known = entity(name)) {
    if (known->kind == kind) return known->id;
    throw Error(Error::Kind::state,
                "'" + name + "' is the name of another " + std::string(to_text(known->kind)));
  }
  Statement row(*database_, sql::entities::insert);
  row.with(to_text(kind), name, now(), to_text(origin)).step();
  return row.get<EntityId>();
}

void Inventory::check_free(const Issued& issued, EntityId entity) const {
  const auto taken = [](const std::string& what) { return Error(Error::Kind::state, what); };
  if (any(*database_, sql::issuances::count_number, entity, issued.number))
    throw taken("'" + label(issued.name, issued.number) +
                "' was issued by another run, or is being issued");
  if (any(*database_, sql::issuances::count_serial, issued.serial, issued.issuer_name))
    throw taken("serial number " + issued.serial.hex() + " was drawn before by this issuer");
  if (any(*database_, sql::issuances::count_to_be_signed, issued.to_be_signed))
    throw taken("'" + label(issued.name, issued.number) + "' was signed before, byte for byte");
}

IssuanceId Inventory::begin_issuance(const IssuanceIntent& intent) {
  Transaction transaction(*database_);
  const EntityId entity = entity_for(intent.kind, intent.name, intent.origin);
  check_free({intent.name, intent.number, intent.serial, intent.issuer_name, intent.to_be_signed},
             entity);
  use_policy(intent.policy);
  if (intent.new_key) insert_key(*intent.new_key);
  IssuanceId id{};
  {
    const auto holder_number = holder();
    const auto& policy = intent.policy.reference;
    Statement row(*database_, sql::issuances::insert);
    row.with(entity, intent.number, intent.serial, intent.issuer_name, intent.to_be_signed,
             intent.subject, intent.issuer, policy.name, policy.revision, intent.key,
             intent.new_key.has_value(), holder_number, now());
    row.step();
    id = row.get<IssuanceId>();
  }
  append("issuance.started", label(intent.name, intent.number),
         Json::object()
             .set("serial", intent.serial.hex())
             .set("to_be_signed", to_hex(intent.to_be_signed))
             .set("subject", intent.subject)
             .set("policy", intent.policy.reference.name + "@" +
                                std::to_string(intent.policy.reference.revision))
             .set("key", intent.key.hex()));
  transaction.commit();
  return id;
}

Generation Inventory::finish_issuance(IssuanceId id, const IssuedCertificate& issued) {
  Transaction transaction(*database_);
  const Settled settled = settle(*database_, id, "made", now(), "");
  const auto generation = static_cast<GenerationId>(static_cast<std::int64_t>(id));
  const bool active = issued.state == GenerationState::active;
  Statement(*database_, sql::generations::insert)
      .with(generation, settled.entity, settled.number, to_text(issued.state), issued.certificate,
            issued.thumbprint, issued.sha256, issued.subject, settled.issuer, issued.not_before,
            issued.not_after, key(settled.key) ? std::optional(settled.key) : std::nullopt, now(),
            active ? std::optional(now()) : std::nullopt)
      .run();
  append("generation.issued", label(settled.name, settled.number),
         Json::object()
             .set("sha256", to_hex(issued.sha256))
             .set("thumbprint", issued.thumbprint.hex())
             .set("not_after", to_iso(issued.not_after))
             .set("state", to_text(issued.state)));
  if (active) retire_others(settled.entity, settled.name, generation);
  transaction.commit();
  return *this->generation(generation);
}

void Inventory::abandon_issuance(IssuanceId id, const std::string& reason) {
  Transaction transaction(*database_);
  const Settled settled = settle(*database_, id, "abandoned", now(), reason);
  if (settled.own_key) Statement(*database_, sql::keys::remove_unused).with(settled.key).run();
  append("issuance.abandoned", label(settled.name, settled.number),
         Json::object().set("reason", reason));
  transaction.commit();
}

std::vector<UnfinishedIssuance> Inventory::unfinished_issuances() const {
  Statement row(*database_, sql::issuances::select_unfinished);
  std::vector<UnfinishedIssuance> all;
  while (row.step()) {
    UnfinishedIssuance issuance;
    issuance.id = row.get<IssuanceId>();
    issuance.name = row.get<std::string>();
    issuance.number = row.get<int>();
    issuance.serial = row.get<Serial>();
    issuance.subject = row.get<std::string>();
    issuance.started = row.get<Time>();
    issuance.running = holder_->alive(row.get<std::int64_t>());
    all.push_back(std::move(issuance));
  }
  return all;
}

}  // namespace sealwright::store
