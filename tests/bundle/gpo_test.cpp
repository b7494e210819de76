#include "bundle/gpo.h"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "base/encoding.h"
#include "base/file.h"
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
  const auto ours = bundle::gpo_backup(test::lab_state());
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
  CHECK(shape_of(content(bundle::gpo_backup(test::lab_state()), "manifest.xml"), "/") ==
        shape_of(real, "/"));
}

TEST_CASE("every file that the backup lists is there, and the policy in it is ours", "[bundle]") {
  const auto state = test::lab_state();
  const auto files = bundle::gpo_backup(state);
  pugi::xml_document document;
  REQUIRE(document.load_string(content(files, "Backup.xml").c_str()));
  std::string location = document.select_node("//FSObjectFile/@bkp:Location").attribute().value();
  std::replace(location.begin(), location.end(), '\\', '/');
  CHECK(content(files, bundle::gpo_backup_id(state) + "/" + location) ==
        text(bundle::encode_registry_pol(bundle::policy_instructions(state))));
  CHECK(document.select_node("//MachineVersionNumber").node().child_value() ==
        std::string("196611"));  // 3 in both halves
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
  for (const auto& file : bundle::gpo_backup(state)) {
    if (!file.path.ends_with(".xml")) continue;
    write_file(scratch / "x.xml", file.content, {Access::everyone, Existing::replace});
    const auto ran = test::run({"xmllint", "--noout", (scratch / "x.xml").string()});
    INFO(file.path << ran.err);
    CHECK(ran.exit_code == 0);
  }
}
