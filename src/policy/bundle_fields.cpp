// The fields of a bundle in sealwright.yaml.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/suggest.h"
#include "policy/written_hierarchy.h"

namespace sealwright::policy {
namespace {

/// What may be said in the settings of one format. Every format has some of these.
struct WrittenFormat {
  std::string flavor, display_name, sign_with, forest;
  bool current_user = false;
  std::vector<std::string> of;
};

const Fields<WrittenFormat>& gpo_fields() {
  using W = WrittenFormat;
  const auto flavor = choice<std::string>({{"policy", "policy"}, {"preference", "preference"}});
  static const Fields<W> fields = {
      "gpo",
      {
          field("flavor", &W::flavor, flavor, "Registry.pol, or registry preferences")
              .defaults("preference"),
          field("display_name", &W::display_name, text(), "name of the Group Policy object"),
      }};
  return fields;
}
const Fields<WrittenFormat>& intune_fields() {
  using W = WrittenFormat;
  static const Fields<W> fields = {
      "intune", {field("display_name", &W::display_name, text(), "name of the profile")}};
  return fields;
}
const Fields<WrittenFormat>& powershell_fields() {
  using W = WrittenFormat;
  static const Fields<W> fields = {
      "powershell",
      {field("sign_with", &W::sign_with, name(),
             "the certificate that signs the script; not in this version")}};
  return fields;
}
const Fields<WrittenFormat>& ldif_fields() {
  using W = WrittenFormat;
  static const Fields<W> fields = {
      "ldif", {field("forest", &W::forest, text(), "distinguished name of the forest").required()}};
  return fields;
}
const Fields<WrittenFormat>& reg_fields() {
  using W = WrittenFormat;
  static const Fields<W> fields = {
      "reg",
      {field("current_user", &W::current_user, boolean(), "also files for one user's stores")
           .defaults("false")}};
  return fields;
}
const Fields<WrittenFormat>& zip_fields();
const Fields<WrittenFormat>& plain_fields() {
  static const Fields<WrittenFormat> fields = {"the format", {}};
  return fields;
}

struct Format {
  std::string name, doc;
  const Fields<WrittenFormat>& (*fields)();
};
const std::vector<Format> known_formats = {
    {"certutil", "scripts for certutil", plain_fields},
    {"gpo", "a Group Policy object to import", gpo_fields},
    {"intune", "a profile for Intune", intune_fields},
    {"ldif", "the stores of the forest in Active Directory", ldif_fields},
    {"lgpo", "text for LGPO", plain_fields},
    {"linux", "trust anchors for Linux machines that verify", plain_fields},
    {"p7b", "a certificate file for each store", plain_fields},
    {"powershell", "a script for single machines", powershell_fields},
    {"ppkg-xml", "roots and intermediates for Windows Configuration Designer", plain_fields},
    {"reg", "files for regedit", reg_fields},
    {"registry-pol", "Registry.pol for LGPO", plain_fields},
    {"sst", "a serialized store for each store", plain_fields},
    {"zip", "the folders of other formats in one file", zip_fields},
};

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& format : known_formats) names.push_back(format.name);
  return names;
}

/// A zip may hold every format but itself.
std::vector<std::string> names_in_zip() {
  auto names = format_names();
  std::erase(names, "zip");
  return names;
}

const Fields<WrittenFormat>& zip_fields() {
  using W = WrittenFormat;
  static const Fields<W> fields = [] {
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& name : names_in_zip()) names.emplace_back(name, name);
    return Fields<W>{"zip",
                     {field("of", &W::of, list_of(choice<std::string>(names)),
                            "the formats it holds, even such as get no folder of their own")
                          .note("all others of the bundle")}};
  }();
  return fields;
}

/// A zip must have something to hold; what needs settings of its own has them beside it.
void check_zip(const Node& formats) {
  const Node* zip = formats.find("zip");
  if (!zip) return;
  const Node* of = zip->find("of");
  if (!of) {
    if (formats.members.size() == 1)
      throw zip->error("'zip' has no other format to hold", "write zip: {of: [reg]}");
    return;
  }
  if (of->items.empty())
    throw of->error("'of' names no format", "leave it out for all formats of the bundle");
  std::set<std::string> seen;
  for (const auto& entry : of->items) {
    if (!seen.insert(entry.value).second) throw entry.error("'" + entry.value + "' is given twice");
    if (entry.value == "ldif" && !formats.find("ldif"))
      throw entry.error("'ldif' needs to know its forest",
                        "write ldif: {forest: \"DC=example,DC=com\"} beside zip");
  }
}

/// The root domain of a forest. What is more than ASCII text bundle/ldif refuses.
void check_forest(const Node& written) {
  const Node* forest = written.find("forest");
  if (!forest) return;
  try {
    if (!x509::Name::parse(forest->value).empty()) return;
  } catch (const Error&) {
    // Said below, with its place.
  }
  throw forest->error("'" + printable(forest->value, 60) + "' is not a distinguished name",
                      "write the forest's root domain: DC=example,DC=com");
}

BundleFormat read_format(const Node::Member& member) {
  const auto& name = member.key.value;
  const auto known = std::find_if(known_formats.begin(), known_formats.end(),
                                  [&](const Format& format) { return format.name == name; });
  if (known == known_formats.end())
    throw member.key.error("unknown bundle format '" + printable(name, 60) + "'",
                           did_you_mean(name, format_names()));
  const auto written = read_object(known->fields(), member.value, "'" + name + "'");
  check_forest(member.value);
  BundleFormat made{name, member.key.place(), {}};
  const auto keep = [&](const char* option, const std::string& value) {
    if (!value.empty()) made.options[option] = value;
  };
  keep("flavor", written.flavor);
  keep("display_name", written.display_name);
  keep("sign_with", written.sign_with);
  keep("forest", written.forest);
  keep("current_user", written.current_user ? "true" : "");
  keep("of", fmt::format("{}", fmt::join(written.of, ",")));
  return made;
}

Type<std::vector<BundleFormat>> formats() {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::object;
  shape->name = "formats";
  shape->min = 1;
  shape->fields = [] {
    std::vector<FieldInfo> infos;
    for (const auto& format : known_formats) {
      FieldInfo info;
      info.name = format.name;
      info.doc = format.doc;
      info.shape = object(format.fields).shape;
      infos.push_back(std::move(info));
    }
    return infos;
  };
  return {shape, [](const Node& node, const std::string& what) {
            expect_map(node, what);
            if (node.members.empty())
              throw node.error(what + " names no format", "write {reg: {}}");
            std::vector<BundleFormat> made;
            for (const auto& member : node.members) made.push_back(read_format(member));
            check_zip(node);
            return made;
          }};
}

Type<WrittenPurposes> root_purposes() {
  const auto list = list_of(purpose());
  return {either_shape({choice_shape({"auto", "unrestricted"}), list.shape}),
          [list](const Node& node, const std::string& what) {
            WrittenPurposes made;
            if (node.type == Node::Type::list) {
              made.kind = Bundle::Purposes::listed;
              made.list = list.read(node, what);
              if (made.list.empty())
                throw node.error(what + " names no purpose", "write unrestricted for all");
              return made;
            }
            if (read_choice(node, what, {"auto", "unrestricted"}) == 1)
              made.kind = Bundle::Purposes::unrestricted;
            return made;
          }};
}

Type<WrittenState> wintrust_state() {
  return {either_shape({choice_shape({"keep", "default"}), hex32().shape}),
          [](const Node& node, const std::string& what) {
            using State = Bundle::WintrustState;
            if (node.type == Node::Type::scalar && node.value.starts_with("0x"))
              return WrittenState{State::value, hex32().read(node, what)};
            return WrittenState{
                read_choice(node, what, {"keep", "default"}) == 0 ? State::keep : State::standard,
                0};
          }};
}

const Fields<WrittenStores>& stores_fields() {
  using W = WrittenStores;
  static const Fields<W> fields = {
      "stores",
      {
          field("root", &W::root, list_of(reference()), "trusted roots"),
          field("ca", &W::ca, list_of(reference()),
                "authorities in between; those in use join by themselves"),
          field("trusted_publisher", &W::trusted_publisher, list_of(reference()),
                "certificates that install silently"),
          field("disallowed", &W::disallowed, list_of(reference()), "never to be trusted"),
      }};
  return fields;
}

const Fields<WrittenSettings>& settings_fields() {
  using W = WrittenSettings;
  using User = Bundle::User;
  static const Fields<W> fields = {
      "settings",
      {
          field("wintrust_state", &W::wintrust_state, wintrust_state(),
                "the Software Publishing State")
              .defaults("keep"),
          field("users", &W::users,
                list_of(choice<User>({{"current", User::current},
                                      {"default", User::standard},
                                      {"system", User::system}})),
                "whose state is set"),
          field("authenticode_flags", &W::authenticode_flags, integer(0, 0x7fffffff),
                "the AuthenticodeFlags policy"),
      }};
  return fields;
}

const Fields<WrittenDeployment>& deployment_fields() {
  using W = WrittenDeployment;
  static const Fields<W> fields = {
      "deployment",
      {
          field("confirm", &W::confirm, choice<bool>({{"required", true}, {"none", false}}),
                "whether someone must say that machines have it")
              .note("required; in labs none"),
          field("lead", &W::lead, duration_or_zero(), "how long machines take after that")
              .defaults("45d"),
      }};
  return fields;
}

const Fields<WrittenBundle>& bundle_fields() {
  using W = WrittenBundle;
  static const Fields<W> fields = {
      "a bundle",
      {
          field("stores", &W::stores, object(stores_fields), "what goes where").required(),
          field("root_purposes", &W::root_purposes, root_purposes(), "what roots are trusted for")
              .defaults("auto"),
          field("settings", &W::settings, object(settings_fields), "settings of the machine")
              .defaults("{}"),
          field("formats", &W::formats, formats(), "what is written").required(),
          field("output", &W::output, text(), "the folder; may hold {bundle} and {version}")
              .defaults("\"dist/{bundle}/v{version}\""),
          field("deployment", &W::deployment, object(deployment_fields), "how it reaches machines")
              .defaults("{}"),
          field("keep_versions", &W::keep_versions, integer(1, 1000), "how many versions stay")
              .defaults("4"),
      }};
  return fields;
}
}  // namespace

Type<WrittenBundle> bundle_type() { return object(bundle_fields); }

}  // namespace sealwright::policy
