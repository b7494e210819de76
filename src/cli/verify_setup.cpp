#include "cli/verify_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/read.h"
#include "cli/bundle_commands.h"
#include "cli/session.h"
#include "workspace/bundles.h"
#include "workspace/inventory_source.h"
#include "x509/oids.h"

namespace sealwright::cli {
namespace {

constexpr std::size_t max_trust_file_bytes = std::size_t{64} << 20;

std::vector<x509::Certificate>& store_of(bundle::Store store, trust::Stores& stores) {
  switch (store) {
    case bundle::Store::root:
      return stores.root;
    case bundle::Store::ca:
      return stores.ca;
    case bundle::Store::trusted_publisher:
      return stores.trusted_publisher;
    case bundle::Store::disallowed:
      break;
  }
  return stores.disallowed;
}

void add_state(const bundle::State& state, trust::Machine& machine) {
  for (const auto& entry : state.present)
    store_of(entry.store, machine.stores).push_back(entry.certificate);
}

/// Whether property 9, where it is there, lets a root count for code or its timestamps.
bool is_for_code(const bundle::FoundCertificate& found) {
  const auto purposes = bundle::purposes(found);
  return !purposes || std::any_of(purposes->begin(), purposes->end(), [](const Oid& oid) {
    return oid == x509::oids::code_signing || oid == x509::oids::time_stamping ||
           oid == x509::oids::any_extended_key_usage;
  });
}

/// No verdict rests on a file that Windows would read otherwise than it looks.
void check_import(const std::string& path, const bundle::Contents& contents) {
  for (const auto& fault : contents.faults)
    if (fault.severity == bundle::Fault::Severity::error)
      throw Error(Error::Kind::input,
                  fmt::format("{}: {}: {}", path, bundle::to_text(fault.position), fault.message),
                  "'sealwright bundle inspect' says what is wrong with it");
  for (const auto& found : contents.certificates)
    if (found.action == bundle::FoundCertificate::Action::add && !found.certificate &&
        equal_ignoring_case(found.store, "Disallowed") && !contents.only_looks)
      throw Error(Error::Kind::input,
                  path + ": it distrusts " + found.thumbprint.hex() +
                      ", and does not hold that certificate",
                  "take a format that holds it");
}

/// What LocalMachine has after all imports below `path` that put something there.
void add_imports(const std::string& path, trust::Machine& machine) {
  using Location = bundle::Location;
  std::size_t added = 0;
  for (const auto& contents : bundle::read_path(path).imports) {
    check_import(path, contents);
    for (const auto& found : contents.certificates) {
      const auto store = bundle::store_by_registry_name(found.store);
      const bool of_machine =
          found.location == Location::machine || found.location == Location::machine_policy ||
          found.location == Location::enterprise || found.location == Location::directory;
      if (found.action == bundle::FoundCertificate::Action::remove || contents.only_looks ||
          !found.certificate || !store || !of_machine || !is_for_code(found))
        continue;
      auto& certificates = store_of(*store, machine.stores);
      if (!trust::contains(certificates, *found.certificate))
        certificates.push_back(*found.certificate);
      ++added;
    }
  }
  if (added == 0)
    throw Error(Error::Kind::input, path + ": it puts no certificate into a store of LocalMachine",
                "'sealwright bundle inspect' says what it does");
}

std::vector<x509::Certificate> read_file_certificates(const std::string& file) {
  try {
    return x509::read_certificates(read_file(file, max_trust_file_bytes));
  } catch (const Error& error) {
    throw with_prefix(error, file);
  }
}

/// Self-signed certificates are roots, others help the chain.
void add_roots(const std::string& file, trust::Machine& machine) {
  for (const auto& certificate : read_file_certificates(file))
    (certificate.self_signed() ? machine.stores.root : machine.stores.ca).push_back(certificate);
}

void add_workspace(const std::string& bundle_name, trust::Machine& machine, Context& context) {
  const auto workspace = std::make_shared<const workspace::Workspace>(open_workspace(context));
  bool found = false;
  for (const auto& wanted : workspace->hierarchy().bundles) {
    if (!bundle_name.empty() && wanted.name != bundle_name) continue;
    add_state(workspace::desired_state(*workspace, wanted), machine);
    found = true;
  }
  machine.revocations.push_back(std::make_shared<workspace::InventorySource>(workspace));
  if (!found && !bundle_name.empty())
    throw Error(Error::Kind::state,
                "sealwright.yaml has no bundle '" + printable(bundle_name) + "'");
  if (!found)
    throw Error(Error::Kind::state,
                "the workspace has no bundle, so nothing says what machines trust",
                "add one under 'bundles', or give --trust file:PEM");
}

/// What machines trust that have this version; what was revoked since is known all the same.
void add_version(const BundleVersionName& name, trust::Machine& machine, Context& context) {
  const auto workspace = std::make_shared<const workspace::Workspace>(open_workspace(context));
  const auto version = workspace::find_version(*workspace, name.bundle, name.version);
  add_state(workspace::recorded_state(*workspace, version), machine);
  machine.revocations.push_back(std::make_shared<workspace::InventorySource>(workspace));
}

void add_trust(const std::string& word, trust::Machine& machine, Context& context) {
  const auto rest = [&](std::string_view prefix) { return word.substr(prefix.size()); };
  if (word == "workspace")
    add_workspace("", machine, context);
  else if (word.starts_with("bundle:") && word.find_first_of("/.") != std::string::npos)
    add_imports(rest("bundle:"), machine);
  else if (word.starts_with("bundle:") && word.find('@') != std::string::npos)
    add_version(parse_bundle_version(rest("bundle:")), machine, context);
  else if (word.starts_with("bundle:"))
    add_workspace(rest("bundle:"), machine, context);
  else if (word.starts_with("file:"))
    add_roots(rest("file:"), machine);
  else if (word.starts_with("publisher:"))
    for (const auto& certificate : read_file_certificates(rest("publisher:")))
      machine.stores.trusted_publisher.push_back(certificate);
  else
    throw Error(Error::Kind::usage, "unknown trust '" + printable(word) + "'",
                "write workspace, bundle:NAME[@VERSION], bundle:PATH, file:PEM or publisher:PEM");
  machine.source += (machine.source.empty() ? "" : ", ") + word;
}

}  // namespace

trust::RevocationSources read_lists(const std::vector<std::string>& files) {
  trust::RevocationSources sources;
  for (const auto& file : files) try {
      for (auto& crl : x509::read_crls(read_file(file, x509::max_crl_bytes)))
        sources.push_back(std::make_shared<trust::ListSource>(std::move(crl)));
    } catch (const Error& error) {
      if (error.kind == Error::Kind::io) throw;
      throw with_prefix(error, file);
    }
  return sources;
}

verify::Question question_of(const VerifyWords& words, verify::Use use, Context& context) {
  verify::Question question;
  question.use = use;
  question.os = parse_os(words.os);
  question.now = judged_time(words.at, context);
  for (const auto& word : split_list(words.trust)) add_trust(word, question.machine, context);
  for (auto& list : read_lists(words.crl)) question.machine.revocations.push_back(std::move(list));
  if (words.trust.empty()) question.machine.source = "nothing (no --trust was given)";
  return question;
}

void print_report(const verify::Report& report, Context& context) {
  context.out << (context.globals.json ? verify::to_json(report).dump() + "\n"
                                       : verify::to_text(report));
  context.exit_code = verify::exit_code(report);
}

}  // namespace sealwright::cli
