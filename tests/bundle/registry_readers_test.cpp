// What .reg files, Registry.pol, Registry.xml and LGPO texts do to stores and settings.

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/gpo.h"
#include "bundle/lgpo.h"
#include "bundle/readers.h"
#include "bundle/reg_file.h"
#include "bundle/registry_pol.h"
#include "bundle/settings.h"
#include "states.h"

using namespace sealwright;
using bundle::Contents;
using bundle::FoundCertificate;

namespace {

Contents interpreted(const std::vector<bundle::RegistryChange>& changes, Contents contents = {}) {
  bundle::interpret(changes, contents);
  return contents;
}

Contents read_reg(BytesView bytes) { return interpreted(bundle::reg_changes(bytes, "x.reg")); }
Contents read_reg(const std::string& lines) {
  return read_reg(view("Windows Registry Editor Version 5.00\r\n\r\n" + lines));
}

Contents read_pol(BytesView bytes, const std::string& hive = "HKEY_LOCAL_MACHINE") {
  Contents contents;
  const auto changes = bundle::registry_pol_changes(bytes, hive, "", contents.faults);
  return interpreted(changes, std::move(contents));
}

Contents read_xml(BytesView bytes) {
  Contents contents;
  const auto changes = bundle::registry_xml_changes(bytes, "", contents.faults);
  return interpreted(changes, std::move(contents));
}

Contents read_lgpo(BytesView bytes) { return interpreted(bundle::lgpo_changes(bytes, "")); }

/// "put Root 9F86… for 1.3.6…" of each certificate, in order.
std::vector<std::string> sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string purposes_text(const std::optional<std::vector<Oid>>& purposes) {
  std::string text;
  if (purposes)
    for (const auto& oid : *purposes) text += " " + oid.text();
  return text;
}

std::vector<std::string> lines_of(const Contents& contents) {
  std::vector<std::string> lines;
  for (const auto& found : contents.certificates)
    lines.push_back((found.action == FoundCertificate::Action::add ? "put " : "take ") +
                    found.store + " " + found.thumbprint.hex() +
                    purposes_text(bundle::purposes(found)));
  return sorted(lines);
}

std::vector<std::string> lines_of(const bundle::State& state, bool with_removals = true) {
  std::vector<std::string> lines;
  const auto add = [&](const char* what, const bundle::Entry& entry, const std::string& purposes) {
    lines.push_back(what + std::string(bundle::registry_name(entry.store)) + " " +
                    entry.certificate.thumbprint().hex() + purposes);
  };
  for (const auto& entry : state.present) add("put ", entry, purposes_text(entry.purposes));
  if (with_removals)
    for (const auto& entry : state.removed) add("take ", entry, "");
  return sorted(lines);
}

std::vector<std::string> settings_of(const Contents& contents) {
  std::vector<std::string> lines;
  for (const auto& setting : contents.settings)
    lines.push_back(setting.key + " " + setting.name + " " +
                    (setting.value ? std::to_string(*setting.value) : "deleted"));
  return sorted(lines);
}

std::string machine_key(const char* store, const std::string& thumbprint) {
  return std::string(R"(HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\)") + store +
         R"(\Certificates\)" + thumbprint;
}

std::string hex_of(BytesView bytes) {
  std::string text = "hex:";
  for (std::size_t i = 0; i < bytes.size(); ++i)
    text += (i == 0 ? "" : ",") + to_hex(bytes.subspan(i, 1));
  return text;
}

std::vector<bundle::State> states() {
  auto with_settings = test::lab_state();
  with_settings.settings = test::some_settings();
  bundle::settle(with_settings);
  auto distrust = test::without_publisher();
  for (auto entry : distrust.removed) {
    entry.store = bundle::Store::disallowed;
    distrust.present.push_back(entry);
  }
  bundle::settle(distrust);
  return {test::lab_state(), test::without_publisher(), with_settings, distrust,
          test::hostile_state()};
}

}  // namespace

TEST_CASE("what the registry's writers wrote is read back as it was meant", "[bundle]") {
  for (const auto& state : states()) {
    const auto reg = read_reg(bundle::reg_import(state));
    CHECK(lines_of(reg) == lines_of(state));
    CHECK(reg.settings.size() == state.settings.size());
    CHECK(reg.faults.empty());
    CHECK(reg.other_changes == 0);

    const auto pol = read_pol(bundle::encode_registry_pol(bundle::policy_instructions(state)));
    CHECK(lines_of(pol) == lines_of(state, false));
    CHECK(pol.faults.empty());

    for (const auto& file : bundle::lgpo_files(state, "lgpo"))
      if (file.path == "lgpo.txt") {
        const auto lgpo = read_lgpo(file.content);
        CHECK(lines_of(lgpo) == lines_of(state));
        CHECK(lgpo.faults.empty());
      }
    for (const auto& file : bundle::gpo_backup(state, {"gpo", {{"flavor", "preference"}}}))
      if (file.path.ends_with("Machine/Preferences/Registry/Registry.xml") &&
          !file.path.starts_with("remove/")) {
        const auto xml = read_xml(file.content);
        CHECK(lines_of(xml) == lines_of(state));
        CHECK(xml.faults.empty());
      }
  }
}

TEST_CASE("the removal of a .reg takes out all that its import puts in", "[bundle]") {
  for (const auto& state : states()) {
    auto expected = state;
    expected.removed.insert(expected.removed.end(), state.present.begin(), state.present.end());
    expected.present.clear();
    std::vector<std::string> lines = lines_of(expected);
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    CHECK(lines_of(read_reg(bundle::reg_removal(state))) == lines);
  }
}

TEST_CASE("settings are read with whose they are", "[bundle]") {
  auto state = test::lab_state();
  state.settings = test::some_settings();
  bundle::settle(state);
  const std::string publishing =
      R"(\Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\Software Publishing)";
  const auto expected = sorted({
      "HKEY_CURRENT_USER" + publishing + " State 146944",
      R"(HKEY_USERS\.DEFAULT)" + publishing + " State 146944",
      R"(HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\TrustedPublisher\Safer)"
      " AuthenticodeFlags 2",
  });
  CHECK(settings_of(read_reg(bundle::reg_import(state))) == expected);
  const auto undone = settings_of(read_reg(bundle::reg_removal(state)));
  CHECK(std::count_if(undone.begin(), undone.end(),
                      [](const std::string& line) { return line.ends_with("State 146432"); }) == 2);
  CHECK(std::count_if(undone.begin(), undone.end(), [](const std::string& line) {
          return line.ends_with("AuthenticodeFlags deleted");
        }) == 1);
}

TEST_CASE("each location of the registry is told from the others", "[bundle]") {
  const auto& certificate = test::pki().root.certificate;
  const std::string thumbprint = certificate.thumbprint().hex();
  const std::string tail = R"(\Root\Certificates\)" + thumbprint +
                           "]\r\n\"Blob\"=" + hex_of(bundle::encode_blob(certificate)) + "\r\n";
  using L = bundle::Location;
  struct Row {
    const char* key;
    L location;
  };
  const Row rows[] = {
      {R"(HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates)", L::machine},
      {R"(HKLM\software\microsoft\systemcertificates)", L::machine},
      {R"(HKEY_LOCAL_MACHINE\\SOFTWARE\Microsoft\\SystemCertificates)", L::machine},
      {R"(HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\SystemCertificates)", L::machine},
      {R"(HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\SystemCertificates)", L::machine_policy},
      {R"(HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\EnterpriseCertificates)", L::enterprise},
      {R"(HKEY_CURRENT_USER\Software\Microsoft\SystemCertificates)", L::user},
      {R"(HKEY_USERS\.DEFAULT\Software\Microsoft\SystemCertificates)", L::user},
      {R"(HKEY_CURRENT_USER\Software\Policies\Microsoft\SystemCertificates)", L::user_policy},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.key) {
      const auto contents = read_reg("[" + std::string(row.key) + tail);
      REQUIRE(contents.certificates.size() == 1);
      CHECK(contents.certificates[0].location == row.location);
      CHECK(contents.certificates[0].store == "Root");
      CHECK(contents.certificates[0].position.place == "line 4");
    }
}

TEST_CASE("what a registry file does last counts", "[bundle]") {
  const auto& certificate = test::pki().root.certificate;
  const std::string key = machine_key("ROOT", certificate.thumbprint().hex());
  const std::string put =
      "[" + key + "]\r\n\"Blob\"=" + hex_of(bundle::encode_blob(certificate)) + "\r\n";
  const std::string take = "[-" + key + "]\r\n";
  using Action = FoundCertificate::Action;
  const auto first = read_reg(put + take), second = read_reg(take + put);
  REQUIRE(first.certificates.size() == 1);
  REQUIRE(second.certificates.size() == 1);
  CHECK(first.certificates[0].action == Action::remove);
  CHECK(second.certificates[0].action == Action::add);
}

TEST_CASE("a removal that Windows does not do hides no addition", "[bundle]") {
  const auto& certificate = test::pki().root.certificate;
  const std::string thumbprint = certificate.thumbprint().hex();
  const std::string put = "[" + machine_key("ROOT", thumbprint) +
                          "]\r\n\"Blob\"=" + hex_of(bundle::encode_blob(certificate)) + "\r\n";
  for (const std::string& spelled : {thumbprint.substr(0, 2) + " " + thumbprint.substr(2),
                                     "58:" + thumbprint.substr(2), thumbprint + " "}) {
    const auto contents = read_reg(put + "[-" + machine_key("ROOT", spelled) + "]\r\n");
    REQUIRE(contents.certificates.size() == 1);
    CHECK(contents.certificates[0].action == FoundCertificate::Action::add);
  }
  // **Del is special in a REG_SZ only ([MS-GPREG] 3.2.5.1.2).
  const std::string key =
      R"(Software\Microsoft\SystemCertificates\Root\Certificates\)" + thumbprint;
  const auto policy = read_pol(bundle::encode_registry_pol(
      {{key, "Blob", bundle::reg_binary, bundle::encode_blob(certificate)},
       {key, "**Del.Blob", bundle::reg_binary, {' ', 0, 0, 0}}}));
  REQUIRE(policy.certificates.size() == 1);
  CHECK(policy.certificates[0].action == FoundCertificate::Action::add);
}

TEST_CASE("a lone carriage return ends a line of a .reg file as well", "[bundle]") {
  const auto& certificate = test::pki().root.certificate;
  CHECK(read_reg("; a comment\r[" + machine_key("ROOT", certificate.thumbprint().hex()) +
                 "]\r\"Blob\"=" + hex_of(bundle::encode_blob(certificate)) + "\r\n")
            .certificates.size() == 1);
}

TEST_CASE("a registry file says where it does not do what it seems to", "[bundle]") {
  const auto& certificate = test::pki().root.certificate;
  const auto& other = test::pki().code.certificate;
  const std::string thumbprint = certificate.thumbprint().hex();
  const std::string blob = "\"Blob\"=" + hex_of(bundle::encode_blob(certificate)) + "\r\n";
  Bytes wrong_hash = bundle::encode_blob(certificate);
  wrong_hash[12] ^= 1;
  Bytes with_key = {2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 'k', 0};
  append(with_key, bundle::encode_blob(certificate));
  struct Row {
    const char* name;
    std::string lines;
    const char* message;
  };
  const Row rows[] = {
      {"another certificate", "[" + machine_key("ROOT", other.thumbprint().hex()) + "]\r\n" + blob,
       "it stands under"},
      {"a thumbprint with spaces",
       "[" + machine_key("ROOT", thumbprint.substr(0, 2) + " " + thumbprint.substr(2)) + "]\r\n" +
           blob,
       "is not named by a thumbprint"},
      {"a key beside the stores",
       R"([HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography\Services\X\SystemCertificates\Root])"
       "\r\n" +
           blob,
       "which is not looked at and may decide about trust"},
      {"a key that is no thumbprint", "[" + machine_key("ROOT", "MyRoot") + "]\r\n" + blob,
       "the key 'MyRoot' is not named by a thumbprint"},
      {"lower case", "[" + machine_key("ROOT", ascii_lower(thumbprint)) + "]\r\n" + blob,
       "is not written as Windows writes it"},
      {"a wrong property 3",
       "[" + machine_key("ROOT", thumbprint) + "]\r\n\"Blob\"=" + hex_of(wrong_hash) + "\r\n",
       "but the certificate's SHA-1 is"},
      {"a private key's name",
       "[" + machine_key("ROOT", thumbprint) + "]\r\n\"Blob\"=" + hex_of(with_key) + "\r\n",
       "names the container of a private key (property 2)"},
      {"a Blob that is text", "[" + machine_key("ROOT", thumbprint) + "]\r\n\"Blob\"=\"x\"\r\n",
       "'Blob' is not binary"},
      {"a Blob that is nothing", "[" + machine_key("ROOT", thumbprint) + "]\r\n\"Blob\"=hex:\r\n",
       "there is no certificate in it"},
      {"a whole store",
       R"([-HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\ROOT\Certificates])"
       "\r\n",
       "it deletes"},
      {"State as text",
       R"([HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\Software Publishing])"
       "\r\n\"State\"=\"146432\"\r\n",
       "'State' is not a DWORD"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const auto contents = read_reg(row.lines);
      REQUIRE(contents.faults.size() == 1);
      CHECK_THAT(contents.faults[0].message, Catch::Contains(row.message));
      CHECK_FALSE(contents.faults[0].remedy.empty());
    }
}

TEST_CASE("reg_changes reads what regedit writes, and says where a file is wrong", "[bundle]") {
  const auto changes = bundle::reg_changes(view("REGEDIT4\n"
                                                "; a comment\n"
                                                "[HKLM\\A [x]\\B]\n"
                                                "\"quoted \\\"name\\\" \\\\\"=\"two\nlines\"\n"
                                                "@=dword:0000002A\n"
                                                "\"gone\"=-\n"
                                                "\"bytes\"=hex(3):01,\\\n  02,\\\n  3\n"
                                                "\"none\"=hex:\n"),
                                           "");
  REQUIRE(changes.size() == 6);
  CHECK(changes[0].key == "A [x]\\B");
  CHECK(changes[1].name == "quoted \"name\" \\");
  CHECK(changes[1].data == utf16le("two\nlines"));
  CHECK(changes[2].data == Bytes{42, 0, 0, 0});
  CHECK(changes[3].action == bundle::RegistryChange::Action::delete_value);
  CHECK(changes[4].data == Bytes{1, 2, 3});
  CHECK(changes[5].data.empty());

  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"", "not a .reg file"},
      {"hello", "not a .reg file"},
      {"REGEDIT4\n\"a\"=\"b\"", "line 2: a value without a key above it"},
      {"REGEDIT4\n[-HKLM\\A]\n\"a\"=\"b\"", "line 3: a value without a key above it"},
      {"REGEDIT4\n[HKLM\\A", "line 2: '[' without ']'"},
      {"REGEDIT4\n[HKLM\\A]\nx", "line 3: a name in quotes, or '@', expected"},
      {"REGEDIT4\n[HKLM\\A]\n\"x", "line 3: a quote is not closed"},
      {"REGEDIT4\n[HKLM\\A]\n\"x\"", "line 3: '=' expected behind the name of a value"},
      {"REGEDIT4\n[HKLM\\A]\n\"x\"=7", "line 3: unknown kind of data"},
      {"REGEDIT4\n[HKLM\\A]\n\"x\"=dword:xyz", "line 3: 'xyz' is no hex number of this size"},
      {"REGEDIT4\n[HKLM\\A]\n\"x\"=dword:100000000",
       "line 3: '100000000' is no hex number of this size"},
      {"REGEDIT4\n[HKLM\\A]\n\"x\"=hex:1,,2", "line 3: '' is no hex number of this size"},
      {"REGEDIT4\n[HKLM\\A]\n\"x\"=hex:123", "line 3: '123' is no hex number of this size"},
      {"REGEDIT4\n[HKLM\\A]\n\"x\"=hex:1,\\", "line 3: the data goes on behind '\\'"},
      {"REGEDIT4\n[HKLM\\A]\n\"x\"=hex(z:1", "line 3: unknown kind of data"},
      {"REGEDIT4\n[HKLM\\A]\n\"x\"=hex", "line 3: ':' expected behind 'hex'"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.text) {
      CHECK_THROWS_WITH(bundle::reg_changes(view(row.text), ""), Catch::StartsWith(row.message));
    }
}

TEST_CASE("Registry.pol's special names are changes of their own", "[bundle]") {
  const std::string above = R"(Software\Microsoft\SystemCertificates\Root\Certificates)";
  const std::string thumbprint = test::pki().root.certificate.thumbprint().hex();
  const Bytes space = {' ', 0, 0, 0};
  const auto deleted = read_pol(bundle::encode_registry_pol({
      {above, "**DeleteKeys", bundle::reg_sz, utf16le(thumbprint + ";Other")},
      {above + "\\" + test::pki().code.certificate.thumbprint().hex(), "**del.Blob", bundle::reg_sz,
       space},
      {above + "\\" + test::pki().issuing.certificate.thumbprint().hex(), "**delvals.",
       bundle::reg_sz, space},
      {above, "**SecureKey", bundle::reg_dword, {1, 0, 0, 0}},
      {above, "", bundle::reg_none, {}},
  }));
  CHECK(deleted.certificates.size() == 3);
  for (const auto& found : deleted.certificates)
    CHECK(found.action == FoundCertificate::Action::remove);
  REQUIRE(deleted.faults.size() == 1);  // 'Other' is no thumbprint.
  CHECK(deleted.other_changes == 0);
  const auto soft = read_pol(bundle::encode_registry_pol(
      {{R"(Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\Software Publishing)",
        "**soft.State",
        bundle::reg_dword,
        {0, 0x3c, 2, 0}}}));
  REQUIRE(soft.settings.size() == 1);
  CHECK(soft.settings[0].value == 0x23c00);
}

TEST_CASE("what a preference turns off or filters is said", "[bundle]") {
  const std::string thumbprint = test::pki().root.certificate.thumbprint().hex();
  const auto document = [&](const std::string& attributes, const std::string& filters) {
    return R"(<RegistrySettings><Collection><Registry )" + attributes +
           R"(><Properties action="D" hive="HKEY_LOCAL_MACHINE" key="SOFTWARE\Microsoft\SystemCertificates\ROOT\Certificates\)" +
           thumbprint + R"(" name=""/>)" + filters + "</Registry></Collection></RegistrySettings>";
  };
  const auto plain = read_xml(view(document("", "<Filters/>")));
  CHECK(plain.certificates.size() == 1);
  CHECK(plain.faults.empty());
  const auto off = read_xml(view(document(R"(disabled="1")", "")));
  CHECK(off.certificates.empty());
  REQUIRE(off.faults.size() == 1);
  CHECK(off.faults[0].message == "it is turned off");
  const auto filtered = read_xml(view(document("", "<Filters><FilterOrgUnit/></Filters>")));
  CHECK(filtered.certificates.empty());  // It may not be taken out.
  REQUIRE(filtered.faults.size() == 1);
  CHECK(filtered.faults[0].message == "filters decide on which machines it counts");

  CHECK_THROWS_WITH(read_xml(view("<RegistrySettings>")), Catch::StartsWith("not well-formed XML"));
  CHECK_THROWS_WITH(read_xml(view("<html/>")), Catch::StartsWith("not a Registry.xml"));
  std::string deep = "<RegistrySettings>";
  for (int i = 0; i < 40; ++i) deep += "<Collection>";
  for (int i = 0; i < 40; ++i) deep += "</Collection>";
  CHECK_THROWS_WITH(read_xml(view(deep + "</RegistrySettings>")),
                    "collections nested over 32 deep");
}

TEST_CASE("LGPO's text is read in blocks, and its mistakes have a line", "[bundle]") {
  const std::string publishing =
      R"(Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\Software Publishing)";
  const auto contents =
      read_lgpo(view("; made by hand\r\n\r\nUser\r\n" + publishing +
                     "\r\nState\r\nDWORD:146432\r\n\r\nComputer\r\nSoftware\\X\r\n"
                     "*\r\nDELETEALLVALUES\r\n\r\n"));
  CHECK(settings_of(contents) ==
        std::vector<std::string>{R"(HKEY_CURRENT_USER\)" + publishing + " State 146432"});
  CHECK(contents.other_changes == 1);
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"Computer\nA\n", "line 2: the last block is cut short"},
      {"Computer\nA\n\nDELETE\n", "line 3: a block of four lines expected"},
      {"Machine\nA\nB\nDELETE\n", "line 4: 'Computer' or 'User' expected at the head of a block"},
      {"Computer\nA\nB\nFORGET\n", "line 4: unknown action 'FORGET'"},
      {"Computer\nA\nB\nDWORD:many\n", "line 4: a number expected behind 'DWORD:'"},
      {"Computer\nA\nB\nBINARY:0\n", "line 4: pairs of hex digits expected behind 'BINARY:'"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.text) {
      CHECK_THROWS_WITH(bundle::lgpo_changes(view(row.text), ""), row.message);
    }
}

TEST_CASE("a real certificate policy is read whole", "[bundle]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const auto contents = read_pol(
      read_file(*corpus / "registry" / "Windows-Secure-Host-Baseline__Machine_registry.pol"));
  CHECK(contents.certificates.size() == 37);
  CHECK(contents.faults.empty());
  CHECK(contents.other_changes == 0);
  for (const auto& found : contents.certificates) {
    CHECK(found.location == bundle::Location::machine_policy);
    CHECK((found.store == "CA" || found.store == "Root"));
    CHECK(found.properties.size() == 6);
  }
}

TEST_CASE("no prefix of a registry file does anything but read or fail", "[bundle]") {
  const auto state = test::lab_state();
  const Bytes reg = bundle::reg_import(state),
              pol = bundle::encode_registry_pol(bundle::policy_instructions(state));
  std::size_t read = 0;
  for (std::size_t size = 0; size < reg.size(); size += 7) try {
      read += read_reg(BytesView(reg).first(size)).certificates.size();
    } catch (const Error& error) {
      CHECK(error.kind == Error::Kind::input);
    }
  for (std::size_t size = 0; size < pol.size(); size += 7) try {
      read += read_pol(BytesView(pol).first(size)).certificates.size();
    } catch (const Error& error) {
      CHECK(error.kind == Error::Kind::input);
    }
  CHECK(read > 0);
}
