// Reads .reg files as regedit does: "Windows Registry Editor Version 5.00" and REGEDIT4.

#include <fmt/format.h>

#include <charconv>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/reader_parts.h"

namespace sealwright::bundle {
namespace {

using Action = RegistryChange::Action;

constexpr std::uint32_t type_string = 1, type_binary = 3, type_dword = 4;

class RegReader {
 public:
  RegReader(std::string text, std::string file) : text_(std::move(text)), file_(std::move(file)) {}

  std::vector<RegistryChange> read() {
    std::string_view line;
    if (!next(line) || (line != "Windows Registry Editor Version 5.00" && line != "REGEDIT4"))
      throw Error(
          Error::Kind::input,
          "not a .reg file (it does not start with 'Windows Registry Editor Version 5.00')");
    while (next(line)) {
      if (line.starts_with('['))
        take_key(line);
      else
        take_value(line);
    }
    return std::move(changes_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(Error::Kind::input, fmt::format("line {}: {}", number_, why));
  }

  /// The next line that says something, without blanks around it.
  bool next(std::string_view& line) {
    while (at_ < text_.size()) {
      line = trimmed(raw_line());
      if (!line.empty() && !line.starts_with(';')) return true;
    }
    return false;
  }

  std::string_view raw_line() {
    // A lone CR ends a line as well.
    const auto end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    const auto line = std::string_view(text_).substr(at_, end - at_);
    at_ = end + (text_.compare(end, 2, "\r\n") == 0 ? 2 : 1);
    ++number_;
    return line;
  }

  void take_key(std::string_view line) {
    // Key names may hold brackets: the last one closes.
    const auto close = line.rfind(']');
    if (close == std::string_view::npos) fail("'[' without ']'");
    const bool removal = line.starts_with("[-");
    const auto path = line.substr(removal ? 2 : 1, close - (removal ? 2 : 1));
    const auto slash = std::min(path.find('\\'), path.size());
    current_ = {};
    current_.hive = ascii_upper(path.substr(0, slash));
    if (current_.hive == "HKLM") current_.hive = "HKEY_LOCAL_MACHINE";
    if (current_.hive == "HKCU") current_.hive = "HKEY_CURRENT_USER";
    if (current_.hive == "HKU") current_.hive = "HKEY_USERS";
    current_.key = path.substr(std::min(slash + 1, path.size()));
    current_.position = {file_, fmt::format("line {}", number_)};
    in_key_ = !removal;
    current_.action = removal ? Action::delete_key : Action::create_key;
    add_bounded(changes_, current_);
  }

  void take_value(std::string_view line) {
    if (!in_key_) fail("a value without a key above it");
    RegistryChange change = current_;
    change.position.place = fmt::format("line {}", number_);
    change.action = Action::set_value;
    std::string_view rest = line;
    if (rest.starts_with('@'))
      rest.remove_prefix(1);
    else
      change.name = quoted(rest);
    rest = trimmed(rest);
    if (!rest.starts_with('=')) fail("'=' expected behind the name of a value");
    take_data(trimmed(rest.substr(1)), change);
    add_bounded(changes_, std::move(change));
  }

  /// A quoted string at the beginning of `rest`, which moves behind it. It may go on over lines.
  std::string quoted(std::string_view& rest) {
    if (!rest.starts_with('"')) fail("a name in quotes, or '@', expected");
    std::string value;
    rest.remove_prefix(1);
    for (;;) {
      if (rest.empty()) {
        if (at_ >= text_.size()) fail("a quote is not closed");
        value += '\n';
        rest = raw_line();
        continue;
      }
      const char c = rest.front();
      rest.remove_prefix(1);
      if (c == '"') return value;
      if (c == '\\' && !rest.empty()) {
        value += rest.front();
        rest.remove_prefix(1);
      } else {
        value += c;
      }
    }
  }

  void take_data(std::string_view data, RegistryChange& change) {
    if (data == "-") {
      change.action = Action::delete_value;
    } else if (data.starts_with('"')) {
      change.type = type_string;
      change.data = utf16le(quoted(data));
    } else if (data.starts_with("dword:")) {
      change.type = type_dword;
      put_u32le(change.data, hex(trimmed(data.substr(6)), 0xffffffff));
    } else if (data.starts_with("hex")) {
      take_hex(data.substr(3), change);
    } else {
      fail("unknown kind of data");
    }
  }

  /// "(type):" and pairs of digits between commas, over lines that end with a backslash.
  void take_hex(std::string_view data, RegistryChange& change) {
    const auto colon = data.find(':');
    if (colon == std::string_view::npos) fail("':' expected behind 'hex'");
    const auto type = data.substr(0, colon);
    change.type = type_binary;
    if (!type.empty()) {
      if (!type.starts_with('(') || !type.ends_with(')')) fail("unknown kind of data");
      change.type = hex(type.substr(1, type.size() - 2), 0xffffffff);
    }
    const std::string digits = with_continuations(data.substr(colon + 1));
    for (std::size_t at = 0; at < digits.size();) {
      const auto comma = std::min(digits.find(',', at), digits.size());
      const auto pair = trimmed(std::string_view(digits).substr(at, comma - at));
      at = comma + 1;
      // A comma may stand behind the last pair.
      if (!pair.empty() || at < digits.size())
        change.data.push_back(static_cast<std::uint8_t>(hex(pair, 0xff)));
    }
  }

  std::string with_continuations(std::string_view data) {
    std::string whole;
    data = trimmed(data);
    while (data.ends_with('\\')) {
      whole += data.substr(0, data.size() - 1);
      if (at_ >= text_.size()) fail("the data goes on behind '\\', but the file ends");
      data = trimmed(raw_line());
    }
    return whole.append(data);
  }

  std::uint32_t hex(std::string_view digits, std::uint32_t most) const {
    std::uint32_t number = 0;
    const auto end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number, 16);
    if (read.ec != std::errc() || read.ptr != end || number > most)
      fail("'" + printable(digits, 20) + "' is no hex number of this size");
    return number;
  }

  std::string text_, file_;
  std::size_t at_ = 0, number_ = 0;
  RegistryChange current_;
  bool in_key_ = false;
  std::vector<RegistryChange> changes_;
};

}  // namespace

std::vector<RegistryChange> reg_changes(BytesView bytes, const std::string& file) {
  return RegReader(decoded_text(bytes), file).read();
}

}  // namespace sealwright::bundle
