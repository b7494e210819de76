#pragma once
// The types of single values. A scalar's type decides what text may stand there: `no` is a fine
// organization and no bool.

#include <cstdint>

#include "policy/field.h"
#include "policy/hierarchy.h"

namespace sealwright::policy {

/// What a person calls the value: "'x'", "a list", "a mapping", "nothing".
std::string kind_of(const Node& node);

/// A name that refers to something; the node says where, for errors when it leads nowhere.
struct Reference {
  std::string name;
  const Node* node = nullptr;
};

/// Throws unless `text` matches [a-z][a-z0-9-]* and is at most 64 characters.
void check_name(const Node& node, const std::string& text);

Type<std::string> text();  ///< One line, not empty, at most 1,024 bytes, no control characters.
Type<std::string> paragraph();  ///< The same with line ends.
Type<std::string> name();
Type<Reference> reference();         ///< A name.
Type<Reference> policy_reference();  ///< NAME or NAME@REVISION.
Type<bool> boolean();
Type<std::int64_t> integer(std::int64_t min, std::int64_t max);
Type<Duration> duration();  ///< Longer than nothing.
Type<Duration> duration_or_zero();
Type<std::chrono::milliseconds> accuracy();  ///< "1s" "500ms"
Type<Time> date();
Type<std::string> url();  ///< http:// or https://, ASCII, no spaces.
/// http:// only: what is fetched to check a certificate cannot come over TLS, which would need that
/// very check (RFC 5280, section 8).
Type<std::string> http_url();
Type<std::string> pkcs11_uri();  ///< RFC 7512, without a PIN.
Type<Oid> oid();
Type<Oid> purpose();            ///< A name of an extended key usage, or an OID.
Type<std::uint32_t> hex32();    ///< "0x800B0101"
Type<std::string> windows();    ///< A known Windows version.
Type<std::string> attribute();  ///< The short name of a name attribute: CN, O, …
Type<Bytes> hex_der();          ///< One DER element in hex.
Type<SecretSource> secret();  ///< {file: F}, {env: V} or {generate: F}; what else is written there
                              ///< is not repeated in errors.
Type<Subject> subject();      ///< A map of attributes or RFC 4514 text; placeholders are checked.

/// One of a few words.
ShapePtr choice_shape(std::vector<std::string> words);
std::size_t read_choice(const Node& node, const std::string& what,
                        const std::vector<std::string>& words);
template <class E>
Type<E> choice(const std::vector<std::pair<std::string, E>>& entries) {
  std::vector<std::string> words;
  for (const auto& entry : entries) words.push_back(entry.first);
  return {choice_shape(words), [entries, words](const Node& node, const std::string& what) {
            return entries[read_choice(node, what, words)].second;
          }};
}

/// The shape of a value that is one of the given; used by types that read it by hand.
ShapePtr either_shape(std::vector<ShapePtr> parts);

/// The text of a scalar that is not quoted or may be; throws "WHAT must be EXPECTED, not …".
const std::string& scalar(const Node& node, const std::string& what, const std::string& expected);

/// The values a DER or YAML map of attributes is sorted by: most specific first.
int attribute_rank(const Oid& type);

}  // namespace sealwright::policy
