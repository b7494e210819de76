#include <catch2/catch.hpp>
#include <filesystem>

#include "base/bytes.h"
#include "base/file.h"
#include "support.h"

using namespace sealwright;

namespace {

struct File {
  const char* name;
  const char* text;
};

/// A tree of three floors, with `files` added, as check-layers sees it.
test::Ran check(const std::vector<File>& files) {
  const test::Scratch root;
  const auto put = [&](const File& file) {
    write_file(root.path() / "src" / file.name, view(file.text), {.existing = Existing::replace});
  };
  for (const File& file : {
           File{"base/CMakeLists.txt", "sealwright_layer(base\n  SOURCES\n    a.cpp\n)\n"},
           File{"ossl/CMakeLists.txt",
                "sealwright_layer(ossl USES base LINKS x SOURCES key.cpp)\n"},
           File{"x509/CMakeLists.txt",
                "# USES store\nsealwright_layer(x509\n  USES\n    ossl\n  SOURCES\n    "
                "name.cpp\n)\n"},
           File{"base/a.h", "#pragma once\n#include <string>\n"},
           File{"cli/main.cpp",
                "#include <CLI/CLI.hpp>\n#include \"x509/a.h\"\nint main() { std::cout << 1; }\n"},
       })
    put(file);
  for (const File& file : files) put(file);
  return test::run({"scripts/check-layers", root.path().string()});
}

}  // namespace

TEST_CASE("check-layers accepts includes of the folders below", "[layers]") {
  const auto ran =
      check({{"x509/a.cpp",
              "#include \"base/a.h\"\n#include \"ossl/key.h\"\n#include \"x509/b.h\"\n"
              "#include <openssl/x509.h>\n// never std::cout\nint std::exit_code;\n"}});
  CHECK(ran.out == "layers: 3 files, no violations\n");
  CHECK(ran.err.empty());
  CHECK(ran.exit_code == 0);
}

TEST_CASE("check-layers names the place and the rule of each violation", "[layers]") {
  struct Row {
    File file;
    const char* violation;
  };
  const Row rows[] = {
      {{"base/b.cpp", "\n#include \"x509/a.h\"\n"},
       "src/base/b.cpp:2: base does not see x509: \"x509/a.h\"\n"},
      {{"ossl/b.h", "  #  include <x509/a.h>\n"},
       "src/ossl/b.h:1: ossl does not see x509: \"x509/a.h\"\n"},
      {{"x509/b.cpp", "#include \"a.h\"\n"},
       "src/x509/b.cpp:1: \"a.h\" is not named from src/, as FOLDER/FILE\n"},
      {{"x509/deep/b.cpp", "#include \"cli/a.h\"\n"},
       "src/x509/deep/b.cpp:1: x509 does not see cli: \"cli/a.h\"\n"},
      {{"base/b.cpp", "#include <openssl/evp.h>\n"},
       "src/base/b.cpp:1: <openssl/evp.h> belongs in src/ossl and src/x509\n"},
      {{"x509/b.cpp", "#include <sqlite3.h>\n"},
       "src/x509/b.cpp:1: <sqlite3.h> belongs in src/store\n"},
      {{"base/b.cpp", "#include <nlohmann/json.hpp>\n"},
       "src/base/b.cpp:1: <nlohmann/json.hpp> belongs in src/base/json.cpp\n"},
      {{"cli/b.cpp", "#include <kainjow/mustache.hpp>\n"},
       "src/cli/b.cpp:1: <kainjow/mustache.hpp> belongs in src/base/template.cpp\n"},
      {{"x509/b.cpp", "#include <yaml-cpp/yaml.h>\n"},
       "src/x509/b.cpp:1: <yaml-cpp/yaml.h> belongs in src/policy\n"},
      {{"base/b.cpp", "#include <CLI/CLI.hpp>\n"},
       "src/base/b.cpp:1: <CLI/CLI.hpp> belongs in src/cli\n"},
      {{"base/b.cpp", "\n\nvoid f() { std::cout << 1; }\n"},
       "src/base/b.cpp:3: std::cout belongs in src/cli\n"},
      {{"base/b.cpp", "void f() { std::cerr << 1; }\n"},
       "src/base/b.cpp:1: std::cerr belongs in src/cli\n"},
      {{"base/b.cpp", "void f() { std::exit(1); }\n"},
       "src/base/b.cpp:1: std::exit belongs in src/cli\n"},
      {{"base/b.h", "auto t = std::chrono::system_clock::now();\n"},
       "src/base/b.h:1: system_clock::now belongs in src/cli\n"},
      {{"base/CMakeLists.txt", "sealwright_layer(base USES x509 SOURCES a.cpp)\n"},
       "USES goes in a circle: "},
      {{"base/CMakeLists.txt", "sealwright_layer(base\n USES nowhere\n SOURCES a.cpp)\n"},
       "src/base/CMakeLists.txt:2: USES names no folder of src/: nowhere\n"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.violation) {
      const auto ran = check({row.file});
      CHECK_THAT(ran.out, Catch::Contains(row.violation));
      CHECK_THAT(ran.out, Catch::EndsWith("layers: 1 violations\n"));
      CHECK(ran.exit_code == 1);
    }
}

TEST_CASE("check-layers fails where there is nothing to check", "[layers]") {
  const test::Scratch root;
  std::filesystem::create_directory(root / "src");
  const auto ran = test::run({"scripts/check-layers", root.path().string()});
  CHECK_THAT(ran.err, Catch::StartsWith("check-layers: no layers below "));
  CHECK(ran.exit_code == 2);
}
