#include "bundle/intune.h"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "base/encoding.h"
#include "base/file.h"
#include "states.h"

using namespace sealwright;

namespace {

std::string content(const bundle::State& state, const std::string& name) {
  for (const auto& file :
       bundle::intune_files(state, bundle::FormatRequest("intune", {{"display_name", "Ours"}})))
    if (file.path == name) return text(file.content);
  return {};
}

std::vector<std::string> values(const std::string& xml, const char* xpath) {
  pugi::xml_document document;
  REQUIRE(document.load_string(xml.c_str()));
  std::vector<std::string> found;
  for (const auto& node : document.select_nodes(xpath))
    found.emplace_back(node.node().child_value());
  return found;
}

std::string uri(const char* store, const test::Holder& holder,
                const char* rest = "/EncodedCertificate") {
  return std::string("./Device/Vendor/MSFT/RootCATrustedCertificates/") + store + "/" +
         holder.certificate.thumbprint().hex() + rest;
}

}  // namespace

TEST_CASE("the profile has a row per thumbprint with the certificate on one line", "[bundle]") {
  const Json profile = Json::parse(content(test::lab_state(), "profile.json"));
  CHECK(profile.at("@odata.type").string() == "#microsoft.graph.windows10CustomConfiguration");
  CHECK(profile.at("displayName").string() == "Ours");
  const auto& rows = profile.at("omaSettings").items();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].at("omaUri").string() == uri("Root", test::pki().root));
  CHECK(rows[1].at("omaUri").string() == uri("CA", test::pki().issuing));
  CHECK(rows[2].at("omaUri").string() == uri("TrustedPublisher", test::pki().code));
  CHECK(rows[2].at("value").string() == to_base64(test::pki().code.certificate.der()));
}

TEST_CASE("what is distrusted goes where the provider keeps untrusted certificates", "[bundle]") {
  auto state = test::lab_state();
  state.present.back().store = bundle::Store::disallowed;
  const Json profile = Json::parse(content(state, "profile.json"));
  CHECK(profile.at("omaSettings").items().back().at("omaUri").string() ==
        uri("UntrustedCertificates", test::pki().code));
}

TEST_CASE("SyncML adds what is present and deletes nodes that left; its twin deletes all",
          "[bundle]") {
  const auto state = test::without_publisher();
  const std::string install = content(state, "install.xml"), remove = content(state, "remove.xml");
  CHECK(values(install, "//Add//LocURI") ==
        std::vector<std::string>{uri("Root", test::pki().root), uri("CA", test::pki().issuing)});
  CHECK(values(install, "//Add//Data") ==
        std::vector<std::string>{to_base64(test::pki().root.certificate.der()),
                                 to_base64(test::pki().issuing.certificate.der())});
  CHECK(values(install, "//Delete//LocURI") ==
        std::vector<std::string>{uri("TrustedPublisher", test::pki().code, "")});
  CHECK(values(install, "//CmdID") == std::vector<std::string>{"1", "2", "3"});
  CHECK(values(remove, "//Delete//LocURI") ==
        std::vector<std::string>{uri("Root", test::pki().root, ""),
                                 uri("CA", test::pki().issuing, ""),
                                 uri("TrustedPublisher", test::pki().code, "")});
}

TEST_CASE("xmllint and python read the files whatever the names hold", "[bundle][oracle]") {
  if (!test::have_program("xmllint")) {
    WARN("SKIPPED: xmllint is not installed");
    return;
  }
  test::Scratch scratch;
  for (const char* name : {"install.xml", "remove.xml"}) {
    write_file(scratch / name, view(content(test::hostile_state(), name)));
    CHECK(test::run({"xmllint", "--noout", (scratch / name).string()}).exit_code == 0);
  }
  write_file(scratch / "profile.json", view(content(test::hostile_state(), "profile.json")));
  const auto ran = test::run(
      {"python3", "-c",
       "import base64, json, sys\n"
       "for row in json.load(open(sys.argv[1]))['omaSettings']: base64.b64decode(row['value'], "
       "validate=True)",
       (scratch / "profile.json").string()});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
}
