#include "bundle/contents.h"

#include "base/error.h"
#include "bundle/readers.h"
#include "x509/extension.h"

namespace sealwright::bundle {

std::string to_text(const Position& position) {
  if (position.file.empty()) return position.place;
  return position.place.empty() ? position.file : position.file + ": " + position.place;
}

std::string_view to_text(Location location) {
  switch (location) {
    case Location::machine:
      return "LocalMachine";
    case Location::machine_policy:
      return "LocalMachine by policy";
    case Location::user:
      return "CurrentUser";
    case Location::user_policy:
      return "CurrentUser by policy";
    case Location::enterprise:
      return "LocalMachine by Active Directory";
    case Location::directory:
      return "Active Directory";
    case Location::linux:
      return "Linux anchors";
    case Location::unsaid:
      return "the store that the importer names";
  }
  return "";
}

void throw_too_many() {
  throw Error(Error::Kind::input, "the file holds more than 100,000 changes");
}

std::optional<BytesView> property(const FoundCertificate& found, std::uint32_t id) {
  for (const auto& one : found.properties)
    if (one.id == id) return BytesView(one.value);
  return std::nullopt;
}

std::optional<std::vector<Oid>> purposes(const FoundCertificate& found) {
  const auto value = property(found, property_enhanced_key_usage);
  if (!value) return std::nullopt;
  // An empty list is no extended key usage, but how Windows stores "disable all purposes".
  constexpr std::uint8_t none[] = {0x30, 0x00};
  if (equal(*value, none)) return std::vector<Oid>{};
  return x509::read_extended_key_usage(*value);
}

}  // namespace sealwright::bundle
