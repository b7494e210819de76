#include "ossl/pkcs11_uri.h"

#include <algorithm>
#include <cstdlib>

#include "base/encoding.h"

namespace sealwright::ossl {
namespace {

constexpr std::string_view scheme = "pkcs11:";
constexpr std::size_t max_uri_bytes = 4096;
constexpr std::string_view file_scheme = "file:";

[[noreturn]] void malformed(std::string_view text, const std::string& reason) {
  throw Error(Error::Kind::input, "'" + printable(text) + "' is no PKCS#11 URI: " + reason,
              "pkcs11:token=LABEL;object=LABEL, with %20 for a space (RFC 7512); 'p11tool "
              "--list-tokens' shows the URIs of the tokens that are there");
}

/// As p11-kit reads names.
std::string without_space(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
  return text;
}

const char* reason_of(int result) {
  switch (result) {
    case P11_KIT_URI_BAD_ENCODING:
      return "an escape is not % and two hexadecimal digits";
    case P11_KIT_URI_BAD_SYNTAX:
      return "it does not consist of NAME=VALUE with ; between them";
    case P11_KIT_URI_BAD_VERSION:
      return "library-version is not a version";
    default:
      return "p11-kit does not understand it";
  }
}

UriHandle new_uri() {
  UriHandle uri(p11_kit().uri_new());
  if (!uri) throw Error(Error::Kind::internal, "memory is used up");
  return uri;
}

Bytes attribute_of(P11KitUri* uri, CK_ATTRIBUTE_TYPE type) {
  const CK_ATTRIBUTE* attribute = p11_kit().uri_get_attribute(uri, type);
  if (!attribute || !attribute->pValue) return {};
  const auto* bytes = static_cast<const std::uint8_t*>(attribute->pValue);
  return {bytes, bytes + attribute->ulValueLen};
}

std::string or_empty(const char* text) { return text ? text : ""; }

/// RFC 7512, 2.3: pin-source is a URI, or a word whose meaning is ours to choose. Commands ("|…")
/// are not run.
std::string pin_file_of(std::string_view text, const std::string& source) {
  if (source.empty()) return {};
  const std::string path =
      source.starts_with(file_scheme) ? source.substr(file_scheme.size()) : source;
  if (!path.starts_with("/") || path.starts_with("//"))
    malformed(text, "its pin-source is not the path of a file");
  return path;
}

/// p11-kit ends a label at a NUL and takes an empty one for any, and leaves out white space
/// (RFC 7512, 2.3 has neither). A NUL may stand in an id alone, which is binary.
void check_text(std::string_view text) {
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; }))
    malformed(text, "it holds a space or a control character");
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (text.size() - at < 3 || !is_hex(text[at + 1]) || !is_hex(text[at + 2]))
      malformed(text, reason_of(P11_KIT_URI_BAD_ENCODING));
  for (std::size_t begin = scheme.size(), end = 0; begin < text.size(); begin = end + 1) {
    end = std::min(text.find_first_of(";?&", begin), text.size());
    const auto attribute = text.substr(begin, end - begin);
    const auto name = attribute.substr(0, attribute.find('='));
    if (attribute.size() == name.size() + 1)
      malformed(text, "its '" + std::string(name) + "' is empty");
    if (name != "id" && attribute.find("%00") != std::string_view::npos)
      malformed(text, "its '" + std::string(name) + "' holds a NUL");
  }
}

/// Only private keys are named by our URIs; their certificates are found by the key's id.
void check_type(std::string_view text, P11KitUri* uri) {
  const Bytes type = attribute_of(uri, CKA_CLASS);
  const CK_OBJECT_CLASS wanted = CKO_PRIVATE_KEY;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&wanted);
  if (!type.empty() && !equal(type, BytesView(bytes, sizeof wanted)))
    malformed(text, "its type is not private");
}

void set_attribute(P11KitUri* uri, CK_ATTRIBUTE_TYPE type, BytesView value) {
  Bytes bytes = copy(value);
  CK_ATTRIBUTE attribute{type, bytes.data(), bytes.size()};
  const int result = value.empty() ? p11_kit().uri_clear_attribute(uri, type)
                                   : p11_kit().uri_set_attribute(uri, &attribute);
  if (result != P11_KIT_URI_OK)
    throw Error(Error::Kind::internal, "a PKCS#11 URI does not take an attribute");
}

}  // namespace

bool TokenUri::looks_like(std::string_view text) { return text.starts_with(scheme); }

TokenUri TokenUri::parse(std::string_view text) {
  // Before anything can quote it.
  if (without_space(ascii_lower(text)).find("pin-value") != std::string::npos)
    throw Error(Error::Kind::policy,
                "a PKCS#11 URI may not hold the PIN: whoever reads the URI could use the token",
                "leave out pin-value and give --pin-file FILE, or SEALWRIGHT_PIN in the "
                "environment");
  if (!looks_like(text)) malformed(text, "it does not begin with pkcs11:");
  if (text.size() > max_uri_bytes) malformed(text, "it is longer than 4,096 bytes");
  check_text(text);
  auto data = std::make_shared<Data>();
  data->text = text;
  data->uri = new_uri();
  P11KitUri* uri = data->uri.get();
  const int result = p11_kit().uri_parse(data->text.c_str(), P11_KIT_URI_FOR_ANY, uri);
  if (result != P11_KIT_URI_OK) malformed(text, reason_of(result));
  if (p11_kit().uri_any_unrecognized(uri)) malformed(text, "it has an attribute that is not known");
  check_type(text, uri);
  data->object = sealwright::text(attribute_of(uri, CKA_LABEL));
  if (!is_utf8(data->object)) malformed(text, "the name of the object is not UTF-8");
  data->id = attribute_of(uri, CKA_ID);
  data->pin_file = pin_file_of(text, or_empty(p11_kit().uri_get_pin_source(uri)));
  data->module_path = or_empty(p11_kit().uri_get_module_path(uri));
  data->module_name = or_empty(p11_kit().uri_get_module_name(uri));
  return TokenUri(std::move(data));
}

const std::string& TokenUri::text() const { return data_->text; }
std::string TokenUri::object() const { return data_->object; }
Bytes TokenUri::id() const { return data_->id; }
std::string TokenUri::pin_file() const { return data_->pin_file; }

TokenUri TokenUri::for_object(const std::string& label, BytesView id) const {
  const TokenUri same = parse(data_->text);
  P11KitUri* uri = same.data_->uri.get();
  set_attribute(uri, CKA_LABEL, view(label));
  set_attribute(uri, CKA_ID, id);
  char* text = nullptr;
  if (p11_kit().uri_format(uri, P11_KIT_URI_FOR_ANY, &text) != P11_KIT_URI_OK)
    throw Error(Error::Kind::internal, "a PKCS#11 URI cannot be written");
  const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
  return parse(text);
}

}  // namespace sealwright::ossl
