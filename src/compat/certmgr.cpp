#include "compat/certmgr.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "compat/certmgr_call.h"
#include "compat/certmgr_explain.h"
#include "diagnose/inspection.h"
#include "verify/show.h"
#include "x509/pkcs7.h"

namespace sealwright::compat {
namespace {

using Action = CertmgrCall::Action;
using Form = CertificateFile::Form;
using Kind = FileObject::Kind;
using Severity = bundle::Fault::Severity;

constexpr Flag flags[] = {
    SEALWRIGHT_COMMON_FLAGS,
    {"add", "", "Add certificates or lists to a file or a store"},
    {"del", "", "Take them out of it"},
    {"put", "", "Write one to a file"},
    {"c", "", "Certificates (what is taken where nothing else is said)"},
    {"CTL", "", "Trust lists"},
    {"CRL", "", "Revocation lists"},
    {"all", "", "All of them"},
    {"n", "NAME", "The certificate with this common name"},
    {"sha1", "HASH", "The one with this SHA-1 hash"},
    {"s", "", "The word behind is a store, kept in the workspace's inventory"},
    {"r", "LOCATION", "Of that store: currentUser (the default) or localMachine"},
    {"7", "", "Write a PKCS#7 file"},
    {"v", "", "Show all that they say"},
    {"e", "ENCODING", "Not looked at"},
    {"y", "PROVIDER", "Not looked at"},
    {"f", "FLAGS", "Not looked at; only with -y"},
};

/// The workspace is opened when a store of it is first needed.
class Stores {
 public:
  explicit Stores(World& world) : world_(world) {}
  store::Inventory& inventory() {
    if (!open_) open_.emplace(world_.open_workspace());
    return open_->workspace.inventory();
  }

 private:
  World& world_;
  std::optional<OpenWorkspace> open_;
};

std::vector<FileObject> objects_at(const Place& place, Stores& stores) {
  if (!place.is_store) return read_certificate_file(place.name).objects;
  std::vector<FileObject> objects;
  for (auto& member : stores.inventory().windows_store(place.location, place.name))
    objects.push_back({Kind::certificate,
                       member.certificate,
                       x509::Certificate::from_der(member.certificate),
                       {}});
  return objects;
}

/// What stands in a collection, for looking up.
class Known {
 public:
  explicit Known(const std::vector<FileObject>& objects) {
    for (const auto& one : objects) ders_.insert(one.der);
  }
  bool holds(const FileObject& wanted) const { return ders_.contains(wanted.der); }
  /// False where it is known already.
  bool add(const FileObject& one) { return ders_.insert(one.der).second; }

 private:
  std::set<Bytes> ders_;
};

// Files

Bytes as_pkcs7(const std::vector<FileObject>& objects) {
  x509::SignedData data;
  data.content_type = x509::oids::pkcs7_data;
  for (const auto& one : objects) {
    if (one.kind == Kind::trust_list)
      throw Error(Error::Kind::input, "a PKCS#7 file has no place for trust lists",
                  "write a serialized store: name the file .sst");
    if (one.certificate)
      data.certificates.push_back(*one.certificate);
    else
      data.crls.push_back(one.der);
  }
  return x509::encode(data, x509::CertificateOrder::as_given);
}

Bytes as_serialized_store(const std::vector<FileObject>& objects) {
  std::vector<bundle::StoreElement> elements;
  for (const auto& one : objects) {
    const auto id = one.kind == Kind::certificate       ? bundle::property_certificate
                    : one.kind == Kind::revocation_list ? bundle::property_revocation_list
                                                        : bundle::property_trust_list;
    elements.push_back({{id, one.der}, one.properties});
  }
  return bundle::serialized_store(elements);
}

/// A file that several can stand in, as it is before it is written anew.
struct Collection {
  std::vector<FileObject> objects;
  bool pkcs7 = false;
};

Collection collection_at(const std::string& path, bool wants_pkcs7) {
  const bool is_new = !std::filesystem::exists(path) || std::filesystem::file_size(path) == 0;
  if (is_new) {
    const std::string ending = ascii_lower(std::filesystem::path(path).extension().string());
    return {{}, wants_pkcs7 || ending == ".p7b" || ending == ".p7c" || ending == ".spc"};
  }
  auto file = read_certificate_file(path);
  if (file.form != Form::pkcs7 && file.form != Form::serialized_store)
    throw Error(Error::Kind::state,
                "'" + path + "' is no file that several can stand in, so it stays as it is",
                "name a new file, a PKCS#7 file (.p7b, .spc) or a serialized store (.sst)");
  return {std::move(file.objects), wants_pkcs7 || file.form == Form::pkcs7};
}

void write_collection(const std::string& path, const Collection& collection) {
  write_file(
      path,
      collection.pkcs7 ? as_pkcs7(collection.objects) : as_serialized_store(collection.objects),
      {Access::everyone, Existing::replace});
}

void add_to_file(const std::vector<FileObject>& chosen, const CertmgrCall& call, World& world) {
  auto collection = collection_at(call.target->name, call.as_pkcs7);
  Known known(collection.objects);
  for (const auto& one : chosen) {
    if (known.add(one))
      collection.objects.push_back(one);
    else if (one.certificate)
      world.note(shown(*call.target) + " holds " + shown(*one.certificate) + " already");
  }
  write_collection(call.target->name, collection);
  if (call.target->name.find_first_of("./") == std::string::npos)
    world.note("'" + call.target->name + "' is a file; a store is written -s " + call.target->name);
}

void remove_from_file(const std::vector<FileObject>& chosen, const CertmgrCall& call) {
  const Place& target = call.target ? *call.target : call.source;
  auto collection = collection_at(call.source.name, call.as_pkcs7);
  const Known known(chosen);
  std::erase_if(collection.objects, [&](const FileObject& one) { return known.holds(one); });
  if (call.target &&
      would_lose(target.name, {Form::pkcs7, Form::serialized_store}, collection.objects.size()))
    throw Error(
        Error::Kind::state,
        "'" + target.name + "' is there and is no store file, or holds more, so it stays as it is");
  write_collection(target.name, collection);
}

void put(const FileObject& chosen, const CertmgrCall& call) {
  const std::string& path = call.target->name;
  if (would_lose(path, {Form::certificate, Form::revocation_list, Form::trust_list, Form::pkcs7},
                 1))
    throw Error(Error::Kind::state,
                "'" + path + "' is there and is not one certificate, so it stays as it is",
                "name another file to write");
  write_file(path, call.as_pkcs7 ? as_pkcs7({chosen}) : chosen.der,
             {Access::everyone, Existing::replace});
}

// Stores

/// What an inspection of a bundle says of such an import.
void judge(const std::vector<FileObject>& chosen, const Place& store, World& world) {
  bundle::Contents contents;
  for (const auto& one : chosen) {
    bundle::FoundCertificate found;
    found.location = store.location == store::StoreLocation::local_machine
                         ? bundle::Location::machine
                         : bundle::Location::user;
    found.store = store.name;
    found.certificate = one.certificate;
    found.thumbprint = one.certificate->thumbprint();
    found.properties = one.properties;
    contents.certificates.push_back(std::move(found));
  }
  bundle::Reading reading;
  reading.imports.push_back(std::move(contents));
  const auto inspection = diagnose::inspect({}, std::move(reading), world.clock());
  for (const auto& finding : inspection.imports.front().findings) {
    if (finding.severity == Severity::note || finding.certificate < 0) continue;
    const auto& one = *chosen[static_cast<std::size_t>(finding.certificate)].certificate;
    world.warn(shown(one) + " in " + store.name + ": " + finding.message +
               (finding.remedy.empty() ? "" : "; " + finding.remedy));
  }
}

std::vector<FileObject> certificates_among(std::vector<FileObject> chosen, World& world) {
  const auto lists = std::erase_if(chosen, [](const FileObject& one) { return !one.certificate; });
  if (chosen.empty())
    throw Error(Error::Kind::input, "the stores of the inventory hold certificates alone",
                "publish a revocation list where machines fetch it: sealwright crl publish");
  if (lists)
    world.note(fmt::format("{} {} left out: the stores of the inventory hold certificates alone",
                           lists, lists == 1 ? "list is" : "lists are"));
  return chosen;
}

void add_to_store(std::vector<FileObject> chosen, const Place& target, Stores& stores,
                  World& world) {
  chosen = certificates_among(std::move(chosen), world);
  auto& inventory = stores.inventory();
  judge(chosen, target, world);
  inventory.together([&] {
    for (const auto& one : chosen)
      if (!inventory.add_to_windows_store(
              {target.location, target.name, one.certificate->sha256(), one.der, {}}))
        world.note(shown(target) + " holds " + shown(*one.certificate) + " already");
  });
  world.note(
      "the store is kept in the inventory, and no Windows machine trusts anything by it; "
      "--explain prints the bundle that makes them");
}

void remove_from_store(const std::vector<FileObject>& chosen, const Place& source, Stores& stores) {
  auto& inventory = stores.inventory();
  inventory.together([&] {
    for (const auto& one : chosen)
      inventory.remove_from_windows_store(source.location, source.name, one.certificate->sha256());
  });
}

// Display

std::string short_text(const x509::Certificate& certificate) {
  return fmt::format(
      "Subject::\n  {}\nIssuer::\n  {}\nSerialNumber::\n  {}\nSHA1 Thumbprint::\n  {}\n"
      "NotBefore::\n  {}\nNotAfter::\n  {}\n",
      certificate.subject().text(), certificate.issuer().text(), certificate.serial().hex(),
      certificate.thumbprint().hex(), to_iso(certificate.not_before()),
      to_iso(certificate.not_after()));
}

std::string text_of(const FileObject& one, bool verbose) {
  if (one.certificate)
    return verbose ? verify::to_text(verify::describe(*one.certificate))
                   : short_text(*one.certificate);
  if (one.kind == Kind::trust_list) return fmt::format("{} bytes\n", one.der.size());
  const auto list = x509::Crl::from_der(one.der);
  if (verbose) return verify::to_text(verify::describe(list));
  return fmt::format("Issuer::\n  {}\nThisUpdate::\n  {}\nEntries::\n  {}\n", list.issuer().text(),
                     to_iso(list.this_update()), list.entries().size());
}

void show_kind(const std::vector<FileObject>& objects, Kind kind, std::string_view title,
               bool verbose, World& world) {
  std::size_t number = 0;
  for (const auto& one : objects)
    if (one.kind == kind)
      world.out << fmt::format("=============={} # {} ==========\n{}", title, ++number,
                               text_of(one, verbose));
  if (!number) world.out << fmt::format("==============No {}s ==========\n", title);
}

void show(const CertmgrCall& call, Stores& stores, World& world) {
  auto objects = objects_at(call.source, stores);
  Selection selection = call.selection;
  if (selection.common_name.empty() && !selection.sha1) selection.all = true;
  if (!objects.empty()) objects = select(std::move(objects), selection, call.source);
  show_kind(objects, Kind::certificate, "Certificate", call.verbose, world);
  show_kind(objects, Kind::trust_list, "CTL", call.verbose, world);
  show_kind(objects, Kind::revocation_list, "CRL", call.verbose, world);
  world.out << "==============================================\n";
}

void explain(const CertmgrCall& call, const std::vector<FileObject>& chosen, World& world) {
  if (call.action != Action::add || !call.target->is_store)
    throw Error(Error::Kind::usage, "only what -add puts into a store can be explained",
                "files of certificates need no YAML: sealwright export writes them");
  std::vector<x509::Certificate> certificates;
  for (const auto& one : chosen)
    if (one.certificate) certificates.push_back(*one.certificate);
  const auto proposal = proposal_for(call, certificates);
  world.out << to_text(proposal);
  if (!proposal.bundles.empty())
    world.note(
        "'sealwright apply' takes the certificate over, 'sealwright bundle write trust' "
        "writes the files to import");
}

void run(const CommandLine& line, World& world) {
  const CertmgrCall call = read_certmgr_call(line, world);
  Stores stores(world);
  if (call.action == Action::show && !line.has("--explain")) {
    show(call, stores, world);
  } else {
    const auto chosen = select(objects_at(call.source, stores), call.selection, call.source);
    if (line.has("--explain")) return explain(call, chosen, world);
    if (call.action == Action::put)
      put(chosen.front(), call);
    else if (call.action == Action::remove && call.source.is_store)
      remove_from_store(chosen, call.source, stores);
    else if (call.action == Action::remove)
      remove_from_file(chosen, call);
    else if (call.target->is_store)
      add_to_store(chosen, *call.target, stores, world);
    else
      add_to_file(chosen, call, world);
  }
  world.out << "CertMgr Succeeded\n";
}

}  // namespace

const Tool certmgr_tool = {"certmgr",
                           "certmgr [-add | -del | -put] [OPTIONS] SOURCE [TARGET]",
                           "Shows, adds, removes and writes certificates in files, and in the "
                           "Windows stores that the inventory keeps for scripts.",
                           flags,
                           run,
                           "CertMgr Failed"};

}  // namespace sealwright::compat
