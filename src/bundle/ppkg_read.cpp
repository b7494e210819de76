// Reads customizations.xml, the source of a provisioning package (Windows Configuration Designer).

#include <fmt/format.h>

#include <map>

#include "base/encoding.h"
#include "bundle/reader_parts.h"
#include "bundle/xml_read.h"

namespace sealwright::bundle {
namespace {

struct Kind {
  std::string_view list, store;
};
/// The certificate settings of Windows Configuration Designer.
constexpr Kind kinds[] = {
    {"RootCertificates", "Root"},
    {"CACertificates", "CA"},
    {"TrustedPeopleCertificates", "TrustedPeople"},
};

constexpr int max_depth = 64;

struct Walk {
  const std::string& file;
  const Folder& beside;
  Contents& contents;
  std::map<std::string, std::optional<x509::Certificate>> known = {};  ///< Each is read once.
};

void take(pugi::xml_node item, std::string_view store, Walk& walk) {
  const std::string path = child(item, "CertificatePath").text().get();
  FoundCertificate found;
  found.location = Location::machine;
  found.store = store;
  found.position = {walk.file, printable(item.attribute("Name").value())};
  const auto* certificate = walk.beside.find(path);
  if (!certificate) {
    add_fault(walk.contents, Severity::error, found.position,
              fmt::format("'{}' is not beside it", printable(path)), "copy the whole folder");
    return;
  }
  auto& known = walk.known[certificate->path];
  if (!known) known = x509::read_certificates(*certificate->content).front();
  found.certificate = known;
  found.thumbprint = found.certificate->thumbprint();
  add_bounded(walk.contents.certificates, std::move(found));
}

void walk_through(pugi::xml_node parent, Walk& walk, int depth) {
  if (depth > max_depth) return;
  for (const auto node : parent.children()) {
    for (const auto& kind : kinds)
      if (local_name(node) == kind.list)
        for (const auto item : node.children())
          if (item.type() == pugi::node_element) take(item, kind.store, walk);
    walk_through(node, walk, depth + 1);
  }
}

}  // namespace

void read_provisioning_package(BytesView bytes, const std::string& file, const Folder& beside,
                               Contents& contents) {
  const auto document = parsed_xml(bytes);
  Walk walk{file, beside, contents};
  walk_through(document.document_element(), walk, 0);
}

}  // namespace sealwright::bundle
