#include "bundle/write.h"

#include <catch2/catch.hpp>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ossl/digest.h"
#include "states.h"

using namespace sealwright;

namespace {

std::vector<bundle::FormatRequest> all_formats() {
  std::vector<bundle::FormatRequest> requests;
  for (auto& name : bundle::format_names())
    requests.push_back({name, {{"forest", "DC=acme,DC=test"}}});
  return requests;
}

}  // namespace

TEST_CASE("the same state gives the same bytes in every format", "[bundle]") {
  const auto first = bundle::write_formats(test::lab_state(), all_formats());
  const auto second = bundle::write_formats(test::lab_state(), all_formats());
  REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i].path == second[i].path);
    CHECK(first[i].content == second[i].content);
  }
}

TEST_CASE("thousands of certificates are in every format, the same each time", "[bundle]") {
  const auto state = test::large_state(5000);
  std::set<std::string> expected;
  for (const auto& entry : state.present) expected.insert(entry.certificate.thumbprint().hex());
  REQUIRE(expected.size() == 5000);
  const auto files = bundle::write_formats(state, all_formats());
  for (const auto& file : files) {
    if (!file.path.ends_with("/README.txt")) continue;
    INFO(file.path);
    std::set<std::string> named;
    const std::string readme = text(file.content), before = "\n    thumbprint  ";
    for (auto at = readme.find(before); at != std::string::npos; at = readme.find(before, at + 1))
      named.insert(readme.substr(at + before.size(), 40));
    CHECK(named == expected);
  }
  const auto again = bundle::write_formats(state, all_formats());
  REQUIRE(again.size() == files.size());
  bool same = true;
  for (std::size_t i = 0; i < files.size(); ++i)
    same = same && again[i].path == files[i].path && again[i].content == files[i].content;
  CHECK(same);
}

TEST_CASE("each format has a README that names every certificate by both digests", "[bundle]") {
  const auto files = bundle::write_formats(test::lab_state(), all_formats());
  for (const auto& format : bundle::format_names()) {
    INFO(format);
    std::string readme;
    for (const auto& file : files)
      if (file.path == format + "/README.txt") readme = text(file.content);
    for (const auto& entry : test::lab_state().present) {
      CHECK(readme.find(entry.certificate.thumbprint().hex()) != std::string::npos);
      CHECK(readme.find(to_hex(entry.certificate.sha256())) != std::string::npos);
    }
    CHECK(readme.find("Undo:") != std::string::npos);
  }
}

TEST_CASE("the manifest lists every other file with its SHA-256", "[bundle]") {
  const auto files = bundle::write_formats(test::lab_state(), {"reg", "gpo"});
  REQUIRE(files.back().path == "manifest.json");
  const Json manifest = Json::parse(text(files.back().content));
  const auto& listed = manifest.at("files").items();
  REQUIRE(listed.size() == files.size() - 1);
  for (std::size_t i = 0; i < listed.size(); ++i) {
    CHECK(listed[i].at("path").string() == files[i].path);
    CHECK(listed[i].at("sha256").string() ==
          to_hex(ossl::hash(ossl::Digest::sha256, files[i].content)));
  }
}

TEST_CASE("an unknown format is refused with the nearest name", "[bundle]") {
  try {
    (void)bundle::write_formats(test::lab_state(), {"rge"});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.message == "unknown bundle format 'rge'");
    CHECK(error.hint == "did you mean 'reg'?");
  }
}

TEST_CASE("what a sealwright.yaml may say and this version cannot write is refused", "[bundle]") {
  struct Row {
    bundle::FormatRequest request;
    const char *message, *hint;
  };
  const Row rows[] = {
      {{"powershell", {{"sign_with", "publisher"}}},
       "format 'powershell': this version does not sign scripts",
       "leave 'sign_with' out, and sign them with a tool that can"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.request.name) {
      try {
        (void)bundle::write_formats(test::lab_state(), {row.request});
        FAIL("accepted");
      } catch (const Error& error) {
        CHECK(error.message == row.message);
        CHECK(error.hint == row.hint);
      }
    }
}

TEST_CASE("names from outside break no README and no manifest", "[bundle]") {
  for (const auto& file : bundle::write_formats(test::hostile_state(), all_formats())) {
    INFO(file.path);
    const std::string content = text(file.content);
    if (file.path == "manifest.json") {
      CHECK(Json::parse(content).at("schema").string() == "sealwright.bundle/1");
    } else if (file.path.ends_with("README.txt")) {
      for (const auto& piece : test::hostile_pieces)
        CHECK(content.find(piece) == std::string::npos);
      CHECK(content.find('\0') == std::string::npos);
      CHECK(content.find("thumbprint") != std::string::npos);
    }
  }
}

TEST_CASE("another display name makes other content, and so another version", "[bundle]") {
  auto a = test::lab_state(), b = test::lab_state();
  a.formats = {{"gpo", {{"display_name", "one"}}}};
  b.formats = {{"gpo", {{"display_name", "two"}}}};
  CHECK(bundle::content_of(a).dump() != bundle::content_of(b).dump());
}

TEST_CASE("save writes all or nothing, and never into a folder with files", "[bundle]") {
  test::Scratch scratch;
  const auto files = bundle::write_formats(test::lab_state(), {"reg"});
  bundle::save(files, scratch / "v3");
  for (const auto& file : files) CHECK(read_file(scratch / "v3" / file.path) == file.content);
  CHECK_THROWS_WITH(bundle::save(files, scratch / "v3"),
                    "'" + (scratch / "v3").string() + "' already exists");
  auto impossible = files;
  impossible.push_back({"reg/README.txt/x", {}});
  CHECK_THROWS(bundle::save(impossible, scratch / "v4"));
  CHECK_FALSE(std::filesystem::exists(scratch / "v4"));
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 1);
}
