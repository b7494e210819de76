#include "bundle/ldif_records.h"

#include <algorithm>

#include "base/encoding.h"

namespace sealwright::bundle {
namespace {

std::string_view without_leading_spaces(std::string_view value) {
  return value.substr(std::min(value.find_first_not_of(' '), value.size()));
}

LdifLine parsed(const LdifUnfolded& line) {
  LdifLine made;
  made.number = line.number;
  if (line.text == "-") {
    made.form = LdifLine::Form::separator;
    return made;
  }
  const auto colon = line.text.find(':');
  if (colon == std::string::npos || colon == 0)
    fail_at_line(line.number, "'" + printable(line.text, 60) + "' is not 'NAME: VALUE'");
  made.name = ldif_attribute(line.text.substr(0, std::min(line.text.find(';'), colon)));
  std::string_view value = std::string_view(line.text).substr(colon + 1);
  const char form = value.empty() ? ' ' : value.front();
  if (form == ':' || form == '<') value.remove_prefix(1);
  value = without_leading_spaces(value);
  made.value = value;
  if (form == '<') made.form = LdifLine::Form::url;
  if (form != ':') return made;
  const auto bytes = from_base64(value);
  if (bytes)
    made.value = sealwright::text(*bytes);
  else
    made.form = LdifLine::Form::bad_base64;
  return made;
}

/// The character that `dn[at]` stands for, behind a backslash (RFC 4514, section 2.4).
char unescaped(std::string_view dn, std::size_t& at) {
  const auto byte = from_hex(dn.substr(at, 2));
  if (!byte || byte->size() != 1) return dn[at];
  ++at;
  return static_cast<char>(byte->front());
}

/// "CN = Public  Key Services" as "cn=public key services".
std::string comparable(std::string_view part) {
  std::string made;
  for (const char c : ascii_lower(trimmed(part))) {
    if (c == ' ' && (made.ends_with(' ') || made.ends_with('='))) continue;
    if (c == '=' && made.ends_with(' ')) made.pop_back();
    made += c;
  }
  if (made.starts_with("2.5.4.3=")) made.replace(0, 7, "cn");
  return made;
}

}  // namespace

LdifRecords::LdifRecords(std::string_view text) : lines_(text) {
  ahead_ = lines_.next();
  advance();
  skip_blank();
  if (current_) read_version();
}

/// RFC 2849, note 2: a line that starts with one space goes on with the line before it. Comments
/// can be folded too.
void LdifRecords::advance() {
  current_.reset();
  bool in_comment = false;
  for (; ahead_; ahead_ = lines_.next()) {
    const auto line = ahead_->text;
    if (line.starts_with(' ')) {
      if (in_comment) continue;
      if (!current_ || current_->text.empty())
        fail_at_line(ahead_->number, "it goes on with a line that is not there");
      current_->text += line.substr(1);
      continue;
    }
    if (current_) return;
    in_comment = line.starts_with('#');
    if (!in_comment) current_ = LdifUnfolded{ahead_->number, std::string(line)};
  }
}

void LdifRecords::skip_blank() {
  while (current_ && current_->text.empty()) advance();
}

void LdifRecords::read_version() {
  const LdifLine line = parsed(*current_);
  if (line.name != "version") return;
  if (line.value != "1")
    fail_at_line(line.number,
                 "version '" + printable(line.value, 20) + "' of LDIF; there is only 1");
  advance();
}

std::optional<LdifRecord> LdifRecords::next() {
  skip_blank();
  if (!current_) return std::nullopt;
  LdifLine line = parsed(*current_);
  if (line.name != "dn" || line.form != LdifLine::Form::value)
    fail_at_line(line.number, "a record that does not start with the 'dn' of an object");
  LdifRecord record{line.number, std::move(line.value), "add", {}};
  bool head = true;  // RFC 2849: *control, then the changetype.
  for (advance(); current_ && !current_->text.empty(); advance()) {
    line = parsed(*current_);
    if (head && line.name == "control") continue;
    const bool change = head && line.name == "changetype";
    head = false;
    if (change)
      record.change = ascii_lower(trimmed(line.value));
    else
      add_bounded(record.lines, std::move(line));
  }
  return record;
}

std::string ldif_attribute(std::string_view name) {
  std::string lower = ascii_lower(name);
  return lower == "2.5.4.37" ? "cacertificate" : lower;
}

std::vector<std::string> ldif_name_parts(std::string_view dn) {
  std::vector<std::string> parts;
  std::string part;
  for (std::size_t at = 0; at < dn.size(); ++at) {
    if (dn[at] == ',') {
      parts.push_back(comparable(part));
      part.clear();
    } else if (dn[at] == '\\' && at + 1 < dn.size()) {
      part += unescaped(dn, ++at);
    } else {
      part += dn[at];
    }
  }
  parts.push_back(comparable(part));
  return parts;
}

}  // namespace sealwright::bundle
