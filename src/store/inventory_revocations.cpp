// What is revoked, and the lists that say so.

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/digest.h"
#include "store/database.h"
#include "store/inventory.h"
#include "store/sql/generations.h"
#include "store/sql/revocations.h"

namespace sealwright::store {
namespace {

RevokedSerial read_revoked(Statement& row) {
  RevokedSerial revoked;
  revoked.serial = row.get<Serial>();
  revoked.revoked = row.get<Time>();
  revoked.reason = row.get<std::string>();
  revoked.invalidity = row.get<std::optional<Time>>();
  return revoked;
}

Json details(const std::string& reason, Time revoked, const std::optional<Time>& invalidity) {
  Json json = Json::object().set("reason", reason).set("revoked", to_iso(revoked));
  if (invalidity) json.set("invalidity", to_iso(*invalidity));
  return json;
}

}  // namespace

void Inventory::revoke(GenerationId id, const Revocation& revocation) {
  Transaction transaction(*database_);
  const auto generation = this->generation(id);
  if (!generation) throw Error(Error::Kind::state, "there is no such generation");
  const Time at = revocation.at.value_or(now());
  Statement(*database_, sql::generations::revoke)
      .with(id, at, revocation.reason, revocation.invalidity, revocation.distrust)
      .run();
  if (database_->changes() == 0)
    throw Error(Error::Kind::state, "cannot revoke '" + generation->label() + "': it is " +
                                        std::string(to_text(generation->state)));
  if (generation->state == GenerationState::revoked && generation->issuer)
    Statement(*database_, sql::revocations::outdate_lists).with(*generation->issuer).run();
  Json said = details(revocation.reason, at, revocation.invalidity);
  if (!revocation.note.empty()) said.set("note", revocation.note);
  if (revocation.distrust) said.set("distrusted", true);
  append("generation.revoked", generation->label(), said);
  transaction.commit();
}

void Inventory::add_revocation(GenerationId issuer, const RevokedSerial& revoked) {
  Transaction transaction(*database_);
  const bool fresh =
      Statement(*database_, sql::revocations::insert)
          .with(issuer, revoked.serial, revoked.revoked, revoked.reason, revoked.invalidity)
          .run_unless_taken();
  if (!fresh)
    throw Error(Error::Kind::state,
                "serial number " + revoked.serial.hex() + " is on record as revoked already");
  append("serial.revoked", revoked.serial.hex(),
         details(revoked.reason, revoked.revoked, revoked.invalidity));
  transaction.commit();
}

std::vector<RevokedSerial> Inventory::revoked_below(GenerationId issuer) const {
  std::vector<RevokedSerial> all;
  for (const char* sql : {sql::generations::select_revoked_serials, sql::revocations::select_of}) {
    Statement row(*database_, sql);
    row.with(issuer);
    while (row.step()) all.push_back(read_revoked(row));
  }
  // A certificate that turned up after its serial number had been taken over stands in both.
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.serial < b.serial; });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const auto& a, const auto& b) { return a.serial == b.serial; }),
            all.end());
  return all;
}

std::optional<RevokedSerial> Inventory::revoked_serial(GenerationId issuer,
                                                       const Serial& serial) const {
  for (const char* sql : {sql::generations::select_revoked_serial, sql::revocations::select_one}) {
    Statement row(*database_, sql);
    if (row.with(issuer, serial).step()) return read_revoked(row);
  }
  return std::nullopt;
}

std::int64_t Inventory::revocation_count(GenerationId issuer) const {
  std::int64_t count = 0;
  for (const char* sql : {sql::generations::count_revoked, sql::revocations::count}) {
    Statement row(*database_, sql);
    row.with(issuer).step();
    count += row.get<std::int64_t>();
  }
  return count;
}

void Inventory::add_crl(const CrlRecord& crl) {
  Transaction transaction(*database_);
  const auto last = last_crl_number(crl.issuer);
  if (last >= crl.number)
    throw Error(Error::Kind::state,
                "revocation list " + std::to_string(last) + " was issued meanwhile");
  Statement(*database_, sql::revocations::insert_list)
      .with(crl.issuer, crl.number, crl.this_update, crl.next_update, crl.crl, now(), crl.covers)
      .run();
  Statement(*database_, sql::revocations::remove_old_lists).with(crl.issuer, crl.number).run();
  append("crl.issued", generation(crl.issuer)->label(),
         Json::object()
             .set("number", crl.number)
             .set("sha256", to_hex(ossl::hash(ossl::Digest::sha256, crl.crl)))
             .set("next_update", to_iso(crl.next_update)));
  transaction.commit();
}

std::int64_t Inventory::last_crl_number(GenerationId issuer) const {
  Statement row(*database_, sql::revocations::select_last_number);
  row.with(issuer).step();
  return row.get<std::int64_t>();
}

void Inventory::keep_crl_number(GenerationId issuer, std::int64_t number) {
  Transaction transaction(*database_);
  if (last_crl_number(issuer) < number) {
    Statement(*database_, sql::revocations::insert_list)
        .with(issuer, number, now(), now(), Bytes(), now(), std::int64_t{0})
        .run();
    append("crl.number-kept", generation(issuer)->label(), Json::object().set("number", number));
  }
  transaction.commit();
}

std::optional<CrlRecord> Inventory::latest_crl(GenerationId issuer) const {
  Statement row(*database_, sql::revocations::select_latest_list);
  if (!row.with(issuer).step()) return std::nullopt;
  CrlRecord crl;
  crl.issuer = row.get<GenerationId>();
  crl.number = row.get<std::int64_t>();
  crl.this_update = row.get<Time>();
  crl.next_update = row.get<Time>();
  crl.crl = row.get<Bytes>();
  crl.created = row.get<Time>();
  crl.covers = row.get<std::int64_t>();
  return crl;
}

}  // namespace sealwright::store
