#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/csp_node.h"
#include "bundle/reader_parts.h"
#include "bundle/xml_read.h"

namespace sealwright::bundle {
namespace {

constexpr int max_depth = 32;

/// All text of an element, also where comments part it.
std::string text_of(pugi::xml_node element) {
  std::string all;
  for (const auto node : element.children())
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) all += node.value();
  return all;
}

class SyncReader {
 public:
  SyncReader(const std::string& file, Contents& contents) : file_(file), contents_(contents) {}

  /// Commands stand in the body, also inside Atomic and Sequence (OMA SyncML 1.2, 6.6).
  void read(pugi::xml_node parent, int depth) {
    if (depth > max_depth)
      throw Error(Error::Kind::input,
                  fmt::format("elements nested more than {} levels deep", max_depth));
    for (const auto node : parent.children()) {
      const auto name = local_name(node);
      if (name == "SyncML" || name == "SyncBody" || name == "Atomic" || name == "Sequence")
        read(node, depth + 1);
      else if (name == "Add" || name == "Replace" || name == "Delete")
        command(node, name == "Delete");
    }
  }

 private:
  void command(pugi::xml_node node, bool removal) {
    for (const auto item : node.children())
      if (local_name(item) == "Item") one(item, removal);
  }

  void one(pugi::xml_node item, bool removal) {
    if (++items_ > max_read_changes) throw_too_many();
    const std::string uri(trimmed(text_of(child(child(item, "Target"), "LocURI"))));
    const Position position{file_, fmt::format("item {}", items_)};
    if (uri.empty())
      add_fault(contents_, Severity::error, position, "no node is named",
                "write it as <Target><LocURI>…</LocURI></Target>");
    else if (removal)
      delete_csp_node(uri, position, contents_);
    else
      add_csp_value(uri, text_of(child(item, "Data")), position, contents_);
  }

  std::string file_;
  Contents& contents_;
  std::size_t items_ = 0;
};

bool is_syncml(pugi::xml_node root) {
  for (const char* name : {"SyncML", "SyncBody", "Atomic", "Sequence", "Add", "Replace", "Delete"})
    if (local_name(root) == name) return true;
  return false;
}

}  // namespace

void read_syncml(BytesView bytes, const std::string& file, Contents& contents) {
  const auto document = parsed_xml(bytes);
  const auto root = document.document_element();
  if (!is_syncml(root))
    throw Error(Error::Kind::input, fmt::format("not SyncML: its outermost element is '{}'",
                                                printable(root.name(), 60)));
  SyncReader(file, contents).read(document, 0);
}

}  // namespace sealwright::bundle
