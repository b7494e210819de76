#include "workspace/bundle_templates.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "fixture.h"
#include "workspace/bundles.h"

using namespace sealwright;
using test::LabWorkspace;
namespace fs = std::filesystem;

namespace {

workspace::WrittenBundle write(const LabWorkspace& lab) {
  auto workspace = lab.open();
  return workspace::write_bundle(workspace, *workspace.hierarchy().bundle("lab-trust"));
}

}  // namespace

TEST_CASE("a workspace's own template takes the place of the program's, in what is written next",
          "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  const auto home = lab.scratch.path() / "lab";
  write_file(home / "templates/bundle/reg-README.txt", view("\xef\xbb\xbf"
                                                            "Ask the desk about {{bundle}}.\r\n"));
  CHECK(write(lab).version == 1);
  CHECK(lab.apply().empty());
  fs::remove_all(home / "dist");
  write(lab);
  CHECK(read_text(home / "dist/lab-trust/v1/reg/README.txt")
            .starts_with("Ask the desk about lab-trust.\r\n\r\nCertificates ("));
}

TEST_CASE("an empty template counts as none", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  const auto home = lab.scratch.path() / "lab";
  write_file(home / "templates/bundle/reg-README.txt", view(""));
  CHECK(workspace::own_templates(home).empty());
}

TEST_CASE("a template that cannot be used is refused, with its name", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  const auto home = lab.scratch.path() / "lab";
  const auto file = home / "templates/bundle/reg-README.txt";
  fs::create_directories(file.parent_path());
  write_file(lab.scratch / "outside.txt", view("{{bundle}}"));
  struct Row {
    const char* name;
    std::function<void()> make;
    Error::Kind kind;
    const char* message;
  };
  const auto text = [&](std::string content) {
    return [&file, content] { write_file(file, view(content)); };
  };
  const auto link = [&](fs::path to) { return [&file, to] { fs::create_symlink(to, file); }; };
  const char* out = "'templates/bundle/reg-README.txt' is a link out of the workspace's templates/";
  const Row rows[] = {
      {"a name without value", text("a\nb {{nam}}\n"), Error::Kind::input,
       "templates/bundle/reg-README.txt:2: 'nam' has no value"},
      {"a section left open", text("\n\n{{#certificates}}\n"), Error::Kind::input,
       "templates/bundle/reg-README.txt:3: section 'certificates' is not closed"},
      {"unescaped output", text("{{{bundle}}}"), Error::Kind::input,
       "templates/bundle/reg-README.txt:1: unescaped output '{{{' is not allowed"},
      {"an insert of nothing", text("a\n{{! insert ../../secret }}\n"), Error::Kind::input,
       "templates/bundle/reg-README.txt:2: there is no template '../../secret'"},
      {"not UTF-8", text("a\nb\xff\n"), Error::Kind::input,
       "templates/bundle/reg-README.txt:2: not UTF-8"},
      {"too long", text(std::string((1 << 20) + 1, 'a')), Error::Kind::input,
       "reg-README.txt' is longer than 1048576 bytes"},
      {"a pipe", [&] { REQUIRE(mkfifo(file.c_str(), 0600) == 0); }, Error::Kind::input,
       "reg-README.txt' is not a regular file"},
      {"a folder", [&] { fs::create_directory(file); }, Error::Kind::io, "Is a directory"},
      {"a link out of the workspace", link(lab.scratch.path() / "outside.txt"), Error::Kind::policy,
       out},
      {"a link to a secret of the workspace", link("../../.sealwright/lab.key"),
       Error::Kind::policy, out},
      {"a link to itself", link("reg-README.txt"), Error::Kind::io, "reg-README.txt'"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      row.make();
      fs::remove_all(home / "dist");
      try {
        write(lab);
        FAIL("accepted");
      } catch (const Error& error) {
        CHECK(error.kind == row.kind);
        CHECK_THAT(error.message, Catch::Contains(row.message));
      }
      CHECK_FALSE(fs::exists(home / "dist"));
    }
  }
}

TEST_CASE("a template folder that is a link out of the workspace is refused", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  write_file(lab.scratch.path() / "outside/bundle/reg-README.txt", view("{{bundle}}"));
  fs::create_directory_symlink(lab.scratch.path() / "outside",
                               lab.scratch.path() / "lab/templates");
  CHECK_THROWS_WITH(write(lab), Catch::Contains("is a link out of"));
}

TEST_CASE("files that no template has the name of are said", "[workspace]") {
  const LabWorkspace lab;
  const auto home = lab.scratch.path() / "lab";
  write_file(home / "templates/bundle/reg-REAMDE.txt", view("x"));
  write_file(home / "templates/bundle/linux/install-trust.sh", view("x"));
  CHECK(workspace::unused_templates(home) == std::vector<std::string>{"reg-REAMDE.txt"});
  CHECK(workspace::own_templates(home).contains("linux/install-trust.sh"));
}
