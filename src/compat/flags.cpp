#include "compat/flags.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"

namespace sealwright::compat {
namespace {

bool same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

const Flag* find_flag(std::span<const Flag> table, std::string_view word) {
  for (const Flag& flag : table) {
    if (flag.name.starts_with("--") && word == flag.name) return &flag;
    if (word.size() > 1 && (word[0] == '-' || word[0] == '/') &&
        same_letters(word.substr(1), flag.name))
      return &flag;
  }
  return nullptr;
}

std::size_t count_values(const Flag& flag) {
  if (flag.values.empty()) return 0;
  return static_cast<std::size_t>(std::ranges::count(flag.values, ' ')) + 1;
}

/// As a person types it.
std::string typed(const Flag& flag) {
  return flag.name.starts_with("--") ? std::string(flag.name) : "-" + std::string(flag.name);
}

/// What word processors and web pages make of "-".
void check_dash(const std::string& word) {
  for (const char* dash : {"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"})
    if (word.starts_with(dash))
      throw Error(Error::Kind::usage,
                  "'" + printable(word) + "' begins with a dash of a word processor",
                  "write -" + printable(word.substr(std::strlen(dash))));
}

[[noreturn]] void unknown(std::span<const Flag> table, const std::string& word) {
  std::vector<std::string> known;
  for (const Flag& flag : table) known.push_back(typed(flag));
  const std::string near = did_you_mean(word, known);
  throw Error(Error::Kind::usage, "unknown option '" + printable(word) + "'",
              !near.empty() ? near : "a file of that name is written ./" + printable(word));
}

}  // namespace

std::optional<std::string> CommandLine::value(std::string_view flag) const {
  const auto found = values_.find(flag);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

std::string CommandLine::value_or(std::string_view flag, std::string_view otherwise) const {
  return value(flag).value_or(std::string(otherwise));
}

std::vector<std::string> CommandLine::values(std::string_view flag) const {
  const auto found = values_.find(flag);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::size_t CommandLine::files_before(std::string_view flag) const {
  const auto found = files_before_.find(flag);
  return found == files_before_.end() ? 0 : found->second;
}

const ossl::Secret* CommandLine::secret(std::string_view flag) const {
  const auto found = secrets_.find(flag);
  return found == secrets_.end() ? nullptr : &found->second;
}

namespace {

/// The word behind which a password stands, in the way of other tools: "-pi=secret".
bool names_secret(std::span<const Flag> table, std::string_view word) {
  const auto* flag = find_flag(table, word.substr(0, word.find('=')));
  return word.find('=') != std::string_view::npos && flag && flag->secret;
}

/// Overwrites every password, so that no mistake elsewhere in the line leaves one to be seen.
std::map<std::string, ossl::Secret, std::less<>> take_secrets(std::span<const Flag> table,
                                                              std::span<char* const> words) {
  std::map<std::string, ossl::Secret, std::less<>> secrets;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (names_secret(table, words[at])) {
      char* value = std::strchr(words[at], '=') + 1;
      std::memset(value, '*', std::strlen(value));
    }
    const Flag* flag = find_flag(table, words[at]);
    if (!flag || !flag->secret || words.size() - at <= count_values(*flag)) continue;
    char* value = words[at + count_values(*flag)];
    if (find_flag(table, value)) continue;
    secrets.emplace(flag->name, ossl::Secret(std::string_view(value)));
    std::memset(value, '*', std::strlen(value));
  }
  return secrets;
}

}  // namespace

CommandLine read_words(std::span<const Flag> table, std::span<char* const> words) {
  CommandLine line;
  line.secrets_ = take_secrets(table, words);
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string word = words[at];
    const Flag* flag = find_flag(table, word);
    if (!flag) {
      if (word.size() > 1 && word[0] == '-') unknown(table, word);
      check_dash(word);
      line.files_.push_back(word);
      continue;
    }
    const auto [entry, is_new] = line.values_.try_emplace(std::string(flag->name));
    if (!is_new) throw Error(Error::Kind::usage, "'" + typed(*flag) + "' is given twice");
    line.files_before_.emplace(flag->name, line.files_.size());
    const std::size_t count = count_values(*flag);
    for (std::size_t i = 0; i < count; ++i) {
      // The mistake of many scripts: -eku without a value takes the next flag for one.
      if (++at == words.size() || find_flag(table, words[at]))
        throw Error(Error::Kind::usage,
                    "'" + typed(*flag) + "' needs " + std::string(flag->values) + " behind it",
                    at < words.size() ? "'" + std::string(words[at]) + "' is an option itself"
                                      : std::string());
      if (!flag->secret || i + 1 < count) entry->second.emplace_back(words[at]);
    }
  }
  return line;
}

}  // namespace sealwright::compat
