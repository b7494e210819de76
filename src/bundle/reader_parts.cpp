#include "bundle/reader_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::bundle {

void add_fault(Contents& contents, Severity severity, const Position& position, std::string message,
               std::string remedy) {
  add_bounded(contents.faults, Fault{severity, position, std::move(message), std::move(remedy)});
}

void add_certificate(Contents& contents, FoundCertificate found) {
  add_bounded(contents.certificates, std::move(found));
}

void count_other_change(Contents& contents) {
  if (contents.other_changes >= max_read_changes) throw_too_many();
  ++contents.other_changes;
}

std::optional<x509::Certificate> read_found(BytesView der, const Position& position,
                                            Contents& contents) {
  try {
    return x509::Certificate::from_der(der);
  } catch (const Error& error) {
    add_fault(contents, Severity::error, position, "no certificate: " + error.message,
              "put the certificate in as DER, whole and alone");
    return std::nullopt;
  }
}

std::optional<x509::Certificate> read_found_base64(std::string_view text, const Position& position,
                                                   Contents& contents) {
  const auto der = from_base64(text);
  if (der && !der->empty()) return read_found(*der, position, contents);
  add_fault(contents, Severity::error, position,
            der ? "no certificate: the value is empty" : "no certificate: the value is not base64",
            "put the certificate's DER in as base64, without BEGIN and END lines");
  return std::nullopt;
}

void check_properties(const FoundCertificate& found, Contents& contents) {
  if (property(found, property_key_provider_info))
    add_fault(contents, Severity::warning, found.position,
              "the certificate names the container of a private key (property 2)",
              "export it again without its private key: the name means nothing on other machines");
  const auto sha1 = property(found, property_sha1);
  if (sha1 && found.certificate && !equal(*sha1, found.certificate->thumbprint().value))
    add_fault(
        contents, Severity::error, found.position,
        fmt::format("property 3 is {}, but the certificate's SHA-1 is {}",
                    printable(to_hex_upper(*sha1), 44), found.certificate->thumbprint().hex()),
        "write the file again: such a certificate is left out");
  try {
    (void)purposes(found);
  } catch (const Error& error) {
    add_fault(contents, Severity::error, found.position,
              "property 9, what the certificate is trusted for: " + error.message,
              "write the file again: nobody can say what the certificate is good for");
  }
}

void take_blob(FoundCertificate& found, BytesView blob, Contents& contents) {
  auto read = read_blob(blob);
  found.certificate = std::move(read.certificate);
  found.properties = std::move(read.properties);
  if (!read.certificate_last)
    add_fault(contents, Severity::warning, found.position,
              "the certificate does not stand behind its properties",
              "write the certificate last, as Windows does");
  const auto& actual = found.certificate->thumbprint();
  if (actual != found.thumbprint)
    add_fault(contents, Severity::error, found.position,
              fmt::format("it stands under {}, but the certificate's thumbprint is {}",
                          found.thumbprint.hex(), actual.hex()),
              "put it under its own thumbprint: Windows does not find it otherwise");
  check_properties(found, contents);
}

std::string store_name(std::string_view name) {
  for (const char* known : {"Root", "CA", "TrustedPublisher", "Disallowed", "My", "TrustedPeople",
                            "Trust", "AuthRoot", "NTAuth"})
    if (equal_ignoring_case(name, known)) return known;
  return std::string(name);
}

std::optional<Thumbprint> exact_thumbprint(std::string_view text) {
  const auto bytes = from_hex(text);
  Thumbprint thumbprint;
  if (!bytes || bytes->size() != thumbprint.value.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), thumbprint.value.begin());
  return thumbprint;
}

std::optional<TextLine> LineReader::next() {
  if (at_ >= text_.size()) return std::nullopt;
  const auto end = std::min(text_.find('\n', at_), text_.size());
  std::string_view line = text_.substr(at_, end - at_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  at_ = end + 1;
  return TextLine{++number_, line};
}

std::string place_of_line(std::size_t number) { return fmt::format("line {}", number); }

void fail_at_line(std::size_t number, const std::string& message) {
  throw Error(Error::Kind::input, place_of_line(number) + ": " + message);
}

std::string tree_text(BytesView bytes) {
  if (bytes.size() > max_tree_bytes)
    throw Error(Error::Kind::input, "the file is larger than 32 MiB");
  return decoded_text(bytes);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  const auto from = text.find_first_not_of(white);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(white) + 1 - from);
}

}  // namespace sealwright::bundle
