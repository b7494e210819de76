#include "verify/describe.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/error.h"
#include "x509/oids.h"

namespace sealwright::verify {
namespace {

/// So many of a revocation list are shown; how many there are is told.
constexpr std::size_t most_entries = 10'000;

/// Adds what `read` returns under `key`; of an extension that cannot be read, that.
template <class Read>
void add(Json& facts, const char* key, Read read) {
  try {
    Json value = read();
    if (!value.is_null()) facts.set(key, std::move(value));
  } catch (const Error& error) {
    facts.set(key, "malformed: " + error.message);
  }
}

/// The value of an extension of a certificate or request through `read`, or null where it is not
/// there.
template <class Holder, class Read>
Json value_of(const Holder& holder, const Oid& oid, Read read) {
  const auto* found = holder.extension(oid);
  return found ? read(BytesView(found->value)) : Json();
}

Json purposes(const std::vector<Oid>& oids) {
  Json array = Json::array();
  for (const auto& oid : oids) array.push(x509::key_purpose_name(oid));
  return array;
}

std::string kind_of(x509::GeneralName::Kind kind) {
  using Kind = x509::GeneralName::Kind;
  switch (kind) {
    case Kind::email:
      return "email:";
    case Kind::dns:
      return "dns:";
    case Kind::uri:
      return "uri:";
    case Kind::ip:
      return "ip:";
    case Kind::directory:
      return "directory:";
  }
  return "";
}

Json names(const std::vector<x509::GeneralName>& all) {
  Json array = Json::array();
  for (const auto& name : all) array.push(kind_of(name.kind) + name.value);
  return array;
}

Json constraints(const x509::BasicConstraints& constraints) {
  if (!constraints.ca) return "no authority";
  return constraints.path_length
             ? fmt::format("authority, path length {}", *constraints.path_length)
             : "authority";
}

Json policies(BytesView value) {
  Json array = Json::array();
  for (const auto& policy : x509::read_certificate_policies(value))
    array.push(policy.cps.empty() ? policy.oid.text() : policy.oid.text() + " " + policy.cps);
  return array;
}

/// `c` is a certificate or a request.
template <class Holder>
void add_extensions(const Holder& c, Json& facts) {
  namespace oids = x509::oids;
  add(facts, "basic_constraints", [&] {
    return value_of(c, oids::basic_constraints,
                    [](auto value) { return constraints(x509::read_basic_constraints(value)); });
  });
  add(facts, "key_usage", [&] {
    return value_of(c, oids::key_usage, [](auto value) {
      return Json::strings(x509::key_usage_names(x509::read_key_usage(value)));
    });
  });
  add(facts, "extended_key_usage", [&] {
    return value_of(c, oids::extended_key_usage,
                    [](auto value) { return purposes(x509::read_extended_key_usage(value)); });
  });
  add(facts, "alternative_names", [&] {
    return value_of(c, oids::subject_alternative_name,
                    [](BytesView value) { return names(x509::read_general_names(value)); });
  });
  add(facts, "policies",
      [&] { return value_of(c, oids::certificate_policies, [](auto v) { return policies(v); }); });
  add(facts, "crl_distribution_points", [&] {
    return value_of(c, oids::crl_distribution_points, [](BytesView value) {
      return Json::strings(x509::read_crl_distribution_points(value));
    });
  });
  add(facts, "issuer_certificate_at", [&] {
    return value_of(c, oids::authority_information_access, [](BytesView value) {
      return Json::strings(x509::read_authority_information_access(value).issuers);
    });
  });
  add(facts, "subject_key_identifier", [&] {
    return value_of(c, oids::subject_key_identifier, [](auto value) {
      return Json(to_hex(x509::read_subject_key_identifier(value)));
    });
  });
  add(facts, "authority_key_identifier", [&] {
    return value_of(c, oids::authority_key_identifier, [](auto value) {
      const auto found = x509::read_authority_key_identifier(value);
      return found ? Json(to_hex(*found)) : Json();
    });
  });
  Json critical = Json::array();
  for (const auto& extension : c.extensions())
    if (extension.critical) critical.push(x509::name_of(extension.oid));
  if (!critical.items().empty()) facts.set("critical", critical);
}

Json algorithm_text(const std::optional<ossl::SignatureAlgorithm>& algorithm) {
  return algorithm ? Json(ossl::to_text(*algorithm)) : Json("unknown");
}

Json stamp_facts(const signing::TimestampFacts& stamp) {
  return Json::object()
      .set("kind", stamp.kind == signing::TimestampFacts::Kind::rfc3161 ? "rfc3161" : "pkcs9")
      .set("time", to_iso(stamp.time))
      .set("authority", stamp.certificate ? Json(stamp.certificate->subject().text()) : Json());
}

}  // namespace

Json certificate_facts(const x509::Certificate& certificate) {
  Json facts = Json::object();
  facts.set("subject", certificate.subject().text())
      .set("issuer", certificate.issuer().text())
      .set("serial", certificate.serial().hex())
      .set("not_before", to_iso(certificate.not_before()))
      .set("not_after", to_iso(certificate.not_after()))
      .set("thumbprint", certificate.thumbprint().hex())
      .set("sha256", to_hex(certificate.sha256()))
      .set("key", certificate.public_key().description())
      .set("key_id", certificate.public_key().id().hex());
  facts.set("signature", algorithm_text(certificate.signature_algorithm()))
      .set("self_signed", certificate.self_signed());
  add_extensions(certificate, facts);
  return facts;
}

Json certificate_list(const std::vector<x509::Certificate>& certificates) {
  Json array = Json::array();
  for (const auto& certificate : certificates) array.push(certificate_facts(certificate));
  return array;
}

Json crl_facts(const x509::Crl& crl) {
  Json facts = Json::object();
  const auto hex = [](const std::optional<Bytes>& bytes) {
    return bytes ? Json(to_hex(*bytes)) : Json();
  };
  const auto next = crl.next_update();
  facts.set("issuer", crl.issuer().text());
  add(facts, "number", [&] { return hex(crl.number()); });
  facts.set("this_update", to_iso(crl.this_update()))
      .set("next_update", next ? Json(to_iso(*next)) : Json())
      .set("signature", algorithm_text(crl.signature_algorithm()));
  add(facts, "authority_key_identifier", [&] { return hex(crl.authority_key_identifier()); });
  if (crl.delta()) facts.set("delta", true);
  Json critical = Json::array();
  for (const auto& oid : crl.critical_unknown()) critical.push(x509::name_of(oid));
  if (!critical.items().empty()) facts.set("critical", critical);
  Json revoked = Json::array();
  for (const auto& entry : crl.entries()) {
    if (revoked.items().size() == most_entries) break;
    Json row = Json::object();
    row.set("serial", entry.serial.hex()).set("since", to_iso(entry.revoked));
    if (entry.reason) row.set("reason", x509::to_text(*entry.reason));
    if (entry.invalidity) row.set("invalid_since", to_iso(*entry.invalidity));
    revoked.push(std::move(row));
  }
  return facts.set("entries", crl.entries().size()).set("revoked", std::move(revoked));
}

Json request_facts(const x509::Request& request) {
  Json facts = Json::object();
  facts.set("subject", request.subject().text())
      .set("sha256", to_hex(request.sha256()))
      .set("key", request.public_key().description())
      .set("key_id", request.public_key().id().hex())
      .set("signature", algorithm_text(request.signature_algorithm()))
      .set("signed_by_its_key", request.verified());
  add_extensions(request, facts);
  Json attributes = Json::array();
  for (const auto& attribute : request.attributes()) attributes.push(x509::name_of(attribute.type));
  if (!attributes.items().empty()) facts.set("attributes", attributes);
  return facts;
}

Json signature_facts(const signing::EmbeddedSignature& signature) {
  Json facts = Json::object();
  if (!signature.defect.empty()) return facts.set("defect", signature.defect);
  const auto* certificate = signature.certificate();
  facts.set("content", x509::name_of(signature.data.content_type))
      .set("signer", certificate ? Json(certificate->subject().text()) : Json())
      .set("thumbprint", certificate ? Json(certificate->thumbprint().hex()) : Json());
  if (const auto* signer = signature.signer())
    facts.set("signer_digest", ossl::to_text(signer->digest));
  if (signature.indirect)
    facts.set("file_digest", std::string(ossl::to_text(signature.indirect->digest)) + " " +
                                 to_hex(signature.indirect->message_digest));
  if (signature.opus && !signature.opus->description.empty())
    facts.set("description", signature.opus->description);
  if (signature.opus && !signature.opus->url.empty()) facts.set("url", signature.opus->url);
  Json stamps = Json::array();
  for (const auto& stamp : signature.timestamps) stamps.push(stamp_facts(stamp));
  facts.set("timestamps", stamps);
  Json subjects = Json::array();
  for (const auto& one : signature.data.certificates) subjects.push(one.subject().text());
  return facts.set("certificates", subjects);
}

}  // namespace sealwright::verify
