#include "cli/completion_script.h"

#include <fmt/format.h>

#include <algorithm>

namespace sealwright::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

/// A command with the words that lead to it: "bundle write".
struct Leaf {
  std::string path;
  const Command* command;
};

void collect(const std::vector<Command>& commands, const std::string& lead,
             std::vector<Leaf>& leaves, std::vector<Leaf>& groups) {
  for (const auto& command : commands) {
    if (command.hidden) continue;
    const std::string path = lead + command.name;
    if (command.subcommands.empty()) {
      leaves.push_back({path, &command});
    } else {
      groups.push_back({path, &command});
      collect(command.subcommands, path + " ", leaves, groups);
    }
  }
}

struct Table {
  explicit Table(const std::vector<Command>& commands) {
    collect(commands, "", leaves, groups);
    for (const auto& command : commands)
      if (!command.hidden) first.push_back(&command);
  }
  std::vector<Leaf> leaves, groups;
  std::vector<const Command*> first;
  std::vector<Argument> globals = global_arguments();
};

std::vector<std::string> option_words(const std::vector<Argument>& arguments) {
  std::vector<std::string> words;
  for (const auto& argument : arguments)
    if (argument.kind != Argument::Kind::positional)
      for (const auto& word : spellings(argument)) words.push_back(word);
  return words;
}

/// In single quotes for any of the three shells; fish alone reads backslashes in them.
std::string single_quoted(const std::string& text, const std::string& quote = "'\\''") {
  std::string made = "'";
  for (const char c : text) {
    if (c == '\'')
      made += quote;
    else
      made += c;
  }
  return made + "'";
}

// bash

std::string bash_value(const Argument& argument) {
  switch (value_kind(argument)) {
    case ValueKind::words:
      return "_sealwright_words " + single_quoted(joined(argument.choices, " "));
    case ValueKind::file:
      return "_sealwright_files -f";
    case ValueKind::folder:
      return "_sealwright_files -d";
    default:
      return ":";
  }
}

std::string bash_values(const std::string& path, const std::vector<Argument>& arguments) {
  std::string cases;
  for (const auto& argument : arguments) {
    if (argument.kind != Argument::Kind::option) continue;
    std::vector<std::string> patterns;
    for (const auto& word : spellings(argument))
      patterns.push_back(path.empty() ? "*' " + word + "'" : single_quoted(path + " " + word));
    cases += fmt::format("    {}) {}; return ;;\n", joined(patterns, "|"), bash_value(argument));
  }
  return cases;
}

std::string bash_positional(const Command& command) {
  for (const auto& argument : command.arguments)
    if (argument.kind == Argument::Kind::positional) return bash_value(argument);
  return ":";
}

// zsh

/// Brackets and colons end descriptions.
std::string zsh_text(const std::string& text) {
  std::string made;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':') made += '\\';
    made += c;
  }
  return made;
}

std::string zsh_action(const Argument& argument) {
  switch (value_kind(argument)) {
    case ValueKind::words:
      return "(" + joined(argument.choices, " ") + ")";
    case ValueKind::file:
      return "_files";
    case ValueKind::folder:
      return "_files -/";
    default:
      return " ";
  }
}

void zsh_argument(const Argument& argument, const std::string& margin, std::string& text) {
  if (argument.kind == Argument::Kind::positional) {
    text += fmt::format(" \\\n{}{}", margin,
                        single_quoted(fmt::format("{}:{}:{}", argument.many ? "*" : "",
                                                  zsh_text(argument.names), zsh_action(argument))));
    return;
  }
  const auto words = spellings(argument);
  for (const auto& word : words) {
    std::string spec = argument.many ? "*" : "(" + joined(words, " ") + ")";
    spec += word + "[" + zsh_text(argument.help) + "]";
    if (argument.kind == Argument::Kind::option)
      spec += ":" + zsh_text(argument.value) + ":" + zsh_action(argument);
    text += fmt::format(" \\\n{}{}", margin, single_quoted(spec));
  }
}

std::string zsh_arguments(const Table& table, const Command& command, const std::string& margin) {
  std::string text = margin + "_arguments -s";
  for (const auto& argument : table.globals) zsh_argument(argument, margin + "  ", text);
  for (const auto& argument : command.arguments) zsh_argument(argument, margin + "  ", text);
  return text + "\n";
}

template <class Commands>
std::string zsh_names(const Commands& commands, const std::string& margin) {
  std::string text = margin + "local -a names=(";
  for (const Command* command : commands)
    text += fmt::format("\n{}  {}", margin,
                        single_quoted(command->name + ":" + zsh_text(command->summary)));
  return text + ")\n" + margin + "_describe command names\n";
}

std::string zsh_group(const Table& table, const Command& group) {
  std::vector<const Command*> children;
  for (const auto& child : group.subcommands) children.push_back(&child);
  std::string text = "      if (( CURRENT == 2 )); then\n" + zsh_names(children, "        ");
  text += "        return\n      fi\n      shift words\n      (( CURRENT-- ))\n";
  text += "      case $words[1] in\n";
  for (const auto* child : children)
    text += fmt::format("        {})\n{}          ;;\n", child->name,
                        zsh_arguments(table, *child, "          "));
  return text + "      esac\n";
}

// fish

std::string fish_quoted(const std::string& text) {
  std::string made;
  for (const char c : text) made += c == '\\' ? std::string("\\\\") : std::string(1, c);
  return single_quoted(made, "\\'");
}

std::string fish_value(const Argument& argument) {
  switch (value_kind(argument)) {
    case ValueKind::words:
      return " -x -a " + fish_quoted(joined(argument.choices, " "));
    case ValueKind::file:
      return " -r -F";
    case ValueKind::folder:
      return " -x -a '(__fish_complete_directories)'";
    default:
      return argument.kind == Argument::Kind::option ? " -x" : "";
  }
}

std::string fish_argument(const Argument& argument, const std::string& condition) {
  const std::string lead =
      "complete -c sealwright" + (condition.empty() ? "" : " -n " + fish_quoted(condition));
  if (argument.kind == Argument::Kind::positional) {
    const std::string value = fish_value(argument);
    return value.empty() ? "" : lead + (value == " -r -F" ? " -F" : value) + "\n";
  }
  std::string words;
  for (const auto& word : spellings(argument))
    words += word.starts_with("--") ? " -l " + word.substr(2) : " -s " + word.substr(1);
  return lead + words + (argument.kind == Argument::Kind::option ? fish_value(argument) : "") +
         " -d " + fish_quoted(argument.help) + "\n";
}

std::string fish_seen(const std::string& path) {
  std::string text;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t space = std::min(path.find(' ', from), path.size());
    text += (text.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ") +
            path.substr(from, space - from);
    from = space + 1;
  }
  return text;
}

}  // namespace

ValueKind value_kind(const Argument& argument) {
  if (argument.kind == Argument::Kind::flag) return ValueKind::none;
  if (!argument.choices.empty()) return ValueKind::words;
  const std::string& name =
      argument.kind == Argument::Kind::positional ? argument.names : argument.value;
  const auto holds = [&](std::string_view word) { return name.find(word) != std::string::npos; };
  if (holds("FILE") || name == "THING" || holds("PATH")) return ValueKind::file;
  return holds("DIR") ? ValueKind::folder : ValueKind::other;
}

std::vector<std::string> spellings(const Argument& argument) {
  std::vector<std::string> words;
  for (std::size_t from = 0; from <= argument.names.size();) {
    const std::size_t comma = std::min(argument.names.find(',', from), argument.names.size());
    words.push_back(argument.names.substr(from, comma - from));
    from = comma + 1;
  }
  return words;
}

std::string bash_completion(const std::vector<Command>& commands) {
  const Table table(commands);
  std::vector<std::string> first, paths, group_paths, takes_value;
  for (const auto* command : table.first) first.push_back(command->name);
  for (const auto& argument : table.globals)
    if (argument.kind == Argument::Kind::option)
      for (const auto& word : spellings(argument)) takes_value.push_back(single_quoted(" " + word));
  std::string values = bash_values("", table.globals), words, positionals;
  for (const auto& group : table.groups) {
    std::vector<std::string> children;
    for (const auto& child : group.command->subcommands) children.push_back(child.name);
    group_paths.push_back(single_quoted(group.path));
    words += fmt::format("    {}) words={} ;;\n", single_quoted(group.path),
                         single_quoted(joined(children, " ")));
  }
  for (const auto& leaf : table.leaves) {
    values += bash_values(leaf.path, leaf.command->arguments);
    for (const auto& argument : leaf.command->arguments)
      if (argument.kind == Argument::Kind::option)
        for (const auto& word : spellings(argument))
          takes_value.push_back(single_quoted(leaf.path + " " + word));
    words += fmt::format("    {}) options={} ;;\n", single_quoted(leaf.path),
                         single_quoted(joined(option_words(leaf.command->arguments), " ")));
    if (const auto positional = bash_positional(*leaf.command); positional != ":")
      positionals += fmt::format("    {}) {} ;;\n", single_quoted(leaf.path), positional);
  }
  return fmt::format(
      R"(# bash completion for sealwright: source it, or put it where bash-completion looks.

_sealwright_words() {{
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}}

_sealwright_files() {{
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}}

# Whether the option in $2 after the command in $1 is followed by a value.
_sealwright_takes_value() {{
  case "$1 $2" in
    *' -C'|*' --workspace'|*' --color') return 0 ;;
    {0}) return 0 ;;
  esac
  return 1
}}

_sealwright() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  local command='' words='' options='' word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${{COMP_WORDS[i]}}
    if [[ $word == -* ]]; then
      if _sealwright_takes_value "$command" "$word"; then ((i++)); fi
      continue
    fi
    case "$command" in
      ''|{1}) command=${{command:+$command }}$word ;;
    esac
  done
  case "$command $prev" in
{2}  esac
  case "$command" in
    '') words={3} ;;
{4}  esac
  if [[ $cur == -* ]]; then
    _sealwright_words "$options "{5}
  elif [[ $words ]]; then
    _sealwright_words "$words"
  else
    case "$command" in
{6}    esac
  fi
}}

complete -F _sealwright sealwright
)",
      joined(takes_value, "|"), group_paths.empty() ? "' '" : joined(group_paths, "|"), values,
      single_quoted(joined(first, " ")), words,
      single_quoted(joined(option_words(table.globals), " ")), positionals);
}

std::string zsh_completion(const std::vector<Command>& commands) {
  const Table table(commands);
  std::string text =
      "#compdef sealwright\n# zsh completion for sealwright: put it into a folder of $fpath as "
      "_sealwright.\n\n_sealwright() {\n  local curcontext=$curcontext state line\n"
      "  typeset -A opt_args\n  _arguments -C";
  for (const auto& argument : table.globals) zsh_argument(argument, "    ", text);
  text += " \\\n    '1: :->command' \\\n    '*:: :->rest'\n  case $state in\n    command)\n";
  text += zsh_names(table.first, "      ");
  text += "      return ;;\n  esac\n  case $words[1] in\n";
  for (const auto* command : table.first)
    text += fmt::format("    {})\n{}      ;;\n", command->name,
                        command->subcommands.empty() ? zsh_arguments(table, *command, "      ")
                                                     : zsh_group(table, *command));
  return text +
         "  esac\n}\n\n"
         "if [[ $funcstack[1] == _sealwright ]]; then\n  _sealwright \"$@\"\nelse\n"
         "  compdef _sealwright sealwright\nfi\n";
}

std::string fish_completion(const std::vector<Command>& commands) {
  const Table table(commands);
  std::string text =
      "# fish completion for sealwright: source it, or put it into fish's folder completions.\n\n"
      "complete -c sealwright -f\n";
  for (const auto& argument : table.globals) text += fish_argument(argument, "");
  for (const auto* command : table.first)
    text += fmt::format("complete -c sealwright -n __fish_use_subcommand -a {} -d {}\n",
                        command->name, fish_quoted(command->summary));
  for (const auto& group : table.groups) {
    std::vector<std::string> children;
    for (const auto& child : group.command->subcommands) children.push_back(child.name);
    for (const auto& child : group.command->subcommands)
      text +=
          fmt::format("complete -c sealwright -n {} -a {} -d {}\n",
                      fish_quoted(fish_seen(group.path) + "; and not __fish_seen_subcommand_from " +
                                  joined(children, " ")),
                      child.name, fish_quoted(child.summary));
  }
  for (const auto& leaf : table.leaves)
    for (const auto& argument : leaf.command->arguments)
      text += fish_argument(argument, fish_seen(leaf.path));
  return text;
}

}  // namespace sealwright::cli
