// The audit chain. An event's hash is SHA-256 over the hash before it and the event's fields, each
// text with its length before it; the chain begins with a hash of the workspace's id, so that none
// can be moved to another inventory.

#include "base/encoding.h"
#include "ossl/digest.h"
#include "store/database.h"
#include "store/inventory.h"
#include "store/sql/events.h"

namespace sealwright::store {
namespace {

Sha256 sha256(BytesView bytes) {
  const Bytes digest = ossl::hash(ossl::Digest::sha256, bytes);
  Sha256 result{};
  std::copy(digest.begin(), digest.end(), result.begin());
  return result;
}

Sha256 chain_begin(const std::string& workspace_id) {
  return sha256(view("sealwright inventory " + workspace_id));
}

void put_text(Bytes& to, std::string_view text) {
  put_u64le(to, text.size());
  append(to, view(text));
}

Sha256 hash_of(const Event& event) {
  Bytes canonical;
  append(canonical, event.previous);
  put_u64le(canonical, std::uint64_t(event.sequence));
  put_u64le(canonical, std::uint64_t(event.at.time_since_epoch().count()));
  put_text(canonical, event.kind);
  put_text(canonical, event.subject);
  put_text(canonical, event.details);
  return sha256(canonical);
}

Event read_event(Statement& row) {
  Event event;
  event.sequence = row.get<std::int64_t>();
  event.at = row.get<Time>();
  event.kind = row.get<std::string>();
  event.subject = row.get<std::string>();
  event.details = row.get<std::string>();
  event.previous = row.get<Sha256>();
  event.hash = row.get<Sha256>();
  return event;
}

}  // namespace

EventHead Inventory::head() const {
  Statement row(*database_, sql::events::select_head);
  if (!row.step()) return {0, chain_begin(workspace_.id)};
  EventHead head;
  head.sequence = row.get<std::int64_t>();
  head.hash = row.get<Sha256>();
  return head;
}

/// Called inside the transaction of the change.
void Inventory::append(const std::string& kind, const std::string& subject, const Json& details) {
  const EventHead last = head();
  Event event{last.sequence + 1, now(), kind, subject, details.dump(-1), last.hash, {}};
  event.hash = hash_of(event);
  Statement(*database_, sql::events::insert)
      .with(event.sequence, event.at, event.kind, event.subject, event.details, event.previous,
            event.hash)
      .run();
}

void Inventory::record_event(const std::string& kind, const std::string& subject,
                             const Json& details) {
  Transaction transaction(*database_);
  append(kind, subject, details);
  transaction.commit();
}

std::vector<Event> Inventory::events(std::int64_t after_sequence) const {
  Statement row(*database_, sql::events::select_after);
  row.with(after_sequence);
  std::vector<Event> all;
  while (row.step()) all.push_back(read_event(row));
  return all;
}

std::optional<Event> Inventory::last_event(const std::string& kind,
                                           const std::string& subject) const {
  Statement row(*database_, sql::events::select_last);
  if (!row.with(subject, kind).step()) return std::nullopt;
  return read_event(row);
}

EventCheck Inventory::verify_events() const {
  EventCheck check;
  Sha256 previous = chain_begin(workspace_.id);
  const auto broken = [&](const char* reason) {
    check.broken = check.events + 1;
    check.reason = reason;
    return check;
  };
  Statement row(*database_, sql::events::select_after);
  row.with(std::int64_t{0});
  for (; row.step(); ++check.events) {
    const Event event = read_event(row);
    if (event.sequence != check.events + 1) return broken("the event is missing");
    if (event.previous != previous) return broken("it does not follow the event before it");
    if (event.hash != hash_of(event)) return broken("it is not as it was written");
    previous = event.hash;
  }
  if (check.events == 0) return broken("the event is missing");
  return check;
}

}  // namespace sealwright::store
