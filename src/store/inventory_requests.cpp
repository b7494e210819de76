// Requests that wait for an authority elsewhere.

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/digest.h"
#include "store/database.h"
#include "store/inventory.h"
#include "store/sql/keys.h"
#include "store/sql/requests.h"

namespace sealwright::store {
namespace {

std::string label(const RequestIntent& intent) {
  return intent.name + "@" + std::to_string(intent.number);
}

RequestRecord read_request(Statement& row) {
  RequestRecord record;
  auto& intent = record.intent;
  record.id = row.get<RequestId>();
  intent.kind =
      row.get<std::string>() == "authority" ? EntityKind::authority : EntityKind::certificate;
  intent.name = row.get<std::string>();
  intent.number = row.get<int>();
  intent.to = row.get<std::string>() == "foreign" ? RequestKind::foreign : RequestKind::ceremony;
  intent.issuer = row.get<std::string>();
  intent.policy.reference.name = row.get<std::string>();
  intent.policy.reference.revision = row.get<int>();
  intent.policy.reference.sha256 = row.get<Sha256>();
  intent.policy.text = row.get<std::string>();
  intent.policy.first_used = row.get<Time>();
  intent.subject = row.get<std::string>();
  intent.request = row.get<Bytes>();
  intent.key = row.get<KeyId>();
  record.created = row.get<Time>();
  return record;
}

}  // namespace

RequestId Inventory::add_request(const RequestIntent& intent) {
  Transaction transaction(*database_);
  if (const auto waiting = waiting_request(intent.name))
    throw Error(Error::Kind::state,
                "a request for '" + label(waiting->intent) + "' is waiting already",
                "accept what comes back: sealwright import FILE; or cancel it: sealwright request "
                "--cancel " +
                    intent.name);
  const EntityId entity = entity_for(intent.kind, intent.name, intent.origin);
  use_policy(intent.policy);
  if (intent.new_key) insert_key(*intent.new_key);
  RequestId id{};
  {
    const auto& policy = intent.policy.reference;
    Statement row(*database_, sql::requests::insert);
    row.with(entity, intent.number, to_text(intent.to), intent.issuer, policy.name, policy.revision,
             intent.subject, intent.request, intent.key, now());
    row.step();
    id = row.get<RequestId>();
  }
  append("request.made", label(intent),
         Json::object()
             .set("sha256", to_hex(ossl::hash(ossl::Digest::sha256, intent.request)))
             .set("to", to_text(intent.to))
             .set("issuer", intent.issuer)
             .set("subject", intent.subject)
             .set("key", intent.key.hex()));
  transaction.commit();
  return id;
}

std::vector<RequestRecord> Inventory::waiting_requests() const {
  Statement row(*database_, sql::requests::select_waiting);
  std::vector<RequestRecord> all;
  while (row.step()) all.push_back(read_request(row));
  return all;
}

std::optional<RequestRecord> Inventory::waiting_request(const std::string& name) const {
  Statement row(*database_, sql::requests::select_waiting_one);
  if (!row.with(name).step()) return std::nullopt;
  return read_request(row);
}

void Inventory::settle_request(RequestId id, const char* outcome, const std::string& reason) {
  Statement(*database_, sql::requests::settle).with(id, outcome, now(), reason).run();
  if (database_->changes() == 0)
    throw Error(Error::Kind::state, "the request waits no more: another run has settled it");
}

Generation Inventory::accept_request(RequestId id, const AdoptedCertificate& adopted) {
  Transaction transaction(*database_);
  settle_request(id, "accepted", "");
  auto generation = insert_adopted(adopted);
  append("request.accepted", generation.label(),
         Json::object()
             .set("sha256", to_hex(adopted.issued.sha256))
             .set("thumbprint", adopted.issued.thumbprint.hex())
             .set("not_after", to_iso(adopted.issued.not_after))
             .set("state", to_text(adopted.issued.state)));
  if (adopted.issued.state == GenerationState::active)
    retire_others(generation.entity, generation.name, generation.id);
  transaction.commit();
  return generation;
}

void Inventory::cancel_request(RequestId id, const std::string& reason) {
  Transaction transaction(*database_);
  std::optional<RequestIntent> intent;
  for (const auto& waiting : waiting_requests())
    if (waiting.id == id) intent = waiting.intent;
  settle_request(id, "cancelled", reason);
  Statement(*database_, sql::keys::remove_unused).with(intent->key).run();
  append("request.cancelled", label(*intent), Json::object().set("reason", reason));
  transaction.commit();
}

}  // namespace sealwright::store
