#include "cli/man_page.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "cli/completion_script.h"

namespace sealwright::cli {
namespace {

/// Text that roff shall not read: backslashes, and what begins a line with a control character.
/// Hyphens of options are typed by people, so they are minus signs; the ellipsis is a word of roff.
std::string roff(const std::string& text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 0 && (c == '.' || c == '\'')) made += "\\&";
    if (c == '\\')
      made += "\\e";
    else if (c == '-')
      made += "\\-";
    else if (c == '"')
      made += "\\(dq";
    else if (text.compare(i, 3, "…") == 0)
      made += "...", i += 2;
    else
      made += c;
  }
  return made;
}

std::string upper(const std::string& text) { return ascii_upper(text); }

std::string header(const std::string& name) {
  return fmt::format(
      ".\\\" Made from the program's own table of commands.\n"
      ".TH {} 1 \"\" \"sealwright " SEALWRIGHT_VERSION "\" \"Sealwright\"\n",
      upper(roff(name)));
}

std::string section(const std::string& title) { return ".SH " + title + "\n"; }

std::string term(const Argument& argument) {
  if (argument.kind == Argument::Kind::positional)
    return "\\fI" + roff(argument.names) + "\\fR" + (argument.many ? " ..." : "");
  std::string text;
  for (const auto& word : spellings(argument))
    text += (text.empty() ? "\\fB" : ", \\fB") + roff(word) + "\\fR";
  if (!argument.value.empty()) text += " \\fI" + roff(argument.value) + "\\fR";
  return text;
}

std::string described(const Argument& argument) {
  std::string text = ".TP\n" + term(argument) + "\n" + roff(argument.help);
  if (!argument.choices.empty()) {
    std::string words;
    for (const auto& choice : argument.choices) words += (words.empty() ? "" : ", ") + choice;
    if (argument.help.find(argument.choices.front()) == std::string::npos)
      text += "\n(" + roff(words) + ")";
  }
  if (argument.required && argument.kind == Argument::Kind::option) text += "\nNeeded.";
  if (argument.many && argument.kind == Argument::Kind::option) text += "\nMay be repeated.";
  return text + "\n";
}

std::string synopsis(const std::string& path, const Command& command) {
  std::string text = ".B " + roff(path) + "\n";
  bool options = false;
  for (const auto& argument : command.arguments)
    options |= argument.kind != Argument::Kind::positional && !argument.required;
  for (const auto& argument : command.arguments)
    if (argument.kind == Argument::Kind::option && argument.required) text += term(argument) + "\n";
  if (options) text += "[\\fIoptions\\fR]\n";
  for (const auto& argument : command.arguments)
    if (argument.kind == Argument::Kind::positional)
      text += argument.required ? term(argument) + "\n" : "[" + term(argument) + "]\n";
  return text;
}

std::string options_of(const Command& command) {
  std::string text;
  for (const auto kind : {Argument::Kind::positional, Argument::Kind::option, Argument::Kind::flag})
    for (const auto& argument : command.arguments)
      if (argument.kind == kind) text += described(argument);
  return text;
}

std::string examples_of(const Command& command) {
  std::string text;
  for (const auto& line : command.examples) text += roff(line) + "\n";
  return text.empty() ? text : ".nf\n" + text + ".fi\n";
}

const char* exit_codes() {
  return ".TP\n0\nDone, or the answer is yes.\n"
         ".TP\n1\nChecked, and the answer is no: not valid, findings, something to do.\n"
         ".TP\n2\nThe command line cannot be understood.\n"
         ".TP\n3\nA file is malformed.\n"
         ".TP\n4\nThe policy refuses.\n"
         ".TP\n5\nThe state of things is against it: taken, not found, moved, busy.\n"
         ".TP\n6\nA key, passphrase or signature is wrong.\n"
         ".TP\n7\nReading or writing failed.\n"
         ".TP\n70\nA defect of the program.\n";
}

}  // namespace

std::string main_page(const std::vector<Command>& commands) {
  std::string text =
      header("sealwright") + section("NAME") +
      "sealwright \\- certificates that Windows machines trust, and signed drivers\n";
  text += section("SYNOPSIS") + ".B sealwright\n[\\fIoptions\\fR]\n\\fICOMMAND\\fR\n[...]\n";
  text += section("DESCRIPTION");
  text +=
      "Makes roots and code-signing certificates from YAML policies, keeps them in an inventory, "
      "renews\nthem, writes the bundles that make Windows machines trust them, and signs drivers "
      "and programs\nwith them.\n";
  text += section("COMMANDS");
  for (const auto& command : commands)
    if (!command.hidden)
      text +=
          ".TP\n.BR sealwright\\-" + roff(command.name) + " (1)\n" + roff(command.summary) + "\n";
  text += section("OPTIONS");
  for (const auto& argument : global_arguments()) text += described(argument);
  text += section("EXIT STATUS") + exit_codes();
  text += section("ENVIRONMENT");
  text +=
      ".TP\n.B SEALWRIGHT_PASSPHRASE\nOpens the workspace where no \\-\\-passphrase\\-file is "
      "given.\n.TP\n.B CREDENTIALS_DIRECTORY\nA file sealwright\\-passphrase in it is read "
      "likewise.\n";
  text += section("FILES") +
          ".TP\n.I sealwright.yaml\nWhat should exist; the folder that holds it is the workspace.\n"
          ".TP\n.I policies/\nThe policies that the workspace is pinned to.\n"
          ".TP\n.I .sealwright/inventory.db\nThe inventory.\n";
  return text;
}

std::string command_page(const Command& command) {
  const std::string name = "sealwright-" + command.name, path = "sealwright " + command.name;
  std::string text = header(name) + section("NAME") + roff(name) + " \\- " + roff(command.summary) +
                     "\n" + section("SYNOPSIS");
  if (command.subcommands.empty()) {
    text += synopsis(path, command);
    if (!command.arguments.empty()) text += section("OPTIONS") + options_of(command);
    if (!command.examples.empty()) text += section("EXAMPLES") + examples_of(command);
  } else {
    bool first = true;
    for (const auto& child : command.subcommands) {
      if (!first) text += ".br\n";
      first = false;
      text += synopsis(path + " " + child.name, child);
    }
    text += section("COMMANDS");
    for (const auto& child : command.subcommands) {
      text += ".SS " + roff(path + " " + child.name) + "\n" + roff(child.summary) + ".\n";
      text += options_of(child);
      if (!child.examples.empty()) text += ".PP\nExample:\n.PP\n" + examples_of(child);
    }
  }
  text += section("SEE ALSO") +
          ".BR sealwright (1)\nfor options that every command takes, and exit "
          "codes\n";
  return text;
}

}  // namespace sealwright::cli
