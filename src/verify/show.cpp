#include "verify/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ossl/der.h"
#include "signing/catalog.h"
#include "signing/file.h"
#include "verify/describe.h"
#include "verify/show_keys.h"
#include "x509/java_keystore.h"
#include "x509/pem.h"
#include "x509/pkcs7.h"
#include "x509/pvk.h"

namespace sealwright::verify {
namespace {

namespace der = ossl::der;
using signing::FileKind;

constexpr std::size_t longest_text = 2000;

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case 0x14c:
      return "x86";
    case 0x8664:
      return "x64";
    case 0xaa64:
      return "arm64";
    case 0x1c4:
      return "arm";
    case 0x200:
      return "ia64";
  }
  return fmt::format("0x{:04x}", machine);
}

Json signature_list(const signing::FileSignature& file) {
  Json array = Json::array();
  for (const auto& signature : file.signatures) array.push(signature_facts(signature));
  return array;
}

void add_defects(const signing::FileSignature& file, Json& facts) {
  if (file.defects.empty()) return;
  Json array = Json::array();
  for (const auto& defect : file.defects) array.push(defect.text);
  facts.set("defects", array);
}

Description describe_pe(const std::filesystem::path& path) {
  const auto file = signing::read_signature(path, {{ossl::Digest::sha1, ossl::Digest::sha256}});
  Description made{"pe", Json::object()};
  made.facts.set("machine", machine_name(file.layout->machine))
      .set("size", file.file_size)
      .set("checksum", fmt::format("{:08x}{}", file.layout->checksum,
                                   file.layout->checksum == *file.checksum
                                       ? ""
                                       : fmt::format(", should be {:08x}", *file.checksum)));
  for (const auto& [algorithm, digest] : file.computed)
    made.facts.set("authenticode_" + std::string(ossl::to_text(algorithm)), to_hex(digest));
  made.facts.set("signatures", signature_list(file));
  add_defects(file, made.facts);
  return made;
}

Description describe_catalog(const std::filesystem::path& path, BytesView bytes) {
  const auto catalog = signing::read_catalog(bytes);
  const auto file = signing::read_signature(path);
  Description made{"catalog", Json::object()};
  made.facts.set("version", catalog.version)
      .set("made", to_iso(catalog.this_update))
      .set("list_identifier", to_hex(catalog.list_identifier))
      .set("members", catalog.members.size());
  if (const auto os = catalog.attribute("OS"); !os.empty()) made.facts.set("os", os);
  if (const auto ids = catalog.hardware_ids(); !ids.empty())
    made.facts.set("hardware_ids", Json::strings(ids));
  made.facts.set("signatures", signature_list(file));
  add_defects(file, made.facts);
  return made;
}

Error unknown() {
  return Error(Error::Kind::input, "nothing this program can describe",
               "certificates, PFX, SPC, P7B, PVK, PKCS#8, PE files and catalogs can be shown");
}

/// The shape of a DER element, as far as it tells kinds apart: tags of what is inside the outermost
/// SEQUENCE, and inside the first of those.
struct Shape {
  Bytes outer, inner;
};

std::optional<Shape> shape_of(BytesView bytes) {
  try {
    Shape shape;
    der::Reader reader(der::only_element(bytes, der::sequence_tag, "file").content, "file");
    while (!reader.at_end() && shape.outer.size() < 8) {
      const auto element = reader.next();
      if (shape.outer.empty() && element.tag == der::sequence_tag) {
        der::Reader inner(element.content, "file");
        while (!inner.at_end() && shape.inner.size() < 8) shape.inner.push_back(inner.next().tag);
      }
      shape.outer.push_back(element.tag);
    }
    return shape;
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool starts(const Bytes& tags, std::initializer_list<std::uint8_t> with) {
  return tags.size() >= with.size() && std::equal(with.begin(), with.end(), tags.begin());
}

/// "pfx", "pkcs7", "certificate", the PEM label of other things, or "": told by shape (RFC 2986,
/// RFC 5280 section 5.1, RFC 5208, RFC 7292, RFC 2315).
std::string kind_by_shape(BytesView bytes) {
  const auto shape = shape_of(bytes);
  if (!shape) return "";
  const auto& [outer, inner] = *shape;
  constexpr std::uint8_t sequence = der::sequence_tag, integer = der::integer_tag;
  if (starts(outer, {integer, sequence, der::octet_string_tag})) return "PRIVATE KEY";
  if (starts(outer, {integer, sequence})) return "pfx";
  // The traditional forms: RFC 8017, A.1.2 and RFC 5915.
  if (starts(outer, {integer, integer, integer})) return "RSA PRIVATE KEY";
  if (starts(outer, {integer, der::octet_string_tag})) return "EC PRIVATE KEY";
  if (starts(outer, {der::oid_tag, der::context_constructed(0)})) return "pkcs7";
  if (outer.size() == 2 && starts(outer, {sequence, der::octet_string_tag}))
    return "ENCRYPTED PRIVATE KEY";
  if (!starts(outer, {sequence, sequence, der::bit_string_tag})) return "";
  if (starts(inner, {integer, sequence, sequence, der::context_constructed(0)}))
    return "CERTIFICATE REQUEST";
  const auto is_time = [](std::uint8_t tag) {
    return tag == der::utc_time_tag || tag == der::generalized_time_tag;
  };
  if ((inner.size() > 3 && starts(inner, {integer, sequence, sequence}) && is_time(inner[3])) ||
      (inner.size() > 2 && starts(inner, {sequence, sequence}) && is_time(inner[2])))
    return "X509 CRL";
  return "certificate";
}

/// The same of BER with indefinite lengths, as streaming writers make it: only PFX and PKCS#7 come
/// like that.
std::string kind_by_start(BytesView bytes) {
  if (bytes.size() < 20 || bytes[0] != der::sequence_tag) return "";
  const std::size_t lengths = bytes[1] > 0x80 && bytes[1] < 0x88 ? bytes[1] - 0x80 : 0;
  const auto content = bytes.subspan(2 + lengths);
  const auto begins = [&](std::initializer_list<std::uint8_t> with) {
    return content.size() >= with.size() && std::equal(with.begin(), with.end(), content.begin());
  };
  if (begins({der::integer_tag, 1, 3})) return "pfx";
  if (begins({der::oid_tag, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07})) return "pkcs7";
  return "";
}

bool is_pkcs7(const std::string& label) {
  return label == "PKCS7" || label == "CMS" || label == "PKCS #7 SIGNED DATA";
}

Description describe_pkcs7(BytesView bytes) {
  const auto data = x509::read_signed_data(bytes);
  Description made{"pkcs7", Json::object()};
  made.facts.set("content", data.content_type.text())
      .set("signers", data.signers.size())
      .set("crls", data.crls.size())
      .set("certificates", certificate_list(data.certificates));
  return made;
}

bool is_private_key(const std::string& label) { return label.ends_with("PRIVATE KEY"); }

/// A file that is nothing but this block.
Description describe_block(const x509::PemBlock& block, const PasswordSource& password) {
  if (is_private_key(block.label)) return describe_private_key(block, password);
  if (block.label == "X509 CRL") return describe(x509::Crl::from_der(block.der));
  if (block.label.ends_with("CERTIFICATE REQUEST"))
    return {"request", request_facts(x509::Request::from_der(block.der))};
  throw unknown();
}

bool is_certificate(const std::string& label) {  // RFC 7468, 5.1 and 5.3; OpenSSL's own
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
}

Description describe_pem(BytesView bytes, const PasswordSource& password) {
  const auto blocks = x509::read_pem(bytes);
  if (blocks.size() == 1 && !is_certificate(blocks.front().label) &&
      !is_pkcs7(blocks.front().label))
    return describe_block(blocks.front(), password);
  std::vector<x509::Certificate> certificates;
  Json others = Json::array();
  for (const auto& block : blocks) {
    if (is_pkcs7(block.label)) return describe_pkcs7(block.der);
    if (is_certificate(block.label))
      certificates.push_back(x509::Certificate::from_der(block.der));
    else
      others.push(block.label);
  }
  if (certificates.size() == 1 && others.items().empty()) return describe(certificates.front());
  Description made{"certificates", Json::object()};
  made.facts.set("certificates", certificate_list(certificates));
  if (!others.items().empty()) made.facts.set("others", others);
  return made;
}

Description describe_bytes(BytesView bytes, const PasswordSource& password) {
  if (x509::looks_like_pvk(bytes)) return describe_pvk(bytes, password);
  if (x509::looks_like_pem(bytes)) return describe_pem(bytes, password);
  auto kind = kind_by_shape(bytes);
  if (kind.empty()) kind = kind_by_start(bytes);
  if (kind == "pfx") return describe_pfx(bytes, password);
  if (kind == "pkcs7") return describe_pkcs7(bytes);
  if (kind == "certificate") return describe(x509::Certificate::from_der(bytes));
  if (kind.empty()) throw unknown();
  return describe_block({kind, "", copy(bytes)}, password);
}

/// "not_before" → "not before"
std::string words(std::string key) {
  std::ranges::replace(key, '_', ' ');
  return key;
}

std::string line_of(const Json& value) {
  switch (value.type()) {
    case Json::Type::null:
      return "-";
    case Json::Type::boolean:
      return value.boolean() ? "yes" : "no";
    case Json::Type::string:
      return printable(value.string(), longest_text);
    default:
      return value.dump(-1);
  }
}

bool is_block(const Json& value) {
  return value.type() == Json::Type::object || value.type() == Json::Type::array;
}

void render(std::string& out, const Json& object, std::size_t indent);

void render_array(std::string& out, const std::string& key, const Json& array, std::size_t indent) {
  const std::string margin(indent, ' ');
  const auto& items = array.items();
  if (items.empty()) {
    out += fmt::format("{}{}: none\n", margin, words(key));
    return;
  }
  std::size_t number = 0;
  for (const auto& item : items) {
    ++number;
    if (is_block(item)) {
      out += fmt::format("{}{} {}:\n", margin, words(key), number);
      render(out, item, indent + 2);
    } else {
      out += number == 1
                 ? fmt::format("{}{}: {}\n", margin, words(key), line_of(item))
                 : fmt::format("{}{}  {}\n", margin, std::string(key.size(), ' '), line_of(item));
    }
  }
}

void render(std::string& out, const Json& object, std::size_t indent) {
  const std::string margin(indent, ' ');
  for (const auto& [key, value] : object.members()) {
    if (value.type() == Json::Type::array) {
      render_array(out, key, value, indent);
    } else if (value.type() == Json::Type::object) {
      out += fmt::format("{}{}:\n", margin, words(key));
      render(out, value, indent + 2);
    } else {
      out += fmt::format("{}{}: {}\n", margin, words(key), line_of(value));
    }
  }
}

}  // namespace

Description describe(const std::filesystem::path& path, const PasswordSource& password) {
  const auto kind = signing::detect(path);
  try {
    if (kind == FileKind::pe) return describe_pe(path);
    const auto bytes = read_file(path, max_described_bytes);
    if (kind == FileKind::catalog) return describe_catalog(path, bytes);
    x509::refuse_java_keystore(bytes, path);
    return describe_bytes(bytes, password);
  } catch (const Error& error) {
    const bool about_content =
        error.kind == Error::Kind::input || error.kind == Error::Kind::crypto;
    if (!about_content || error.message.find(path.string()) != std::string::npos) throw;
    throw with_prefix(error, path.string());
  }
}

Description describe(const x509::Certificate& certificate) {
  return {"certificate", certificate_facts(certificate)};
}

Description describe(const x509::Crl& crl) { return {"crl", crl_facts(crl)}; }

std::string to_text(const Description& description) {
  std::string out = description.kind + "\n";
  render(out, description.facts, 2);
  return out;
}

Json to_json(const Description& description) {
  return Json::object()
      .set("schema", "sealwright.show/1")
      .set("kind", description.kind)
      .set("facts", description.facts);
}

}  // namespace sealwright::verify
