#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/cmd_text.h"
#include "bundle/store_files.h"
#include "readings.h"
#include "states.h"
#include "x509/pkcs7.h"

using namespace sealwright;
using test::found_in;
using test::Lines;
using test::pki;

namespace {

const std::vector<bundle::OutputFile>& files() {
  static const auto made = [] {
    const auto& root = pki().root.certificate;
    const std::string both = root.to_pem() + pki().issuing.certificate.to_pem();
    return std::vector<bundle::OutputFile>{
        {"root.cer", copy(root.der())},
        {"sub/Root CA.crt", copy(view(root.to_pem()))},
        {"both.p7b", x509::certificates_only({root, pki().issuing.certificate})},
        {"both.pem", copy(view(both))},
        {"root.sst", bundle::serialized_store({test::lab_state().present.front()})},
        {"notes.txt", copy(view("hello"))},
    };
  }();
  return made;
}

const test::Read read_script = [](BytesView bytes, bundle::Contents& contents) {
  bundle::read_certutil_script(bytes, "f", files(), contents);
};

std::string thumbprint(const test::Holder& holder) { return holder.certificate.thumbprint().hex(); }

std::string added(const std::string& where, const test::Holder& holder) {
  return "add " + where + " " + thumbprint(holder) + ", certificate";
}

}  // namespace

TEST_CASE("a script is told into commands without running it", "[bundle]") {
  struct Row {
    const char* name;
    const char* text;
    std::vector<Lines> commands;
  };
  const Row rows[] = {
      {"nothing", "", {}},
      {"quotes join, and lines end them",
       "a \"b c\"d \"\"\r\n\"e f\r\ng",
       {{"a", "b cd", ""}, {"e f"}, {"g"}}},
      {"operators", "a&b && c||d|e", {{"a"}, {"b"}, {"c"}, {"d"}, {"e"}}},
      {"operators in quotes", "a \"b&c|d>e\"", {{"a", "b&c|d>e"}}},
      {"redirections", "a >nul 2>&1 b >> \"x y\" <in c2>x", {{"a", "b", "c2"}}},
      {"carets", "a^&b ^\r\n c ^^", {{"a&b", "c", "^"}}},
      {"comments and labels",
       "rem a & b\r\nREM\r\n@rem x\r\n:: c\r\n:label\r\n  :: d\r\nremove",
       {{"remove"}}},
      {"at signs", "@a\n@ b", {{"a"}, {"b"}}},
      {"blocks",
       "if x ( a b ) else (c)\nif y (\nd\n)",
       {{"if", "x"}, {"a", "b"}, {"else"}, {"c"}, {"if", "y"}, {"d"}}},
      {"parentheses in names", "a (1).cer b(2)", {{"a", "(1).cer", "b(2)"}}},
      {"a caret at the end", "a ^", {{"a"}}},
      {"a redirection at the end", "a >", {{"a"}}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      bundle::CmdReader reader(row.text);
      std::vector<Lines> commands;
      while (const auto command = reader.next()) commands.push_back(command->words);
      CHECK(commands == row.commands);
    }
}

TEST_CASE("certutil's command lines become changes of stores", "[bundle]") {
  const auto &root = pki().root, &issuing = pki().issuing;
  struct Row {
    const char* name;
    std::string text;
    Lines certificates;
    Lines faults;
  };
  const Row rows[] = {
      {"as our scripts have it",
       "certutil -f -addstore Root \"%~dp0root.cer\" || set failed=1\r\n",
       {added("LocalMachine: Root", root)},
       {}},
      {"another case, slashes, another folder",
       "@CertUtil.exe /ADDSTORE -f ROOT \".\\Sub\\root ca.CRT\" >nul 2>&1 & rem x",
       {added("LocalMachine: Root", root)},
       {}},
      {"by its path, in a block, up and down",
       "if exist x (\n  \"%windir%\\System32\\certutil\" -addstore CA %~DP0sub/../root.cer\n)",
       {added("LocalMachine: CA", root)},
       {}},
      {"the places",
       "certutil -user -addstore Root root.cer\ncertutil -addstore -enterprise CA root.cer\n"
       "certutil -f -GroupPolicy -addstore TrustedPublisher root.cer\n"
       "certutil -addstore My root.cer -user -grouppolicy\n",
       {added("CurrentUser by policy: My", root), added("CurrentUser: Root", root),
        added("LocalMachine by Active Directory: CA", root),
        added("LocalMachine by policy: TrustedPublisher", root)},
       {}},
      {"all of a .p7b, and a .sst with its properties",
       "certutil -addstore CA both.p7b && certutil -addstore Root root.sst",
       test::joined(
           {added("LocalMachine: CA", root), added("LocalMachine: CA", issuing)},
           {added("LocalMachine: Root", root) + ", for 1.3.6.1.5.5.7.3.3 1.3.6.1.5.5.7.3.8"}),
       {}},
      {"more than one in PEM, told once",
       "certutil -addstore CA both.pem\ncertutil -addstore Root both.pem\n",
       test::joined({added("LocalMachine: CA", root), added("LocalMachine: CA", issuing)},
                    {added("LocalMachine: Root", root), added("LocalMachine: Root", issuing)}),
       {"warning: both.pem: 2 certificates one after the other: certutil may take the first "
        "alone"}},
      {"removals",
       "certutil -delstore disallowed \"" + ascii_lower(thumbprint(root)) +
           "\"\ncertutil -delstore Root \"Test Root\"\n",
       {"remove LocalMachine: Disallowed " + thumbprint(root)},
       {"warning: line 2: 'Test Root' is no thumbprint: it can match several certificates, and "
        "takes all of them out"}},
      {"files that are not there",
       "certutil -addstore Root other.cer\r\ncertutil -addstore Root ..\\root.cer\r\n"
       "certutil -addstore Root C:\\root.cer\r\ncertutil -addstore Root %TEMP%\\root.cer\r\n"
       "certutil -addstore Root \\\\server\\share\\root.cer\r\n"
       "for %%f in (*.cer) do certutil -addstore Root %%f\r\n",
       {},
       {"error: line 1: 'other.cer' is not beside the script: what it adds cannot be told",
        "error: line 2: '..\\root.cer' is not beside the script: what it adds cannot be told",
        "error: line 3: 'C:\\root.cer' is not beside the script: what it adds cannot be told",
        "error: line 4: '%TEMP%\\root.cer' is not beside the script: what it adds cannot be told",
        "error: line 5: '\\\\server\\share\\root.cer' is not beside the script: what it adds "
        "cannot "
        "be told",
        "error: line 6: '%%f' is not beside the script: what it adds cannot be told"}},
      {"behind a variable",
       "%tool% -addstore Root root.cer",
       {added("LocalMachine: Root", root)},
       {}},
      {"an option of another kind, and two places",
       "certutil -p x -addstore Root root.cer\ncertutil -user -enterprise -addstore CA root.cer",
       {added("LocalMachine by Active Directory: CA", root), added("LocalMachine: Root", root)},
       {"warning: line 1: the option '-p' is not known here, and passed over",
        "warning: line 2: more than one place is named; -enterprise is taken"}},
      {"other ways into stores",
       "certutil -f -dspublish root.cer RootCA\ncertutil /ImportPFX a.pfx",
       {},
       {"warning: line 1: 'certutil -dspublish' is not looked at, and may change stores too",
        "warning: line 2: 'certutil /ImportPFX' is not looked at, and may change stores too"}},
      {"operands that are missing",
       "certutil -addstore Root\ncertutil -delstore",
       {},
       {"error: line 1: -addstore needs a store and a file",
        "error: line 2: -delstore needs a store and a certificate"}},
      {"what does nothing to stores",
       "echo certutil -addstore Root root.cer\nrem certutil -addstore Root root.cer\n"
       ":: certutil -addstore Root root.cer\ncertutil -dump root.cer\n@set x=1\n",
       {},
       {}},
      {"what may do anything",
       "reg add x\ncmd /c \"certutil -addstore Root root.cer\"\n",
       {},
       {"warning: line 1: 'reg' is not looked at, and may change stores too",
        "warning: line 2: 'cmd /c' is not looked at, and may change stores too"}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const auto found = found_in(read_script, row.text);
      CHECK(test::certificate_lines(found) == row.certificates);
      CHECK(test::fault_lines(found) == row.faults);
    }
}

TEST_CASE("a file that holds no certificate is a fault", "[bundle]") {
  const auto found = found_in(read_script, "certutil -addstore Root notes.txt");
  REQUIRE(found.faults.size() == 2);
  CHECK(found.faults[0].position.file == "notes.txt");
  CHECK(test::fault_lines(found)[1] ==
        "error: line 1: 'notes.txt' holds no certificate that could be added");
}

TEST_CASE("every beginning of a script is read", "[bundle]") {
  const std::string text =
      "@echo off\r\nif x (\r\ncertutil -f -addstore Root \"%~dp0both.p7b\" >nul 2>&1 || set "
      "f=1\r\n)"
      "\r\nrem ^\r\ncertutil ^\r\n -delstore CA " +
      thumbprint(pki().code) + "\r\n";
  CHECK(test::refused_beginnings(read_script, view(text)) == 0);
}

TEST_CASE("a script of more changes than readers take is refused", "[bundle]") {
  std::string added, wrong;
  for (std::size_t i = 0; i <= bundle::max_read_changes; ++i) {
    if (i % 2) added += "certutil -addstore a both.p7b\n";
    wrong += "certutil -delstore a b\n";
  }
  added += "certutil -delstore a " + thumbprint(pki().code) + "\n";
  for (const auto* text : {&added, &wrong})
    CHECK_THROWS_WITH(found_in(read_script, *text), "the file holds more than 100,000 changes");
}

TEST_CASE("properties of one store, added again and again, have a bound", "[bundle]") {
  Bytes store = {0, 0, 0, 0, 'C', 'E', 'R', 'T'};
  const auto element = [&](std::uint32_t id, BytesView value) {
    put_u32le(store, id);
    put_u32le(store, 1);
    put_u32le(store, static_cast<std::uint32_t>(value.size()));
    append(store, value);
  };
  element(11, Bytes(1 << 20));
  element(32, pki().root.certificate.der());
  store.insert(store.end(), 12, 0);
  std::string text;
  for (int i = 0; i < 65; ++i) text += "certutil -addstore a a.sst\n";
  bundle::Contents contents;
  CHECK_THROWS_WITH(bundle::read_certutil_script(view(text), "f", {{"a.sst", store}}, contents),
                    "line 65: the stores it adds hold more than 64 MiB of properties");
}

TEST_CASE("certificates that openssl put together are found by scripts", "[bundle][oracle]") {
  test::Scratch scratch;
  const std::string root = test::write_pem(scratch / "a.pem", {pki().root.certificate}),
                    code = test::write_pem(scratch / "b.pem", {pki().code.certificate});
  for (const char* form : {"DER", "PEM"}) {
    const auto made = scratch / form;
    const auto ran = test::run({"openssl", "crl2pkcs7", "-nocrl", "-certfile", root, "-certfile",
                                code, "-outform", form, "-out", made.string()});
    REQUIRE(ran.exit_code == 0);
    bundle::Contents contents;
    bundle::read_certutil_script(view("certutil -addstore Root x.p7b"), "f",
                                 {{"x.p7b", read_file(made)}}, contents);
    CHECK(test::certificate_lines(contents) ==
          test::joined({added("LocalMachine: Root", pki().root)},
                       {added("LocalMachine: Root", pki().code)}));
    CHECK(contents.faults.empty());
  }
}

TEST_CASE("real .cer and .p7b files are found by scripts", "[bundle][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: the corpus is not here");
    return;
  }
  struct Row {
    const char* file;
    std::size_t certificates;
  };
  const Row rows[] = {
      {"dokany__DokanCA.cer", 1},   {"kvm-guest-drivers-windows__VirtIOTestCert.cer", 1},
      {"pyca_amazon-roots.p7b", 2}, {"gnutls__openssl.p7b", 2},
      {"gnutls__single-ca.p7b", 1}, {"runtime-assets__certchain.p7b", 3},
      {"gnutls__rfc4490.p7b", 0},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.file) {
      bundle::Contents contents;
      bundle::read_certutil_script(view(std::string("certutil -addstore CA ") + row.file), "f",
                                   {{row.file, read_file(*corpus / "keys" / row.file)}}, contents);
      CHECK(contents.certificates.size() == row.certificates);
      CHECK(contents.faults.empty() == (row.certificates > 0));
    }
}
