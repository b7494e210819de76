#include "bundle/xml_read.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/reader_parts.h"

namespace sealwright::bundle {

pugi::xml_document parsed_xml(BytesView bytes) {
  const std::string text = tree_text(bytes);
  pugi::xml_document document;
  const auto result = document.load_buffer(
      text.data(), text.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (!result)
    throw Error(Error::Kind::input, fmt::format("not well-formed XML: {} at byte {}",
                                                ascii_lower(result.description()), result.offset));
  for (const auto node : document.children())
    if (node.type() == pugi::node_doctype)
      throw Error(Error::Kind::input, "it has a document type, which no import needs",
                  "take the DOCTYPE out: what it defines would be read by some and not by others");
  return document;
}

std::string_view local_name(pugi::xml_node node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);  // npos + 1 is 0
}

pugi::xml_node child(pugi::xml_node parent, std::string_view name) {
  for (const auto node : parent.children())
    if (local_name(node) == name) return node;
  return {};
}

}  // namespace sealwright::bundle
