#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "bundle/written.h"
#include "fixture.h"
#include "workspace/bundle_list.h"

using namespace sealwright;
using test::LabWorkspace;
using Lines = std::vector<std::string>;
using days = std::chrono::days;
namespace fs = std::filesystem;

namespace {

workspace::WrittenBundle write(const LabWorkspace& lab,
                               const workspace::BundleOptions& options = {}) {
  auto workspace = lab.open();
  return workspace::write_bundle(workspace, *workspace.hierarchy().bundle("lab-trust"), options);
}

workspace::WrittenBundle write_ring(const LabWorkspace& lab, const std::string& ring) {
  workspace::BundleOptions options;
  options.ring = ring;
  return write(lab, options);
}

/// The next version, with another State.
workspace::WrittenBundle write_next(const LabWorkspace& lab, int number) {
  lab.edit([&](std::string text) {
    const auto from = text.find("    settings:");
    if (from != std::string::npos) text.erase(from, text.find('\n', from) + 1 - from);
    return test::replaced(
        text, "    formats:",
        "    settings: {wintrust_state: \"0x23c0" + std::to_string(number) + "\"}\n    formats:");
  });
  return write(lab);
}

Lines folders(const LabWorkspace& lab) {
  Lines names;
  for (const auto& entry : fs::directory_iterator(lab.scratch.path() / "lab/dist/lab-trust"))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Lines overlaps(const std::vector<bundle::Entry>& entries) {
  Lines all;
  for (const auto& entry : entries)
    if (!entry.overlap.empty()) all.push_back(entry.label + " stays " + entry.overlap);
  return all;
}

bundle::State desired(const LabWorkspace& lab) {
  const auto workspace = lab.open();
  return workspace::desired_state(workspace, *workspace.hierarchy().bundle("lab-trust"));
}

}  // namespace

TEST_CASE("a ring gets the same version, beside that of all others and as something else",
          "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  write_next(lab, 1);
  const auto ring = write_ring(lab, "pilot");
  CHECK(ring.version == 2);
  CHECK_FALSE(ring.new_version);
  CHECK(folders(lab) == Lines{"v1", "v2", "v2-pilot"});
  const auto folder = lab.scratch.path() / "lab/dist/lab-trust";
  CHECK(bundle::written_in(folder / "v2-pilot") == bundle::Written{"lab-trust", 2, "pilot"});
  const auto manifest = [&](const char* of) {
    return read_text(folder / of / "gpo/manifest.xml").substr(0, 1000);
  };
  CHECK(manifest("v2-pilot").find("<![CDATA[Driver lab trust (pilot)]]>") != std::string::npos);
  const std::string guid = "<GPOGuid><![CDATA[";
  CHECK(manifest("v2").substr(manifest("v2").find(guid), 56) !=
        manifest("v2-pilot").substr(manifest("v2-pilot").find(guid), 56));
  CHECK(read_text(folder / "v2-pilot/reg/README.txt").find("Ring pilot: ") != std::string::npos);
  CHECK(read_text(folder / "v2/reg/README.txt").find("Ring") == std::string::npos);
  CHECK(lab.apply().empty());
}

TEST_CASE("what was tried in a ring is what all get", "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  lab.now += days(600);
  lab.apply();
  const auto tried = write_ring(lab, "pilot");
  const auto all = write(lab);
  CHECK(tried.version == all.version);
  CHECK_FALSE(all.new_version);
}

TEST_CASE("a version that a ring alone has waits there, and starts no waiting time",
          "[workspace]") {
  LabWorkspace lab;
  lab.edit([](std::string text) {
    return test::replaced(
        text, "    formats:", "    keep_versions: 1\n    deployment: {lead: 30d}\n    formats:");
  });
  lab.apply();
  lab.now += days(600);
  {
    auto workspace = lab.open();
    auto keys = test::keys_of(workspace);
    workspace::apply(workspace, workspace::make_plan(workspace, {{"driver-signing"}, false}), keys,
                     {ossl::system_random(), {}});
  }
  CHECK(write_ring(lab, "pilot").new_version);
  CHECK(folders(lab) == Lines{"v1", "v2-pilot"});  // What all others have stays.
  const auto notes = [&] {
    const auto workspace = lab.open();
    return workspace::bundle_notes(workspace, *workspace.hierarchy().bundle("lab-trust"));
  };
  CHECK(notes() == Lines{"version 2 is with ring pilot alone: 'bundle write lab-trust' gives it to "
                         "all"});
  lab.now += days(60);
  CHECK(lab.apply().empty());
  CHECK(lab.open().inventory().active("driver-signing")->number == 1);
  write(lab);
  CHECK(notes().empty());
  lab.apply();
  CHECK(lab.open().inventory().active("driver-signing")->number == 1);
  lab.now += days(31);
  lab.apply();
  CHECK(lab.open().inventory().active("driver-signing")->number == 2);
}

TEST_CASE("a folder whose manifest says nothing is not that of a version", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  const auto folder = lab.scratch.path() / "lab/dist/lab-trust/v1";
  write_file(folder / "manifest.json", view("{\"files\":[]}"),
             {Access::everyone, Existing::replace});
  const auto workspace = lab.open();
  CHECK(workspace::bundle_due(workspace, *workspace.hierarchy().bundle("lab-trust")) ==
        "its folder holds something else");
}

TEST_CASE("names of rings", "[workspace]") {
  const std::string good[] = {"pilot", "a", "ring-2"};
  for (const auto& name : good) CHECK_NOTHROW(workspace::check_ring(name));
  const std::string bad[] = {"", "2", "-a", "Pilot", "a/b", "..", "a b", "ä", std::string(33, 'a')};
  for (const auto& name : bad) CHECK_THROWS_AS(workspace::check_ring(name), Error);
}

TEST_CASE("what a newer one took the place of says how long it stays, which makes no new version",
          "[workspace]") {
  LabWorkspace lab;
  const std::string overlap = GENERATE("until-safe", "90d");
  lab.edit_policy("driver-signing", [&](std::string text) {
    return test::replaced(text, "overlap: until-safe", "overlap: " + overlap);
  });
  lab.apply();
  CHECK(overlaps(desired(lab).present).empty());
  lab.now += days(600);
  lab.apply();
  const bool safe = overlap == "until-safe";
  const std::string until_safe =
      "driver-signing@1 stays until nothing that must still install depends on it";
  CHECK(overlaps(desired(lab).present) ==
        Lines{safe ? until_safe : "driver-signing@1 stays for 90d from when its successor signs"});
  const auto folder = lab.scratch.path() / "lab/dist/lab-trust/v2";
  const std::string said = safe ? "stays until nothing" : "stays for 90d";
  CHECK(read_text(folder / "reg/README.txt").find("overlap     " + said) != std::string::npos);
  CHECK(read_text(folder / "manifest.json").find("\"overlap\": \"" + said.substr(6)) !=
        std::string::npos);
  test::record_signature(lab, 1, lab.now);
  {
    auto workspace = lab.open();
    workspace.inventory().activate(workspace.inventory().generation("driver-signing", 2)->id);
  }
  CHECK(overlaps(desired(lab).present) ==
        Lines{safe ? until_safe : "driver-signing@1 stays until 2028-05-05"});
  CHECK(write(lab).overlaps.size() == 1);
  CHECK(write(lab).version == 2);
}

TEST_CASE("what left the YAML and is still depended on overlaps, too", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  test::record_signature(lab, 1, lab.now);
  lab.edit([](std::string text) {
    const auto from = text.find("  driver-signing:\n"), to = text.find("  timestamping:\n", from);
    text.erase(from, to - from);
    return test::replaced(text, "trusted_publisher: [driver-signing]", "trusted_publisher: []");
  });
  CHECK(overlaps(desired(lab).present) ==
        Lines{"driver-signing@1 stays until nothing that must still install depends on it"});
}

TEST_CASE("an expired publisher stays while timestamped signatures by it are on record",
          "[workspace]") {
  LabWorkspace lab;
  lab.apply();
  const bool timestamped = GENERATE(true, false);
  test::record_signature(lab, 1, timestamped ? std::optional(lab.now) : std::nullopt);
  lab.now += days(600);
  lab.apply();
  {
    auto workspace = lab.open();
    workspace.inventory().activate(workspace.inventory().generation("driver-signing", 2)->id);
  }
  lab.now += days(200);
  lab.apply_due();
  const auto state = desired(lab);
  const bool there = std::any_of(state.present.begin(), state.present.end(), [&](const auto& one) {
    return one.label == "driver-signing@1" && one.certificate.not_after() < lab.now;
  });
  CHECK(there == timestamped);
}

namespace {

/// keep_versions: 2, with version 1 for all and for a ring, and version 2.
void make_old_versions(const LabWorkspace& lab) {
  lab.edit([](std::string text) {
    return test::replaced(text, "    formats:", "    keep_versions: 2\n    formats:");
  });
  lab.apply();
  write_ring(lab, "pilot");
  write_next(lab, 1);
  REQUIRE(folders(lab) == Lines{"v1", "v1-pilot", "v2"});
}

}  // namespace

TEST_CASE("folders older than keep_versions go, those of rings too", "[workspace]") {
  const LabWorkspace lab;
  make_old_versions(lab);
  const auto written = write_next(lab, 2);
  CHECK(written.deleted == std::vector<fs::path>{"dist/lab-trust/v1", "dist/lab-trust/v1-pilot"});
  CHECK(written.left.empty());
  CHECK(folders(lab) == Lines{"v2", "v3"});
}

TEST_CASE("the folder of the version that was deployed last stays", "[workspace]") {
  const LabWorkspace lab;
  make_old_versions(lab);
  lab.open().inventory().record_deployment("lab-trust", 1, 5, 5);
  CHECK(write_next(lab, 2).deleted.empty());
  CHECK(write_next(lab, 3).deleted == std::vector<fs::path>{"dist/lab-trust/v2"});
  CHECK(folders(lab) == Lines{"v1", "v1-pilot", "v3", "v4"});
}

TEST_CASE("an old folder that is not as it was written stays, and it is said why", "[workspace]") {
  struct Row {
    const char* name;
    void (*change)(const fs::path& old, const fs::path& elsewhere);
    const char* why;
  };
  static constexpr WriteOptions replace{Access::everyone, Existing::replace};
  const Row rows[] = {
      {"a file is beside them",
       [](const fs::path& old, const fs::path&) { write_file(old / "notes.txt", view("mine")); },
       "'notes.txt' is in it, too"},
      {"an empty folder is beside them",
       [](const fs::path& old, const fs::path&) { fs::create_directory(old / "reg/old"); },
       "'reg/old' is in it, too"},
      {"one was changed",
       [](const fs::path& old, const fs::path&) {
         write_file(old / "reg/README.txt", view("x"), replace);
       },
       "its files are not as they were written"},
      {"one is gone",
       [](const fs::path& old, const fs::path&) { fs::remove(old / "reg/README.txt"); },
       "its files are not as they were written"},
      {"one is a link to what it was",
       [](const fs::path& old, const fs::path& elsewhere) {
         fs::rename(old / "reg/README.txt", elsewhere);
         fs::create_symlink(elsewhere, old / "reg/README.txt");
       },
       "'reg/README.txt' is in it, too"},
      {"the folder is a link out of the workspace",
       [](const fs::path& old, const fs::path& elsewhere) {
         fs::rename(old, elsewhere);
         fs::create_directory_symlink(elsewhere, old);
       },
       "'dist/lab-trust/v1' is outside the workspace"},
      {"the folder is a link inside the workspace",
       [](const fs::path& old, const fs::path&) {
         fs::rename(old, old.parent_path() / "first");
         fs::create_directory_symlink("first", old);
       },
       "it is not a folder"},
      {"the manifest is no manifest",
       [](const fs::path& old, const fs::path&) {
         write_file(old / "manifest.json", view("{}"), replace);
       },
       "it has no manifest.json that can be read"},
      {"the manifest's lists are of another kind",
       [](const fs::path& old, const fs::path&) {
         write_file(old / "manifest.json", view(R"({"files": [{"path": 1}]})"), replace);
       },
       "it has no manifest.json that can be read"},
      {"it holds another version",
       [](const fs::path& old, const fs::path&) {
         fs::remove_all(old);
         fs::copy(old.parent_path() / "v2", old, fs::copy_options::recursive);
       },
       "it holds another version"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const LabWorkspace lab;
      make_old_versions(lab);
      row.change(lab.scratch.path() / "lab/dist/lab-trust/v1", lab.scratch.path() / "elsewhere");
      const auto written = write_next(lab, 2);
      REQUIRE(written.left.size() == 1);
      CHECK(written.left[0].folder == "dist/lab-trust/v1");
      CHECK(written.left[0].why == row.why);
      CHECK(written.deleted == std::vector<fs::path>{"dist/lab-trust/v1-pilot"});
      CHECK(fs::exists(lab.scratch.path() / "lab/dist/lab-trust/v1"));
    }
}

TEST_CASE("a folder for all versions is not taken for that of a new one", "[workspace]") {
  const LabWorkspace lab;
  lab.edit([](std::string text) {
    return test::replaced(text, "    formats:", "    output: dist/trust\n    formats:");
  });
  lab.apply();
  CHECK_THROWS_WITH(write_next(lab, 1), Catch::EndsWith("dist/trust' are another version's"));
}

TEST_CASE("the list of versions: what each holds, gained and lost, where it is", "[workspace]") {
  LabWorkspace lab;
  const auto text = [&] { return workspace::to_text(workspace::list_bundles(lab.open())); };
  CHECK(text() ==
        "VERSION    MADE  CHANGE  ROOT  CA  PUBLISHER  DISALLOWED  FOLDER  NOTE\n"
        "lab-trust  -     -       -     -   -          -           -       due: not written yet\n");
  lab.apply();
  lab.now += days(600);
  lab.apply();
  lab.open().inventory().record_deployment("lab-trust", 1, 9, 10);
  lab.edit([](std::string yaml) {
    return test::replaced(yaml, "trusted_publisher: [driver-signing]", "trusted_publisher: []");
  });
  write(lab);
  fs::remove_all(lab.scratch.path() / "lab/dist/lab-trust/v3");
  CHECK(
      text() ==
      "VERSION      MADE        CHANGE  ROOT  CA  PUBLISHER  DISALLOWED  FOLDER             NOTE\n"
      "lab-trust@1  2026-06-15  +3 -0   1     1   1          0           dist/lab-trust/v1  "
      "deployed 2028-02-05: 9 of 10 machines\n"
      "lab-trust@2  2028-02-05  +1 -0   1     1   2          0           dist/lab-trust/v2\n"
      "lab-trust@3  2028-02-05  +0 -3   1     0   0          0           not written        due: "
      "its folder is not there\n");
  lab.edit([](std::string yaml) { return test::replaced(yaml, "  lab-trust:\n", "  other:\n"); });
  const auto bundles = workspace::list_bundles(lab.open());
  REQUIRE(bundles.size() == 2);
  CHECK(bundles[1].name == "lab-trust");
  CHECK_FALSE(bundles[1].in_yaml);
  CHECK(workspace::list_bundles(lab.open(), "lab-trust").size() == 1);
  CHECK_THROWS_WITH(workspace::list_bundles(lab.open(), "lab-turst"),
                    "no bundle is called 'lab-turst'");
}
