// What must hold for every format that there is, and for those that will be added.

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/blob.h"
#include "bundle/write.h"
#include "bundle/zip.h"
#include "states.h"

using namespace sealwright;

namespace {

/// With every option that adds files.
std::vector<bundle::FormatRequest> all_formats() {
  std::vector<bundle::FormatRequest> requests;
  for (const auto& name : bundle::format_names())
    requests.push_back({name, {{"forest", "DC=acme,DC=test"}, {"current_user", "true"}}});
  return requests;
}

/// All files of all formats, one format after the other; those in a zip are there as they are in
/// it.
std::vector<bundle::OutputFile> all_files(bundle::State state) {
  state.formats = all_formats();
  auto requests = state.formats;
  requests.push_back({"gpo", {{"flavor", "policy"}}});
  std::vector<bundle::OutputFile> all;
  for (const auto& request : requests)
    for (auto& file : bundle::write_formats(state, {request})) {
      if (file.path == "manifest.json") file.path = request.name + "/" + file.path;
      if (request.option("flavor") == "policy") file.path = "policy-" + file.path;
      if (!file.path.ends_with(".zip")) {
        all.push_back(std::move(file));
        continue;
      }
      for (auto& inner : bundle::read_zip(file.content))
        all.push_back({"zip/held/" + inner.path, std::move(inner.content)});
    }
  return all;
}

/// Bundles whose names are the same, with every kind of content: what is removed, settings.
std::vector<bundle::State> variants(const bundle::State& state) {
  auto full = state;
  full.settings = test::some_settings();
  auto removed = full;
  removed.removed = {removed.present.back()};
  removed.present.pop_back();
  std::swap(removed.settings, removed.reverted);
  for (auto* one : {&full, &removed}) bundle::settle(*one);
  return {state, full, removed};
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Text in whatever encoding the file has.
std::string text_of(const bundle::OutputFile& file) {
  const std::string bytes = text(file.content);
  if (!bytes.starts_with("\xff\xfe")) return bytes;
  return from_utf16le(BytesView(file.content).subspan(2));
}

bool ends_with_any(const std::string& path, std::initializer_list<const char*> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](const char* end) { return path.ends_with(end); });
}

/// The shapes of all files, by file_shapes.py, one line each.
std::vector<std::string> shapes(const bundle::State& state) {
  test::Scratch scratch;
  for (const auto& file : all_files(state)) write_file(scratch / file.path, file.content);
  const auto ran = test::run({"python3", "tests/bundle/file_shapes.py", scratch.path().string()});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  std::istringstream lines(ran.out);
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) all.push_back(line);
  return all;
}

}  // namespace

TEST_CASE("names from outside change the shape of no file of any format", "[bundle][oracle]") {
  const auto hostile = variants(test::hostile_state()), harmless = variants(test::harmless_twin());
  for (std::size_t i = 0; i < hostile.size(); ++i) DYNAMIC_SECTION("variant " << i) {
      const auto expected = shapes(harmless[i]), found = shapes(hostile[i]);
      REQUIRE(found.size() == expected.size());
      CHECK(found.size() > 100);
      for (std::size_t line = 0; line < found.size(); ++line) CHECK(found[line] == expected[line]);
    }
}

TEST_CASE("names from outside stand in no file as they are", "[bundle]") {
  for (const auto& state : variants(test::hostile_state()))
    for (const auto& file : all_files(state)) {
      // JSON has its own escapes; certificates are what they are.
      if (ends_with_any(file.path, {".json", ".cer", ".crt", ".pem", ".p7b", ".sst", ".pol"}))
        continue;
      INFO(file.path);
      const std::string content = text_of(file);
      for (const auto& piece : test::hostile_pieces) CHECK_FALSE(holds(content, piece));
      CHECK_FALSE(holds(content, std::string(1, '\0')));
    }
}

TEST_CASE("no format writes NTAuth, which makes an authority good for logons", "[bundle]") {
  for (const auto& state : variants(test::lab_state()))
    for (const auto& file : all_files(state)) {
      if (file.path.ends_with("README.txt")) continue;  // One says that it is left alone.
      INFO(file.path);
      CHECK_FALSE(holds(ascii_lower(text_of(file)), "ntauth"));
      CHECK_FALSE(holds(ascii_lower(file.path), "ntauth"));
    }
}

TEST_CASE("no file of any format can hold a private key", "[bundle]") {
  const Bytes bag = *from_hex("2a864886f70d010c0a");  // RFC 7292, appendix D: bagtypes.
  for (const auto& state : variants(test::lab_state()))
    for (const auto& file : all_files(state)) {
      INFO(file.path);
      CHECK_FALSE(holds(text_of(file), "PRIVATE KEY"));
      CHECK_FALSE(holds(text(file.content), text(bag)));
      CHECK_FALSE(ends_with_any(file.path, {".pfx", ".p12", ".pvk", ".key"}));
    }
}

TEST_CASE("blobs have the properties that identify and restrict, never those of keys", "[bundle]") {
  const std::set<std::uint32_t> allowed = {
      bundle::property_sha1, bundle::property_enhanced_key_usage, bundle::property_friendly_name,
      bundle::property_key_identifier};
  CHECK_FALSE(allowed.contains(bundle::property_key_provider_info));
  for (const auto& state : variants(test::lab_state()))
    for (const auto& entry : state.present)
      for (const auto& property :
           bundle::read_blob(bundle::encode_blob(entry.certificate, entry.purposes)).properties)
        CHECK(allowed.contains(property.id));
}

TEST_CASE("READMEs and scripts name a certificate by its SHA-256 wherever they do by thumbprint",
          "[bundle]") {
  std::set<std::string> kinds;
  for (const auto& state : variants(test::lab_state())) {
    auto entries = state.present;
    entries.insert(entries.end(), state.removed.begin(), state.removed.end());
    for (const auto& file : all_files(state)) {
      if (!ends_with_any(file.path, {"README.txt", ".cmd", ".sh", ".ps1"})) continue;
      INFO(file.path);
      const std::string content = text_of(file);
      for (const auto& entry : entries) {
        if (!holds(content, entry.certificate.thumbprint().hex())) continue;
        CHECK(holds(content, to_hex(entry.certificate.sha256())));
        kinds.insert(file.path.substr(file.path.rfind('.')));
      }
    }
  }
  CHECK(kinds == std::set<std::string>{".cmd", ".ps1", ".sh", ".txt"});
}
