// The half of workspace/exports.h that knows what a person asks for.

#include <algorithm>

#include "base/error.h"
#include "ca/chain.h"
#include "workspace/exports.h"

namespace sealwright::workspace {
namespace {

using policy::ExportFormat;

ExportItem item_of(const store::Generation& generation) {
  return {generation.name, generation.number, generation, std::nullopt, {}};
}

/// The request that "NAME" or "NAME@N" waits with.
std::optional<store::RequestRecord> waiting_for(const store::Inventory& inventory,
                                                const std::string& reference) {
  const auto at = std::min(reference.find('@'), reference.size());
  auto waiting = inventory.waiting_request(reference.substr(0, at));
  const bool meant =
      waiting && (at == reference.size() ||
                  reference.substr(at + 1) == std::to_string(waiting->intent.number));
  return meant ? std::move(waiting) : std::nullopt;
}

void check_one_generation(const std::string& reference) {
  if (!reference.ends_with("@all") && !reference.ends_with("@live")) return;
  throw Error(Error::Kind::usage, "private keys leave by name, one generation each",
              "write NAME@1 NAME@2");
}

MadeExports make_private(Workspace& workspace, Keys& keys, const ExportJob& job) {
  std::vector<ca::PrivateItem> items;
  for (const auto& item : job.items)
    items.push_back({*item.generation, item.path.string(),
                     job.format == ExportFormat::pfx
                         ? choose_pfx(workspace, *item.generation, job.pfx).form
                         : ca::PfxForm{}});
  auto& inventory = workspace.inventory();
  const auto keyring = inventory.key(*job.items.front().generation->key)->keyring;
  auto made = ca::export_private(inventory, keys.open(keyring), items,
                                 {job.format, job.password, job.reason, {}, job.protection});
  std::vector<ca::ExportFile> files;
  for (std::size_t i = 0; i < made.size(); ++i)
    files.push_back({job.items[i].path, std::move(made[i])});
  return MadeExports(std::move(files));
}

MadeExports make_requests(Workspace& workspace, Keys& keys, const ExportJob& job) {
  std::vector<ca::ExportFile> files;
  std::vector<std::unique_ptr<ca::RecordingSigner>> signers;
  for (const auto& item : job.items) {
    if (item.waiting) {
      files.push_back({item.path, ca::waiting_request(*item.waiting)});
      signers.emplace_back();
      continue;
    }
    auto made = ca::export_request(workspace.inventory(), *item.generation,
                                   keys.signer(*item.generation), item.path.string());
    files.push_back({item.path, std::move(made.exported)});
    signers.push_back(std::move(made.signer));
  }
  return {std::move(files), std::move(signers)};
}

}  // namespace

std::vector<ExportItem> export_items(const store::Inventory& inventory,
                                     const std::string& reference, ExportFormat format) {
  if (policy::holds_private_key(format)) {
    check_one_generation(reference);
    return {item_of(ca::find_exactly(inventory, reference))};
  }
  if (format == ExportFormat::csr)
    if (auto waiting = waiting_for(inventory, reference))
      return {{waiting->intent.name, waiting->intent.number, std::nullopt, *waiting, {}}};
  std::vector<ExportItem> items;
  for (const auto& generation : ca::find_generations(inventory, reference))
    items.push_back(item_of(generation));
  return items;
}

void check_export(const store::Inventory& inventory, const ExportJob& job, const ExportItem& item) {
  if (policy::holds_private_key(job.format))
    ca::exportable_key(inventory, *item.generation, job.format, job.reason);
  const bool signs = job.format == ExportFormat::csr && item.generation;
  if (signs && (!item.generation->key || !inventory.key(*item.generation->key)))
    throw Error(Error::Kind::state,
                "the private key of '" + item.label() + "' is not in the inventory",
                "who holds it makes the request");
}

void open_for(const ExportJob& job, const store::Inventory& inventory, Keys& keys) {
  if (!policy::holds_private_key(job.format) && job.format != ExportFormat::csr) return;
  for (const auto& item : job.items) {
    const auto key = item.generation ? inventory.key(*item.generation->key) : std::nullopt;
    if (key && key->uri.empty()) keys.open(key->keyring);
  }
}

MadeExports make_exports(Workspace& workspace, Keys& keys, const ExportJob& job) {
  if (policy::holds_private_key(job.format)) return make_private(workspace, keys, job);
  if (job.format == ExportFormat::csr) return make_requests(workspace, keys, job);
  std::vector<ca::ExportFile> files;
  for (const auto& item : job.items)
    files.push_back(
        {item.path, ca::export_public(workspace.inventory(), *item.generation, job.format)});
  return MadeExports(std::move(files));
}

void MadeExports::write(Existing existing, const std::function<void(std::size_t)>& written) {
  ca::write_exported(files_, existing, [&](std::size_t index) {
    finish(index);
    if (written) written(index);
  });
}

void MadeExports::finish(std::size_t index) {
  if (index >= signers_.size() || !signers_[index]) return;
  ca::finish_request(*signers_[index], files_[index].exported);
}

}  // namespace sealwright::workspace
