#include "cli/session.h"

#include "base/encoding.h"
#include "base/error.h"
#include "ca/issue.h"
#include "ca/recording.h"
#include "cli/secrets.h"

namespace sealwright::cli {
namespace {

namespace fs = std::filesystem;

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(' '), to = text.find_last_not_of(' ');
  return from == std::string::npos ? std::string() : text.substr(from, to - from + 1);
}

void settle(workspace::Workspace& workspace, Context& context) {
  for (const auto& intent : ca::settle_unfinished(workspace.inventory()))
    context.warn("an earlier run did not finish '" + intent.name + "@" +
                 std::to_string(intent.number) + "' (begun " + to_iso(intent.started) +
                 "): recorded as abandoned, nothing of it is in use");
  for (const auto& signature : ca::settle_unfinished_signatures(workspace.inventory()))
    context.warn("an earlier run did not finish signing '" + printable(signature.intent.file_name) +
                 "' (begun " + to_iso(signature.started) + "): recorded as abandoned");
}

}  // namespace

workspace::Workspace open_workspace(Context& context) {
  auto workspace = workspace::Workspace::open(
      workspace::find(context.globals.workspace, fs::current_path()), context.clock);
  settle(workspace, context);
  return workspace;
}

WorkspaceToChange open_workspace_to_change(Context& context) {
  const auto folder = workspace::find(context.globals.workspace, fs::current_path());
  auto workspace = workspace::Workspace::open(folder, context.clock);
  bool waited = false;
  auto lock = std::make_unique<workspace::Lock>(workspace, [&] {
    context.say("another run is at work here: waiting for it");
    waited = true;
  });
  // The other run may have changed the YAML too.
  if (waited) workspace = workspace::Workspace::open(folder, context.clock);
  settle(workspace, context);
  return {std::move(lock), std::move(workspace)};
}

std::unique_ptr<workspace::Workspace> open_workspace_if_any(Context& context) {
  if (context.globals.workspace.empty()) {
    try {
      (void)workspace::find("", fs::current_path());
    } catch (const Error&) {
      return nullptr;
    }
  }
  return std::make_unique<workspace::Workspace>(open_workspace(context));
}

workspace::Keys open_keys(workspace::Workspace& workspace, const KeyWords& words,
                          Context& context) {
  ca::KeyringOptions options;
  options.random = context.random;
  return {workspace,
          [file = words.passphrase_file, &context] {
            return read_secret(passphrase_source(file), context);
          },
          options, token_options(words.pin_file, words.pin_env, context)};
}

workspace::Keys open_keys(workspace::Workspace& workspace, const std::string& passphrase_file,
                          Context& context) {
  return open_keys(workspace, KeyWords{passphrase_file, {}, {}}, context);
}

Time parse_at(const std::string& text) {
  if (const auto time = parse_time(text)) return *time;
  throw Error(Error::Kind::usage, "'" + printable(text) + "' is not a time",
              "write 2026-11-21 or 2026-11-21T17:00:00Z");
}

Time judged_time(const std::string& at, const Context& context) {
  return at.empty() ? context.clock() : parse_at(at);
}

std::vector<const WindowsTarget*> parse_os(const std::vector<std::string>& given) {
  try {
    return parse_windows_targets(split_list(given));
  } catch (Error& error) {
    error.kind = Error::Kind::usage;
    throw;
  }
}

std::vector<std::string> split_list(const std::vector<std::string>& given) {
  std::vector<std::string> words;
  for (const auto& text : given)
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      const std::string word = trimmed(text.substr(from, comma - from));
      if (!word.empty()) words.push_back(word);
      from = comma + 1;
    }
  return words;
}

}  // namespace sealwright::cli
