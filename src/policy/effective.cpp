#include "policy/effective.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "policy/written_policy.h"
#include "x509/oids.h"

namespace sealwright::policy {
namespace {

template <class T>
Json texts(const std::vector<T>& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push(value);
  return list;
}

Json key(const Policy& policy) {
  const auto& spec = policy.key.spec;
  Json made = Json::object();
  if (spec.type == ossl::KeyType::rsa) {
    made.set("algorithm", "rsa").set("size", spec.bits);
  } else if (spec.type == ossl::KeyType::ec) {
    const char* curves[] = {"p256", "p384", "p521"};
    made.set("algorithm", "ecdsa").set("curve", curves[static_cast<int>(spec.curve)]);
  } else {
    made.set("algorithm", "ed25519");
  }
  if (!policy.key.stores.empty()) {
    Json stores = Json::array();
    for (const auto store : policy.key.stores) stores.push(to_text(store));
    made.set("store", std::move(stores));
  }
  return made.set("export", to_text(policy.key.key_export));
}

Json validity(const ValidityPolicy& from) {
  Json made = Json::object();
  if (from.lifetime != Duration{})
    made.set("lifetime", to_text(from.lifetime)).set("max_lifetime", to_text(from.max_lifetime));
  made.set("backdate", to_text(from.backdate));
  if (from.not_before) made.set("not_before", to_iso(*from.not_before));
  if (from.not_after) made.set("not_after", to_iso(*from.not_after));
  return made;
}

Json attributes(const std::vector<std::pair<std::string, std::string>>& from) {
  Json made = Json::object();
  for (const auto& [name, value] : from) made.set(name, value);
  return made;
}

Json subject(const SubjectPolicy& from) {
  Json made = Json::object();
  made.set("required", texts(from.required)).set("allowed", texts(from.allowed));
  if (!from.fixed.empty()) made.set("fixed", attributes(from.fixed));
  if (!from.pattern.empty()) made.set("pattern", attributes(from.pattern));
  return made;
}

Json url_source(const UrlSource& from) {
  if (from.from == UrlSource::From::listed) return texts(from.urls);
  return from.from == UrlSource::From::none ? "none" : "issuer";
}

Json names(const std::vector<x509::GeneralName>& from) {
  using Form = x509::GeneralName::Kind;
  Json made = Json::object();
  for (const auto& [form, field] :
       {std::pair{Form::dns, "dns"}, std::pair{Form::email, "email"}, std::pair{Form::uri, "uri"},
        std::pair{Form::ip, "ip"}, std::pair{Form::directory, "directory"}}) {
    Json list = Json::array();
    for (const auto& name : from)
      if (name.kind == form) list.push(name.value);
    if (!list.items().empty()) made.set(field, std::move(list));
  }
  return made;
}

Json basic_constraints(const std::optional<x509::BasicConstraints>& from) {
  if (!from) return "none";
  Json made = Json::object().set("ca", from->ca);
  if (from->path_length) made.set("path_length", *from->path_length);
  return made;
}

void add_lists(const ExtensionPolicy& from, Json& made) {
  if (const auto& constraints = from.name_constraints) {
    Json both = Json::object();
    if (!constraints->permitted.empty()) both.set("permitted", names(constraints->permitted));
    if (!constraints->excluded.empty()) both.set("excluded", names(constraints->excluded));
    made.set("name_constraints", std::move(both));
  }
  if (from.certificate_policies.empty()) return;
  Json list = Json::array();
  for (const auto& entry : from.certificate_policies) {
    Json one = Json::object().set("oid", entry.oid.text());
    if (!entry.cps.empty()) one.set("cps", entry.cps);
    list.push(std::move(one));
  }
  made.set("certificate_policies", std::move(list));
}

Json extensions(const ExtensionPolicy& from) {
  Json made = Json::object();
  if (const auto& usage = from.key_usage)
    made.set("key_usage", Json::object()
                              .set("critical", usage->critical)
                              .set("values", texts(x509::key_usage_names(usage->bits))));
  if (const auto& usage = from.extended_key_usage) {
    Json purposes = Json::array();
    for (const auto& oid : usage->purposes) purposes.push(x509::key_purpose_name(oid));
    made.set("extended_key_usage",
             Json::object().set("critical", usage->critical).set("values", std::move(purposes)));
  }
  made.set("basic_constraints", basic_constraints(from.basic_constraints));
  add_lists(from, made);
  made.set("crl_distribution_points", url_source(from.crl_distribution_points))
      .set("authority_information_access", url_source(from.authority_information_access))
      .set("subject_key_identifier", from.subject_key_identifier)
      .set("authority_key_identifier", from.authority_key_identifier);
  if (from.other.empty()) return made;
  Json list = Json::array();
  for (const auto& extension : from.other)
    list.push(Json::object()
                  .set("oid", extension.oid.text())
                  .set("critical", extension.critical)
                  .set("der", to_hex(extension.value)));
  return made.set("other", std::move(list));
}

Json requests(const RequestPolicy& from) {
  const auto word = [](FieldSource source) {
    const char* words[] = {"policy", "request", "either", "refuse"};
    return Json(words[static_cast<int>(source)]);
  };
  Json made = Json::object();
  return made.set("key", word(from.key))
      .set("subject", word(from.subject))
      .set("san", word(from.san))
      .set("extended_key_usage", word(from.extended_key_usage))
      .set("other", word(from.other));
}

Json renewal(const RenewalPolicy& from) {
  const char* activate[] = {"when-deployed", "immediately", "by-hand"};
  const char* change[] = {"at-renewal", "now", "never"};
  Json made = Json::object();
  if (from.window) made.set("window", to_text(*from.window));
  return made.set("key", from.reuse_key ? "reuse" : "new")
      .set("activate", activate[static_cast<int>(from.activate)])
      .set("overlap", from.overlap ? to_text(*from.overlap) : "until-safe")
      .set("on_policy_change", change[static_cast<int>(from.on_policy_change)]);
}

Json lint(const LintPolicy& from) {
  Json made = Json::object();
  if (!from.relax.empty()) {
    Json list = Json::array();
    for (const auto& relaxed : from.relax)
      list.push(Json::object().set("rule", relaxed.rule).set("because", relaxed.because));
    made.set("relax", std::move(list));
  }
  return made.set("fail_on", from.fail_on_warning ? "warning" : "error");
}

/// A scalar as the canonical text has it.
std::string plain(const Json& value) {
  if (value.type() == Json::Type::boolean) return value.boolean() ? "true" : "false";
  if (value.type() == Json::Type::integer) return std::to_string(value.integer());
  return value.string();
}

/// What the value says, whatever its order and layout.
void append_canonical(const Json& value, std::string& to) {
  if (value.type() == Json::Type::object) {
    auto members = value.members();
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    to += '{';
    for (const auto& [name, member] : members) {
      append_canonical(Json(name), to);
      append_canonical(member, to);
    }
    to += '}';
  } else if (value.type() == Json::Type::array) {
    to += '[';
    for (const auto& item : value.items()) append_canonical(item, to);
    to += ']';
  } else {
    const auto text = plain(value);
    to += std::to_string(text.size()) + ":" + text;
  }
}

Json to_json(const Node& node) {
  if (node.type == Node::Type::map) {
    Json made = Json::object();
    for (const auto& member : node.members) made.set(member.key.value, to_json(member.value));
    return made;
  }
  if (node.type != Node::Type::list) return node.value;
  Json made = Json::array();
  for (const auto& item : node.items) made.push(to_json(item));
  return made;
}

std::string canonical(const Json& value) {
  std::string text;
  append_canonical(value, text);
  return text;
}

Json without_defaults(const Json& value, const Shape& shape);

Json without_defaults(const Json& value, const std::vector<FieldInfo>& fields) {
  Json kept = Json::object();
  for (const auto& [name, member] : value.members()) {
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const FieldInfo& info) { return info.name == name; });
    if (field == fields.end()) continue;
    auto rest = without_defaults(member, *field->shape);
    const auto& said = field->default_value;
    if (said.empty() || canonical(to_json(default_node(said))) != canonical(rest))
      kept.set(name, std::move(rest));
  }
  return kept;
}

Json without_defaults(const Json& value, const Shape& shape) {
  using Kind = Shape::Kind;
  if (shape.kind == Kind::object && value.type() == Json::Type::object)
    return without_defaults(value, shape.fields());
  if (shape.kind == Kind::either && value.type() == Json::Type::object) {
    for (const auto& part : shape.parts)
      if (part->kind == Kind::object) return without_defaults(value, *part);
  } else if (shape.kind == Kind::list && value.type() == Json::Type::array) {
    Json kept = Json::array();
    for (const auto& item : value.items()) kept.push(without_defaults(item, *shape.parts.at(0)));
    return kept;
  }
  return value;
}
}  // namespace

Json effective(const Policy& policy) {
  Json made = Json::object();
  made.set("version", 1)
      .set("name", policy.name)
      .set("revision", policy.revision)
      .set("kind", to_text(policy.kind));
  if (!policy.description.empty()) made.set("description", policy.description);
  if (!policy.targets.empty()) made.set("targets", texts(policy.targets));
  made.set("key", key(policy))
      .set("signature", Json::object()
                            .set("digest", ossl::to_text(policy.digest))
                            .set("padding", to_text(policy.padding)))
      .set("validity", validity(policy.validity))
      .set("subject", subject(policy.subject))
      .set("extensions", extensions(policy.extensions))
      .set("requests", requests(policy.requests))
      .set("renewal", renewal(policy.renewal));
  Json issuance = Json::object();
  if (!policy.issuers.empty()) issuance.set("issuers", texts(policy.issuers));
  made.set("issuance", issuance.set("max_active", policy.max_active));
  Json signing =
      Json::object().set("timestamp", policy.timestamp_required ? "required" : "optional");
  if (!policy.allow.empty()) signing.set("allow", texts(policy.allow));
  made.set("signing", std::move(signing)).set("lint", lint(policy.lint));
  if (const auto& negative = policy.negative)
    made.set("negative", Json::object()
                             .set("breaks", negative->breaks)
                             .set("expect", fmt::format("0x{:08X}", negative->expect)));
  return made;
}

std::string fingerprint_of(const Policy& policy) {
  const auto& table = policy_fields().list;
  auto said = effective(policy);
  if (const auto& usage = policy.extensions.extended_key_usage) {
    // By OID, since a later version may know a name for it.
    Json oids = Json::array();
    for (const auto& oid : usage->purposes) oids.push(oid.text());
    Json all = said.at("extensions");
    Json one = all.at("extended_key_usage");
    said.set("extensions", all.set("extended_key_usage", one.set("values", std::move(oids))));
  }
  const auto kept = without_defaults(said, std::vector<FieldInfo>(table.begin(), table.end()));
  Json counted = Json::object();
  for (const auto& [name, value] : kept.members())
    if (name != "description" && name != "revision") counted.set(name, value);
  return to_hex(ossl::hash(ossl::Digest::sha256, view(canonical(counted))));
}

}  // namespace sealwright::policy
