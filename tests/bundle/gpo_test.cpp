#include "bundle/gpo.h"

#include <catch2/catch.hpp>
#include <map>
#include <pugixml.hpp>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "bundle/blob.h"
#include "bundle/registry_pol.h"
#include "states.h"

using namespace sealwright;
namespace fs = std::filesystem;

namespace {

std::string content(const std::vector<bundle::OutputFile>& files, const std::string& name) {
  for (const auto& file : files)
    if (file.path.ends_with(name)) return text(file.content);
  return {};
}

/// Element names below `node` with their attributes' names, one a line: the shape of a document.
void shape(const pugi::xml_node& node, const std::string& path, std::vector<std::string>& lines) {
  for (const auto& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    std::string line = path + "/" + child.name();
    for (const auto& attribute : child.attributes()) line += std::string(" @") + attribute.name();
    lines.push_back(line);
    shape(child, path + "/" + child.name(), lines);
  }
}

std::vector<std::string> shape_of(const std::string& xml, const char* xpath) {
  pugi::xml_document document;
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  std::vector<std::string> lines;
  shape(document.select_node(xpath).node(), "", lines);
  return lines;
}

const bundle::FormatRequest policy("gpo", {{"flavor", "policy"}});
const bundle::FormatRequest preference("gpo", {{"flavor", "preference"}});

std::optional<fs::path> real_preference() {
  const auto corpus = test::corpus();
  if (!corpus) return std::nullopt;
  for (const auto& entry : fs::directory_iterator(*corpus / "gpo" / "detectionlab-gpp-nomanifest"))
    return entry.path();
  return std::nullopt;
}

std::optional<fs::path> real_backup() {
  const auto corpus = test::corpus();
  if (!corpus) return std::nullopt;
  for (const auto& entry : fs::directory_iterator(*corpus / "gpo" / "wshb-certificates"))
    return entry.path();
  return std::nullopt;
}

}  // namespace

TEST_CASE("the backup has the elements of a real one, in its order", "[bundle]") {
  const auto real = real_backup();
  if (!real) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const auto ours = bundle::gpo_backup(test::lab_state(), policy);
  const auto shape_of_real = [&](const char* file, const char* xpath) {
    return shape_of(text(read_file(*real / file)), xpath);
  };
  CHECK(shape_of(content(ours, "bkupInfo.xml"), "/") == shape_of_real("bkupInfo.xml", "/"));
  const char* core = "//GroupPolicyCoreSettings";
  CHECK(shape_of(content(ours, "Backup.xml"), core) == shape_of_real("Backup.xml", core));
  CHECK(shape_of(content(ours, "Backup.xml"), "//GroupPolicyExtension[1]").front() ==
        shape_of_real("Backup.xml", "//GroupPolicyExtension[1]").front());
  for (const char* value : {"//MachineExtensionGuids", "//GroupPolicyExtension/@bkp:ID",
                            "//FSObjectFile/@bkp:Path", "//FSObjectFile/@bkp:Location"}) {
    pugi::xml_document a, b;
    a.load_string(content(ours, "Backup.xml").c_str());
    const std::string theirs = text(read_file(*real / "Backup.xml"));
    b.load_string(theirs.c_str());
    const auto read = [&](pugi::xml_document& document) {
      const auto found = document.select_node(value);
      return std::string(found.attribute() ? found.attribute().value()
                                           : found.node().child_value());
    };
    INFO(value);
    CHECK(read(a) == read(b));
  }
}

TEST_CASE("the manifest is a real one's shape", "[bundle]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const std::string real =
      text(read_file(*corpus / "gpo" / "detectionlab-manifest" / "manifest.xml"));
  CHECK(shape_of(content(bundle::gpo_backup(test::lab_state(), policy), "manifest.xml"), "/") ==
        shape_of(real, "/"));
}

TEST_CASE("every file that the backup lists is there, and the policy in it is ours", "[bundle]") {
  const auto state = test::lab_state();
  const auto files = bundle::gpo_backup(state, policy);
  pugi::xml_document document;
  REQUIRE(document.load_string(content(files, "Backup.xml").c_str()));
  std::string location = document.select_node("//FSObjectFile/@bkp:Location").attribute().value();
  std::replace(location.begin(), location.end(), '\\', '/');
  CHECK(content(files, bundle::gpo_backup_id(state, policy) + "/" + location) ==
        text(bundle::encode_registry_pol(bundle::policy_instructions(state))));
  CHECK(document.select_node("//MachineVersionNumber").node().child_value() ==
        std::string("196611"));  // 3 in both halves
}

TEST_CASE("a preference backup has the elements of a real one, in its order", "[bundle]") {
  const auto real = real_preference();
  if (!real) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const auto ours = bundle::gpo_backup(test::lab_state(), preference);
  const std::string their_backup = text(read_file(*real / "Backup.xml"));
  const char* core = "//GroupPolicyCoreSettings";
  CHECK(shape_of(content(ours, "/Backup.xml"), core) == shape_of(their_backup, core));
  pugi::xml_document a, b;
  REQUIRE(a.load_string(content(ours, "/Backup.xml").c_str()));
  REQUIRE(b.load_string(their_backup.c_str()));
  const auto said = [](const pugi::xml_document& document, const char* element) {
    std::vector<std::string> lines;
    for (const auto& found : document.select_nodes(
             (std::string("//GroupPolicyExtension[@bkp:DescName='Unknown Extension']/") + element +
              "[contains(@bkp:Path, 'Preferences')]")
                 .c_str()))
      lines.push_back(std::string(found.node().attribute("bkp:Path").value()) + " " +
                      found.node().attribute("bkp:Location").value());
    return lines;
  };
  for (const char* element : {"FSObjectDir", "FSObjectFile"}) {
    CHECK(said(a, element) == said(b, element));
    CHECK_FALSE(said(a, element).empty());
  }
  // Theirs names the registry extension too, for it has a registry.pol.
  std::string extensions = b.select_node("//MachineExtensionGuids").node().child_value();
  const std::string registry =
      "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{D02B1F72-3407-48AE-BA88-E8213C6761F1}]";
  extensions.erase(extensions.find(registry), registry.size());
  CHECK(a.select_node("//MachineExtensionGuids").node().child_value() == extensions);
}

TEST_CASE("an item of Registry.xml says what a real one says, in its order", "[bundle]") {
  const auto real = real_preference();
  if (!real) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const auto item = [](const std::string& xml) {
    auto lines = shape_of(xml, "/RegistrySettings");
    lines.resize(2);
    for (auto& line : lines)  // Optional, and not in theirs ([MS-GPPREF] 2.2.1.1.2).
      if (const auto at = line.find(" @desc"); at != std::string::npos) line.erase(at, 6);
    return lines;
  };
  const std::string file = "DomainSysvol/GPO/Machine/Preferences/Registry/Registry.xml";
  const auto ours = content(bundle::gpo_backup(test::lab_state(), preference), file);
  CHECK(item(ours) == item(text(read_file(*real / file))));
  pugi::xml_document a, b;
  REQUIRE(a.load_string(ours.c_str()));
  REQUIRE(b.load_string(text(read_file(*real / file)).c_str()));
  for (const char* id : {"/RegistrySettings/@clsid", "//Registry/@clsid"})
    CHECK(std::string(a.select_node(id).attribute().value()) ==
          b.select_node(id).attribute().value());
}

namespace {

/// "U key name type value" of each item.
std::vector<std::string> items_of(const std::vector<bundle::OutputFile>& files,
                                  const std::string& file) {
  pugi::xml_document document;
  REQUIRE(document.load_string(content(files, file).c_str()));
  std::vector<std::string> lines;
  for (const auto& found : document.select_nodes("//Properties")) {
    std::string line;
    for (const char* name : {"action", "hive", "key", "name", "type", "value"})
      line += (line.empty() ? "" : "|") + std::string(found.node().attribute(name).value());
    lines.push_back(line);
  }
  return lines;
}

std::string machine_item(const char* action, const char* store, const test::Holder& holder,
                         const std::string& rest) {
  return std::string(action) + R"(|HKEY_LOCAL_MACHINE|SOFTWARE\Microsoft\SystemCertificates\)" +
         store + R"(\Certificates\)" + holder.certificate.thumbprint().hex() + rest;
}

}  // namespace

TEST_CASE("a preference writes what is present and deletes the keys of what left", "[bundle]") {
  const auto state = test::without_publisher();
  const auto files = bundle::gpo_backup(state, preference);
  const std::string id = bundle::gpo_backup_id(state, preference),
                    removal = bundle::gpo_removal_id(state, preference),
                    machine = "/DomainSysvol/GPO/Machine/Preferences/Registry/Registry.xml";
  const auto blob = [](const bundle::Entry& entry) {
    return "|Blob|REG_BINARY|" +
           to_hex_upper(bundle::encode_blob(entry.certificate, entry.purposes));
  };
  const auto& pki = test::pki();
  REQUIRE(state.present.size() == 2);
  CHECK(items_of(files, id + machine) ==
        std::vector<std::string>{
            machine_item("U", "ROOT", pki.root, blob(state.present[0])),
            machine_item("U", "CA", pki.issuing, blob(state.present[1])),
            machine_item("D", "TrustedPublisher", pki.code, "||REG_SZ|"),
        });
  CHECK(items_of(files, "remove/" + removal + machine) ==
        std::vector<std::string>{
            machine_item("D", "ROOT", pki.root, "||REG_SZ|"),
            machine_item("D", "CA", pki.issuing, "||REG_SZ|"),
            machine_item("D", "TrustedPublisher", pki.code, "||REG_SZ|"),
        });
  CHECK(id != removal);
}

TEST_CASE("settings stand with the machine or with the users, as their hive does", "[bundle]") {
  auto state = test::lab_state();
  state.present.clear();
  state.settings = test::some_settings();
  bundle::settle(state);
  const auto files = bundle::gpo_backup(state, preference);
  const std::string id = bundle::gpo_backup_id(state, preference),
                    publishing =
                        R"(Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\)"
                        R"(Software Publishing|State|REG_DWORD|)";
  CHECK(items_of(files, id + "/DomainSysvol/GPO/Machine/Preferences/Registry/Registry.xml") ==
        std::vector<std::string>{
            R"(U|HKEY_USERS|.DEFAULT\)" + publishing + "00023E00",
            R"(U|HKEY_LOCAL_MACHINE|SOFTWARE\Microsoft\SystemCertificates\TrustedPublisher\Safer)"
            "|AuthenticodeFlags|REG_DWORD|00000002",
        });
  CHECK(items_of(files, id + "/DomainSysvol/GPO/User/Preferences/Registry/Registry.xml") ==
        std::vector<std::string>{R"(U|HKEY_CURRENT_USER|)" + publishing + "00023E00"});
  pugi::xml_document document;
  REQUIRE(document.load_string(content(files, id + "/Backup.xml").c_str()));
  CHECK(document.select_node("//UserVersionNumber").node().child_value() == std::string("196611"));
  CHECK(items_of(files, bundle::gpo_removal_id(state, preference) +
                            "/DomainSysvol/GPO/User/Preferences/Registry/Registry.xml") ==
        std::vector<std::string>{R"(U|HKEY_CURRENT_USER|)" + publishing + "00023C00"});
}

TEST_CASE("every Location of a backup is there, in every flavour", "[bundle]") {
  auto state = test::without_publisher();
  state.settings = test::some_settings();
  bundle::settle(state);
  for (const auto* request : {&policy, &preference})
    for (const auto& backup : bundle::gpo_backup(state, *request)) {
      if (!backup.path.ends_with("/Backup.xml")) continue;
      const std::string folder = backup.path.substr(0, backup.path.size() - 10);
      pugi::xml_document document;
      REQUIRE(document.load_buffer(backup.content.data(), backup.content.size()));
      std::size_t found_files = 0;
      for (const auto& object : document.select_nodes("//FSObjectFile | //FSObjectDir")) {
        std::string location = object.node().attribute("bkp:Location").value();
        std::replace(location.begin(), location.end(), '\\', '/');
        const bool is_file = std::string(object.node().name()) == "FSObjectFile";
        const auto files = bundle::gpo_backup(state, *request);
        INFO(folder + location);
        CHECK(std::any_of(files.begin(), files.end(), [&](const auto& file) {
          return is_file ? file.path == folder + location
                         : file.path.starts_with(folder + location + "/");
        }));
        found_files += is_file;
      }
      CHECK(found_files == 2);
    }
}

namespace {

/// Every backup that can come out of a state with settings and removed certificates: of both
/// flavours, and what takes a preference back. By their folders.
std::map<std::string, std::vector<bundle::OutputFile>> all_backups() {
  auto state = test::without_publisher();
  state.settings = test::some_settings();
  bundle::settle(state);
  std::map<std::string, std::vector<bundle::OutputFile>> backups;
  for (const auto* request : {&policy, &preference})
    for (auto& file : bundle::gpo_backup(state, *request)) {
      const auto end = file.path.find('}');
      if (end == std::string::npos) continue;
      backups[file.path.substr(0, end + 1)].push_back(
          {file.path.substr(end + 2), std::move(file.content)});
    }
  return backups;
}

/// The same for both sides, whatever number the prefix of an extension's namespace has, and without
/// the optional description of a preference ([MS-GPPREF] 2.2.1.1.2).
std::set<std::string> general(const std::vector<std::string>& lines) {
  std::set<std::string> made;
  for (std::string line : lines) {
    if (const auto at = line.find("/User/"); at != std::string::npos)
      line.replace(at, 6, "/Computer/");
    if (const auto at = line.find(" @desc"); at != std::string::npos) line.erase(at, 6);
    std::string without_numbers;
    for (std::size_t i = 0; i < line.size(); ++i)
      if (!(std::isdigit(static_cast<unsigned char>(line[i])) && line[i - 1] == 'q'))
        without_numbers += line[i];
    made.insert(without_numbers);
  }
  return made;
}

std::vector<std::string> real_documents(const char* name) {
  std::vector<std::string> documents;
  for (const auto& backup : {real_backup(), real_preference()})
    if (backup) documents.push_back(text(read_file(*backup / name)));
  return documents;
}

}  // namespace

TEST_CASE("no backup has an element or attribute that real ones do not have", "[bundle]") {
  if (!real_backup()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  for (const char* name : {"Backup.xml", "bkupInfo.xml", "gpreport.xml"}) {
    // The real ones show keys without values; a report is for people, and not imported.
    const std::string value = "/GPO/Computer/ExtensionData/Extension/q:RegistrySetting/q:Value";
    std::set<std::string> known = {value, value + "/q:Name", value + "/q:Number"};
    for (const auto& document : real_documents(name)) known.merge(general(shape_of(document, "/")));
    for (const auto& [folder, files] : all_backups())
      for (const auto& line : general(shape_of(content(files, name), "/"))) {
        INFO(folder << "/" << name << ": " << line);
        CHECK(known.contains(line));
      }
  }
  CHECK(all_backups().size() == 3);
}

TEST_CASE("the parts of Backup.xml stand in a real one's order", "[bundle]") {
  if (!real_backup()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const auto parts = [](const std::string& xml) {
    pugi::xml_document document;
    REQUIRE(document.load_buffer(xml.data(), xml.size()));
    std::vector<std::string> names;
    for (const auto& part : document.child("GroupPolicyBackupScheme").child("GroupPolicyObject"))
      if (names.empty() || names.back() != part.name()) names.emplace_back(part.name());
    return names;
  };
  for (const auto& real : real_documents("Backup.xml"))
    for (const auto& [folder, files] : all_backups())
      CHECK(parts(content(files, "Backup.xml")) == parts(real));
}

TEST_CASE("extension lists are pairs of GUIDs, sorted by the extension", "[bundle]") {
  for (const auto& [folder, files] : all_backups()) {
    pugi::xml_document document;
    REQUIRE(document.load_string(content(files, "Backup.xml").c_str()));
    for (const char* side : {"//MachineExtensionGuids", "//UserExtensionGuids"}) {
      const std::string list = document.select_node(side).node().child_value();
      INFO(folder << side << " " << list);
      REQUIRE(list.size() % 78 == 0);  // [{GUID}{GUID}]
      REQUIRE_FALSE(list.empty());
      std::vector<std::string> pairs;
      for (std::size_t at = 0; at < list.size(); at += 78) pairs.push_back(list.substr(at, 78));
      CHECK(std::is_sorted(pairs.begin(), pairs.end()));
      for (const auto& pair : pairs) {
        std::string form = pair;
        for (char& c : form)
          if (std::isdigit(static_cast<unsigned char>(c)) || (c >= 'A' && c <= 'F')) c = 'x';
        const std::string guid = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
        CHECK(form == "[" + guid + guid + "]");
      }
    }
  }
}

namespace {

/// The certificates of a report, as hex, sorted.
std::vector<std::string> reported(const std::string& xml) {
  pugi::xml_document document;
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  std::vector<std::string> blobs;
  for (const auto& found : document.select_nodes("//q1:Data"))
    blobs.emplace_back(found.node().child_value());
  std::sort(blobs.begin(), blobs.end());
  return blobs;
}

/// Those of a registry.pol.
std::vector<std::string> applied(BytesView pol) {
  std::vector<std::string> blobs;
  for (const auto& instruction : bundle::read_registry_pol(pol))
    if (instruction.value == "Blob") blobs.push_back(to_hex_upper(instruction.data));
  std::sort(blobs.begin(), blobs.end());
  return blobs;
}

}  // namespace

TEST_CASE("the report shows the certificates that registry.pol has, as a real one does",
          "[bundle]") {
  const auto files = bundle::gpo_backup(test::lab_state(), policy);
  const std::string report = content(files, "gpreport.xml");
  CHECK(reported(report).size() == 3);
  CHECK(reported(report) == applied(view(content(files, "registry.pol"))));
  if (!real_backup()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const std::string real = text(read_file(*real_backup() / "gpreport.xml"));
  CHECK(reported(real) ==
        applied(read_file(*real_backup() / "DomainSysvol" / "GPO" / "Machine" / "registry.pol")));
  for (const char* element : {"//q1:RootCertificate", "//q1:IntermediateCACertificate"}) {
    INFO(element);
    CHECK(shape_of(report, element) == shape_of(real, element));
    CHECK_FALSE(shape_of(report, element).empty());
  }
}

TEST_CASE("real certificate properties are read whole, and ours have the values Windows wrote",
          "[bundle]") {
  if (!real_backup()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  std::size_t certificates = 0;
  for (const auto& hex : reported(text(read_file(*real_backup() / "gpreport.xml")))) {
    const Bytes bytes = *from_hex(hex);
    const auto blob = bundle::read_blob(bytes);
    Bytes again;
    const auto put = [&](std::uint32_t id, BytesView value) {
      put_u32le(again, id);
      put_u32le(again, 1);
      put_u32le(again, static_cast<std::uint32_t>(value.size()));
      append(again, value);
    };
    for (const auto& property : blob.properties) put(property.id, property.value);
    put(bundle::property_certificate, blob.certificate.der());
    CHECK(again == bytes);
    for (const auto& ours : bundle::read_blob(bundle::encode_blob(blob.certificate)).properties)
      CHECK(std::any_of(blob.properties.begin(), blob.properties.end(), [&](const auto& theirs) {
        return theirs.id == ours.id && theirs.value == ours.value;
      }));
    ++certificates;
  }
  CHECK(certificates == 37);
}

TEST_CASE("xmllint finds the XML well-formed, whatever the display name holds",
          "[bundle][oracle]") {
  if (!test::have_program("xmllint")) {
    WARN("SKIPPED: xmllint is not installed");
    return;
  }
  auto state = test::lab_state();
  state.display_name = "a]]>b <&\"'\x01\xe2\x80\xae$(x) %PATH%\r\n";
  test::Scratch scratch;
  state.present[0].label = state.display_name;
  auto files = bundle::gpo_backup(state, policy);
  for (auto& file : bundle::gpo_backup(state, preference)) files.push_back(std::move(file));
  for (const auto& file : files) {
    if (!file.path.ends_with(".xml")) continue;
    write_file(scratch / "x.xml", file.content, {Access::everyone, Existing::replace});
    const auto ran = test::run({"xmllint", "--noout", (scratch / "x.xml").string()});
    INFO(file.path << ran.err);
    CHECK(ran.exit_code == 0);
  }
}
