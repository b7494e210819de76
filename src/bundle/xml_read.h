#pragma once
// Inside bundle only: XML from outside. Document types are skipped, and no entity but XML's own
// five is known: nothing is fetched, and nothing grows.

#include <pugixml.hpp>
#include <string_view>

#include "base/bytes.h"

namespace sealwright::bundle {

/// At most max_tree_bytes, in the coding that its byte order mark says, else UTF-8. Throws
/// Error::Kind::input ("not well-formed XML: … at byte 12").
pugi::xml_document parsed_xml(BytesView bytes);
/// Without prefix: readers go by names, and files use prefixes as they like.
std::string_view local_name(pugi::xml_node node);
/// The first child element of this name, whatever its prefix; empty where there is none.
pugi::xml_node child(pugi::xml_node parent, std::string_view name);

}  // namespace sealwright::bundle
