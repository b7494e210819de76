#include "workspace/ceremony_words.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/digest.h"
#include "x509/oids.h"

namespace sealwright::workspace {
namespace {

using x509::Extension;

constexpr std::size_t max_hex_bytes = 64;

/// All of it, however long: a part that is cut off is a part that nobody agreed to.
std::string shown(const std::string& text) { return printable(text, std::string::npos); }

std::string prefix(x509::GeneralName::Kind kind) {
  switch (kind) {
    case x509::GeneralName::Kind::email:
      return "email:";
    case x509::GeneralName::Kind::dns:
      return "dns:";
    case x509::GeneralName::Kind::uri:
      return "uri:";
    case x509::GeneralName::Kind::ip:
      return "ip:";
    case x509::GeneralName::Kind::directory:
      return "directory:";
  }
  return {};
}

std::vector<std::string> names(const Extension& extension) {
  std::vector<std::string> lines;
  const auto names = x509::read_general_names(extension.value);
  if (x509::subject_alternative_name_extension(names, false).value != extension.value) return {};
  for (const auto& name : names) lines.push_back("name " + prefix(name.kind) + shown(name.value));
  return lines;
}

std::vector<std::string> purposes(const Extension& extension) {
  std::vector<std::string> lines;
  for (const auto& purpose : x509::read_extended_key_usage(extension.value))
    lines.push_back("usage " + x509::key_purpose_name(purpose));
  return lines;
}

std::vector<std::string> authority(const Extension& extension) {
  const auto constraints = x509::read_basic_constraints(extension.value);
  if (!constraints.ca) return {"CA FALSE"};
  return {constraints.path_length ? fmt::format("CA TRUE, path length {}", *constraints.path_length)
                                  : "CA TRUE, any path length"};
}

std::vector<std::string> usage_bits(const Extension& extension) {
  std::string text;
  for (const auto& name : x509::key_usage_names(x509::read_key_usage(extension.value)))
    text += (text.empty() ? "" : ", ") + name;
  return {"key usage " + text};
}

std::string other(const Extension& extension) {
  const auto& value = extension.value;
  return fmt::format(
      "other {}{} {}", x509::name_of(extension.oid), extension.critical ? " (critical)" : "",
      value.size() <= max_hex_bytes ? to_hex(value)
                                    : fmt::format("{} bytes, SHA-256 {}", value.size(),
                                                  to_hex(ossl::hash(ossl::Digest::sha256, value))));
}

/// Nothing where it is of another kind, or says more than the lines would.
std::vector<std::string> understood(const Extension& extension) {
  using namespace x509::oids;
  try {
    if (extension.oid == subject_alternative_name) return names(extension);
    if (extension.oid == extended_key_usage) return purposes(extension);
    if (extension.oid == basic_constraints) return authority(extension);
    if (extension.oid == x509::oids::key_usage) return usage_bits(extension);
  } catch (const Error&) {
  }
  return {};
}

bool follows(const Oid& oid) {
  using namespace x509::oids;
  for (const auto* one : {&subject_key_identifier, &x509::oids::key_usage, &name_constraints,
                          &crl_distribution_points, &certificate_policies,
                          &authority_key_identifier, &authority_information_access})
    if (oid == *one) return true;
  return false;
}

}  // namespace

std::vector<std::string> words_of(const std::vector<Extension>& extensions, Words words) {
  std::vector<std::string> lines;
  for (const auto& extension : extensions) {
    if (words == Words::telling && follows(extension.oid)) continue;
    const auto read = understood(extension);
    if (read.empty()) lines.push_back(other(extension));
    lines.insert(lines.end(), read.begin(), read.end());
  }
  return lines;
}

}  // namespace sealwright::workspace
