// The two files of a ceremony: one way to write them, and no other is read.

#include "base/encoding.h"
#include "twins.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

/// A request with one of everything.
workspace::CeremonyRequest full_request(const Twins& twins) {
  auto request = twins.ask().request;
  request.origin.by = "O'Brien \"the # boss\": anna";
  request.authorities[0].known = {std::string(64, 'a'), std::string(64, 'b')};
  request.lists[0].revoked = {
      {Serial{{0x17, 0x18}}, twins.now, "keyCompromise", twins.now - std::chrono::hours(48)},
      {Serial{{0x20}}, twins.now, "", {}}};
  return request;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

template <class Read>
void refuses_every_change(const std::string& text, Read read) {
  const auto lines = lines_of(text);
  int accepted = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::vector<std::vector<std::string>> changed(5, lines);
    changed[0].erase(changed[0].begin() + long(i));
    changed[1].insert(changed[1].begin() + long(i), lines[i]);
    changed[2][i] += " ";
    changed[3].insert(changed[3].begin() + long(i), "# all is well");
    if (lines[i].empty())
      changed[4][i] = "x";
    else
      changed[4][i][lines[i].size() / 2] ^= 1;
    for (std::size_t kind = 0; kind < changed.size(); ++kind) {
      if (joined(changed[kind]) == text) continue;
      try {
        read(joined(changed[kind]));
        ++accepted;
        UNSCOPED_INFO("line " << i + 1 << ", change " << kind << ": " << lines[i]);
      } catch (const Error& error) {
        if (error.kind != Error::Kind::input) ++accepted;
      }
    }
  }
  CHECK(accepted == 0);
}

}  // namespace

TEST_CASE("what is written is read again, with any line ends", "[ceremony]") {
  const Twins twins;
  const auto file = workspace::write_ceremony(full_request(twins));
  const auto read = workspace::read_ceremony_request(file.text, "a");
  CHECK(read.file.text == file.text);
  CHECK(read.request.origin.by == "O'Brien \"the # boss\": anna");
  CHECK(read.request.lists[0].revoked[0].serial.hex() == "1718");
  std::string windows;
  for (const char c : file.text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(workspace::read_ceremony_request(windows, "a").file.number == file.number);
  CHECK(workspace::looks_like_ceremony(file.text));
  CHECK_FALSE(workspace::looks_like_ceremony("-----BEGIN CERTIFICATE-----\nceremony: request\n"));
}

TEST_CASE("a file that was changed anywhere is refused", "[ceremony]") {
  const Twins twins;
  refuses_every_change(
      workspace::write_ceremony(full_request(twins)).text,
      [](const std::string& text) { workspace::read_ceremony_request(text, "a"); });
  refuses_every_change(twins.perform(twins.ask()).file.text,
                       [](const std::string& text) { workspace::read_ceremony_answer(text, "a"); });
}

TEST_CASE("a change is named by its line", "[ceremony]") {
  const Twins twins;
  const auto asked = twins.ask();
  const auto& text = asked.file.text;
  const auto message = [&](const std::string& from, const std::string& to) {
    return error_from(
               [&] { workspace::read_ceremony_request(replaced(text, from, to), "to-safe.txt"); })
        .message;
  };
  CHECK(message("CN=Issuing 1,", "CN=Evil 1,") ==
        "to-safe.txt:10: the number is not that of the file: something in it was changed");
  CHECK(message("# Present when", "# Nobody when") ==
        "to-safe.txt:48: this line is not as it was "
        "written");
  CHECK(message("key: 'ECDSA P-256'", "key: 'RSA-4096'") ==
        "to-safe.txt:35: this line is not as it was written");
  CHECK(message("version: 1", "version: 2") ==
        "to-safe.txt:13:10: made by a newer version of this program");
  CHECK(message("  - name: issuing\n", "  - name: issuing\n    evil: 1\n") ==
        "to-safe.txt:30: this line is not as it was written");
  CHECK(message("    issuer: far-root\n", "") == "to-safe.txt:29:5: 'issuer' is missing");
  CHECK(error_from([&] { workspace::read_ceremony_answer(text, "a"); }).message ==
        "a:12:11: this is the request of a ceremony, and its answer is needed");
}

TEST_CASE("what nobody would see is refused", "[ceremony]") {
  const Twins twins;
  const auto message = [&](const workspace::CeremonyRequest& request) {
    const auto text = workspace::write_ceremony(request).text;
    return error_from([&] { workspace::read_ceremony_request(text, "a"); }).message;
  };
  auto request = twins.ask().request;
  SECTION("marks that turn or hide letters") {
    auto changed = request;
    changed.origin.by = "anna\u202e1ikp@";
    CHECK(message(changed) == "a:17:5: 'by' holds characters that cannot be seen");
    changed = request;
    changed.certificates[0].terms.subject += "\u200b";
    CHECK_THAT(message(changed), Catch::EndsWith("'subject' holds characters that cannot be seen"));
  }
  SECTION("two entries of one name") {
    auto changed = request;
    changed.certificates.push_back(changed.certificates[0]);
    CHECK_THAT(message(changed), Catch::EndsWith(": 'issuing' stands here twice"));
    changed = request;
    changed.authorities.push_back(changed.authorities[0]);
    CHECK_THAT(message(changed), Catch::EndsWith(": 'far-root' stands here twice"));
    changed = request;
    changed.lists.push_back(changed.lists[0]);
    CHECK_THAT(message(changed), Catch::EndsWith(": 'far-root' stands here twice"));
  }
}

TEST_CASE("thirty digits stand for the file", "[ceremony][oracle]") {
  const Twins twins;
  const auto file = twins.ask().file;
  write_file(twins.scratch / "file", view(file.text));
  const auto sum = run(
      {"sh", "-c",
       "grep -v '^number: ' '" + (twins.scratch / "file").string() + "' | sha256sum | cut -c1-64"});
  CHECK(sum.out == to_hex(file.sha256) + "\n");
  std::string digits;
  for (int group = 0; group < 6; ++group) {
    const auto value = std::stoull(sum.out.substr(std::size_t(group) * 10, 10), nullptr, 16);
    const auto five = std::to_string(100000 + value % 100000).substr(1);
    digits += (group ? " " : "") + five;
  }
  CHECK(file.number == digits);
  CHECK(workspace::same_number("00000 00001-0000200003 00004 00005",
                               "00000 00001 00002 00003 00004 00005"));
  CHECK_FALSE(workspace::same_number("", file.number));
}
