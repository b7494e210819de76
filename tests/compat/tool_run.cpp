#include "tool_run.h"

#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "workspace/init.h"

namespace sealwright::test {
namespace {

std::string lines(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& one : list) text += one + "\n";
  return text;
}

}  // namespace

std::string ToolRan::all_notes() const { return lines(notes); }
std::string ToolRan::all_warnings() const { return lines(warnings); }

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  bool quoted = false, open = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
      if (quoted && !open) words.emplace_back();
      open = true;
    } else if (c == ' ' && !quoted) {
      open = false;
    } else {
      if (!open) words.emplace_back();
      open = true;
      words.back() += c;
    }
  }
  return words;
}

ToolBench::ToolBench() : now(*parse_time("2026-03-01T12:00:00Z")) {}
ToolBench::~ToolBench() = default;

void ToolBench::make_workspace() {
  workspace::InitOptions options;
  options.folder = path("workspace");
  options.hierarchy = "driver-lab";
  options.no_passphrase = true;
  options.clock = [this] { return now; };
  workspace::init(options);
}

workspace::Workspace ToolBench::open_workspace() {
  return workspace::Workspace::open(path("workspace"), [this] { return now; });
}

ToolRan ToolBench::run(const compat::Tool& tool, const std::string& line) {
  auto words = words_of(line);
  for (auto& word : words)
    if (word.starts_with('@')) word = path(word.substr(1)).string();
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  ToolRan ran;
  std::ostringstream out, err;
  compat::World world{
      out,
      err,
      [this] { return now; },
      ossl::system_random(),
      [this](const compat::PasswordWish& wish) -> std::optional<ossl::Secret> {
        for (const auto& file : {wish.file, wish.other_file})
          if (!file.empty()) return ossl::Secret(std::string_view(read_text(file)));
        for (const auto& variable : {wish.variable, wish.other_variable})
          if (passwords.contains(variable))
            return ossl::Secret(std::string_view(passwords[variable]));
        return std::nullopt;
      },
      [this] {
        return compat::OpenWorkspace{
            nullptr, open_workspace(), [](workspace::Workspace& workspace) {
              return workspace::Keys(
                  workspace,
                  []() -> ossl::Secret { throw Error(Error::Kind::usage, "nobody can be asked"); },
                  {});
            }};
      },
      [&ran](const std::string& text) { ran.notes.push_back(text); },
      [&ran](const std::string& text) { ran.warnings.push_back(text); }};
  try {
    tool.run(compat::read_words(tool.flags, argv), world);
    ran.done = true;
  } catch (const Error& error) {
    ran.error = error.message;
    ran.hint = error.hint;
  }
  ran.out = out.str();
  return ran;
}

}  // namespace sealwright::test
