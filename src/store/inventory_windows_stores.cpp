#include <algorithm>
#include <cctype>

#include "base/encoding.h"
#include "base/error.h"
#include "store/database.h"
#include "store/inventory.h"
#include "store/sql/key_containers.h"
#include "store/sql/windows_stores.h"

namespace sealwright::store {
namespace {

constexpr std::size_t max_name = 255;

/// A name as it is looked up. CryptoAPI takes no backslash in either kind of name.
std::string fold(const char* what, const std::string& name) {
  if (name.empty() || name.size() > max_name || name.find('\\') != std::string::npos ||
      std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    throw Error(Error::Kind::input,
                "'" + printable(name) + "' cannot be the name of a " + std::string(what),
                "it has 1 to 255 characters, and none is a backslash");
  std::string folded = name;
  std::ranges::transform(folded, folded.begin(), [](unsigned char c) { return std::tolower(c); });
  return folded;
}

StoreLocation read_location(const std::string& text) {
  return text == to_text(StoreLocation::local_machine) ? StoreLocation::local_machine
                                                       : StoreLocation::current_user;
}

std::string label(StoreLocation location, const std::string& store) {
  return std::string(to_text(location)) + "\\" + store;
}

}  // namespace

bool Inventory::add_to_windows_store(const StoreMember& member) {
  const std::string folded = fold("store", member.store);
  Transaction transaction(*database_);
  const bool fresh = Statement(*database_, sql::windows_stores::insert)
                         .with(to_text(member.location), folded, member.store, member.sha256,
                               member.certificate, now())
                         .run_unless_taken();
  if (fresh)
    append("store.added", label(member.location, member.store),
           Json::object().set("sha256", to_hex(member.sha256)));
  transaction.commit();
  return fresh;
}

bool Inventory::remove_from_windows_store(StoreLocation location, const std::string& store,
                                          const Sha256& sha256) {
  const std::string folded = fold("store", store);
  Transaction transaction(*database_);
  Statement(*database_, sql::windows_stores::remove).with(to_text(location), folded, sha256).run();
  const bool was_there = database_->changes() > 0;
  if (was_there)
    append("store.removed", label(location, store), Json::object().set("sha256", to_hex(sha256)));
  transaction.commit();
  return was_there;
}

std::vector<StoreMember> Inventory::windows_store(StoreLocation location,
                                                  const std::string& store) const {
  const std::string folded = fold("store", store);
  Statement row(*database_, sql::windows_stores::select_of);
  row.with(to_text(location), folded);
  std::vector<StoreMember> all;
  while (row.step()) {
    StoreMember member;
    member.location = location;
    member.store = row.get<std::string>();
    member.sha256 = row.get<Sha256>();
    member.certificate = row.get<Bytes>();
    member.added = row.get<Time>();
    all.push_back(std::move(member));
  }
  return all;
}

std::vector<WindowsStoreName> Inventory::windows_stores() const {
  Statement row(*database_, sql::windows_stores::select_names);
  std::vector<WindowsStoreName> all;
  while (row.step()) {
    const auto location = read_location(row.get<std::string>());
    all.push_back({location, row.get<std::string>()});
  }
  return all;
}

void Inventory::name_key(const std::string& container, const KeyId& key) {
  const std::string folded = fold("key container", container);
  Transaction transaction(*database_);
  const auto known = key_named(container);
  if (known && *known != key)
    throw Error(Error::Kind::state, "key container '" + container + "' holds another key",
                "name a container that is not in use");
  if (!known) {
    Statement(*database_, sql::key_containers::remove_unused).with(folded).run();
    Statement(*database_, sql::key_containers::insert).with(folded, container, key, now()).run();
    append("key.named", container, Json::object().set("key", key.hex()));
  }
  transaction.commit();
}

std::optional<KeyId> Inventory::key_named(const std::string& container) const {
  const std::string folded = fold("key container", container);
  Statement row(*database_, sql::key_containers::select_one);
  if (!row.with(folded).step()) return std::nullopt;
  return row.get<KeyId>();
}

}  // namespace sealwright::store
