#include "bundle/linux.h"

#include "base/encoding.h"
#include "bundle/templates.h"

namespace sealwright::bundle {
namespace {

/// No name from outside: file names end up in scripts, and update-ca-certificates splits at spaces.
std::string file_name(const State& state, const Entry& entry) {
  return state.name + "-" + entry.certificate.thumbprint().hex() + ".crt";
}

Json names(const State& state, const std::vector<Entry>& entries) {
  Json list = Json::array();
  for (const auto& entry : entries)
    if (entry.store == Store::root)
      list.push(Json::object()
                    .set("file", file_name(state, entry))
                    .set("sha256", to_hex(entry.certificate.sha256())));
  return list;
}

Bytes script(const State& state, const std::string& name, const Json& data) {
  return copy(view(filled(state, "linux/" + name, data, Escape::plain)));
}

}  // namespace

std::vector<OutputFile> linux_files(const State& state, const FormatRequest&) {
  std::vector<OutputFile> files;
  std::string all;
  for (const auto& entry : state.present) {
    if (entry.store != Store::root) continue;
    const std::string pem = entry.certificate.to_pem();
    files.push_back({"anchors/" + file_name(state, entry), copy(view(pem))});
    all += pem;
  }
  Json data = Json::object();
  data.set("bundle", state.name);
  data.set("version", state.version);
  data.set("present", names(state, state.present));
  data.set("removed", names(state, state.removed));
  files.push_back({"anchors.pem", copy(view(all))});
  files.push_back({"install-trust.sh", script(state, "install-trust.sh", data)});
  files.push_back({"remove-trust.sh", script(state, "remove-trust.sh", data)});
  return files;
}

}  // namespace sealwright::bundle
