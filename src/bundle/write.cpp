#include "bundle/write.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <system_error>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/suggest.h"
#include "bundle/gpo.h"
#include "bundle/intune.h"
#include "bundle/ldif.h"
#include "bundle/lgpo.h"
#include "bundle/linux.h"
#include "bundle/powershell.h"
#include "bundle/ppkg.h"
#include "bundle/readme.h"
#include "bundle/recognize.h"
#include "bundle/reg_file.h"
#include "bundle/registry_pol.h"
#include "bundle/store_files.h"
#include "bundle/zip.h"
#include "ossl/digest.h"

namespace sealwright::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_bundle_file_bytes = std::size_t{256} << 20;

std::vector<OutputFile> reg_files(const State& state, const FormatRequest& request) {
  std::vector<OutputFile> files = {{state.name + ".reg", reg_import(state)},
                                   {state.name + "-remove.reg", reg_removal(state)}};
  if (has_user_files(request)) {
    files.push_back({state.name + "-user.reg", reg_import(state, RegStores::current_user)});
    files.push_back({state.name + "-user-remove.reg", reg_removal(state, RegStores::current_user)});
  }
  return files;
}

std::vector<OutputFile> pol_files(const State& state, const FormatRequest&) {
  std::vector<OutputFile> files = {
      {"Machine/Registry.pol", encode_registry_pol(policy_instructions(state))},
      {"remove/Machine/Registry.pol", encode_registry_pol(policy_removal_instructions(state))}};
  if (const auto user = user_policy_instructions(state); !user.empty()) {
    files.push_back({"User/Registry.pol", encode_registry_pol(user)});
    files.push_back(
        {"remove/User/Registry.pol", encode_registry_pol(user_policy_removal_instructions(state))});
  }
  return files;
}

/// What a zip holds: the formats its option "of" names, with their settings where the bundle has
/// them; else all others of the bundle.
std::vector<FormatRequest> formats_in_zip(const State& state, const FormatRequest& request) {
  std::vector<FormatRequest> held;
  for (const auto& format : state.formats)
    if (request.option("of").empty() && format.name != "zip") held.push_back(format);
  std::istringstream names(request.option("of"));
  for (std::string name; std::getline(names, name, ',');) {
    const auto same = [&](const FormatRequest& format) { return format.name == name; };
    const auto said = std::find_if(state.formats.begin(), state.formats.end(), same);
    held.push_back(said == state.formats.end() ? FormatRequest(name) : *said);
  }
  if (held.empty())
    throw Error(Error::Kind::policy, "format 'zip': the bundle has no other format to hold",
                "write zip: {of: [reg]}");
  return held;
}

std::vector<OutputFile> zip_files(const State& state, const FormatRequest& request) {
  return {{zip_name(state),
           write_zip(write_formats(state, formats_in_zip(state, request)), state.made)}};
}

/// One row per format: a format's folder holds what its writer makes, and the README of the
/// template of its name.
struct Format {
  const char* name;
  std::vector<OutputFile> (*write)(const State&, const FormatRequest&);
};
constexpr Format formats_known[] = {
    {"certutil", certutil_files}, {"gpo", gpo_backup},
    {"intune", intune_files},     {"ldif", ldif_files},
    {"lgpo", lgpo_files},         {"linux", linux_files},
    {"p7b", p7b_files},           {"powershell", powershell_files},
    {"ppkg-xml", ppkg_files},     {"reg", reg_files},
    {"registry-pol", pol_files},  {"sst", sst_files},
    {"zip", zip_files},
};
const Format* find_format(const std::string& name) {
  for (const auto& format : formats_known)
    if (name == format.name) return &format;
  return nullptr;
}

const Format& format_of(const FormatRequest& request) {
  if (const auto why = why_not_written(request))
    throw Error(Error::Kind::policy, why->reason, why->hint);
  if (const auto* format = find_format(request.name)) return *format;
  throw Error(Error::Kind::input, "unknown bundle format '" + printable(request.name) + "'",
              did_you_mean(request.name, format_names()));
}

OutputFile manifest_of(const State& state, const std::vector<OutputFile>& files) {
  Json listed = Json::array();
  for (const auto& file : files) {
    Json row = Json::object();
    row.set("path", file.path);
    row.set("sha256", to_hex(ossl::hash(ossl::Digest::sha256, file.content)));
    listed.push(std::move(row));
  }
  Json json = Json::object();
  json.set("schema", bundle_schema);
  json.set("version", state.version);
  json.set("made", to_iso(state.made));
  if (!state.ring.empty()) json.set("ring", state.ring);
  json.set("state", description_of(state));
  json.set("files", std::move(listed));
  return {"manifest.json", copy(view(json.dump() + "\n"))};
}

[[noreturn]] void cannot_write(const fs::path& path, const std::error_code& error) {
  throw Error(Error::Kind::io, "cannot write '" + path.string() + "': " + error.message());
}

/// A folder that goes away with everything in it unless it was moved to its place.
class StagedFolder {
 public:
  explicit StagedFolder(const fs::path& target) {
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    std::string name =
        (target.parent_path() / ("." + target.filename().string() + "-XXXXXX")).string();
    if (error || !mkdtemp(name.data()))
      cannot_write(target, error ? error : std::error_code(errno, std::generic_category()));
    path_ = name;
    fs::permissions(path_, fs::perms(0755), error);
  }
  ~StagedFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;
  const fs::path& path() const { return path_; }
  void move_to(const fs::path& target) {
    // rename() replaces an empty folder and nothing else.
    if (rename(path_.c_str(), target.c_str()) != 0)
      cannot_write(target, std::error_code(errno, std::generic_category()));
    path_.clear();
  }

 private:
  fs::path path_;
};

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& format : formats_known) names.emplace_back(format.name);
  return names;
}

std::optional<Refusal> why_not_written(const FormatRequest& request) {
  if (request.name == "powershell" && !request.option("sign_with").empty())
    return Refusal{"format 'powershell': this version does not sign scripts",
                   "leave 'sign_with' out, and sign them with a tool that can"};
  return std::nullopt;
}

std::vector<OutputFile> write_formats(const State& state,
                                      const std::vector<FormatRequest>& formats) {
  State known = state;  // Where it says no formats, those that are written are the bundle's.
  if (known.formats.empty()) known.formats = formats;
  std::vector<OutputFile> all;
  for (const auto& request : formats) {
    auto files = format_of(request).write(known, request);
    files.push_back(readme(state, request));
    for (auto& file : files)
      all.push_back({request.name + "/" + file.path, std::move(file.content)});
  }
  all.push_back(manifest_of(state, all));
  return all;
}

void save(const std::vector<OutputFile>& files, const fs::path& folder) {
  const fs::path target = folder.has_filename() ? folder : folder.parent_path();
  if (fs::exists(target) && !(fs::is_directory(target) && fs::is_empty(target)))
    throw Error(Error::Kind::state, "'" + target.string() + "' already exists",
                "choose another folder with -o");
  StagedFolder staged(fs::absolute(target));
  for (const auto& file : files) write_file(staged.path() / file.path, file.content);
  staged.move_to(fs::absolute(target));
}

bool is_intact(const fs::path& folder) {
  try {
    const Json manifest = Json::parse(read_text(folder / "manifest.json", max_bundle_file_bytes));
    for (const auto& row : manifest.at("files").items()) {
      const Bytes content = read_file(folder / row.at("path").string(), max_bundle_file_bytes);
      if (to_hex(ossl::hash(ossl::Digest::sha256, content)) != row.at("sha256").string())
        return false;
    }
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace sealwright::bundle
