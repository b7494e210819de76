#include "x509/general_name.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/error.h"
#include "x509/name.h"

namespace sealwright::x509 {
namespace {
namespace der = ossl::der;

constexpr unsigned email_tag = 1, dns_tag = 2, directory_tag = 4, uri_tag = 6, ip_tag = 7;

Error unfit(const GeneralName& name, const char* kind, const char* hint) {
  return Error(Error::Kind::input, fmt::format("'{}' is not {}", printable(name.value), kind),
               hint);
}

/// 4 or 16 octets, or nothing.
std::optional<Bytes> parse_address(const std::string& text) {
  Bytes address(16);
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  address.resize(4);
  if (inet_pton(AF_INET, text.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

Bytes mask_of(std::size_t octets, unsigned bits) {
  Bytes mask(octets);
  for (unsigned bit = 0; bit < bits; ++bit) mask[bit / 8] |= std::uint8_t(0x80 >> bit % 8);
  return mask;
}

Bytes encode_address(const GeneralName& name) {
  const auto address = parse_address(name.value);
  if (!address) throw unfit(name, "an IP address", "write it like 192.0.2.1 or 2001:db8::1");
  return der::element(der::context(ip_tag), *address);
}

/// Address and mask, from CIDR text (RFC 5280, 4.2.1.10; RFC 4632).
Bytes encode_network(const GeneralName& name) {
  const char* hint = "write it like 192.0.2.0/24 or 2001:db8::/32, without bits beyond the prefix";
  const auto slash = name.value.find('/');
  auto network = parse_address(name.value.substr(0, slash));
  unsigned bits = 0;
  const std::string digits = slash == std::string::npos ? "" : name.value.substr(slash + 1);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (!network || failed != std::errc{} || end != digits.data() + digits.size() ||
      bits > network->size() * 8)
    throw unfit(name, "a network", hint);
  const Bytes mask = mask_of(network->size(), bits);
  for (std::size_t i = 0; i < mask.size(); ++i)
    if ((*network)[i] & ~mask[i]) throw unfit(name, "a network", hint);
  append(*network, mask);
  return der::element(der::context(ip_tag), *network);
}

/// An IA5String; empty only in constraints, where it means every name of the kind.
Bytes encode_text(unsigned tag, const GeneralName& name, const char* kind, NameUse use) {
  const bool fits = std::ranges::all_of(name.value, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!fits || (name.value.empty() && use == NameUse::name))
    throw unfit(name, kind, "it must be ASCII; write international names in their xn-- form");
  return der::element(der::context(tag), view(name.value));
}

std::string address_text(BytesView octets) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(octets.size() == 4 ? AF_INET : AF_INET6, octets.data(), text, sizeof text);
  return text;
}

/// "192.0.2.0/24", or address/mask where the mask is no prefix.
std::string network_text(BytesView octets) {
  const BytesView address = octets.first(octets.size() / 2), mask = octets.last(octets.size() / 2);
  unsigned bits = 0;
  while (bits < mask.size() * 8 && mask[bits / 8] & 0x80 >> bits % 8) ++bits;
  const bool prefix = equal(mask, mask_of(mask.size(), bits));
  return address_text(address) + "/" + (prefix ? std::to_string(bits) : address_text(mask));
}

std::optional<GeneralName> read_address(BytesView octets, NameUse use) {
  const std::size_t size = use == NameUse::name ? octets.size() : octets.size() / 2;
  const bool whole = use == NameUse::name || octets.size() % 2 == 0;
  if (!whole || (size != 4 && size != 16))
    throw Error(Error::Kind::input,
                fmt::format("an IP address is malformed ({} octets)", octets.size()));
  return GeneralName{GeneralName::Kind::ip,
                     use == NameUse::name ? address_text(octets) : network_text(octets)};
}

}  // namespace

Bytes encode(const GeneralName& name, NameUse use) {
  switch (name.kind) {
    case GeneralName::Kind::email:
      return encode_text(email_tag, name, "a mail address", use);
    case GeneralName::Kind::dns:
      return encode_text(dns_tag, name, "a DNS name", use);
    case GeneralName::Kind::uri:
      return encode_text(uri_tag, name, "a URI", use);
    case GeneralName::Kind::ip:
      return use == NameUse::name ? encode_address(name) : encode_network(name);
    case GeneralName::Kind::directory:
      // Name is a CHOICE, so its tag is explicit (X.680, 31.2.7).
      return der::element(der::context_constructed(directory_tag), Name::parse(name.value).der());
  }
  throw Error(Error::Kind::internal, "a general name of unknown kind");
}

std::optional<GeneralName> read_general_name(der::Reader& reader, NameUse use) {
  const der::Element element = reader.next();
  switch (element.tag) {
    case der::context(email_tag):
      return GeneralName{GeneralName::Kind::email, text(element.content)};
    case der::context(dns_tag):
      return GeneralName{GeneralName::Kind::dns, text(element.content)};
    case der::context(uri_tag):
      return GeneralName{GeneralName::Kind::uri, text(element.content)};
    case der::context(ip_tag):
      return read_address(element.content, use);
    case der::context_constructed(directory_tag):
      return GeneralName{GeneralName::Kind::directory, Name::from_der(element.content).text()};
  }
  return std::nullopt;
}

}  // namespace sealwright::x509
