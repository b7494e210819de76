#include "x509/ber.h"

#include "ossl/der.h"

namespace sealwright::x509 {
namespace der = ossl::der;
namespace {

constexpr int max_depth = 32;
constexpr std::uint8_t segmented_octet_string = 0x24;

/// Identifier and length octets.
struct Header {
  std::uint8_t tag = 0;
  bool indefinite = false;
  std::size_t size = 0;    ///< Of the header itself.
  std::size_t length = 0;  ///< Of the content, where it is definite; checked against what is there.
};

std::optional<Header> read_header(BytesView bytes) {
  if (bytes.size() < 2 || (bytes[0] & 0x1f) == 0x1f) return std::nullopt;
  Header header{bytes[0], bytes[1] == 0x80, 2, 0};
  if (header.indefinite) {
    if (!(header.tag & 0x20)) return std::nullopt;  // X.690, 8.1.3.2: constructed only.
    return header;
  }
  header.length = bytes[1];
  if (bytes[1] & 0x80) {
    const std::size_t octets = bytes[1] & 0x7f;
    if (octets > 4 || bytes.size() < 2 + octets) return std::nullopt;
    header.size = 2 + octets;
    header.length = 0;
    for (std::size_t i = 0; i < octets; ++i) header.length = header.length << 8 | bytes[2 + i];
  }
  if (header.length > bytes.size() - header.size) return std::nullopt;
  return header;
}

/// Content octets of an OCTET STRING element in definite form.
BytesView segment(const Bytes& element) {
  const auto header = read_header(element);
  return header ? BytesView(element).subspan(header->size) : BytesView();
}

std::optional<Definite> convert(BytesView bytes, int depth);

/// The elements of a constructed value, joined; `used` is what they took, without an
/// end-of-contents.
struct Children {
  Bytes content;
  std::size_t used = 0;
  bool ended = false;
};

std::optional<Children> convert_children(BytesView bytes, const Header& parent, int depth) {
  Children children;
  while (children.used < bytes.size()) {
    const BytesView rest = bytes.subspan(children.used);
    if (parent.indefinite && rest.size() >= 2 && rest[0] == 0 && rest[1] == 0) {
      children.ended = true;
      break;
    }
    const auto child = convert(rest, depth + 1);
    if (!child) return std::nullopt;
    if (parent.tag == segmented_octet_string) {
      if (child->der[0] != der::octet_string_tag) return std::nullopt;  // X.690, 8.7.3.2
      append(children.content, segment(child->der));
    } else {
      append(children.content, child->der);
    }
    children.used += child->used;
  }
  if (parent.indefinite && !children.ended) return std::nullopt;
  return children;
}

std::optional<Definite> convert(BytesView bytes, int depth) {
  const auto header = read_header(bytes);
  if (!header || depth > max_depth) return std::nullopt;
  const bool constructed = header->tag & 0x20;
  if (!constructed) {
    const std::size_t used = header->size + header->length;
    return Definite{copy(bytes.first(used)), used};
  }
  const BytesView content = header->indefinite ? bytes.subspan(header->size)
                                               : bytes.subspan(header->size, header->length);
  const auto children = convert_children(content, *header, depth);
  if (!children) return std::nullopt;
  const std::size_t used = header->size + children->used + (header->indefinite ? 2 : 0);
  const bool joined = header->tag == segmented_octet_string;
  if (!header->indefinite && !joined && equal(children->content, content))
    return Definite{copy(bytes.first(used)), used};
  const std::uint8_t tag = joined ? std::uint8_t{der::octet_string_tag} : header->tag;
  return Definite{der::element(tag, children->content), used};
}

}  // namespace

std::optional<Definite> definite_lengths(BytesView ber) { return convert(ber, 0); }

}  // namespace sealwright::x509
