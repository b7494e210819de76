#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/json.h"
#include "readings.h"
#include "states.h"

using namespace sealwright;
using test::found_in;
using test::Lines;
using test::pki;

namespace {

const test::Read read_profile = [](BytesView bytes, bundle::Contents& contents) {
  bundle::read_intune_profile(bytes, "f", contents);
};

Json row(const std::string& type, const std::string& uri, Json value) {
  return Json::object()
      .set("@odata.type", "#microsoft.graph." + type)
      .set("omaUri", uri)
      .set("value", std::move(value));
}

std::string root_uri() {
  return "./Device/Vendor/MSFT/RootCATrustedCertificates/Root/" +
         pki().root.certificate.thumbprint().hex() + "/EncodedCertificate";
}

Json profile(const Json::Array& rows) {
  return Json::object()
      .set("@odata.type", "#microsoft.graph.windows10CustomConfiguration")
      .set("displayName", "Lab")
      .set("omaSettings", Json(rows));
}

}  // namespace

TEST_CASE("rows of a custom profile become additions, whatever list it stands in", "[bundle]") {
  const std::string base64 = to_base64(pki().root.certificate.der());
  const std::string added = "add LocalMachine: Root " + pki().root.certificate.thumbprint().hex();
  const Json good = row("omaSettingBase64", root_uri(), base64);
  const Json other = Json::object().set("@odata.type", "#microsoft.graph.iosCustomConfiguration");
  struct Row {
    const char* name;
    Json json;
    Lines certificates;
    std::size_t others;
    Lines faults;
  };
  const Row rows[] = {
      {"Base64", profile({good}), {added + ", certificate"}, 0, {}},
      {"String",
       profile({row("omaSettingString", root_uri(), base64)}),
       {added + ", certificate"},
       0,
       {}},
      {"other types, and other nodes",
       profile({row("omaSettingInteger", "./x", 1), row("omaSettingString", "./x", "y"),
                row("omaSettingStringXml", root_uri(), base64), Json("text")}),
       {},
       4,
       {}},
      {"a list", Json(Json::Array{profile({good}), other}), {added + ", certificate"}, 1, {}},
      {"a list as Graph answers",
       Json::object()
           .set("@odata.context", "x")
           .set("value", Json(Json::Array{
                             other, profile({good, row("omaSettingString", root_uri(), "%")})})),
       {added + ", certificate"},
       1,
       {"error: profile 2, item 2: no certificate: the value is not base64"}},
      {"line feeds",
       profile({row("omaSettingString", root_uri(), base64 + "\r\n")}),
       {added + ", certificate"},
       0,
       {"error: item 1: the base64 has line feeds: the provider refuses it"}},
      {"a value that Graph hides",
       profile({row("omaSettingString", root_uri(), "****")}),
       {added},
       0,
       {"warning: item 1: the value is hidden: which certificate it is, the URI alone says"}},
      {"a value that is no text",
       profile({row("omaSettingBase64", root_uri(), 7)}),
       {},
       0,
       {"error: item 1: no certificate: the value is empty"}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const auto found = found_in(read_profile, row.json.dump());
      CHECK(test::certificate_lines(found) == row.certificates);
      CHECK(found.other_changes == row.others);
      CHECK(test::fault_lines(found) == row.faults);
      CHECK(found.title == "Lab");
    }
}

TEST_CASE("what is no profile is refused", "[bundle]") {
  struct Row {
    const char* name;
    std::string text;
    const char* message;
  };
  const char* no_profile = "not a custom profile of Intune: it has no list 'omaSettings'";
  const Row rows[] = {
      {"nothing", "", "JSON ends too early"},
      {"a number", "1", no_profile},
      {"another object", "{}", no_profile},
      {"rows that are no list", "{\"omaSettings\": {}}", no_profile},
      {"lists deep in each other", std::string(100'000, '['), "JSON is nested more than 64"},
      {"a key twice", R"({"value": [], "value": []})", "JSON key 'value' is repeated"},
      {"too large a file", std::string((32 << 20) + 1, ' '), "the file is larger than 32 MiB"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(found_in(read_profile, row.text), Catch::StartsWith(row.message));
    }
}

TEST_CASE("every beginning of a profile is refused", "[bundle]") {
  const std::string text =
      profile({row("omaSettingBase64", root_uri(), to_base64(pki().root.certificate.der()))})
          .dump(-1);
  CHECK(test::refused_beginnings(read_profile, view(text)) == text.size());
}

TEST_CASE("a profile of more changes than readers take is refused", "[bundle]") {
  std::string text = "{\"omaSettings\": [";
  for (std::size_t i = 0; i < bundle::max_read_changes; ++i) text += "1,";
  text += "1]}";
  CHECK_THROWS_WITH(found_in(read_profile, text), "the file holds more than 100,000 changes");
}
