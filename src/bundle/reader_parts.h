#pragma once
// Inside bundle only: what the readers of certificate files share.

#include <string>
#include <string_view>

#include "bundle/readers.h"

namespace sealwright::bundle {

using Severity = Fault::Severity;

/// Bounded, as the certificates are: a hostile file may be wrong in every line.
void add_fault(Contents& contents, Severity severity, const Position& position, std::string message,
               std::string remedy = {});
void add_certificate(Contents& contents, FoundCertificate found);
/// One more of contents.other_changes, within the same bound.
void count_other_change(Contents& contents);

/// A certificate by itself; where it cannot be read, nothing and a fault.
std::optional<x509::Certificate> read_found(BytesView der, const Position& position,
                                            Contents& contents);
/// A certificate as base64. `text` may hold white space.
std::optional<x509::Certificate> read_found_base64(std::string_view text, const Position& position,
                                                   Contents& contents);

/// Adds a fault for each property of `found` that is not this certificate's, cannot be read, or
/// names a private key.
void check_properties(const FoundCertificate& found, Contents& contents);

/// Reads the blob of `found`, which stands under `found.thumbprint`, and checks both against each
/// other. Throws Error::Kind::input where it holds no certificate.
void take_blob(FoundCertificate& found, BytesView blob, Contents& contents);

/// A store as Windows calls it, whatever case a file has it in; unknown ones as they are.
std::string store_name(std::string_view name);
/// 40 hex digits of any case and nothing else: what keys of the registry and nodes are called.
std::optional<Thumbprint> exact_thumbprint(std::string_view text);

struct TextLine {
  std::size_t number = 0;  ///< From 1.
  std::string_view text;   ///< Without its end.
};
/// Lines that end with LF or CRLF; the last may lack its end. One at a time, for a list of all
/// would be many times as large as a file of empty lines. Views into `text`.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}
  std::optional<TextLine> next();

 private:
  std::string_view text_;
  std::size_t at_ = 0, number_ = 0;
};

std::string place_of_line(std::size_t number);  ///< "line 3"
/// Throws Error::Kind::input "line 3: MESSAGE".
[[noreturn]] void fail_at_line(std::size_t number, const std::string& message);

/// What an XML or JSON file may have at most: as a tree it takes a multiple of that.
constexpr std::size_t max_tree_bytes = 32 << 20;
/// decoded_text() of a file of at most max_tree_bytes. Throws Error::Kind::input.
std::string tree_text(BytesView bytes);

std::string_view trimmed(std::string_view text);  ///< Without ASCII white space at both ends.

}  // namespace sealwright::bundle
