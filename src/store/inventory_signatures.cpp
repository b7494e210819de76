#include "base/encoding.h"
#include "base/error.h"
#include "store/database.h"
#include "store/holder.h"
#include "store/inventory.h"
#include "store/sql/signatures.h"

namespace sealwright::store {
namespace {

SignatureOutcome outcome_of(const std::string& text) {
  if (text == "made") return SignatureOutcome::made;
  return text == "abandoned" ? SignatureOutcome::abandoned : SignatureOutcome::unfinished;
}

SignatureRecord read_signature(Statement& row, Holder& holder) {
  SignatureRecord record;
  record.id = row.get<SignatureId>();
  record.intent.generation = row.get<GenerationId>();
  record.intent.file_name = row.get<std::string>();
  record.intent.kind = row.get<std::string>();
  record.intent.digest_algorithm = row.get<std::string>();
  record.intent.digest = row.get<Bytes>();
  record.intent.file_before = row.get<std::optional<Sha256>>();
  record.intent.to_be_signed = row.get<Sha256>();
  record.result.file_after = row.get<std::optional<Sha256>>();
  record.result.timestamp = row.get<std::optional<Time>>();
  record.result.timestamp_authority = row.get<std::string>();
  record.outcome = outcome_of(row.get<std::string>());
  const auto number = row.get<std::int64_t>();
  record.running = record.outcome == SignatureOutcome::unfinished && holder.alive(number);
  record.started = row.get<Time>();
  record.settled = row.get<std::optional<Time>>();
  record.withdrawn = row.get<std::optional<Time>>();
  record.reason = row.get<std::string>();
  return record;
}

template <class... Values>
std::vector<SignatureRecord> all_of(Database& database, Holder& holder, const char* sql,
                                    const Values&... values) {
  Statement row(database, sql);
  row.with(values...);
  std::vector<SignatureRecord> all;
  while (row.step()) all.push_back(read_signature(row, holder));
  return all;
}

std::string label(const Inventory& inventory, GenerationId id) {
  const auto generation = inventory.generation(id);
  if (!generation) throw Error(Error::Kind::state, "there is no such generation");
  return generation->label();
}

Json hex_or_null(const std::optional<Sha256>& digest) {
  return digest ? Json(to_hex(*digest)) : Json();
}

}  // namespace

SignatureId Inventory::begin_signature(const SignatureIntent& intent) {
  Transaction transaction(*database_);
  const std::string signer = label(*this, intent.generation);
  SignatureId id{};
  {
    const auto holder_number = holder();
    Statement row(*database_, sql::signatures::insert);
    row.with(intent.generation, intent.file_name, intent.kind, intent.digest_algorithm,
             intent.digest, intent.file_before, intent.to_be_signed, holder_number, now());
    row.step();
    id = row.get<SignatureId>();
  }
  append("signature.started", signer,
         Json::object()
             .set("signature", static_cast<std::int64_t>(id))
             .set("file", intent.file_name)
             .set("kind", intent.kind)
             .set("digest_algorithm", intent.digest_algorithm)
             .set("digest", to_hex(intent.digest))
             .set("file_before", hex_or_null(intent.file_before))
             .set("to_be_signed", to_hex(intent.to_be_signed)));
  transaction.commit();
  return id;
}

void Inventory::finish_signature(SignatureId id, const SignatureResult& result) {
  Transaction transaction(*database_);
  Statement(*database_, sql::signatures::finish)
      .with(id, now(), result.file_after, result.timestamp, result.timestamp_authority)
      .run();
  if (database_->changes() == 0)
    throw Error(Error::Kind::state, "another run has settled this signature meanwhile");
  append("signature.made", label(*this, signature(id)->intent.generation),
         Json::object()
             .set("signature", static_cast<std::int64_t>(id))
             .set("file_after", hex_or_null(result.file_after))
             .set("timestamp", result.timestamp ? Json(to_iso(*result.timestamp)) : Json())
             .set("timestamp_authority", result.timestamp_authority));
  transaction.commit();
}

void Inventory::abandon_signature(SignatureId id, const std::string& reason) {
  Transaction transaction(*database_);
  Statement(*database_, sql::signatures::abandon).with(id, now(), reason).run();
  if (database_->changes() == 0)
    throw Error(Error::Kind::state, "another run has settled this signature meanwhile");
  append("signature.abandoned", label(*this, signature(id)->intent.generation),
         Json::object().set("signature", static_cast<std::int64_t>(id)).set("reason", reason));
  transaction.commit();
}

void Inventory::withdraw_signature(SignatureId id, const std::string& reason) {
  Transaction transaction(*database_);
  Statement(*database_, sql::signatures::withdraw).with(id, now(), reason).run();
  if (database_->changes() == 0)
    throw Error(Error::Kind::state, "there is no such signature, or it is withdrawn already");
  append("signature.withdrawn", label(*this, signature(id)->intent.generation),
         Json::object().set("signature", static_cast<std::int64_t>(id)).set("reason", reason));
  transaction.commit();
}

std::optional<SignatureRecord> Inventory::signature(SignatureId id) const {
  Statement row(*database_, sql::signatures::select_one);
  if (!row.with(id).step()) return std::nullopt;
  return read_signature(row, *holder_);
}

std::vector<SignatureRecord> Inventory::signatures(GenerationId generation) const {
  return all_of(*database_, *holder_, sql::signatures::select_by_generation, generation);
}

std::vector<SignatureRecord> Inventory::signatures_of_file(const Sha256& sha256) const {
  return all_of(*database_, *holder_, sql::signatures::select_by_file, sha256);
}

std::vector<SignatureRecord> Inventory::unfinished_signatures() const {
  return all_of(*database_, *holder_, sql::signatures::select_unfinished);
}

}  // namespace sealwright::store
