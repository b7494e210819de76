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
#include "x509/content.h"
#include "x509/java_keystore.h"
#include "x509/pem.h"
#include "x509/pkcs7.h"
#include "x509/pvk.h"

namespace sealwright::verify {
namespace {

using signing::FileKind;
using x509::Content;

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

Description describe_pkcs7(BytesView bytes) {
  const auto data = x509::read_signed_data(bytes);
  Description made{"pkcs7", Json::object()};
  made.facts.set("content", data.content_type.text())
      .set("signers", data.signers.size())
      .set("crls", data.crls.size())
      .set("certificates", certificate_list(data.certificates));
  return made;
}

/// A file that is nothing but this.
Description describe_block(const x509::PemBlock& block, const PasswordSource& password) {
  switch (x509::content_of_label(block.label)) {
    case Content::certificate:
      return describe(x509::Certificate::from_der(block.der));
    case Content::trusted_certificate:
      return describe(x509::read_trusted_certificate(block.der));
    case Content::crl:
      return describe(x509::Crl::from_der(block.der));
    case Content::request:
      return {"request", request_facts(x509::Request::from_der(block.der))};
    case Content::pkcs7:
      return describe_pkcs7(block.der);
    case Content::pfx:
      return describe_pfx(block.der, password);
    case Content::private_key:
      return describe_private_key(block, password);
    case Content::other:
      break;
  }
  throw unknown();
}

Description describe_pem(BytesView bytes, const PasswordSource& password) {
  const auto blocks = x509::read_pem(bytes);
  if (blocks.size() == 1) return describe_block(blocks.front(), password);
  std::vector<x509::Certificate> certificates;
  Json others = Json::array();
  for (const auto& block : blocks) {
    const auto content = x509::content_of_label(block.label);
    if (content == Content::pkcs7) return describe_pkcs7(block.der);
    if (content == Content::certificate)
      certificates.push_back(x509::Certificate::from_der(block.der));
    else if (content == Content::trusted_certificate)
      certificates.push_back(x509::read_trusted_certificate(block.der));
    else
      others.push(block.label);
  }
  Description made{"certificates", Json::object()};
  made.facts.set("certificates", certificate_list(certificates));
  if (!others.items().empty()) made.facts.set("others", others);
  return made;
}

Description describe_bytes(BytesView bytes, const PasswordSource& password) {
  if (x509::looks_like_pvk(bytes)) return describe_pvk(bytes, password);
  if (x509::looks_like_pem(bytes)) return describe_pem(bytes, password);
  const auto label = x509::label_of_der(bytes);
  if (x509::content_of_label(label) == Content::private_key)
    ossl::der::only_element(bytes, ossl::der::sequence_tag, "the private key");
  return describe_block({std::string(label), "", copy(bytes)}, password);
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
