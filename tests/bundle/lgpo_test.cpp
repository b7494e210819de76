#include "bundle/lgpo.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "base/encoding.h"
#include "bundle/registry_pol.h"
#include "bundle/settings.h"
#include "states.h"

using namespace sealwright;

namespace {

/// "SIDE|KEY|VALUE|ACTION" of each block.
std::vector<std::string> blocks(const bundle::State& state, const std::string& name) {
  std::string content;
  for (const auto& file : bundle::lgpo_files(state, "lgpo"))
    if (file.path == name) content = text(file.content);
  std::vector<std::string> all;
  std::vector<std::string> block;
  std::istringstream lines(content);
  for (std::string line; std::getline(lines, line);) {
    REQUIRE(line.ends_with('\r'));
    line.pop_back();
    if (!line.empty()) {
      block.push_back(line);
      continue;
    }
    REQUIRE(block.size() == 4);
    all.push_back(block[0] + "|" + block[1] + "|" + block[2] + "|" + block[3]);
    block.clear();
  }
  return all;
}

std::string key(const char* store, const test::Holder& holder) {
  return std::string(R"(Software\Policies\Microsoft\SystemCertificates\)") + store +
         R"(\Certificates\)" + holder.certificate.thumbprint().hex();
}

}  // namespace

TEST_CASE("the text says what Registry.pol says", "[bundle]") {
  auto state = test::lab_state();
  state.settings = test::some_settings();
  bundle::settle(state);
  std::vector<std::string> expected;
  for (const auto& instruction : bundle::policy_instructions(state)) {
    std::string action = "CREATEKEY", bytes;
    for (const auto byte : instruction.data)
      bytes += (bytes.empty() ? "" : ",") + to_hex({&byte, 1});
    if (instruction.type == bundle::reg_binary) action = "BINARY:" + bytes;
    if (instruction.type == bundle::reg_dword) action = "DWORD:0x00000002";
    expected.push_back("Computer|" + instruction.key + "|" +
                       (instruction.value.empty() ? "*" : instruction.value) + "|" + action);
  }
  const std::string publishing = bundle::key_of(state.settings.front());
  expected.push_back("User|" + publishing + "|State|DWORD:0x00023e00");
  CHECK(blocks(state, "lgpo.txt") == expected);
}

TEST_CASE("what left is deleted by the next import, and everything by remove.txt", "[bundle]") {
  auto state = test::without_publisher();
  state.settings = test::some_settings();
  bundle::settle(state);
  const auto& pki = test::pki();
  const std::string left = "Computer|" + key("TrustedPublisher", pki.code) + "|Blob|DELETE";
  CHECK(blocks(state, "lgpo.txt").front() == left);
  CHECK(blocks(state, "remove.txt") ==
        std::vector<std::string>{
            left,
            "Computer|" + key("CA", pki.issuing) + "|Blob|DELETE",
            "Computer|" + key("Root", pki.root) + "|Blob|DELETE",
            R"(Computer|Software\Policies\Microsoft\SystemCertificates\TrustedPublisher\Safer|)"
            "AuthenticodeFlags|DELETE",
            "User|" + bundle::key_of(state.settings.front()) + "|State|DWORD:0x00023c00",
        });
}
