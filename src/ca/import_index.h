#pragma once
// index.txt, the database of `openssl ca` and of easy-rsa: one line for each certificate.

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/records.h"

namespace sealwright::ca {

constexpr std::size_t max_index_bytes = std::size_t{1} << 30;

/// One line. Six fields with tabs between them (OpenSSL, apps/ca.c, "DB_type" to "DB_name").
struct IndexEntry {
  enum class Type { valid, revoked, expired } type = Type::valid;
  std::size_t line = 1;
  Time ends{};
  Serial serial;
  std::optional<store::RevokedSerial> revocation;  ///< Of Type::revoked, and only there.
  std::string subject;  ///< "/C=DE/CN=drv", \xHH undone where it is UTF-8.
};

/// Every line must be as OpenSSL writes it, and no serial number may stand there twice; lines that
/// begin with '#' are comments. In time proportional to the size, save for sorting serials. Throws
/// Error::Kind::input "FILE:LINE: …".
std::vector<IndexEntry> read_index(BytesView text, const std::string& file);

/// What OpenSSL puts into its text files for dates: YYMMDDHHMMSSZ (two digits: 1950 to 2049) or
/// YYYYMMDDHHMMSSZ. Nothing for any other text.
std::optional<Time> parse_openssl_time(std::string_view text);

/// The number in a file `serial` or `crlnumber`: hex digits on one line. Throws Error::Kind::input.
Bytes read_number_file(BytesView text, const std::string& file);

}  // namespace sealwright::ca
