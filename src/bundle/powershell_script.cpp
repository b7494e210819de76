#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/powershell_tokens.h"
#include "bundle/reader_parts.h"

namespace sealwright::bundle {
namespace {

using Action = FoundCertificate::Action;
using Kind = PowerShellToken::Kind;
using Token = PowerShellToken;

constexpr std::size_t max_fields = 32;

struct Row {
  std::size_t line = 0;
  std::map<std::string, Token> fields;  ///< By their names in lower case.

  /// The text of a field, or "".
  std::string text(const std::string& name) const {
    const auto found = fields.find(name);
    return found != fields.end() && found->second.kind == Kind::text ? found->second.value : "";
  }
};

/// What a script says, before it is known what it does with it.
struct Script {
  std::map<std::string, std::vector<Row>> tables;  ///< "wanted", "unwanted", …
  std::string bundle;
  bool installs = false;       ///< Blobs are decoded.
  bool removes = false;        ///< $Wanted and $Unwanted are gone through as one list.
  std::vector<Token> changed;  ///< Tables that are assigned to again.
};

bool is_table(const Token& token) {
  if (token.kind != Kind::variable) return false;
  for (const char* name : {"wanted", "unwanted", "settings", "unwantedsettings"})
    if (token.value == name) return true;
  return false;
}

class TableReader {
 public:
  TableReader(PowerShellLexer& lexer, const std::string& name) : lexer_(lexer), name_(name) {}

  /// Rows up to ')'.
  std::vector<Row> rows() {
    std::vector<Row> all;
    for (Token token = significant(); !token.is(")"); token = significant()) {
      if (!token.is("@{")) refuse(token);
      add_bounded(all, row(token.line));
    }
    return all;
  }

 private:
  [[noreturn]] void refuse(const Token& token) const {
    fail_at_line(token.line, token.kind == Kind::end
                                 ? "the table $" + name_ + " does not end"
                                 : "the table $" + name_ + " holds more than plain values");
  }

  Token significant() {
    for (;;) {
      Token token = lexer_.next();
      if (token.kind == Kind::line_end || token.is(";") || token.is(",")) continue;
      return token;
    }
  }

  Row row(std::size_t line) {
    Row made{line, {}};
    for (Token name = significant(); !name.is("}"); name = significant()) {
      if (name.kind != Kind::word && name.kind != Kind::text) refuse(name);
      if (const Token equals = lexer_.next(); !equals.is("=")) refuse(equals);
      Token value = lexer_.next();
      if (value.kind != Kind::text && value.kind != Kind::word && value.kind != Kind::variable)
        refuse(value);
      if (made.fields.size() >= max_fields ||
          !made.fields.emplace(ascii_lower(name.value), std::move(value)).second)
        fail_at_line(name.line, "the field '" + printable(name.value, 40) + "' of $" + name_ +
                                    " is one too many");
    }
    return made;
  }

  PowerShellLexer& lexer_;
  std::string name_;
};

/// Remove-Trust.ps1 goes through `@($Wanted) + @($Unwanted)`, and no other of our scripts does.
class RemovalPattern {
 public:
  bool found = false;
  void see(const Token& token) {
    constexpr std::string_view pattern[] = {"@(", "wanted", ")", "+", "@(", "unwanted", ")"};
    if (token.kind == Kind::line_end) return;
    const bool text = token.kind == Kind::text;
    if (text || token.value != pattern[matched_]) matched_ = 0;
    if (!text && token.value == pattern[matched_]) ++matched_;
    if (matched_ == std::size(pattern)) found = true, matched_ = 0;
  }

 private:
  std::size_t matched_ = 0;
};

/// "=" or "+=" behind a variable.
enum class Assignment { none, set, added };
Assignment assignment(PowerShellLexer ahead) {
  const Token first = ahead.next();
  if (first.is("=")) return Assignment::set;
  if (first.kind == Kind::word && first.value.size() == 1 && ahead.next().is("="))
    return Assignment::added;
  return Assignment::none;
}

Script scanned(std::string_view text) {
  Script script;
  RemovalPattern removal;
  PowerShellLexer lexer(text);
  for (Token token = lexer.next(); token.kind != Kind::end; token = lexer.next()) {
    removal.see(token);
    if (token.kind == Kind::word && ascii_lower(token.value).ends_with("frombase64string"))
      script.installs = true;
    const bool title = token.kind == Kind::variable && token.value == "bundle";
    if (!title && !is_table(token)) continue;
    const auto how = assignment(lexer);
    if (how == Assignment::none) continue;
    if (title) {
      (void)lexer.next();
      if (Token value = lexer.next(); value.kind == Kind::text) script.bundle = value.value;
    } else if (how == Assignment::added || script.tables.contains(token.value)) {
      add_bounded(script.changed, token);
    } else {
      (void)lexer.next();
      if (!lexer.next().is("@("))
        fail_at_line(token.line, "$" + token.value + " is no table of plain values");
      script.tables[token.value] = TableReader(lexer, token.value).rows();
    }
  }
  script.removes = removal.found;
  return script;
}

/// A DWORD as "0x00023c00" or in decimal.
std::optional<std::uint32_t> number(const Token& token) {
  std::string_view digits = token.value;
  const bool hex = digits.starts_with("0x") || digits.starts_with("0X");
  if (hex) digits.remove_prefix(2);
  std::uint32_t value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [at, failure] = std::from_chars(digits.data(), end, value, hex ? 16 : 10);
  if (token.kind != Kind::word || failure != std::errc() || at != end) return std::nullopt;
  return value;
}

/// "Registry::HKEY_LOCAL_MACHINE\…" and "HKLM:\…", without the provider.
std::string registry_key(std::string path) {
  constexpr std::pair<std::string_view, std::string_view> forms[] = {
      {"registry::", ""}, {"hklm:\\", "HKEY_LOCAL_MACHINE\\"}, {"hkcu:\\", "HKEY_CURRENT_USER\\"}};
  for (const auto& [form, hive] : forms)
    if (ascii_lower(path.substr(0, form.size())) == form)
      return std::string(hive) + path.substr(form.size());
  return path;
}

class ScriptReader {
 public:
  ScriptReader(const Script& script, const std::string& file, Contents& contents)
      : script_(script), file_(file), contents_(contents) {}

  void read() {
    const bool removal = script_.removes && !script_.installs;
    for (const auto& row : rows("wanted")) certificate(row, removal ? Action::remove : Action::add);
    for (const auto& row : rows("unwanted")) certificate(row, Action::remove);
    for (const auto& row : rows("settings")) setting(row, removal);
    for (const auto& row : rows("unwantedsettings")) setting(row, true);
    contents_.only_looks = !script_.removes && !script_.installs;
    for (const auto& token : script_.changed)
      fault(Severity::warning, {file_, place_of_line(token.line)},
            fmt::format("${} changes behind its table: only the table is read", token.value),
            "write all rows into the table");
  }

 private:
  void fault(Severity severity, const Position& position, std::string message,
             std::string remedy = {}) {
    add_fault(contents_, severity, position, std::move(message), std::move(remedy));
  }

  const std::vector<Row>& rows(const char* table) const {
    static const std::vector<Row> none;
    const auto found = script_.tables.find(table);
    return found == script_.tables.end() ? none : found->second;
  }

  void certificate(const Row& row, Action action) {
    const Position position{file_, place_of_line(row.line)};
    const auto thumbprint = exact_thumbprint(row.text("thumbprint"));
    const std::string store = store_name(row.text("store"));
    if (!thumbprint || store.empty())
      return fault(Severity::error, position, "a row without a store and a thumbprint",
                   "write Store = 'Root' and Thumbprint = the certificate's SHA-1, 40 hex digits");
    FoundCertificate found{action, Location::machine, store, *thumbprint, {}, {}, position};
    if (action == Action::add && script_.installs) take_row_blob(row, found);
    add_certificate(contents_, std::move(found));
  }

  void take_row_blob(const Row& row, FoundCertificate& found) {
    try {
      const auto bytes = from_base64(row.text("blob"));
      if (!bytes) throw Error(Error::Kind::input, "it is not base64");
      take_blob(found, *bytes, contents_);
    } catch (const Error& error) {
      fault(Severity::error, found.position, "the Blob cannot be read: " + error.message,
            "write the script again");
    }
  }

  /// `undone`: the bits that were added go, and what is no bits is deleted.
  void setting(const Row& row, bool undone) {
    const Position position{file_, place_of_line(row.line)};
    FoundSetting found{registry_key(row.text("key")), row.text("name"), {}, position};
    const auto field = [&](const char* name) {
      const auto at = row.fields.find(name);
      return at == row.fields.end() ? Token{} : at->second;
    };
    const Token bits = field("bits");
    const bool keeps_rest = bits.kind == Kind::variable && bits.value == "true";
    if (!undone) found.value = number(field("value"));
    if (undone && keeps_rest) found.value = number(field("default"));
    if (found.key.empty() || found.name.empty() || (!undone && !found.value))
      return fault(Severity::error, position, "a setting without its key, name and number",
                   "write Key = 'Registry::HKEY_…', Name and Value");
    add_bounded(contents_.settings, std::move(found));
  }

  const Script& script_;
  std::string file_;
  Contents& contents_;
};

bool is_ascii(BytesView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte < 0x80; });
}

bool has_mark(BytesView bytes) {
  return bytes.size() >= 2 && (bytes[0] == 0xef || bytes[0] == 0xfe || bytes[0] == 0xff);
}

/// What changes stores or runs what may, and is in none of our scripts.
void warn_of_other_ways(const std::string& text, const std::string& file, Contents& contents) {
  const std::string lower = ascii_lower(text);
  for (const char* word : {"import-certificate", "import-pfxcertificate", "certutil", "x509store",
                           "invoke-expression", "iex ", "start-process", "reg.exe", "reg add",
                           "regedit", "invoke-webrequest", "downloadstring", "add-type"})
    if (const auto at = lower.find(word); at != std::string::npos)
      add_fault(
          contents, Severity::warning,
          {file, place_of_line(1 + static_cast<std::size_t>(std::count(
                                       lower.begin(),
                                       lower.begin() + static_cast<std::ptrdiff_t>(at), '\n')))},
          fmt::format("'{}' is in none of our scripts, and is not looked at", trimmed(word)),
          "compare the script with one that the workspace writes");
}

}  // namespace

void read_powershell_script(BytesView bytes, const std::string& file, Contents& contents) {
  const std::string text = decoded_text(bytes);
  const Script script = scanned(text);
  if (script.tables.empty())
    throw Error(Error::Kind::input, std::string(no_table),
                "only the scripts of this program's bundles can be read");
  if (!has_mark(bytes) && !is_ascii(bytes))
    add_fault(contents, Severity::warning, {file, ""},
              "no byte order mark: Windows PowerShell reads the script in the code page of the "
              "machine, and may find other quotes in it",
              "save it as UTF-8 with a byte order mark");
  contents.title = script.bundle;
  warn_of_other_ways(text, file, contents);
  ScriptReader(script, file, contents).read();
}

}  // namespace sealwright::bundle
