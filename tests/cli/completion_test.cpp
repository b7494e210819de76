// What shells complete, asked of the shells themselves.

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "support.h"

using namespace sealwright;

namespace {

std::string script_for(const std::string& shell) {
  const auto ran = test::run({SEALWRIGHT_PROGRAM, "completion", shell});
  REQUIRE(ran.exit_code == 0);
  return ran.out;
}

bool have(const std::string& program) {
  if (test::have_program(program)) return true;
  WARN("SKIPPED: " + program + " is not installed");
  return false;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    all.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return all;
}

class Shells {
 public:
  Shells() {
    std::ofstream(scratch / "a.sys") << "x";
    std::filesystem::create_directory(scratch / "folder");
    for (const char* shell : {"bash", "zsh", "fish"})
      std::ofstream(scratch / (std::string("sealwright.") + shell)) << script_for(shell);
  }
  /// What bash offers after `words`, the last of which is being typed.
  std::vector<std::string> bash(const std::vector<std::string>& words) const {
    std::string line =
        "cd '" + scratch.path().string() + "' && source ./sealwright.bash && COMP_WORDS=(";
    for (const auto& word : words) line += "'" + word + "' ";
    line += ") COMP_CWORD=" + std::to_string(words.size() - 1) +
            " && _sealwright && printf '%s\\n' \"${COMPREPLY[@]}\"";
    const auto ran = test::run({"bash", "-u", "-c", line});
    CHECK(ran.err.empty());
    auto found = lines(ran.out);
    std::erase(found, "");
    return found;
  }
  test::Scratch scratch;
};

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("bash completes commands, options, their words, and files", "[cli]") {
  if (!have("bash")) return;
  const Shells shells;
  CHECK(test::run({"bash", "-n", shells.scratch / "sealwright.bash"}).exit_code == 0);
  using Words = std::vector<std::string>;
  CHECK(shells.bash({"sealwright", "pla"}) == Words{"plan"});
  CHECK(shells.bash({"sealwright", "-C", "folder", "bun"}) == Words{"bundle"});
  CHECK(shells.bash({"sealwright", "bundle", ""}).front() == "write");
  CHECK(shells.bash({"sealwright", "plan", "--exit"}) == Words{"--exit-code"});
  CHECK(shells.bash({"sealwright", "plan", "--js"}) == Words{"--json"});
  CHECK(shells.bash({"sealwright", "--color", ""}) == Words{"auto", "always", "never"});
  CHECK(shells.bash({"sealwright", "plan", "--color", "al"}) == Words{"always"});
  CHECK(shells.bash({"sealwright", "completion", "f"}) == Words{"fish"});
  CHECK(shells.bash({"sealwright", "sign", "a"}) == Words{"a.sys"});
  CHECK(shells.bash({"sealwright", "plan", "-o", "a"}) == Words{"a.sys"});
  CHECK(shells.bash({"sealwright", "-C", ""}) == Words{"folder"});
  CHECK(shells.bash({"sealwright", "plan", "--only", ""}).empty());
  CHECK(shells.bash({"sealwright", "export", "x", "--format", "p"}) ==
        Words{"pem", "pfx", "p7b", "pvk", "pkcs8"});
  CHECK_FALSE(holds(shells.bash({"sealwright", ""}), "man"));
}

TEST_CASE("zsh reads its completion, and fish completes", "[cli]") {
  const Shells shells;
  if (have("zsh")) {
    const std::string file = shells.scratch / "sealwright.zsh";
    const auto ran = test::run({"zsh", "-f", "-c",
                                "autoload -U compinit && compinit -u -D && source " + file +
                                    " && print $_comps[sealwright]"});
    CHECK(ran.err == "");
    CHECK(ran.out == "_sealwright\n");
  }
  if (have("fish")) {
    const auto offered = [&](const std::string& line) {
      const auto ran = test::run({"fish", "--no-config", "-c",
                                  "cd " + shells.scratch.path().string() +
                                      "; source sealwright.fish; complete -C '" + line + "'"});
      CHECK(ran.err == "");
      auto words = lines(ran.out);
      for (auto& word : words) word = word.substr(0, word.find('\t'));
      return words;
    };
    using Words = std::vector<std::string>;
    CHECK(offered("sealwright pla") == Words{"plan"});
    CHECK(holds(offered("sealwright bundle "), "write"));
    CHECK(offered("sealwright plan --exit") == Words{"--exit-code"});
    CHECK(offered("sealwright completion f") == Words{"fish"});
    CHECK(offered("sealwright --color ne") == Words{"never"});
    CHECK(holds(offered("sealwright sign a"), "a.sys"));
  }
}
