#include "workspace/init.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

/// Removes what was written, newest first, unless all went well.
class Undo {
 public:
  ~Undo() {
    std::error_code ignored;
    for (auto path = written_.rbegin(); path != written_.rend(); ++path) fs::remove(*path, ignored);
  }
  void wrote(fs::path path) { written_.push_back(std::move(path)); }
  void keep() { written_.clear(); }

 private:
  std::vector<fs::path> written_;
};

void make_folder(const fs::path& folder, Undo& undo) {
  if (fs::is_directory(folder)) return;
  if (folder.has_parent_path()) make_folder(folder.parent_path(), undo);
  std::error_code error;
  fs::create_directory(folder, error);
  if (error)
    throw Error(Error::Kind::io,
                "cannot make the folder '" + folder.string() + "': " + error.message());
  undo.wrote(folder);
}

void write_new(const fs::path& folder, const std::string& name, const std::string& text,
               InitResult& result, Undo& undo) {
  const fs::path path = folder / name;
  make_folder(path.parent_path(), undo);
  write_file(path, view(text));
  undo.wrote(path);
  result.files.push_back(name);
}

/// Names of shipped hierarchies hold neither.
bool is_file(const std::string& hierarchy) {
  return hierarchy.find_first_of("/.") != std::string::npos;
}

std::string hierarchy_text(const InitOptions& options) {
  const bool is_file = options.hierarchy.find_first_of("/.") != std::string::npos;
  const std::string text =
      is_file ? read_text(options.hierarchy) : policy::shipped_hierarchy(options.hierarchy).text;
  return policy::instantiate(text, options.organization);
}

void write_hierarchy(const InitOptions& options, InitResult& result, Undo& undo) {
  const fs::path yaml = options.folder / hierarchy_file;
  if (!options.hierarchy.empty() && fs::exists(yaml))
    throw Error(Error::Kind::state, "'" + yaml.string() + "' already exists",
                "leave out --hierarchy to use it, or choose another folder");
  if (options.hierarchy.empty() && !fs::exists(yaml))
    throw Error(Error::Kind::usage,
                "--hierarchy is needed: '" + yaml.string() + "' does not exist yet",
                "'sealwright init --list' shows the hierarchies that come with the program");
  if (options.hierarchy.empty()) return;
  write_new(options.folder, hierarchy_file, hierarchy_text(options), result, undo);
  // Policies beside a hierarchy file belong to it.
  const fs::path beside = fs::absolute(options.hierarchy).parent_path() / "policies";
  if (!is_file(options.hierarchy) || !fs::is_directory(beside)) return;
  for (const auto& file : fs::directory_iterator(beside)) {
    const std::string name = "policies/" + file.path().filename().string();
    if (file.path().extension() == ".yaml" && !fs::exists(options.folder / name))
      write_new(options.folder, name, read_text(file.path()), result, undo);
  }
}

void pin_policies(const policy::Hierarchy& hierarchy, policy::PolicySet& policies,
                  const fs::path& folder, InitResult& result, Undo& undo) {
  std::vector<policy::PolicyPtr> used;
  for (const auto* item : hierarchy.in_issuing_order())
    if (std::find(used.begin(), used.end(), item->policy) == used.end())
      used.push_back(item->policy);
  for (const auto& file : policies.files(used)) {
    const std::string name = "policies/" + file.name + ".yaml";
    if (!fs::exists(folder / name)) write_new(folder, name, file.text, result, undo);
  }
}

/// What this workspace will hold keys for.
std::vector<std::string> keyrings_of(const policy::Hierarchy& hierarchy,
                                     const InitOptions& options) {
  if (!options.offline) return hierarchy.keyrings;
  std::vector<std::string> used;
  for (const auto& keyring : hierarchy.keyrings)
    for (const auto& authority : hierarchy.authorities)
      if (authority.key.store == policy::KeyStore::offline && authority.key.keyring == keyring &&
          (used.empty() || used.back() != keyring))
        used.push_back(keyring);
  if (used.empty())
    throw Error(Error::Kind::policy, "no authority of this hierarchy keeps its key in the safe",
                "write key: {store: offline} for one, or leave --offline out");
  return used;
}

/// One slot for people and, outside labs, a key file for the services that face the network: no
/// slot opens `signing` and `services` both, or a thief could backdate (house rule 4).
void make_keyrings(store::Inventory& inventory, const InitOptions& options,
                   const policy::Hierarchy& hierarchy, const fs::path& private_folder,
                   InitResult& result, Undo& undo) {
  std::vector<ca::SlotRequest> slots;
  std::vector<ca::Credential> credentials;
  credentials.reserve(2);
  const auto by_file = [&](const char* file, std::vector<std::string> keyrings) {
    const fs::path path = private_folder / file;
    ca::write_key_file(path, options.keyring_options.random);
    undo.wrote(path);
    result.files.push_back(fs::relative(path, options.folder).string());
    result.key_files.push_back(result.files.back());
    credentials.push_back(ca::Credential::key_file(path));
    slots.push_back({fs::path(file).stem().string(), credentials.back(), std::move(keyrings)});
  };
  const auto keyrings = keyrings_of(hierarchy, options);
  std::vector<std::string> for_people, for_services;
  for (const auto& keyring : keyrings)
    (keyring == "services" && !hierarchy.lab ? for_services : for_people).push_back(keyring);
  if (options.no_passphrase) {
    by_file(ca::lab_key_file, keyrings);
  } else {
    if (!for_people.empty()) {
      credentials.push_back(ca::Credential::passphrase(options.new_passphrase()));
      slots.push_back({"main", credentials.back(), for_people});
    }
    if (!for_services.empty()) by_file(services_key_file, for_services);
  }
  ca::create_keyrings(inventory, keyrings, slots, options.keyring_options);
}

/// What an init that was killed left behind: without an inventory its key files open nothing.
void remove_leftovers(const fs::path& private_folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(private_folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name == ca::lab_key_file || name == services_key_file ||
        name.starts_with("inventory.db.") || name.starts_with(".sealwright-"))
      fs::remove(entry.path(), ignored);
  }
}

std::string random_id(const ossl::Random& random) { return to_hex(ossl::random_bytes(random, 16)); }

}  // namespace

InitResult init(const InitOptions& options) {
  Undo undo;
  InitResult result;
  const bool new_folder = !fs::exists(options.folder);
  make_folder(fs::absolute(options.folder), undo);
  result.folder = fs::canonical(options.folder);
  if (!new_folder && fs::exists(result.folder / ".sealwright" / "inventory.db"))
    throw Error(Error::Kind::state, "'" + options.folder.string() + "' has an inventory already",
                "use it as it is, or choose another folder");
  write_hierarchy(options, result, undo);
  policy::PolicySet policies(result.folder / "policies");
  result.hierarchy = policy::load_hierarchy(result.folder, policies);
  if (options.no_passphrase && !result.hierarchy.lab)
    throw Error(Error::Kind::policy,
                "--no-passphrase is for labs, and this hierarchy does not say 'lab: true'",
                "leave it out and choose a passphrase");
  (void)keyrings_of(result.hierarchy, options);
  pin_policies(result.hierarchy, policies, result.folder, result, undo);
  if (!fs::exists(result.folder / ".gitignore"))
    write_new(result.folder, ".gitignore", "/.sealwright/\n", result, undo);

  const fs::path database = inventory_path(result.hierarchy, result.folder);
  if (fs::exists(database))
    throw Error(Error::Kind::state, "'" + database.string() + "' exists already",
                "use it as it is, or choose another folder");
  if (!fs::exists(database.parent_path())) undo.wrote(database.parent_path());
  remove_leftovers(database.parent_path());
  store::Inventory::create(database,
                           {random_id(options.keyring_options.random),
                            result.hierarchy.name,
                            result.hierarchy.lab,
                            {},
                            options.offline},
                           options.clock, {}, [&](store::Inventory& inventory) {
                             make_keyrings(inventory, options, result.hierarchy,
                                           database.parent_path(), result, undo);
                           });
  result.files.push_back(fs::relative(database, result.folder).string());
  undo.keep();
  return result;
}

}  // namespace sealwright::workspace
