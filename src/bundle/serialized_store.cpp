#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "bundle/reader_parts.h"
#include "bundle/store_files.h"

namespace sealwright::bundle {
namespace {

constexpr std::uint32_t version = 0, magic = 0x54524543;  // "CERT"

bool is_body(std::uint32_t id) {
  return id == property_certificate || id == property_revocation_list || id == property_trust_list;
}

/// The elements up to the end (id 0), as they stand.
std::vector<BlobProperty> raw_elements(ByteReader& reader) {
  if (reader.left() < 8 || reader.u32() != version || reader.u32() != magic)
    throw Error(Error::Kind::input, "not a serialized store: it does not start with 0 and 'CERT'");
  std::vector<BlobProperty> elements;
  for (;;) {
    auto element = read_element(reader);
    if (element.id == 0 && !element.value.empty())
      throw Error(Error::Kind::input, "the end of the serialized store (id 0) has a value");
    if (element.id == 0) return elements;
    elements.push_back(std::move(element));
  }
}

/// Windows writes properties, then their certificate ([MS-GPEF] 2.2.1.1.1, and all 434 elements of
/// its own roots.sst); Wine writes the certificate, then its properties. What comes first tells.
bool is_body_first(const std::vector<BlobProperty>& raw) {
  return !raw.empty() && is_body(raw.front().id);
}

std::vector<StoreElement> grouped(std::vector<BlobProperty> raw) {
  const bool body_first = is_body_first(raw);
  std::vector<StoreElement> elements;
  std::vector<BlobProperty> properties;
  for (auto& one : raw) {
    if (is_body(one.id)) {
      add_bounded(elements, StoreElement{std::move(one), std::exchange(properties, {})});
    } else {
      (body_first ? elements.back().properties : properties).push_back(std::move(one));
    }
  }
  if (!properties.empty())
    throw Error(Error::Kind::input,
                fmt::format("element {}: properties without a certificate", elements.size() + 1));
  return elements;
}

void add_element(StoreElement element, const Position& position, Contents& contents) {
  if (element.body.id != property_certificate) {
    add_fault(contents, Severity::note, position,
              element.body.id == property_revocation_list
                  ? "a revocation list goes into the store too; it is not looked at"
                  : "a trust list goes into the store too; it is not looked at");
    return;
  }
  auto certificate = read_found(element.body.value, position, contents);
  if (!certificate) return;
  FoundCertificate found;
  found.thumbprint = certificate->thumbprint();
  found.certificate = std::move(certificate);
  found.properties = std::move(element.properties);
  found.position = position;
  check_properties(found, contents);
  add_certificate(contents, std::move(found));
}

}  // namespace

bool looks_like_serialized_store(BytesView bytes) {
  ByteReader reader(bytes, "the serialized store");
  return bytes.size() >= 8 && reader.u32() == version && reader.u32() == magic;
}

std::vector<StoreElement> store_elements(BytesView bytes) {
  ByteReader reader(bytes, "the serialized store");
  auto elements = grouped(raw_elements(reader));
  if (!reader.at_end())
    throw Error(Error::Kind::input,
                fmt::format("{} bytes after the end of the serialized store", reader.left()));
  return elements;
}

void read_serialized_store(BytesView bytes, const std::string& file, Contents& contents) {
  ByteReader reader(bytes, "the serialized store");
  auto raw = raw_elements(reader);
  const bool body_first = is_body_first(raw);
  const bool has_properties =
      std::any_of(raw.begin(), raw.end(), [](const auto& one) { return !is_body(one.id); });
  if (body_first && has_properties)
    add_fault(contents, Severity::warning, {file, "element 1"},
              "a certificate comes first, so properties are taken for those of the certificate "
              "before them, as Wine writes them; Windows writes them the other way round",
              "write the store with the tools of Windows, or with this program");
  std::size_t number = 0;
  for (auto& element : grouped(std::move(raw)))
    add_element(std::move(element), {file, fmt::format("element {}", ++number)}, contents);
  if (!reader.at_end())
    add_fault(contents, Severity::warning, {file, fmt::format("byte {}", reader.position())},
              fmt::format("{} bytes after the end of the store, which nobody reads", reader.left()),
              "cut them off, or write the store again");
}

}  // namespace sealwright::bundle
