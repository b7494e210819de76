#include "x509/extension_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "x509/oids.h"

namespace sealwright::x509 {
namespace der = ossl::der;
namespace {

/// RFC 5280, 4.1.2.9. A critical of FALSE may be written out, although X.690, 11.5 forbids it: the
/// example certificate of RFC 8410, section 10.2 does so.
Extension read_extension(der::Reader& list) {
  der::Reader fields = list.enter(der::sequence_tag);
  Extension extension;
  extension.oid = fields.oid();
  if (fields.next_is(der::boolean_tag)) extension.critical = fields.boolean();
  extension.value = copy(fields.octet_string());
  fields.end();
  return extension;
}

/// X.690, 11.5: a critical of FALSE is left out.
Bytes encode(const Extension& extension) {
  return der::sequence({der::oid(extension.oid), extension.critical ? der::boolean(true) : Bytes(),
                        der::octet_string(extension.value)});
}

}  // namespace

std::vector<Extension> read_extensions(der::Reader list, const std::string& what) {
  std::vector<Extension> extensions;
  do extensions.push_back(read_extension(list));
  while (!list.at_end());
  // RFC 5280, 4.2: no more than one instance of each. Two would let two readers see two
  // certificates.
  std::vector<Oid> sorted;
  for (const auto& extension : extensions) sorted.push_back(extension.oid);
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice != sorted.end())
    throw Error(Error::Kind::input,
                fmt::format("{} is malformed (extension {} appears twice)", what, name_of(*twice)));
  return extensions;
}

Bytes encode(const std::vector<Extension>& extensions) {
  if (extensions.empty()) return {};  // SIZE (1..MAX)
  std::vector<Bytes> parts;
  for (const Extension& extension : extensions) parts.push_back(encode(extension));
  return der::sequence(parts);
}

}  // namespace sealwright::x509
