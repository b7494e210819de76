#pragma once
// Values of makecert's flags as Microsoft's tool reads them. Each throws Error::Kind::usage, and
// names the flag.

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "policy/hierarchy.h"

namespace sealwright::compat {

/// The value of -n as CertStrToName takes it: "CN=Foo, O="Bar, Inc.";E=a@b", attributes in any case
/// separated by ',', ';' or '+', quotes doubled inside quotes. The name is encoded in the order
/// it is written in, so the last one written is the first of the Subject. At most 64 attributes;
/// '{' and '}' are refused, which stand for something else in a policy::Subject.
policy::Subject read_x500(const std::string& text);

enum class DayEnd { first_second, last_second };
/// mm/dd/yyyy: 00:00:00 or 23:59:59 UTC of that day. 13/01/2020 gets the hint that the month comes
/// first.
Time read_day(const std::string& flag, const std::string& text, DayEnd end);

/// A decimal number from `least` to `most`.
int read_number(const std::string& flag, const std::string& text, int least, int most);

/// Decimal, positive, at most 20 octets (RFC 5280, 4.1.2.2): Microsoft's takes up to 2^31-1, mono's
/// any.
Serial read_serial_number(const std::string& text);

/// OIDs, or names of our table as a courtesy ("codeSigning"), between commas; each once.
std::vector<Oid> read_purposes(const std::string& text);

}  // namespace sealwright::compat
