#include "cli/drop_in.h"

#include <fmt/format.h>

#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/secrets.h"
#include "cli/session.h"
#include "compat/tool.h"

namespace sealwright::cli {
namespace {

using compat::Tool;

std::optional<ossl::Secret> password(const compat::PasswordWish& wish, Context& context) {
  const SecretSource source{wish.what, wish.file, "--password-file", wish.variable, ""};
  if (auto known = read_known_secret(source)) return known;
  const SecretSource other{wish.what, wish.other_file, "--password-file", wish.other_variable, ""};
  if (auto known = read_known_secret(other)) return known;
  if (!wish.ask || !context.terminal) return std::nullopt;
  return wish.is_new ? read_new_secret(source, context) : read_secret(source, context);
}

void choose_workspace(const compat::CommandLine& line, Context& context) {
  context.globals.workspace = line.value_or("--workspace", context.globals.workspace);
}

compat::OpenWorkspace open(const compat::CommandLine& line, Context& context) {
  choose_workspace(line, context);
  auto opened = open_workspace_to_change(context);
  return {std::move(opened.lock), std::move(opened.workspace),
          [file = line.value_or("--passphrase-file", ""), &context](auto& workspace) {
            return open_keys(workspace, file, context);
          }};
}

std::vector<std::string> targets(const compat::CommandLine& line, Context& context) {
  choose_workspace(line, context);
  const auto workspace = open_workspace_if_any(context);
  return workspace ? workspace->hierarchy().targets : std::vector<std::string>{};
}

compat::World world_of(const Tool& tool, const compat::CommandLine& line, Context& context) {
  const auto say = [&context, name = std::string(tool.name)](const char* kind) {
    return [&context, name, kind](const std::string& text) {
      context.err << name << ": " << kind << ": " << printable(text, 64 * 1024) << "\n";
    };
  };
  return {context.out,
          context.err,
          context.clock,
          context.random,
          [&context](const compat::PasswordWish& wish) { return password(wish, context); },
          [&line, &context] { return open(line, context); },
          say("note"),
          say("warning"),
          [&line, &context] { return targets(line, context); }};
}

int failed(const Tool& tool, const Error& error, Context& context) {
  context.err << tool.name << ": error: " << printable(error.message, 64 * 1024) << "\n"
              << error.excerpt;
  if (!error.hint.empty())
    context.err << tool.name << ": hint: " << printable(error.hint, 64 * 1024) << "\n";
  context.out << tool.failed << "\n";
  return 1;
}

void run(const Tool& tool, std::span<char* const> words, Context& context) {
  const auto line = compat::read_words(tool.flags, words);
  if (line.has("?") || line.has("--help")) {
    context.out << compat::help_text(tool);
    return;
  }
  if (words.empty())
    throw Error(Error::Kind::usage, "nothing is asked for", fmt::format("see '{} -?'", tool.name));
  auto world = world_of(tool, line, context);
  if (line.has_secret())
    world.warn(
        "a password in the command line can be seen by everybody on this machine until it "
        "is overwritten, which is now done; give it in a file or a variable");
  tool.run(line, world);
}

}  // namespace

std::optional<int> run_drop_in(int argc, char** argv, Context& context) {
  if (argc < 1) return std::nullopt;
  int first = 1;
  const Tool* tool = compat::find_tool(argv[0]);
  if (!tool && argc > 1 && (tool = compat::find_tool(argv[1]))) first = 2;
  if (!tool) return std::nullopt;
  try {
    run(*tool, {argv + first, static_cast<std::size_t>(argc - first)}, context);
    return 0;
  } catch (const Error& error) {
    return failed(*tool, error, context);
  } catch (const std::filesystem::filesystem_error& error) {
    return failed(*tool, error_of(error), context);
  }
}

}  // namespace sealwright::cli
