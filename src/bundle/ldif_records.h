#pragma once
// Inside bundle only: the syntax of LDIF (RFC 2849), before anything is known about its objects.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/reader_parts.h"

namespace sealwright::bundle {

/// "NAME: VALUE", unfolded and decoded.
struct LdifLine {
  enum class Form { value, url, bad_base64, separator };  ///< separator: the line "-".
  std::size_t number = 0;                                 ///< Where it starts in the file.
  std::string name;   ///< Lower case, without options such as ";binary".
  std::string value;  ///< Any bytes; a URL as it stands; as it stands where it is no base64.
  Form form = Form::value;
};

struct LdifRecord {
  std::size_t number = 0;  ///< The line of its dn.
  std::string dn;
  std::string change;           ///< Lower case: "add", "modify", …; "add" where none is said.
  std::vector<LdifLine> lines;  ///< Behind dn, controls and changetype.
};

/// A line with its continuations; without text: the end of a record.
struct LdifUnfolded {
  std::size_t number = 0;
  std::string text;
};

/// Reads one record after the other. URLs are not opened.
class LdifRecords {
 public:
  /// `text` must outlive it. Throws as next() does.
  explicit LdifRecords(std::string_view text);
  /// Nothing at the end. Throws Error::Kind::input "line 3: …" for what is no LDIF, and for a
  /// record of more than max_read_changes lines.
  std::optional<LdifRecord> next();

 private:
  void advance();
  void skip_blank();
  void read_version();

  LineReader lines_;
  std::optional<TextLine> ahead_;        ///< The next line that is not unfolded yet.
  std::optional<LdifUnfolded> current_;  ///< Nothing at the end.
};

/// An attribute in lower case, cACertificate also where it is named by its OID (RFC 4523, 2.2).
std::string ldif_attribute(std::string_view name);

/// The parts of a distinguished name (RFC 4514) from the object up, for comparing: ASCII in lower
/// case, escapes resolved, spaces around and repeated ones gone: "cn=aia".
std::vector<std::string> ldif_name_parts(std::string_view dn);

}  // namespace sealwright::bundle
