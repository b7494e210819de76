#include "bundle/powershell.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/file.h"
#include "bundle/blob.h"
#include "states.h"

using namespace sealwright;

namespace {

std::string script(const bundle::State& state, const std::string& name) {
  for (const auto& file : bundle::powershell_files(state, "powershell"))
    if (file.path == name) return text(file.content);
  FAIL("no " << name);
  return {};
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bundle::State with_settings(bundle::State state) {
  state.settings = test::some_settings();
  state.reverted = {{bundle::Setting::Kind::wintrust_state, bundle::Setting::Scope::system, 0x1}};
  bundle::settle(state);
  return state;
}

/// Runs a parser of the language over files; exit code 3 where it is not installed.
test::Ran parsed(const std::vector<std::string>& files) {
  if (!test::have_program("node")) return {3, {}, {}};
  const std::string installed = std::filesystem::absolute("build/npm/node_modules").string();
  std::vector<std::string> command = {
      "env", "NODE_PATH=" + installed + ":/usr/lib/node_modules:/usr/local/lib/node_modules",
      "node", "tests/bundle/powershell_shape.cjs"};
  command.insert(command.end(), files.begin(), files.end());
  return test::run(command);
}

/// The shapes of all scripts; nothing where the parser is not installed.
std::optional<std::string> shapes(const bundle::State& state) {
  test::Scratch scratch;
  std::vector<std::string> files;
  for (const auto& file : bundle::powershell_files(state, "powershell")) {
    write_file(scratch / file.path, file.content);
    files.push_back((scratch / file.path).string());
  }
  const auto ran = parsed(files);
  if (ran.exit_code == 3) return std::nullopt;
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  return ran.out;
}

}  // namespace

TEST_CASE("scripts start with a byte order mark and have CRLF throughout", "[bundle]") {
  for (const auto& file : bundle::powershell_files(test::lab_state(), "powershell")) {
    const std::string content = text(file.content);
    INFO(file.path);
    CHECK(content.starts_with("\xef\xbb\xbf# "));
    for (auto at = content.find('\n'); at != std::string::npos; at = content.find('\n', at + 1))
      CHECK(content[at - 1] == '\r');
    CHECK_FALSE(holds(content, "{{"));
  }
}

TEST_CASE("Install-Trust.ps1 writes the blobs, the others need only the digests", "[bundle]") {
  const auto state = test::lab_state();
  for (const auto& entry : state.present) {
    const auto blob = to_base64(bundle::encode_blob(entry.certificate, entry.purposes));
    for (const char* name : {"Install-Trust.ps1", "Remove-Trust.ps1", "Test-Trust.ps1",
                             "Detect-ConfigMgr.ps1", "Detect-Intune.ps1"}) {
      INFO(name);
      CHECK(holds(script(state, name), "'" + blob + "'") ==
            (std::string(name) == "Install-Trust.ps1"));
      CHECK(holds(script(state, name), "'" + entry.certificate.thumbprint().hex() + "'"));
      CHECK(holds(script(state, name), "'" + to_hex(entry.certificate.sha256()) + "'"));
    }
  }
}

TEST_CASE("scripts know what left the bundle, and which settings are bits", "[bundle]") {
  const std::string removed = script(test::without_publisher(), "Install-Trust.ps1");
  CHECK(removed.find(test::pki().code.certificate.thumbprint().hex()) >
        removed.find("$Unwanted = @("));
  const std::string set = script(with_settings(test::lab_state()), "Install-Trust.ps1");
  const std::string publishing =
      R"(\Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\Software Publishing')";
  CHECK(
      holds(set, R"(@{ Key = 'Registry::HKEY_USERS\.DEFAULT)" + publishing +
                     "; Name = 'State'; Value = 0x00023e00; Bits = $true; Default = 0x00023c00 }"));
  CHECK(holds(set,
              "Name = 'AuthenticodeFlags'; Value = 0x00000002; Bits = $false; Default = $null }"));
  CHECK(set.find("'Registry::HKEY_USERS\\S-1-5-18") > set.find("$UnwantedSettings = @("));
}

TEST_CASE("names from outside stay inside single-quoted strings", "[bundle]") {
  for (const auto& file : bundle::powershell_files(test::hostile_state(), "powershell")) {
    const std::string content = text(file.content);
    INFO(file.path);
    CHECK_FALSE(holds(content, std::string(1, '\0')));
    for (const auto& piece : test::hostile_pieces) CHECK_FALSE(holds(content, piece));
    for (auto at = content.find("calc"); at != std::string::npos;
         at = content.find("calc", at + 1)) {
      const auto line = content.rfind('\n', at) + 1;
      const std::string before = content.substr(line, at - line);
      // An odd number of quotes before it, counting what PowerShell takes for one.
      std::size_t quotes = 0;
      for (std::size_t i = 0; i < before.size(); ++i)
        if (before[i] == '\'' || before.compare(i, 3, "\xe2\x80\x99") == 0) ++quotes;
      CHECK(quotes % 2 == 1);
    }
  }
}

TEST_CASE("a parser finds the scripts well-formed, and no name changes their shape",
          "[bundle][oracle]") {
  const auto usual = shapes(test::lab_state());
  if (!usual) {
    WARN("SKIPPED: node with web-tree-sitter and tree-sitter-powershell is not installed");
    return;
  }
  CHECK(std::count(usual->begin(), usual->end(), '\n') == 5);
  CHECK(shapes(test::hostile_state()) == usual);
  (void)shapes(with_settings(test::without_publisher()));
}

TEST_CASE("the parser finds what Windows PowerShell 5.1 does not run", "[bundle][oracle]") {
  struct Row {
    const char* script;
    const char* said;  ///< Empty: nothing is wrong.
  };
  const Row rows[] = {
      {"function Get-Answer { Write-Output 42 }\nGet-Answer", ""},
      {"if (Test-Path 'x') {", "line 1: "},
      {"Get-Answer", "line 1: Get-Answer is no cmdlet of Windows PowerShell 5.1"},
      {"$a = 1\nGet-Uptime", "line 2: Get-Uptime is no cmdlet of Windows PowerShell 5.1"},
      {"iex 'calc'", "line 1: iex is no cmdlet of Windows PowerShell 5.1"},
      {"calc.exe", "line 1: calc.exe is no cmdlet of Windows PowerShell 5.1"},
      {"& $name", "line 1: a command without a name of its own: & $name"},
      {"'a' | ForEach-Object { calc }", "line 1: calc is no cmdlet of Windows PowerShell 5.1"},
  };
  test::Scratch scratch;
  for (const Row& row : rows) {
    write_file(scratch / "x.ps1", view(row.script), {Access::everyone, Existing::replace});
    const auto ran = parsed({(scratch / "x.ps1").string()});
    if (ran.exit_code == 3) {
      WARN("SKIPPED: node with web-tree-sitter and tree-sitter-powershell is not installed");
      return;
    }
    INFO(row.script << "\n" << ran.err);
    CHECK(ran.exit_code == (*row.said ? 1 : 0));
    CHECK(ran.err.substr(0, std::string(row.said).size()) == row.said);
  }
}
