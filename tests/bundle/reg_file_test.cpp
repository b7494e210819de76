#include "bundle/reg_file.h"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "base/encoding.h"
#include "base/file.h"
#include "bundle/blob.h"
#include "bundle/write.h"
#include "states.h"

using namespace sealwright;

namespace {

std::string text_of(const Bytes& reg) { return from_utf16le(BytesView(reg).subspan(2)); }

std::string key_of(const char* store, const test::Holder& holder) {
  return std::string(R"(HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\)") + store +
         R"(\Certificates\)" + holder.certificate.thumbprint().hex();
}

}  // namespace

TEST_CASE("a .reg file is UTF-16 with CRLF, and no line is longer than regedit's", "[bundle]") {
  const Bytes reg = bundle::reg_import(test::lab_state());
  REQUIRE(reg[0] == 0xff);
  REQUIRE(reg[1] == 0xfe);
  const std::string text = text_of(reg);
  CHECK(text.starts_with("Windows Registry Editor Version 5.00\r\n\r\n"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.ends_with("\r"));
    if (line.find(',') != std::string::npos && line[0] != ';') CHECK(line.size() <= 79);
  }
}

TEST_CASE("the removal twin deletes every key that the import makes", "[bundle]") {
  const std::string import = text_of(bundle::reg_import(test::lab_state())),
                    removal = text_of(bundle::reg_removal(test::lab_state()));
  for (const auto& key : {key_of("ROOT", test::pki().root), key_of("CA", test::pki().issuing),
                          key_of("TrustedPublisher", test::pki().code)}) {
    CHECK(import.find("[" + key + "]\r\n\"Blob\"=hex:") != std::string::npos);
    CHECK(removal.find("[-" + key + "]\r\n") != std::string::npos);
  }
}

TEST_CASE("an import takes out what was removed since the last version", "[bundle]") {
  const std::string import = text_of(bundle::reg_import(test::without_publisher()));
  CHECK(import.find("[-" + key_of("TrustedPublisher", test::pki().code) + "]") !=
        std::string::npos);
}

TEST_CASE("files for one user write below HKEY_CURRENT_USER and nowhere else", "[bundle]") {
  using bundle::RegStores;
  auto state = test::without_publisher();
  state.settings = test::some_settings();
  bundle::settle(state);
  const std::string import = text_of(bundle::reg_import(state, RegStores::current_user)),
                    removal = text_of(bundle::reg_removal(state, RegStores::current_user));
  const auto user_key = [](const char* store, const test::Holder& holder) {
    return "HKEY_CURRENT_USER" + key_of(store, holder).substr(18);
  };
  CHECK(import.find("[" + user_key("ROOT", test::pki().root) + "]\r\n\"Blob\"=hex:") !=
        std::string::npos);
  CHECK(import.find("[-" + user_key("TrustedPublisher", test::pki().code) + "]") !=
        std::string::npos);
  CHECK(removal.find("[-" + user_key("CA", test::pki().issuing) + "]") != std::string::npos);
  CHECK(import.find("\"State\"=dword:00023e00") != std::string::npos);
  CHECK(removal.find("\"State\"=dword:00023c00") != std::string::npos);
  for (const auto& reg : {import, removal})
    for (const char* elsewhere : {"HKEY_LOCAL_MACHINE", "HKEY_USERS", "AuthenticodeFlags"})
      CHECK(reg.find(elsewhere) == std::string::npos);
}

TEST_CASE("files for one user are there only where asked for, and README speaks of them",
          "[bundle]") {
  for (const bool asked : {false, true}) DYNAMIC_SECTION(asked) {
      bundle::FormatRequest request("reg");
      if (asked) request.options["current_user"] = "true";
      std::set<std::string> names;
      for (const auto& file : bundle::write_formats(test::lab_state(), {request})) {
        names.insert(file.path);
        if (file.path == "reg/README.txt")
          CHECK((text(file.content).find("ProtectedRoots") != std::string::npos) == asked);
      }
      CHECK(names.contains("reg/lab-trust-user.reg") == asked);
      CHECK(names.contains("reg/lab-trust-user-remove.reg") == asked);
    }
}

TEST_CASE("settings are set by the import and given back by the removal", "[bundle]") {
  auto state = test::lab_state();
  state.settings = test::some_settings();
  bundle::settle(state);
  const std::string publishing =
      R"(Software\Microsoft\Windows\CurrentVersion\WinTrust\Trust Providers\Software Publishing])"
      "\r\n\"State\"=";
  const std::string safer =
      R"([HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\TrustedPublisher\Safer])"
      "\r\n\"AuthenticodeFlags\"=";
  const auto holds = [](const Bytes& reg, const std::string& part) {
    return text_of(reg).find(part) != std::string::npos;
  };
  for (const std::string hive : {R"([HKEY_CURRENT_USER\)", R"([HKEY_USERS\.DEFAULT\)"}) {
    CHECK(holds(bundle::reg_import(state), hive + publishing + "dword:00023e00\r\n"));
    CHECK(holds(bundle::reg_removal(state), hive + publishing + "dword:00023c00\r\n"));
  }
  CHECK(holds(bundle::reg_import(state), safer + "dword:00000002\r\n"));
  CHECK(holds(bundle::reg_removal(state), safer + "-\r\n"));
  state.reverted = std::move(state.settings);
  state.settings.clear();
  CHECK(holds(bundle::reg_import(state), safer + "-\r\n"));
}

TEST_CASE("reged imports our .reg into a hive and exports the same blob", "[bundle][oracle]") {
  const auto empty_hive = test::data() / "registry" / "empty.hive";
  if (!test::have_program("reged")) {
    WARN("SKIPPED: reged is not installed");
    return;
  }
  test::Scratch scratch;
  const std::string prefix = R"(HKEY_LOCAL_MACHINE\SOFTWARE)";
  const std::string hive = (scratch / "software.hive").string();
  std::filesystem::copy_file(empty_hive, hive);
  write_file(scratch / "import.reg", bundle::reg_import(test::lab_state()));
  const auto exported = [&] {
    const std::string out = (scratch / "out.reg").string();
    std::filesystem::remove(out);
    test::run({"reged", "-x", hive, prefix, R"(\)", out});
    const Bytes bytes = read_file(out);
    return std::string(bytes.begin(), bytes.end());
  };
  const auto imported =
      test::run({"reged", "-I", "-C", hive, prefix, (scratch / "import.reg").string()}, "y\n");
  INFO(imported.out << imported.err);
  const std::string after_import = exported();
  for (const auto* holder : {&test::pki().root, &test::pki().issuing, &test::pki().code})
    CHECK(after_import.find(holder->certificate.thumbprint().hex()) != std::string::npos);
  std::string hex;
  for (const char c : after_import)
    if (std::isxdigit(static_cast<unsigned char>(c))) hex += c;
  CHECK(hex.find(to_hex(bundle::encode_blob(test::pki().code.certificate))) != std::string::npos);
}
