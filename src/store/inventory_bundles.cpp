#include "base/encoding.h"
#include "base/error.h"
#include "store/database.h"
#include "store/inventory.h"
#include "store/sql/bundles.h"

namespace sealwright::store {
namespace {

BundleVersion read_bundle(Statement& row) {
  BundleVersion bundle;
  bundle.bundle = row.get<std::string>();
  bundle.version = row.get<int>();
  bundle.content = row.get<Sha256>();
  bundle.state = row.get<std::string>();
  bundle.created = row.get<Time>();
  bundle.deployed = row.get<std::optional<Time>>();
  bundle.machines = row.get<std::int64_t>();
  bundle.machines_total = row.get<std::int64_t>();
  return bundle;
}

std::string label(const std::string& bundle, int version) {
  return bundle + "@" + std::to_string(version);
}

}  // namespace

BundleVersion Inventory::add_bundle_version(const std::string& bundle, const Sha256& content,
                                            const std::string& state,
                                            std::optional<int> rolled_back_to) {
  Transaction transaction(*database_);
  const auto latest = latest_bundle_version(bundle);
  if (latest && latest->content == content) {
    transaction.commit();
    return *latest;
  }
  const int version = latest ? latest->version + 1 : 1;
  Statement(*database_, sql::bundles::insert).with(bundle, version, content, state, now()).run();
  append("bundle.version", label(bundle, version), Json::object().set("sha256", to_hex(content)));
  if (rolled_back_to)
    append("bundle.rolled-back", label(bundle, version), Json::object().set("to", *rolled_back_to));
  transaction.commit();
  return *bundle_version(bundle, version);
}

std::vector<std::string> Inventory::bundle_names() const {
  Statement row(*database_, sql::bundles::select_names);
  std::vector<std::string> names;
  while (row.step()) names.push_back(row.get<std::string>());
  return names;
}

std::vector<BundleVersion> Inventory::bundle_versions(const std::string& bundle) const {
  Statement row(*database_, sql::bundles::select_all);
  row.with(bundle);
  std::vector<BundleVersion> all;
  while (row.step()) all.push_back(read_bundle(row));
  return all;
}

std::optional<BundleVersion> Inventory::bundle_version(const std::string& bundle,
                                                       int version) const {
  Statement row(*database_, sql::bundles::select_one);
  if (!row.with(bundle, version).step()) return std::nullopt;
  return read_bundle(row);
}

std::optional<BundleVersion> Inventory::latest_bundle_version(const std::string& bundle) const {
  Statement row(*database_, sql::bundles::select_latest);
  if (!row.with(bundle).step()) return std::nullopt;
  return read_bundle(row);
}

void Inventory::record_deployment(const std::string& bundle, int version, std::int64_t machines,
                                  std::int64_t machines_total) {
  Transaction transaction(*database_);
  Statement(*database_, sql::bundles::deployed)
      .with(bundle, version, now(), machines, machines_total)
      .run();
  if (database_->changes() == 0)
    throw Error(Error::Kind::state, "there is no bundle '" + label(bundle, version) + "'");
  append("bundle.deployed", label(bundle, version),
         Json::object().set("machines", machines).set("machines_total", machines_total));
  transaction.commit();
}

}  // namespace sealwright::store
