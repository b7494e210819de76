#include "readings.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"

namespace sealwright::test {
namespace {

std::string head(bundle::FoundCertificate::Action action, bundle::Location location,
                 std::string_view store, const Thumbprint& thumbprint) {
  return fmt::format("{} {}: {} {}",
                     action == bundle::FoundCertificate::Action::add ? "add" : "remove",
                     bundle::to_text(location), store, thumbprint.hex());
}

std::string purposes_text(const std::optional<std::vector<Oid>>& purposes) {
  std::string text;
  if (!purposes) return text;
  text = ", for";
  for (const auto& oid : *purposes) text += " " + oid.text();
  return text;
}

Lines sorted(Lines lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

Lines certificate_lines(const bundle::Contents& contents) {
  Lines lines;
  for (const auto& found : contents.certificates) {
    std::string line = head(found.action, found.location, found.store, found.thumbprint);
    if (found.certificate)
      line += found.certificate->thumbprint() == found.thumbprint ? ", certificate"
                                                                  : ", another certificate";
    lines.push_back(line + purposes_text(bundle::purposes(found)));
  }
  return sorted(lines);
}

Lines setting_lines(const bundle::Contents& contents) {
  Lines lines;
  for (const auto& found : contents.settings)
    lines.push_back(found.value ? fmt::format("{} {} = {:#x}", found.key, found.name, *found.value)
                                : fmt::format("{} {} is deleted", found.key, found.name));
  return sorted(lines);
}

Lines fault_lines(const bundle::Contents& contents) {
  constexpr const char* names[] = {"note", "warning", "error"};
  Lines lines;
  for (const auto& fault : contents.faults) {
    std::string place = bundle::to_text(fault.position);
    if (place.starts_with("f: ")) place.erase(0, 3);
    lines.push_back(
        fmt::format("{}: {}: {}", names[static_cast<int>(fault.severity)], place, fault.message));
  }
  return lines;
}

std::string line_of(const bundle::Entry& entry, const Expected& expected) {
  using Detail = Expected::Detail;
  std::string line =
      head(expected.action, expected.location,
           expected.location == bundle::Location::unsaid ? "" : bundle::registry_name(entry.store),
           entry.certificate.thumbprint());
  if (expected.detail != Detail::thumbprint) line += ", certificate";
  if (expected.detail == Detail::purposes) line += purposes_text(entry.purposes);
  return line;
}

Lines lines_of_entries(const std::vector<bundle::Entry>& entries, const Expected& expected) {
  Lines lines;
  for (const auto& entry : entries) lines.push_back(line_of(entry, expected));
  return sorted(lines);
}

Lines joined(Lines a, const Lines& b) {
  a.insert(a.end(), b.begin(), b.end());
  return sorted(a);
}

bundle::Contents found_in(const Read& read, BytesView bytes) {
  bundle::Contents contents;
  read(bytes, contents);
  return contents;
}

bundle::Contents found_in(const Read& read, const std::string& text) {
  return found_in(read, view(text));
}

std::size_t refused_beginnings(const Read& read, BytesView bytes) {
  std::size_t refused = 0;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    try {
      (void)found_in(read, bytes.first(length));
    } catch (const Error& error) {
      ++refused;
      if (error.kind != Error::Kind::input) FAIL(length << " bytes: " << error.message);
    }
  }
  return refused;
}

}  // namespace sealwright::test
