#include "bundle/registry_pol.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "bundle/blob.h"
#include "states.h"

using namespace sealwright;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> real_files() {
  std::vector<fs::path> files;
  if (const auto corpus = test::corpus())
    for (const auto& entry : fs::recursive_directory_iterator(*corpus))
      if (entry.is_regular_file() && ascii_lower(entry.path().string()).ends_with("registry.pol"))
        files.push_back(entry.path());
  return files;
}

/// What samba's own reader makes of it: packed again it must be the same bytes.
const char* samba_check = R"(
import sys
from samba.ndr import ndr_unpack, ndr_pack
from samba.dcerpc import preg
data = open(sys.argv[1], 'rb').read()
parsed = ndr_unpack(preg.file, data)
assert ndr_pack(parsed) == data, 'not the same bytes'
for entry in parsed.entries: print(entry.keyname + '|' + entry.valuename + '|' + str(entry.type) + '|' + str(entry.size))
)";

}  // namespace

TEST_CASE("certificates stand under their thumbprints, sorted, with empty keys beside",
          "[bundle]") {
  std::vector<std::string> keys;
  for (const auto& instruction : bundle::policy_instructions(test::lab_state()))
    keys.push_back(instruction.key + "|" + instruction.value);
  const std::string base = R"(Software\Policies\Microsoft\SystemCertificates\)";
  const auto thumbprint = [](const test::Holder& holder) {
    return holder.certificate.thumbprint().hex();
  };
  CHECK(keys ==
        std::vector<std::string>{
            base + R"(CA\Certificates\)" + thumbprint(test::pki().issuing) + "|Blob",
            base + R"(CA\CRLs|)",
            base + R"(CA\CTLs|)",
            base + R"(Root\Certificates\)" + thumbprint(test::pki().root) + "|Blob",
            base + R"(Root\CRLs|)",
            base + R"(Root\CTLs|)",
            base + R"(TrustedPublisher\Certificates\)" + thumbprint(test::pki().code) + "|Blob",
            base + R"(TrustedPublisher\CRLs|)",
            base + R"(TrustedPublisher\CTLs|)",
        });
}

TEST_CASE("a removed certificate is not in the policy, its store's empty key is", "[bundle]") {
  const std::string text = [] {
    std::string all;
    for (const auto& instruction : bundle::policy_instructions(test::without_publisher()))
      all += instruction.key + "\n";
    return all;
  }();
  CHECK(text.find(test::pki().code.certificate.thumbprint().hex()) == std::string::npos);
  CHECK(text.find("TrustedPublisher\\Certificates\n") != std::string::npos);
}

TEST_CASE("real Registry.pol files survive reading and writing byte for byte", "[bundle]") {
  const auto files = real_files();
  if (files.empty()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  for (const auto& file : files) {
    INFO(file.string());
    const Bytes bytes = read_file(file);
    CHECK(bundle::encode_registry_pol(bundle::read_registry_pol(bytes)) == bytes);
  }
}

TEST_CASE("every blob of a real certificate policy is read, and its key is the thumbprint",
          "[bundle]") {
  std::size_t blobs = 0;
  for (const auto& file : real_files())
    for (const auto& instruction : bundle::read_registry_pol(read_file(file))) {
      if (instruction.value != "Blob") continue;
      ++blobs;
      CHECK(instruction.key.ends_with(
          bundle::read_blob(instruction.data).certificate.thumbprint().hex()));
    }
  if (real_files().empty())
    WARN("SKIPPED: no corpus");
  else
    CHECK(blobs >= 37);
}

TEST_CASE("samba reads our Registry.pol and packs it to the same bytes", "[bundle][oracle]") {
  test::Scratch scratch;
  if (test::run({"/usr/bin/python3", "-c", "import samba.dcerpc.preg"}).exit_code != 0) {
    WARN("SKIPPED: python3-samba is not installed");
    return;
  }
  const auto instructions = bundle::policy_instructions(test::lab_state());
  write_file(scratch / "Registry.pol", bundle::encode_registry_pol(instructions));
  const auto ran =
      test::run({"/usr/bin/python3", "-c", samba_check, (scratch / "Registry.pol").string()});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  std::string expected;
  for (const auto& instruction : instructions)
    expected += instruction.key + "|" + instruction.value + "|" + std::to_string(instruction.type) +
                "|" + std::to_string(instruction.data.size()) + "\n";
  CHECK(ran.out == expected);
}

TEST_CASE("read_registry_pol says where a file is wrong", "[bundle]") {
  const Bytes good = bundle::encode_registry_pol({{"K", "V", bundle::reg_dword, {1, 0, 0, 0}}});
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    Bytes bytes = good;
    bytes[at] = value;
    return bytes;
  };
  struct Row {
    const char* name;
    Bytes bytes;
    const char* message;
  };
  const Row rows[] = {
      {"nothing at all", {}, "Registry.pol is cut short"},
      {"another signature", changed(0, 'x'),
       "not a Registry.pol file (it does not start with 'PReg')"},
      {"another version", changed(4, 2), "Registry.pol: unknown version"},
      {"no bracket", changed(8, 'x'), "Registry.pol: '[' expected at offset 8"},
      {"no semicolon", changed(14, 'x'), "Registry.pol: ';' expected at offset 14"},
      {"a size past the end", changed(31, 0x7f), "Registry.pol is cut short"},
      {"cut in the data", Bytes(good.begin(), good.end() - 3), "Registry.pol is cut short"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(bundle::read_registry_pol(row.bytes), row.message);
    }
}

TEST_CASE("a removal deletes every key and value of its policy, in pieces that a policy can hold",
          "[bundle]") {
  auto state = test::without_publisher();
  state.settings = test::some_settings();
  bundle::settle(state);
  const auto removal = bundle::policy_removal_instructions(state);
  REQUIRE(removal.size() == 4);  // Three stores, and AuthenticodeFlags.
  for (const auto& instruction : removal) CHECK(instruction.type == bundle::reg_sz);
  CHECK(removal[0].value == "**DeleteKeys");
  CHECK(removal[0].key == R"(Software\Policies\Microsoft\SystemCertificates\Root\Certificates)");
  CHECK(removal[0].data ==
        utf16le(test::pki().root.certificate.thumbprint().hex() + std::string(1, '\0')));
  CHECK(removal[3].value == "**del.AuthenticodeFlags");
  const auto users = bundle::user_policy_removal_instructions(state);
  REQUIRE(users.size() == 1);
  CHECK(users[0].data == Bytes{0x00, 0x3c, 0x02, 0x00});

  state.removed.assign(1500, state.removed.at(0));
  std::size_t pieces = 0;
  for (const auto& instruction : bundle::policy_removal_instructions(state)) {
    CHECK(instruction.data.size() <= 65'535);
    pieces += instruction.key.find("TrustedPublisher") != std::string::npos &&
              instruction.value == "**DeleteKeys";
  }
  CHECK(pieces == 3);
}
