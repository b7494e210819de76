#include "workspace/bundle_compare.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "workspace/bundles.h"

namespace sealwright::workspace {
namespace {

std::vector<std::string> bundle_names(const Workspace& workspace) {
  std::vector<std::string> names;
  for (const auto& bundle : workspace.hierarchy().bundles) names.push_back(bundle.name);
  return names;
}

std::size_t in_common(const bundle::Holdings& a, const bundle::Holdings& b) {
  return static_cast<std::size_t>(
      std::count_if(a.certificates.begin(), a.certificates.end(), [&](const auto& one) {
        return std::any_of(b.certificates.begin(), b.certificates.end(),
                           [&](const auto& other) { return other.thumbprint == one.thumbprint; });
      }));
}

std::string known_as(const Workspace& workspace, const Thumbprint& thumbprint) {
  const auto generation = workspace.inventory().find(thumbprint);
  if (!generation) return "not of this workspace";
  return fmt::format("{}, {}{}", generation->label(), store::to_text(generation->state),
                     generation->distrusted ? " and distrusted" : "");
}

std::string lines(std::string_view what, const std::vector<BundleComparison::Row>& rows) {
  std::string text;
  for (const auto& row : rows)
    text +=
        fmt::format("  {:<8} {:<16}  {}  {}: {}\n", what,
                    row.holding.store.empty() ? "-" : printable(row.holding.store, 40),
                    row.holding.thumbprint.hex(), printable(row.holding.subject, 120), row.says);
  return text;
}

Json list(const std::vector<BundleComparison::Row>& rows) {
  Json list = Json::array();
  for (const auto& row : rows)
    list.push(Json::object()
                  .set("store", row.holding.store)
                  .set("thumbprint", row.holding.thumbprint.hex())
                  .set("subject", row.holding.subject)
                  .set("workspace", row.says));
  return list;
}

/// A file that leaves the store to who imports it has what it has in any.
void ignore_unsaid_stores(bundle::Holdings& file, const bundle::Holdings& wanted) {
  for (auto& holding : file.certificates)
    if (holding.store.empty())
      for (const auto& other : wanted.certificates)
        if (other.thumbprint == holding.thumbprint) holding.store = other.store;
}

}  // namespace

bundle::Holdings holdings_of(const Workspace& workspace, const std::string& bundle,
                             std::optional<int> version) {
  if (version)
    return bundle::holdings_of(
        recorded_state(workspace, find_version(workspace, bundle, *version)));
  const auto* wanted = workspace.hierarchy().bundle(bundle);
  if (!wanted)
    throw Error(Error::Kind::state, "sealwright.yaml has no bundle '" + printable(bundle) + "'",
                did_you_mean(bundle, bundle_names(workspace)));
  return bundle::holdings_of(desired_state(workspace, *wanted));
}

BundleComparison compare(const Workspace& workspace, const bundle::Reading& reading) {
  auto file = bundle::holdings_of(reading);
  BundleComparison made;
  bundle::Holdings wanted;
  std::size_t most = 0;
  for (const auto& name : bundle_names(workspace)) {
    auto holdings = holdings_of(workspace, name);
    const std::size_t common =
        name == reading.bundle ? std::string::npos : in_common(file, holdings);
    if (common <= most) continue;
    most = common;
    made.bundle = name;
    wanted = std::move(holdings);
  }
  ignore_unsaid_stores(file, wanted);
  const auto difference = bundle::difference(wanted, file);
  for (const auto& holding : difference.lost)
    made.missing.push_back({holding, known_as(workspace, holding.thumbprint)});
  for (const auto& holding : difference.gained)
    made.extra.push_back({holding, known_as(workspace, holding.thumbprint)});
  return made;
}

std::string to_text(const BundleComparison& comparison) {
  if (comparison.bundle.empty())
    return "no bundle of the workspace has any of these certificates\n" +
           lines("extra", comparison.extra);
  if (comparison.same())
    return fmt::format("it has what bundle {} of the workspace has now\n", comparison.bundle);
  return fmt::format("against bundle {} of the workspace as it would be written now:\n",
                     comparison.bundle) +
         lines("missing", comparison.missing) + lines("extra", comparison.extra);
}

Json to_json(const BundleComparison& comparison) {
  return Json::object()
      .set("bundle", comparison.bundle)
      .set("same", comparison.same())
      .set("missing", list(comparison.missing))
      .set("extra", list(comparison.extra));
}

}  // namespace sealwright::workspace
