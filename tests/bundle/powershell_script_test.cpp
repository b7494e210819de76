#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/blob.h"
#include "readings.h"
#include "states.h"

using namespace sealwright;
using test::found_in;
using test::Lines;
using test::pki;

namespace {

const test::Read read_script = [](BytesView bytes, bundle::Contents& contents) {
  bundle::read_powershell_script(bytes, "f", contents);
};

const std::string install = "[Convert]::FromBase64String($c.Blob)\n";
const std::string remove_all = "foreach ($c in @($Wanted) + @($Unwanted)) { x }\n";
std::string thumbprint(const test::Holder& holder) { return holder.certificate.thumbprint().hex(); }

std::string blob(const test::Holder& holder) {
  return to_base64(bundle::encode_blob(holder.certificate));
}

/// A row of $Wanted with a blob.
std::string row(const test::Holder& named, const std::string& blob) {
  return "@{ Store = 'Root'; Thumbprint = '" + thumbprint(named) + "'; Blob = '" + blob + "' }\n";
}

}  // namespace

TEST_CASE("the tables of a script are found, and what the script does with them", "[bundle]") {
  const auto& root = pki().root;
  const std::string hex = thumbprint(root), good = row(root, blob(root));
  const std::string plain = "@{ Store = 'ROOT'; Thumbprint = '" + hex + "' }";
  struct Row {
    const char* name;
    std::string text;
    Lines certificates;
    Lines faults;
  };
  const std::string added = "add LocalMachine: Root " + hex;
  const Row rows[] = {
      {"an installation", "$Wanted = @(\n" + good + ")\n" + install, {added + ", certificate"}, {}},
      {"a removal",
       "$Wanted = @(" + plain + ")\n" + remove_all,
       {"remove LocalMachine: Root " + hex},
       {}},
      {"a look", "$Wanted = @(" + plain + ")", {added}, {}},
      {"what left, in another case and a scope",
       "$script:UNWANTED=@(" + plain + "," + plain + ")\n" + install,
       {"remove LocalMachine: Root " + hex, "remove LocalMachine: Root " + hex},
       {}},
      {"comments and strings that look like tables",
       "<# $Wanted = @( #> # $Wanted = @(\n$x = '$Wanted = @('\n$x = \"$Wanted = @(`\"\"\n$x = "
       "@'\n$Wanted = @(\n'@\n${Wanted} = @(" +
           plain + ") # end\n",
       {added},
       {}},
      {"quotes of all kinds",
       "\xef\xbb\xbf$Wanted = @( @{ Name = \xe2\x80\x98it''s; it\xe2\x80\x99\xe2\x80\x99s }\xe2\x80"
       "\x9b; 'Store' = \xe2\x80\x9aRoot'; Thumbprint = '" +
           hex + "' } )",
       {added},
       {}},
      {"curly quotes without a mark",
       "$Wanted = @( @{ Store = \xe2\x80\x98Root\xe2\x80\x99; Thumbprint = '" + hex + "' } )",
       {added},
       {"warning: f: no byte order mark: Windows PowerShell reads the script in the code page of "
        "the machine, and may find other quotes in it"}},
      {"a table that changes",
       "$Wanted = @()\n$Wanted = @(" + plain + ")\n$Wanted += $x\n" + install,
       {},
       {"warning: line 2: $wanted changes behind its table: only the table is read",
        "warning: line 3: $wanted changes behind its table: only the table is read"}},
      {"rows that lack something",
       "$Wanted = @(\n@{ Store = 'Root' }\n@{ Store = 'Root'; Thumbprint = 'AA' }\n@{ Thumbprint = "
       "'" +
           hex + "' }\n)\n" + install,
       {},
       {"error: line 2: a row without a store and a thumbprint",
        "error: line 3: a row without a store and a thumbprint",
        "error: line 4: a row without a store and a thumbprint"}},
      {"blobs that are none",
       "$Wanted = @(\n" + row(root, "%") + row(root, "AAAA") + ")" + install,
       {added, added},
       {"error: line 2: the Blob cannot be read: it is not base64",
        "error: line 3: the Blob cannot be read: certificate blob is cut short"}},
      {"another certificate's thumbprint",
       "$Wanted = @(\n" + row(pki().code, blob(root)) + ")" + install,
       {"add LocalMachine: Root " + thumbprint(pki().code) + ", another certificate"},
       {"error: line 2: it stands under " + thumbprint(pki().code) +
        ", but the certificate's thumbprint is " + hex}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const auto found = found_in(read_script, row.text);
      CHECK(test::certificate_lines(found) == row.certificates);
      CHECK(test::fault_lines(found) == row.faults);
    }
}

TEST_CASE("settings are what is written, or what stays when they are taken back", "[bundle]") {
  const std::string text =
      "$Bundle = 'lab''s'\n$Settings = @(\n"
      "@{ Key = 'Registry::HKEY_USERS\\.DEFAULT\\x'; Name = 'State'; Value = 0x00023e00; Bits = "
      "$true; Default = 0x00023c00 }\n"
      "@{ Key = 'HKLM:\\y'; Name = 'AuthenticodeFlags'; Value = 2; Bits = $false; Default = $null "
      "}\n"
      "@{ Key = 'HKLM:\\y'; Name = 'Flags'; Value = 'x' }\n)\n"
      "$UnwantedSettings = @(@{ Key = 'HKCU:\\z'; Name = 'State'; Value = 1; Bits = $false })\n";
  const auto installed = found_in(read_script, text + install);
  CHECK(installed.title == "lab's");
  CHECK(test::setting_lines(installed) == Lines{"HKEY_CURRENT_USER\\z State is deleted",
                                                "HKEY_LOCAL_MACHINE\\y AuthenticodeFlags = 0x2",
                                                "HKEY_USERS\\.DEFAULT\\x State = 0x23e00"});
  CHECK(test::fault_lines(installed) ==
        Lines{"error: line 5: a setting without its key, name and number"});
  CHECK(test::setting_lines(found_in(read_script, text + remove_all)) ==
        Lines{"HKEY_CURRENT_USER\\z State is deleted",
              "HKEY_LOCAL_MACHINE\\y AuthenticodeFlags is deleted",
              "HKEY_LOCAL_MACHINE\\y Flags is deleted", "HKEY_USERS\\.DEFAULT\\x State = 0x23c00"});
}

TEST_CASE("scripts without tables, or with more than plain values in them, are refused",
          "[bundle]") {
  struct Row {
    const char* name;
    std::string text;
    const char* message;
  };
  const Row rows[] = {
      {"nothing", "", "no table of a bundle is in it"},
      {"another script", "Get-ChildItem Cert:\\ | Where { $_.Wanted -eq 1 }",
       "no table of a bundle is in it"},
      {"a table from elsewhere", "\n$Wanted = Get-Content x",
       "line 2: $wanted is no table of plain values"},
      {"a table without end", "$Wanted = @(\n@{ Store = 'Root' }",
       "line 2: the table $wanted does not end"},
      {"a string without end", "$Wanted = @(\n@{ Store = 'Root }",
       "line 2: the table $wanted does not end"},
      {"a row that is none", "$Wanted = @( $x )",
       "line 1: the table $wanted holds more than plain values"},
      {"a double-quoted string", "$Wanted = @( @{ Store = \"$x\" } )",
       "line 1: the table $wanted holds more than plain values"},
      {"an expression", "$Wanted = @( @{ Store = ('Root') } )",
       "line 1: the table $wanted holds more than plain values"},
      {"a sum", "$Wanted = @( @{ Store = 'Ro' + 'ot' } )",
       "line 1: the table $wanted holds more than plain values"},
      {"a field twice", "$Wanted = @( @{ Store = 'Root'\nstore = 'CA' } )",
       "line 2: the field 'store' of $wanted is one too many"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(found_in(read_script, row.text), row.message);
    }
}

TEST_CASE("every beginning of a script is read or refused", "[bundle]") {
  const std::string text =
      "\xef\xbb\xbf<# x #>\r\n$Wanted = @(\r\n  @{\r\n    Name = 'it''s "
      "\xe2\x80\x98\xe2\x80\x98'\r\n" +
      row(pki().ec_code, blob(pki().ec_code)).substr(2) +
      ")\r\n$Settings = @(@{ Key = 'Registry::HKEY_LOCAL_MACHINE\\x'; Name = 'State'; Value = 0x1; "
      "Bits = $true; Default = $null })\r\n" +
      install + "\"x`\"\" @'\nx\n'@ ${a}";
  CHECK(test::fault_lines(found_in(read_script, text)).empty());
  CHECK(test::refused_beginnings(read_script, view(text)) > 0);
}

TEST_CASE("tables of more rows than readers take are refused", "[bundle]") {
  std::string text = "$Wanted = @(";
  for (std::size_t i = 0; i <= bundle::max_read_changes; ++i) text += "@{}";
  CHECK_THROWS_WITH(found_in(read_script, text + ")"), "the file holds more than 100,000 changes");
}
