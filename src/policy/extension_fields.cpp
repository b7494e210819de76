// The fields of `extensions` in policies/NAME.yaml.

#include "base/encoding.h"
#include "base/suggest.h"
#include "policy/written_policy.h"
#include "x509/oids.h"

namespace sealwright::policy {
namespace {

std::vector<std::string> purpose_names() {
  std::vector<std::string> names;
  for (const auto& known : x509::key_purposes()) names.emplace_back(known.name);
  return names;
}

Type<std::uint32_t> key_usage_name() {
  std::vector<std::string> names = x509::key_usage_names(0x1ff);
  return {choice_shape(names), [names](const Node& node, const std::string& what) {
            const auto& value = scalar(node, what, "a key usage");
            if (const auto bit = x509::key_usage_bit(value)) return *bit;
            auto hint = did_you_mean(value, names);
            // The two kinds of usage are often mistaken for each other.
            if (hint.empty() && x509::key_purpose(value))
              hint =
                  "'" + value + "' is an extended key usage: write it under 'extended_key_usage'";
            if (hint.empty()) hint = did_you_mean(value, purpose_names());
            throw node.error("unknown key usage '" + printable(value, 60) + "'", hint);
          }};
}

/// An object with `values`, or just the list of them.
template <class T, class V>
Type<T> or_list(const Fields<T>& (*fields)(), std::vector<V> T::*values, Type<V> entry,
                bool critical) {
  const auto whole = object(fields);
  const auto list = list_of(entry);
  return {either_shape({whole.shape, list.shape}), [=](const Node& node, const std::string& what) {
            if (node.type != Node::Type::list) return whole.read(node, what);
            T made;
            made.critical = critical;
            made.*values = list.read(node, what);
            return made;
          }};
}

/// `none`, `issuer` or a list of URLs.
Type<UrlSource> url_source() {
  const auto words = choice_shape({"issuer", "none"});
  return {
      either_shape({words, list_of(url()).shape}), [](const Node& node, const std::string& what) {
        UrlSource made;
        if (node.type == Node::Type::list) {
          made.from = UrlSource::From::listed;
          made.urls = list_of(url()).read(node, what);
          return made;
        }
        const auto word = scalar(node, what, "issuer, none or a list of URLs");
        if (word != "issuer" && word != "none")
          throw node.error(what + " must be issuer, none or a list of URLs, not " + kind_of(node));
        made.from = word == "none" ? UrlSource::From::none : UrlSource::From::issuer;
        return made;
      }};
}

const Fields<WrittenBasicConstraints>& basic_constraints_fields() {
  using W = WrittenBasicConstraints;
  static const Fields<W> fields = {
      "basic_constraints",
      {
          field("ca", &W::ca, boolean(), "whether it may issue certificates").required(),
          field("path_length", &W::path_length, integer(0, 16), "how many authorities may follow"),
      }};
  return fields;
}

Type<WrittenBasicConstraintsOrNone> basic_constraints() {
  const auto fields = object(basic_constraints_fields);
  return {either_shape({fields.shape, choice_shape({"none"})}),
          [fields](const Node& node, const std::string& what) {
            WrittenBasicConstraintsOrNone made;
            made.node = &node;
            if (node.type != Node::Type::scalar || node.value != "none")
              made.constraints = fields.read(node, what);
            return made;
          }};
}

const Fields<WrittenUsage>& key_usage_fields() {
  using W = WrittenUsage;
  static const Fields<W> fields = {
      "key_usage",
      {
          field("critical", &W::critical, boolean(), "whether it is marked critical")
              .defaults("true"),
          field("values", &W::values, list_of(key_usage_name()), "e.g. digitalSignature")
              .required(),
      }};
  return fields;
}

const Fields<ExtendedKeyUsagePolicy>& extended_key_usage_fields() {
  using W = ExtendedKeyUsagePolicy;
  static const Fields<W> fields = {
      "extended_key_usage",
      {
          field("critical", &W::critical, boolean(), "whether it is marked critical")
              .defaults("false"),
          field("values", &W::purposes, list_of(purpose()), "e.g. codeSigning, or OIDs").required(),
      }};
  return fields;
}

const Fields<x509::CertificatePolicy>& certificate_policy_fields() {
  using W = x509::CertificatePolicy;
  static const Fields<W> fields = {
      "a certificate policy",
      {
          field("oid", &W::oid, oid(), "its OID").required(),
          field("cps", &W::cps, url(), "where the certification practice statement is"),
      }};
  return fields;
}

const Fields<WrittenExtension>& other_extension_fields() {
  using W = WrittenExtension;
  static const Fields<W> fields = {
      "an extension",
      {
          field("oid", &W::oid, oid(), "its OID").required(),
          field("critical", &W::critical, boolean(), "whether it is marked critical")
              .defaults("false"),
          field("der", &W::der, hex_der(), "its value in hex").required(),
      }};
  return fields;
}

const Fields<WrittenNames>& constraint_names_fields() {
  using W = WrittenNames;
  static const Fields<W> fields = {
      "names",
      {
          field("dns", &W::dns, list_of(text()), "DNS names"),
          field("email", &W::email, list_of(text()), "mail addresses or hosts"),
          field("uri", &W::uri, list_of(text()), "hosts of URIs"),
          field("ip", &W::ip, list_of(text()), "networks like 10.0.0.0/8"),
          field("directory", &W::directory, list_of(text()), "subtrees as RFC 4514 text"),
      }};
  return fields;
}

const Fields<WrittenNameConstraints>& name_constraints_fields() {
  using W = WrittenNameConstraints;
  static const Fields<W> fields = {
      "name_constraints",
      {
          field("permitted", &W::permitted, object(constraint_names_fields), "only these"),
          field("excluded", &W::excluded, object(constraint_names_fields), "not these"),
      }};
  return fields;
}

}  // namespace

const Fields<WrittenExtensions>& extension_fields() {
  using W = WrittenExtensions;
  static const Fields<W> fields = {
      "extensions",
      {
          field("key_usage", &W::key_usage,
                or_list(key_usage_fields, &WrittenUsage::values, key_usage_name(), true),
                "what the key is for")
              .note("keyCertSign and cRLSign for authorities, else digitalSignature"),
          field("extended_key_usage", &W::extended_key_usage,
                or_list(extended_key_usage_fields, &ExtendedKeyUsagePolicy::purposes, purpose(),
                        false),
                "what the certificate is for"),
          field("basic_constraints", &W::basic_constraints, basic_constraints(),
                "whether it is an authority")
              .note("{ca: true} for authorities, else none"),
          field("name_constraints", &W::name_constraints, object(name_constraints_fields),
                "which names an authority may certify"),
          field("certificate_policies", &W::certificate_policies,
                list_of(object(certificate_policy_fields)), "policies it was issued under"),
          field("crl_distribution_points", &W::crl_distribution_points, url_source(),
                "where its CRL is")
              .defaults("issuer"),
          field("authority_information_access", &W::authority_information_access, url_source(),
                "where its issuer's certificate is")
              .defaults("issuer"),
          field("subject_key_identifier", &W::subject_key_identifier, boolean(), "names its key")
              .defaults("true"),
          field("authority_key_identifier", &W::authority_key_identifier, boolean(),
                "names its issuer's key")
              .defaults("true"),
          field("other", &W::other, list_of(object(other_extension_fields)),
                "extensions given as DER"),
      }};
  return fields;
}

}  // namespace sealwright::policy
