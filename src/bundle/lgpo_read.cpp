// Reads LGPO.exe's text: blocks of four lines, with empty lines and ';' comments between them.

#include <fmt/format.h>

#include <charconv>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/readers.h"

namespace sealwright::bundle {
namespace {

using Action = RegistryChange::Action;

struct Block {
  std::string lines[4];
  std::size_t first = 0;  ///< Number of its first line.
};

class BlockReader {
 public:
  explicit BlockReader(std::string text) : text_(std::move(text)) {}

  bool next(Block& block) {
    std::string line;
    do
      if (!take(line)) return false;
    while (line.empty() || line.starts_with(';'));
    block.first = number_;
    for (auto& part : block.lines) {
      if (line.empty()) fail("a block of four lines expected");
      part = line;
      if (&part != std::end(block.lines) - 1 && !take(line)) fail("the last block is cut short");
    }
    return true;
  }
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(Error::Kind::input, fmt::format("line {}: {}", number_, why));
  }

 private:
  bool take(std::string& line) {
    if (at_ >= text_.size()) return false;
    const auto end = std::min(text_.find('\n', at_), text_.size());
    line = text_.substr(at_, end - at_);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    at_ = end + 1;
    ++number_;
    return true;
  }

  std::string text_;
  std::size_t at_ = 0, number_ = 0;
};

std::optional<std::uint32_t> number(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, hex ? 16 : 10);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

void take_action(const std::string& action, RegistryChange& change, const BlockReader& reader) {
  constexpr std::uint32_t type_string = 1, type_binary = 3, type_dword = 4;
  if (action == "CREATEKEY") {
    change.action = Action::create_key;
  } else if (action == "DELETE") {
    change.action = Action::delete_value;
  } else if (action == "DELETEALLVALUES") {
    change.action = Action::delete_all_values;
  } else if (action.starts_with("DWORD:")) {
    const auto value = number(std::string_view(action).substr(6));
    if (!value) reader.fail("a number expected behind 'DWORD:'");
    change.type = type_dword;
    put_u32le(change.data, *value);
  } else if (action.starts_with("BINARY:")) {
    std::string digits = action.substr(7);
    std::erase(digits, ',');
    const auto bytes = from_hex(digits);
    if (!bytes) reader.fail("pairs of hex digits expected behind 'BINARY:'");
    change.type = type_binary;
    change.data = *bytes;
  } else if (action.find(':') != std::string::npos) {
    change.type = type_string;  // SZ, EXSZ, MULTISZ, QWORD: none of them decides about trust.
  } else {
    reader.fail("unknown action '" + printable(action, 40) + "'");
  }
}

}  // namespace

std::vector<RegistryChange> lgpo_changes(BytesView bytes, const std::string& file) {
  std::vector<RegistryChange> changes;
  BlockReader reader(decoded_text(bytes));
  for (Block block; reader.next(block);) {
    const auto& [side, key, name, action] = block.lines;
    RegistryChange change;
    if (side.starts_with("Computer"))
      change.hive = "HKEY_LOCAL_MACHINE";
    else if (side.starts_with("User"))
      change.hive = "HKEY_CURRENT_USER";
    else
      reader.fail("'Computer' or 'User' expected at the head of a block");
    change.key = key;
    if (name != "*") change.name = name;
    change.position = {file, fmt::format("line {}", block.first)};
    if (action == "CLEAR") continue;  // Nothing configured: LGPO.exe leaves it as it is.
    if (action.starts_with("DELETEKEYS")) {
      change.action = Action::delete_key;
      const auto colon = action.find(':');
      if (colon != std::string::npos) change.key += "\\" + action.substr(colon + 1);
    } else {
      take_action(action, change, reader);
    }
    add_bounded(changes, std::move(change));
  }
  return changes;
}

}  // namespace sealwright::bundle
