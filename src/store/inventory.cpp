#include "store/inventory.h"

#include "base/encoding.h"
#include "base/error.h"
#include "store/database.h"
#include "store/holder.h"
#include "store/new_file.h"
#include "store/schema.h"
#include "store/sql/policies.h"
#include "store/sql/workspace.h"

namespace sealwright::store {
namespace {

PolicyRecord read_policy(Statement& row) {
  PolicyRecord policy;
  policy.reference.name = row.get<std::string>();
  policy.reference.revision = row.get<int>();
  policy.reference.sha256 = row.get<Sha256>();
  policy.text = row.get<std::string>();
  policy.first_used = row.get<Time>();
  return policy;
}

}  // namespace

Inventory::Inventory(std::unique_ptr<Database> database, Clock clock)
    : database_(std::move(database)), clock_(std::move(clock)) {
  const std::string beside = database_->in_memory() ? "" : database_->shown().string() + "-holders";
  holder_ = std::make_unique<Holder>(beside);
}
Inventory::Inventory(Inventory&&) noexcept = default;
Inventory& Inventory::operator=(Inventory&&) noexcept = default;
Inventory::~Inventory() = default;

Inventory Inventory::create(const std::filesystem::path& path, const WorkspaceRecord& workspace,
                            Clock clock, const InventoryOptions& options,
                            const std::function<void(Inventory&)>& fill) {
  const DatabaseOptions database_options{options.busy_timeout};
  if (path == ":memory:") {
    Inventory inventory(Database::create(path, path, database_options), std::move(clock));
    inventory.set_up(workspace);
    if (fill) fill(inventory);
    return inventory;
  }
  NewFile file(path);
  {
    Inventory inventory(Database::create(file.path(), path, database_options), clock);
    inventory.set_up(workspace);
    if (fill) fill(inventory);
    inventory.database_->checkpoint();
  }
  file.publish();
  return open(path, std::move(clock), options);
}

Inventory Inventory::open(const std::filesystem::path& path, Clock clock,
                          const InventoryOptions& options) {
  Inventory inventory(Database::open(path, DatabaseOptions{options.busy_timeout}),
                      std::move(clock));
  migrate(*inventory.database_, Migrate::existing, schema_steps());
  inventory.load_workspace();
  return inventory;
}

void Inventory::set_up(const WorkspaceRecord& workspace) {
  Transaction transaction(*database_);
  database_->mark_as_ours();
  migrate(*database_, Migrate::empty, schema_steps());
  Statement(*database_, sql::workspace::insert)
      .with(workspace.id, workspace.name, workspace.lab, now(), workspace.offline)
      .run();
  load_workspace();
  append("workspace.created", workspace.name,
         Json::object().set("id", workspace.id).set("lab", workspace.lab));
  transaction.commit();
}

void Inventory::load_workspace() {
  Statement row(*database_, sql::workspace::select);
  if (!row.step())
    throw Error(Error::Kind::input, "'" + database_->shown().string() + "' is damaged",
                "restore it from a backup");
  workspace_.id = row.get<std::string>();
  workspace_.name = row.get<std::string>();
  workspace_.lab = row.get<bool>();
  workspace_.created = row.get<Time>();
  workspace_.offline = row.get<bool>();
}

void Inventory::together(const std::function<void()>& work) {
  Transaction transaction(*database_);
  work();
  transaction.commit();
}

/// This process's number; called inside the transaction that records it. A number that was drawn
/// but rolled back may be drawn again by another process, and is then taken already.
std::int64_t Inventory::holder() {
  while (holder_->number() == 0) {
    Statement row(*database_, sql::workspace::next_holder);
    row.step();
    holder_->take(row.get<std::int64_t>());
  }
  return holder_->number();
}

std::optional<PolicyRecord> Inventory::policy(const std::string& name, int revision) const {
  Statement row(*database_, sql::policies::select_one);
  if (!row.with(name, revision).step()) return std::nullopt;
  return read_policy(row);
}

std::vector<PolicyRecord> Inventory::policies() const {
  Statement row(*database_, sql::policies::select_all);
  std::vector<PolicyRecord> all;
  while (row.step()) all.push_back(read_policy(row));
  return all;
}

void Inventory::use_policy(const PolicyRecord& policy) {
  const auto& reference = policy.reference;
  if (const auto known = this->policy(reference.name, reference.revision)) {
    if (known->reference.sha256 == reference.sha256) return;
    throw Error(Error::Kind::policy,
                "policy '" + reference.name + "' was changed, but its revision is still " +
                    std::to_string(reference.revision) + ", under which something was issued",
                "set revision: " + std::to_string(reference.revision + 1));
  }
  Statement(*database_, sql::policies::insert)
      .with(reference.name, reference.revision, reference.sha256, policy.text, now())
      .run();
  append(
      "policy.used", reference.name,
      Json::object().set("revision", reference.revision).set("sha256", to_hex(reference.sha256)));
}

}  // namespace sealwright::store
