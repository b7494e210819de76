#include "bundle/csp_node.h"

#include <fmt/format.h>

#include <vector>

#include "base/encoding.h"
#include "bundle/reader_parts.h"

namespace sealwright::bundle {
namespace {

/// The first parts of a URI; what is beyond the ninth is left out.
std::vector<std::string_view> parts_of(std::string_view uri) {
  std::vector<std::string_view> parts;
  while (parts.size() < 9) {
    const auto end = uri.find('/');
    parts.push_back(uri.substr(0, end));
    if (end == std::string_view::npos) break;
    uri.remove_prefix(end + 1);
  }
  return parts;
}

std::string_view store_of(std::string_view node) {
  if (equal_ignoring_case(node, "UntrustedCertificates")) return "Disallowed";
  for (const std::string_view store : {"Root", "CA", "TrustedPublisher", "TrustedPeople"})
    if (equal_ignoring_case(node, store)) return store;
  return {};
}

/// What the node is called after, with a fault where that is no thumbprint.
std::optional<Thumbprint> thumbprint_of(const CspNode& node, const Position& position,
                                        Contents& contents) {
  const auto thumbprint = exact_thumbprint(node.thumbprint);
  if (!thumbprint)
    add_fault(contents, Severity::error, position,
              fmt::format("'{}' in the URI is no thumbprint", printable(node.thumbprint, 60)),
              "write the certificate's SHA-1 there, 40 hex digits");
  return thumbprint;
}

void add_value(const CspNode& node, std::string_view value, const Position& position,
               Contents& contents) {
  const auto store = csp_store(node, position, contents);
  if (!store) return;
  if (value.find_first_of("\r\n") != std::string_view::npos)
    add_fault(contents, Severity::error, position,
              "the base64 has line feeds: the provider refuses it",
              "write the base64 on one line, without anything before and behind it");
  const auto named = thumbprint_of(node, position, contents);
  auto certificate = read_found_base64(value, position, contents);
  if (!certificate) return;
  const Thumbprint thumbprint = certificate->thumbprint();
  if (named && *named != thumbprint)
    add_fault(
        contents, Severity::error, position,
        fmt::format("the URI names {}, but the certificate is {}", named->hex(), thumbprint.hex()),
        "write the certificate's own thumbprint into the URI");
  add_certificate(contents, {FoundCertificate::Action::add,
                             node.location,
                             *store,
                             thumbprint,
                             std::move(certificate),
                             {},
                             position});
}

}  // namespace

std::optional<CspNode> csp_node(std::string_view uri) {
  auto parts = parts_of(trimmed(uri));
  std::size_t at = 0;
  const auto is = [&](std::string_view name) {
    return at < parts.size() && equal_ignoring_case(parts[at], name);
  };
  CspNode node;
  if (is(".")) ++at;
  if (is("User")) node.location = Location::user;
  if (is("User") || is("Device")) ++at;
  for (const char* name : {"Vendor", "MSFT", "RootCATrustedCertificates"}) {
    if (!is(name)) return std::nullopt;
    ++at;
  }
  for (auto* part : {&node.store, &node.thumbprint, &node.leaf})
    if (at < parts.size()) *part = parts[at++];
  while (at < parts.size()) node.leaf.append("/").append(parts[at++]);
  return node;
}

std::optional<std::string> csp_store(const CspNode& node, const Position& position,
                                     Contents& contents) {
  const auto store = store_of(node.store);
  if (store.empty()) {
    add_fault(contents, Severity::error, position,
              fmt::format("the provider has no store '{}'", printable(node.store, 60)),
              "write Root, CA, TrustedPublisher, TrustedPeople or UntrustedCertificates");
    return std::nullopt;
  }
  if (store == "Root" && node.location == Location::user)
    add_fault(contents, Severity::error, position,
              "a user's Root: Windows refuses roots below './User'",
              "write './Device/Vendor/MSFT/…': then the root is the machine's");
  return std::string(store);
}

void add_csp_value(const std::string& uri, std::string_view value, const Position& position,
                   Contents& contents) {
  const auto node = csp_node(uri);
  if (!node) return count_other_change(contents);
  if (equal_ignoring_case(node->leaf, "EncodedCertificate"))
    return add_value(*node, value, position, contents);
  if (node->leaf.empty() && trimmed(value).empty()) return;  // Makes the node alone.
  add_fault(contents, Severity::error, position,
            fmt::format("a value for '{}', which takes none", printable(uri)),
            "end the URI with the thumbprint and '/EncodedCertificate'");
}

void delete_csp_node(const std::string& uri, const Position& position, Contents& contents) {
  const auto node = csp_node(uri);
  if (!node) return count_other_change(contents);
  if (node->thumbprint.empty() || !node->leaf.empty())
    return add_fault(contents, Severity::error, position,
                     fmt::format("'{}' cannot be deleted: the provider refuses it", printable(uri)),
                     "end the URI with the thumbprint of a certificate");
  const auto store = csp_store(*node, position, contents);
  if (!store) return;
  const auto thumbprint = thumbprint_of(*node, position, contents);
  if (!thumbprint) return;
  add_certificate(
      contents,
      {FoundCertificate::Action::remove, node->location, *store, *thumbprint, {}, {}, position});
}

}  // namespace sealwright::bundle
