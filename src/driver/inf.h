#pragma once
// The driver folder knows driver packages: INF files, the files they install, the catalogs they
// need, and how a package is signed in order. This header: INF files as SetupAPI reads them
// ("General Syntax Rules for INF Files").

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace sealwright::driver {

enum class InfEncoding { ansi, utf8, utf8_bom, utf16le, utf16be };
std::string_view to_text(InfEncoding encoding);  ///< "ANSI", "UTF-8", "UTF-16LE", …

/// One line of a section (a continued line counts as one). Strings are substituted, quotes taken
/// off.
struct InfEntry {
  int line = 0;                     ///< Where it starts; the first line is 1.
  std::optional<std::string> key;   ///< Before the "=", where there is one.
  std::vector<std::string> values;  ///< Separated by commas. Missing ones in the middle are "".

  /// The value at `index`, or "".
  const std::string& value(std::size_t index) const;
};

/// All sections of one name, which SetupAPI reads as one.
struct InfSection {
  std::string name;  ///< As first written.
  int line = 0;      ///< Of its first header.
  std::vector<InfEntry> entries;

  /// The first entry with this key (any case), or null.
  const InfEntry* find(std::string_view key) const;
  std::vector<const InfEntry*> find_all(std::string_view key) const;
};

constexpr std::size_t max_inf_bytes = 16 * 1024 * 1024;
constexpr std::size_t max_inf_field_characters = 4096;  ///< SetupAPI's MAX_INF_STRING_LENGTH.

/// An INF file. Names of sections, keys and strings are compared without regard to case (ASCII).
class Inf {
 public:
  const std::string& name() const { return name_; }  ///< The file's own name, "scream.inf".
  InfEncoding encoding() const { return encoding_; }
  const std::vector<InfSection>& sections() const { return sections_; }
  /// Null where there is none.
  const InfSection* find(std::string_view section) const;
  /// The first value of `key` in `section`, or "".
  std::string value(std::string_view section, std::string_view key) const;

  /// A %string% that no [Strings] section defines; its text stays as written.
  struct UndefinedString {
    int line = 0;
    std::string name;
  };
  const std::vector<UndefinedString>& undefined_strings() const { return undefined_; }
  /// The first line of text before any section, which is passed over; 0 where there is none.
  int stray_text_line() const { return stray_text_line_; }

 private:
  friend class InfBuilder;
  std::string name_;
  InfEncoding encoding_ = InfEncoding::ansi;
  std::vector<InfSection> sections_;
  std::unordered_map<std::string, std::size_t> by_name_;  ///< Lower case → index in sections_.
  std::vector<UndefinedString> undefined_;
  int stray_text_line_ = 0;
};

/// Reads an INF: UTF-16 with a byte order mark, UTF-8 with or without one, else ANSI (read as
/// Windows-1252). %names% are replaced from [Strings], and from a [Strings.locale] where that has
/// none; %% is a percent sign; numbers (%12%, folder ids) stay. A quote that is not closed ends
/// with its line.
///
/// At most max_inf_bytes. Text before the first section is passed over. Throws Error::Kind::input
/// "NAME:LINE: …" for a section name that is not closed, fields longer than
/// max_inf_field_characters, NULs, and bytes that are not text.
Inf read_inf(BytesView bytes, std::string name);
Inf read_inf(const std::filesystem::path& path);

}  // namespace sealwright::driver
