#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "base/json.h"
#include "bundle/csp_node.h"
#include "bundle/reader_parts.h"

namespace sealwright::bundle {
namespace {

/// The text of a member, or nothing where there is none or it is no text.
std::string text_of(const Json& json, std::string_view name) {
  const Json* member = json.find(name);
  return member && member->type() == Json::Type::string ? member->string() : "";
}

bool is_list(const Json* json) { return json && json->type() == Json::Type::array; }

class ProfileReader {
 public:
  ProfileReader(const std::string& file, Contents& contents) : file_(file), contents_(contents) {}

  /// The profiles of a list, as Graph gives it; those of other types set other things.
  void read_list(const Json& profiles) {
    for (const auto& profile : profiles.items()) {
      if (++profiles_ > max_read_changes) throw_too_many();
      if (is_list(profile.find("omaSettings")))
        read(profile, fmt::format("profile {}, ", profiles_));
      else
        count_other_change(contents_);
    }
  }

  void read(const Json& profile, const std::string& where) {
    if (contents_.title.empty()) contents_.title = text_of(profile, "displayName");
    std::size_t number = 0;
    for (const auto& setting : profile.at("omaSettings").items())
      row(setting, {file_, fmt::format("{}item {}", where, ++number)});
  }

 private:
  void row(const Json& setting, const Position& position) {
    // A portal's String and Base64; numbers, dates and XML are no certificates.
    const std::string type = text_of(setting, "@odata.type");
    if (!type.ends_with(".omaSettingBase64") && !type.ends_with(".omaSettingString"))
      return count_other_change(contents_);
    const std::string uri = text_of(setting, "omaUri"), value = text_of(setting, "value");
    const bool hidden = !value.empty() && value.find_first_not_of('*') == std::string::npos;
    if (hidden && csp_node(uri)) return hidden_row(uri, position);
    add_csp_value(uri, value, position, contents_);
  }

  /// Graph lists values that it keeps encrypted as "****".
  void hidden_row(const std::string& uri, const Position& position) {
    add_fault(contents_, Severity::warning, position,
              "the value is hidden: which certificate it is, the URI alone says",
              "ask Graph for it (getOmaSettingPlainTextValue), and read that");
    const auto node = csp_node(uri);
    const auto thumbprint = exact_thumbprint(node->thumbprint);
    const auto store = csp_store(*node, position, contents_);
    if (thumbprint && store)
      add_certificate(
          contents_,
          {FoundCertificate::Action::add, node->location, *store, *thumbprint, {}, {}, position});
  }

  std::string file_;
  Contents& contents_;
  std::size_t profiles_ = 0;
};

}  // namespace

void read_intune_profile(BytesView bytes, const std::string& file, Contents& contents) {
  const Json json = Json::parse(tree_text(bytes));
  ProfileReader reader(file, contents);
  if (json.type() == Json::Type::array) return reader.read_list(json);
  if (is_list(json.find("omaSettings"))) return reader.read(json, "");
  if (is_list(json.find("value"))) return reader.read_list(json.at("value"));
  throw Error(Error::Kind::input, "not a custom profile of Intune: it has no list 'omaSettings'",
              "export it from Graph, deviceManagement/deviceConfigurations");
}

}  // namespace sealwright::bundle
