#include "bundle/zip.h"

#include <catch2/catch.hpp>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/write.h"
#include "states.h"

using namespace sealwright;

namespace {

/// The state of a bundle that has all these formats.
bundle::State with_formats(std::vector<bundle::FormatRequest> formats) {
  auto state = test::lab_state();
  state.formats = std::move(formats);
  return state;
}

Bytes zip_of(const bundle::State& state, const bundle::FormatRequest& request = "zip") {
  for (const auto& file : bundle::write_formats(state, {request}))
    if (file.path == "zip/lab-trust-v3.zip") return file.content;
  FAIL("no zip");
  return {};
}

std::vector<std::string> names(const std::vector<bundle::OutputFile>& files) {
  std::vector<std::string> all;
  for (const auto& file : files) all.push_back(file.path);
  return all;
}

std::set<std::string> folders(const Bytes& zip) {
  std::set<std::string> all;
  for (const auto& file : bundle::read_zip(zip))
    if (const auto slash = file.path.find('/'); slash != std::string::npos)
      all.insert(file.path.substr(0, slash));
  return all;
}

Bytes text_bytes(const std::string& text) { return copy(view(text)); }

/// What python's zipfile makes of `code`, which fills the archive `z`.
Bytes python_zip(const std::string& code) {
  test::Scratch scratch;
  const auto path = (scratch / "made.zip").string();
  const auto ran = test::run({"python3", "-W", "ignore", "-c",
                              "import sys, zipfile\n"
                              "with zipfile.ZipFile(sys.argv[1], 'w') as z:\n  " +
                                  code + "\n",
                              path});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return read_file(path);
}

/// `zip` with every occurrence of `from` replaced by `to`, of the same length: names, in both
/// places where they stand.
Bytes patched(const Bytes& zip, const std::string& from, const std::string& to) {
  std::string all = text(zip);
  REQUIRE(from.size() == to.size());
  REQUIRE(all.find(from) != std::string::npos);
  for (auto at = all.find(from); at != std::string::npos; at = all.find(from, at + to.size()))
    all.replace(at, from.size(), to);
  return text_bytes(all);
}

Bytes one_entry(const std::string& name, const std::string& content = "content") {
  return bundle::write_zip({{name, text_bytes(content)}}, test::noon);
}

}  // namespace

TEST_CASE("a zip holds the folders of the other formats, byte for byte, and their manifest",
          "[bundle]") {
  const auto state = with_formats({"gpo", "reg", "powershell", "zip"});
  auto expected = bundle::write_formats(state, {"gpo", "reg", "powershell"});
  const auto read = bundle::read_zip(zip_of(state));
  REQUIRE(names(read) == names(expected));
  for (std::size_t i = 0; i < read.size(); ++i) CHECK(read[i].content == expected[i].content);
}

TEST_CASE("a zip of some formats holds these, even those without a folder of their own",
          "[bundle]") {
  struct Row {
    std::vector<bundle::FormatRequest> formats;
    std::string of;
    std::set<std::string> expected;
  };
  const Row rows[] = {
      {{"gpo", "reg", "zip"}, "", {"gpo", "reg"}},
      {{"gpo", "reg", "zip"}, "reg", {"reg"}},
      {{"gpo", "zip"}, "powershell", {"powershell"}},
      {{"zip"}, "gpo,sst", {"gpo", "sst"}},
      {{{"ldif", {{"forest", "DC=acme,DC=test"}}}, "zip"}, "ldif", {"ldif"}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.formats.size() << " formats, of " << row.of) {
      const auto state = with_formats(row.formats);
      CHECK(folders(zip_of(state, {"zip", {{"of", row.of}}})) == row.expected);
    }
}

TEST_CASE("a zip without any other format is refused", "[bundle]") {
  try {
    (void)bundle::write_formats(with_formats({"zip"}), {"zip"});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::policy);
    CHECK(error.message == "format 'zip': the bundle has no other format to hold");
  }
}

TEST_CASE("python and unzip find the zip whole, its times in UTC and its names plain",
          "[bundle][oracle]") {
  test::Scratch scratch;
  const auto path = (scratch / "made.zip").string();
  write_file(path, zip_of(with_formats({"gpo", "intune", "certutil"})));
  const auto ran = test::run({"env", "TZ=America/New_York", "python3", "-c",
                              "import sys, zipfile\n"
                              "z = zipfile.ZipFile(sys.argv[1])\n"
                              "assert z.testzip() is None\n"
                              "for i in z.infolist():\n"
                              "  assert i.date_time == (2026, 6, 15, 12, 0, 0), i.date_time\n"
                              "  assert not i.extra and '\\\\' not in i.filename, i.filename\n"
                              "  assert i.orig_filename == i.filename\n"
                              "  open(sys.argv[2] + '/sizes', 'a').write(f'{i.file_size}\\n')\n",
                              path, scratch.path().string()});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  if (test::have_program("unzip")) CHECK(test::run({"unzip", "-tqq", path}).exit_code == 0);
}

TEST_CASE("the same files give the same zip, and times outside of its years the nearest",
          "[bundle]") {
  const auto state = with_formats({"gpo", "reg"});
  CHECK(zip_of(state) == zip_of(state));
  struct Row {
    const char *time, *expected;
  };
  const Row rows[] = {
      {"1970-01-01", "(1980, 1, 1, 0, 0, 0)"},
      {"2024-02-29T23:59:59Z", "(2024, 2, 29, 23, 59, 58)"},
      {"2107-12-31T23:59:59Z", "(2107, 12, 31, 23, 59, 58)"},
      {"2999-01-01", "(2107, 12, 31, 23, 59, 58)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.time) {
      test::Scratch scratch;
      write_file(scratch / "t.zip",
                 bundle::write_zip({{"a", text_bytes("x")}}, *parse_time(row.time)));
      const auto ran = test::run({"python3", "-c",
                                  "import sys, zipfile\n"
                                  "print(zipfile.ZipFile(sys.argv[1]).infolist()[0].date_time)",
                                  (scratch / "t.zip").string()});
      CHECK(ran.out == std::string(row.expected) + "\n");
    }
}

TEST_CASE("what other programs packed is read: stored, deflated, folders, backslashes",
          "[bundle][oracle]") {
  const auto files = bundle::read_zip(python_zip(
      "z.writestr('a/', ''); z.writestr('a/stored.txt', 'one'); "
      "z.writestr('b.txt', 'two' * 50000, zipfile.ZIP_DEFLATED); z.writestr('empty', '')"));
  REQUIRE(names(files) == std::vector<std::string>{"a/stored.txt", "b.txt", "empty"});
  CHECK(text(files[0].content) == "one");
  CHECK(files[1].content.size() == 150000);
  CHECK(files[2].content.empty());
  CHECK(names(bundle::read_zip(one_entry("gpo\\x.txt"))) == std::vector<std::string>{"gpo/x.txt"});
}

TEST_CASE("read_zip refuses what would leave its folder, hide or grow", "[bundle]") {
  Bytes cut = one_entry("a.txt"), encrypted = one_entry("a.txt");
  cut.resize(cut.size() - 10);
  const std::string all = text(encrypted);
  encrypted[6] |= 1;                           // Flags of the local header,
  encrypted[all.find("PK\x01\x02") + 8] |= 1;  // and of the directory.
  struct Row {
    const char* name;
    Bytes zip;
    const char* message;
  };
  const Row rows[] = {
      {"nothing", {}, "zip file: it is none, or empty, or damaged"},
      {"text", text_bytes("not a zip file at all"), "zip file: it is none, or empty, or damaged"},
      {"cut short", cut, "zip file: its directory is damaged"},
      {"empty", python_zip("pass"), "zip file: it is none, or empty, or damaged"},
      {"a changed byte",
       patched(python_zip("z.writestr('a.txt', 'content')"), "content", "kontent"),
       "zip file: entry 'a.txt' is damaged"},
      {"encrypted", encrypted, "zip file: entry 'a.txt' is encrypted"},
      {"absolute", one_entry("/etc/x"),
       "zip file: entry '/etc/x' has a name that leads out of its folder"},
      {"climbing", one_entry("a/../../x"),
       "zip file: entry 'a/../../x' has a name that leads out of its folder"},
      {"climbing with backslashes", one_entry("a\\..\\..\\x"),
       "zip file: entry 'a\\..\\..\\x' has a name that leads out of its folder"},
      {"a share", one_entry("\\\\host\\x"),
       "zip file: entry '\\\\host\\x' has a name that leads out of its folder"},
      {"a drive", one_entry("C:x"),
       "zip file: entry 'C:x' has a name that leads out of its folder"},
      {"a stream", one_entry("a.txt:x"),
       "zip file: entry 'a.txt:x' has a name that leads out of its folder"},
      {"this folder", one_entry("./x"),
       "zip file: entry './x' has a name that leads out of its folder"},
      {"no name", one_entry(""), "zip file: entry '' has a name that leads out of its folder"},
      {"a NUL", patched(one_entry("aXb"), "aXb", std::string("a\0b", 3)),
       "zip file: entry 'a\\x00b' has a name that is no plain text"},
      {"a line end", one_entry("a\nb"),
       "zip file: entry 'a\\x0ab' has a name that is no plain text"},
      {"not UTF-8", one_entry("a\xff"),
       "zip file: entry 'a\\xff' has a name that is no plain text"},
      {"a long name", one_entry(std::string(1025, 'a')),
       "zip file: an entry has a name that is too long"},
      {"twice", bundle::write_zip({{"a", {}}, {"A", {}}}, test::noon),
       "zip file: entry 'A' is there twice"},
      {"another method", python_zip("z.writestr('a', 'x', zipfile.ZIP_LZMA)"),
       "zip file: entry 'a' is packed by method 14; this program knows 0 and 8"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      try {
        (void)bundle::read_zip(row.zip);
        FAIL("accepted");
      } catch (const Error& error) {
        CHECK(error.kind == Error::Kind::input);
        CHECK(error.message == row.message);
      }
    }
}

TEST_CASE("read_zip stops at its limits whatever the sizes say", "[bundle]") {
  const std::string mebibyte(1 << 20, 'x');
  std::vector<bundle::OutputFile> bomb;
  for (int i = 0; i < 257; ++i) bomb.push_back({std::to_string(i), text_bytes(mebibyte)});
  const Bytes packed = bundle::write_zip(bomb, test::noon);
  CHECK(packed.size() < (std::size_t{1} << 20));
  CHECK_THROWS_WITH(bundle::read_zip(packed), "zip file: it holds more than 256 MiB");
  std::vector<bundle::OutputFile> many(bundle::max_zip_entries + 1);
  for (std::size_t i = 0; i < many.size(); ++i) many[i].path = std::to_string(i);
  CHECK_THROWS_WITH(bundle::read_zip(bundle::write_zip(many, test::noon)),
                    "zip file: it has more than 100000 entries");
}
