#include "ca/import_index.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "x509/crl.h"

namespace sealwright::ca {
namespace {

constexpr std::size_t max_line_bytes = 64 * 1024;
constexpr std::size_t max_serial_bytes = 32;
constexpr std::size_t fields_per_line = 6;

using Fields = std::array<std::string_view, fields_per_line>;

/// Where a mistake stands.
struct Line {
  const std::string& file;
  std::size_t number = 1;

  [[noreturn]] void refuse(const std::string& message, std::string hint = {}) const {
    throw Error(Error::Kind::input, file + ":" + std::to_string(number) + ": " + message,
                std::move(hint));
  }
};

std::string shown(std::string_view text) { return "'" + printable(text, 60) + "'"; }

std::string_view as_text(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A tab inside a field has a backslash before it (OpenSSL, crypto/txt_db).
Fields split(std::string_view text, const Line& line) {
  Fields fields;
  std::size_t count = 0, from = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const bool end = at == text.size();
    if (!end && (text[at] != '\t' || (at > 0 && text[at - 1] == '\\'))) continue;
    if (count < fields_per_line) fields[count] = text.substr(from, at - from);
    ++count;
    from = at + 1;
  }
  if (count != fields_per_line)
    line.refuse("a line has " + std::to_string(fields_per_line) +
                    " fields with tabs between them, not " + std::to_string(count),
                "type, end, revocation, serial number, file, subject");
  return fields;
}

IndexEntry::Type read_type(std::string_view text, const Line& line) {
  if (text == "V") return IndexEntry::Type::valid;
  if (text == "R") return IndexEntry::Type::revoked;
  if (text == "E") return IndexEntry::Type::expired;
  line.refuse("unknown type " + shown(text), "V (valid), R (revoked) or E (expired)");
}

Time read_time(std::string_view text, const std::string& what, const Line& line) {
  if (const auto time = parse_openssl_time(text)) return *time;
  line.refuse(shown(text) + " is not " + what, "YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ");
}

Serial read_serial_number(std::string_view text, const Line& line) {
  auto digits = from_hex(text);
  if (!digits || digits->empty() || digits->size() > max_serial_bytes)
    line.refuse(shown(text) + " is not a serial number in hex");
  while (digits->size() > 1 && digits->front() == 0) digits->erase(digits->begin());
  return Serial{std::move(*digits)};
}

/// Up to `limit` pieces; the last holds the rest.
std::vector<std::string_view> at_commas(std::string_view text, std::size_t limit) {
  std::vector<std::string_view> pieces;
  while (pieces.size() + 1 < limit) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) break;
    pieces.push_back(text.substr(0, comma));
    text.remove_prefix(comma + 1);
  }
  pieces.push_back(text);
  return pieces;
}

/// DATE, DATE,REASON, and three reasons of `openssl ca` with something behind them: holdInstruction
/// (an OID), keyTime and CAkeyTime (since when the key is compromised).
store::RevokedSerial read_revocation(std::string_view text, const Serial& serial,
                                     const Line& line) {
  const auto pieces = at_commas(text, 3);
  store::RevokedSerial revoked;
  revoked.serial = serial;
  revoked.revoked = read_time(pieces[0], "the date of a revocation", line);
  if (pieces.size() == 1) return revoked;
  const std::string_view reason = pieces[1];
  const bool hold = equal_ignoring_case(reason, "holdInstruction");
  const bool key = equal_ignoring_case(reason, "keyTime");
  const bool ca_key = equal_ignoring_case(reason, "CAkeyTime");
  if (hold || key || ca_key) {
    if (pieces.size() < 3 || pieces[2].empty())
      line.refuse("the reason " + shown(reason) + " has nothing behind it");
    revoked.reason = hold ? "certificateHold" : key ? "keyCompromise" : "cACompromise";
    if (!hold) revoked.invalidity = read_time(pieces[2], "the date of a compromise", line);
    return revoked;
  }
  const auto known = x509::revocation_reason(reason);
  if (!known)
    line.refuse("unknown reason " + shown(reason),
                did_you_mean(reason, x509::revocation_reason_names()));
  if (pieces.size() == 3) line.refuse("the reason " + shown(reason) + " has something behind it");
  // removeFromCRL is for lists of changes only (RFC 5280, 5.3.1): here it says revoked, no more.
  if (*known != x509::RevocationReason::unspecified &&
      *known != x509::RevocationReason::remove_from_crl)
    revoked.reason = x509::to_text(*known);
  return revoked;
}

/// X509_NAME_oneline writes octets that are not printable as \xHH.
std::string read_subject(std::string_view text, const Line& line) {
  if (!text.empty() && text[0] != '/') line.refuse(shown(text) + " is not a subject");
  std::string subject;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 3 < text.size() && text[at + 1] == 'x') {
      if (const auto octet = from_hex(text.substr(at + 2, 2))) {
        subject += static_cast<char>(octet->front());
        at += 3;
        continue;
      }
    }
    if (static_cast<unsigned char>(text[at]) < 0x20)
      line.refuse("the subject has control characters");
    subject += text[at];
  }
  return is_utf8(subject) ? subject : std::string(text);
}

IndexEntry read_line(std::string_view text, const Line& line) {
  if (text.size() > max_line_bytes) line.refuse("the line is longer than 64 KiB");
  const Fields fields = split(text, line);
  IndexEntry entry;
  entry.type = read_type(fields[0], line);
  entry.line = line.number;
  entry.ends = read_time(fields[1], "the end of a certificate", line);
  entry.serial = read_serial_number(fields[3], line);
  if (entry.type == IndexEntry::Type::revoked)
    entry.revocation = read_revocation(fields[2], entry.serial, line);
  else if (!fields[2].empty())
    line.refuse("there is a revocation, but the type is not R");
  entry.subject = read_subject(fields[5], line);
  return entry;
}

void refuse_repeated(const std::vector<IndexEntry>& entries, const std::string& file) {
  std::vector<const IndexEntry*> sorted;
  sorted.reserve(entries.size());
  for (const auto& entry : entries) sorted.push_back(&entry);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->serial < b->serial; });
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (sorted[i]->serial == sorted[i - 1]->serial)
      Line{file, sorted[i]->line}.refuse("serial number " + sorted[i]->serial.hex() +
                                         " stands in line " + std::to_string(sorted[i - 1]->line) +
                                         " already");
}

}  // namespace

std::optional<Time> parse_openssl_time(std::string_view text) {
  if (text.empty() || text.back() != 'Z') return std::nullopt;
  text.remove_suffix(1);
  if ((text.size() != 12 && text.size() != 14) ||
      !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  std::string year(text.substr(0, text.size() - 10));
  // RFC 5280, 4.1.2.5.1
  if (year.size() == 2) year.insert(0, year < "50" ? "20" : "19");
  const auto part = [&](std::size_t index) {
    return std::string(text.substr(text.size() - 10 + 2 * index, 2));
  };
  return parse_time(year + "-" + part(0) + "-" + part(1) + "T" + part(2) + ":" + part(3) + ":" +
                    part(4) + "Z");
}

std::vector<IndexEntry> read_index(BytesView bytes, const std::string& file) {
  const std::string_view text = as_text(bytes);
  std::vector<IndexEntry> entries;
  Line line{file, 0};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view found = text.substr(at, end - at);
    if (found.ends_with('\r')) found.remove_suffix(1);
    ++line.number;
    if (!found.starts_with('#')) entries.push_back(read_line(found, line));
    at = end + 1;
  }
  refuse_repeated(entries, file);
  return entries;
}

Bytes read_number_file(BytesView text, const std::string& file) {
  std::string_view digits = as_text(text);
  while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r'))
    digits.remove_suffix(1);
  const std::string even = (digits.size() % 2 ? "0" : "") + std::string(digits.substr(0, 128));
  auto number = from_hex(even);
  if (!number || number->empty() || number->size() > max_serial_bytes)
    throw Error(Error::Kind::input, file + ": " + shown(digits) + " is not a number in hex");
  while (number->size() > 1 && number->front() == 0) number->erase(number->begin());
  return *number;
}

}  // namespace sealwright::ca
