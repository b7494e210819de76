// Certificates that were issued elsewhere or before.

#include "base/encoding.h"
#include "base/error.h"
#include "store/database.h"
#include "store/holder.h"
#include "store/inventory.h"
#include "store/sql/generations.h"
#include "store/sql/issuances.h"

namespace sealwright::store {
namespace {

/// When the generation came into the state it has; nothing for the states it was never in.
struct Since {
  std::optional<Time> activated, retired, revoked;
};

Since since(const AdoptedCertificate& adopted, Time now) {
  Since since;
  switch (adopted.issued.state) {
    case GenerationState::active:
      since.activated = now;
      break;
    case GenerationState::retired:
      since.retired = adopted.retired.value_or(now);
      break;
    case GenerationState::revoked:
      since.revoked = adopted.revoked.value_or(now);
      break;
    default:
      break;
  }
  return since;
}

}  // namespace

/// Inside a transaction.
Generation Inventory::insert_adopted(const AdoptedCertificate& adopted) {
  const auto& issued = adopted.issued;
  const EntityId entity = entity_for(adopted.kind, adopted.name, adopted.origin);
  check_free(
      {adopted.name, adopted.number, adopted.serial, adopted.issuer_name, adopted.to_be_signed},
      entity);
  use_policy(adopted.policy);
  if (adopted.new_key) insert_key(*adopted.new_key);
  IssuanceId id{};
  {
    const auto holder_number = holder();
    const auto& policy = adopted.policy.reference;
    Statement row(*database_, sql::issuances::insert);
    row.with(entity, adopted.number, adopted.serial, adopted.issuer_name, adopted.to_be_signed,
             issued.subject, adopted.issuer, policy.name, policy.revision, adopted.key, false,
             holder_number, now());
    row.step();
    id = row.get<IssuanceId>();
  }
  Statement(*database_, sql::issuances::settle_quietly).with(id, "made", now()).run();
  const auto generation = static_cast<GenerationId>(static_cast<std::int64_t>(id));
  const Since times = since(adopted, now());
  Statement(*database_, sql::generations::insert_adopted)
      .with(generation, entity, adopted.number, to_text(issued.state), issued.certificate,
            issued.thumbprint, issued.sha256, issued.subject, adopted.issuer, issued.not_before,
            issued.not_after, key(adopted.key) ? std::optional(adopted.key) : std::nullopt, now(),
            times.activated, times.retired, times.revoked, adopted.reason, adopted.invalidity)
      .run();
  return *this->generation(generation);
}

Generation Inventory::adopt(const AdoptedCertificate& adopted) {
  Transaction transaction(*database_);
  auto generation = insert_adopted(adopted);
  append("generation.adopted", generation.label(),
         Json::object()
             .set("sha256", to_hex(adopted.issued.sha256))
             .set("thumbprint", adopted.issued.thumbprint.hex())
             .set("not_after", to_iso(adopted.issued.not_after))
             .set("state", to_text(adopted.issued.state))
             .set("key", adopted.new_key.has_value()));
  transaction.commit();
  return generation;
}

void Inventory::link_issuer(GenerationId id, GenerationId issuer) {
  Transaction transaction(*database_);
  const auto generation = this->generation(id);
  const auto above = this->generation(issuer);
  if (!generation || !above) throw Error(Error::Kind::state, "there is no such generation");
  Statement(*database_, sql::generations::set_issuer).with(id, issuer).run();
  if (database_->changes() == 0)
    throw Error(Error::Kind::state, "the issuer of '" + generation->label() + "' is known already");
  Statement(*database_, sql::issuances::set_issuer).with(id, issuer).run();
  append("generation.issuer-known", generation->label(),
         Json::object().set("issuer", above->label()));
  transaction.commit();
}

void Inventory::add_key(GenerationId id, const KeyRecord& added) {
  Transaction transaction(*database_);
  const auto generation = this->generation(id);
  if (!generation) throw Error(Error::Kind::state, "there is no such generation");
  if (generation->key)
    throw Error(Error::Kind::state,
                "the private key of '" + generation->label() + "' is in the inventory already");
  if (!key(added.id)) insert_key(added);
  Statement(*database_, sql::generations::set_key).with(id, added.id).run();
  if (database_->changes() == 0)
    throw Error(Error::Kind::internal,
                "the key is not that of the certificate '" + generation->label() + "'");
  append("generation.key-added", generation->label(), Json::object().set("key", added.id.hex()));
  transaction.commit();
}

}  // namespace sealwright::store
