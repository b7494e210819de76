#include "tool_run.h"

#include <sstream>

#include "base/error.h"
#include "base/file.h"

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

LabWorkspace& ToolBench::make_workspace() {
  lab_ = std::make_unique<LabWorkspace>();
  return *lab_;
}

workspace::Workspace ToolBench::open_workspace() {
  if (!lab_) throw Error(Error::Kind::state, "no workspace here");
  lab_->now = now;
  return lab_->open();
}

std::optional<ossl::Secret> ToolBench::password(const compat::PasswordWish& wish) const {
  for (const auto& file : {wish.file, wish.other_file})
    if (!file.empty()) return ossl::Secret(std::string_view(read_text(file)));
  for (const auto& variable : {wish.variable, wish.other_variable})
    if (const auto found = passwords.find(variable); found != passwords.end())
      return ossl::Secret(std::string_view(found->second));
  return std::nullopt;
}

ToolRan ToolBench::run(const compat::Tool& tool, std::vector<std::string> words) {
  std::vector<char*> argv;
  for (auto& word : words) {
    if (word.starts_with('@')) word = path(word.substr(1)).string();
    argv.push_back(word.data());
  }
  ToolRan ran;
  std::ostringstream out, err;
  const auto say = [&](const char* kind, std::vector<std::string>& said) {
    return [&err, &said, &tool, kind](const std::string& text) {
      said.push_back(text);
      err << tool.name << ": " << kind << ": " << text << "\n";
    };
  };
  const auto open = [this]() -> compat::OpenWorkspace {
    auto opened = open_workspace();
    auto lock = std::make_unique<workspace::Lock>(opened, [] {});
    return {std::move(lock), std::move(opened), keys_of};
  };
  compat::World world{out,
                      err,
                      [this] { return now; },
                      ossl::system_random(),
                      [this](const compat::PasswordWish& wish) { return password(wish); },
                      open,
                      say("note", ran.notes),
                      say("warning", ran.warnings),
                      [this] { return targets; }};
  try {
    tool.run(compat::read_words(tool.flags, argv), world);
    ran.done = true;
  } catch (const Error& error) {
    ran.error = error.message;
    ran.hint = error.hint;
    err << tool.name << ": error: " << error.message << "\n";
    if (!error.hint.empty()) err << tool.name << ": hint: " << error.hint << "\n";
    out << tool.failed << "\n";
  }
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

ToolRan ToolBench::run(const compat::Tool& tool, const std::string& line) {
  return run(tool, words_of(line));
}

}  // namespace sealwright::test
