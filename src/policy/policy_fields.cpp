// The fields of policies/NAME.yaml.

#include <regex>

#include "policy/written_policy.h"

namespace sealwright::policy {
namespace {

/// The overlap of generations; nothing: until it is safe.
Type<std::optional<Duration>> overlap() {
  return {either_shape({choice_shape({"until-safe"}), duration().shape}),
          [](const Node& node, const std::string& what) -> std::optional<Duration> {
            if (node.type == Node::Type::scalar && node.value == "until-safe") return std::nullopt;
            return duration().read(node, what);
          }};
}

/// A map from name attributes to text.
Type<std::vector<std::pair<std::string, std::string>>> attribute_map(bool patterns) {
  auto shape = std::make_shared<Shape>();
  shape->kind = Shape::Kind::map;
  shape->parts = {text().shape};
  shape->keys = attribute().shape;
  return {
      shape, [patterns](const Node& node, const std::string& what) {
        expect_map(node, what);
        std::vector<std::pair<std::string, std::string>> made;
        for (const auto& member : node.members) {
          const auto name = attribute().read(member.key, what);
          made.emplace_back(name, text().read(member.value, "'" + name + "'"));
          if (patterns) try {
              std::regex(made.back().second,
                         std::regex::ECMAScript | std::regex_constants::__polynomial);
            } catch (const std::regex_error&) {
              throw member.value.error("the pattern of '" + name + "' is not a regular expression");
            }
        }
        return made;
      }};
}

const Fields<WrittenKeyPolicy>& key_fields() {
  using W = WrittenKeyPolicy;
  static const Fields<W> fields = {
      "key",
      {
          field("algorithm", &W::algorithm,
                choice<KeyAlgorithm>({{"rsa", KeyAlgorithm::rsa},
                                      {"ecdsa", KeyAlgorithm::ecdsa},
                                      {"ed25519", KeyAlgorithm::ed25519}}),
                "kind of key")
              .defaults("rsa"),
          field("size", &W::size, integer(1024, 16384), "bits of an RSA key")
              .note("3072; authorities 4096"),
          field("curve", &W::curve,
                choice<ossl::Curve>({{"p256", ossl::Curve::p256},
                                     {"p384", ossl::Curve::p384},
                                     {"p521", ossl::Curve::p521}}),
                "curve of an ECDSA key")
              .note("p256"),
          field("store", &W::store, list_of(key_store()), "where such a key may be kept")
              .note("anywhere"),
          field("export", &W::key_export,
                choice<KeyExport>({{"never", KeyExport::never},
                                   {"ask", KeyExport::ask},
                                   {"allowed", KeyExport::allowed}}),
                "whether the private key may leave the inventory")
              .note("never for authorities and tokens, ask otherwise"),
      }};
  return fields;
}

const Fields<WrittenSignature>& signature_fields() {
  using W = WrittenSignature;
  static const Fields<W> fields = {
      "signature",
      {
          field("digest", &W::digest, digest(), "digest the issuer signs with").defaults("sha256"),
          field("padding", &W::padding,
                choice<Padding>({{"pkcs1", Padding::pkcs1}, {"pss", Padding::pss}}),
                "padding of an RSA issuer's signature; pss is not for Windows")
              .defaults("pkcs1"),
      }};
  return fields;
}

const Fields<WrittenValidityPolicy>& validity_fields() {
  using W = WrittenValidityPolicy;
  static const Fields<W> fields = {
      "validity",
      {
          field("lifetime", &W::lifetime, duration(), "how long a certificate is valid"),
          field("max_lifetime", &W::max_lifetime, duration(), "the longest a hierarchy may ask for")
              .note("lifetime"),
          field("backdate", &W::backdate, duration_or_zero(),
                "how far its beginning lies in the past, for slow clocks")
              .defaults("10min"),
          field("not_before", &W::not_before, date(), "fixed beginning; only with negative"),
          field("not_after", &W::not_after, date(), "fixed end; only with negative"),
      }};
  return fields;
}

const Fields<SubjectPolicy>& subject_fields() {
  using W = SubjectPolicy;
  static const Fields<W> fields = {
      "subject",
      {
          field("required", &W::required, list_of(attribute()), "attributes it must have")
              .defaults("[CN]"),
          field("allowed", &W::allowed, list_of(attribute()), "attributes it may have")
              .defaults("[CN, O, OU, C, L, ST]"),
          field("fixed", &W::fixed, attribute_map(false), "attributes with one possible value"),
          field("pattern", &W::pattern, attribute_map(true),
                "regular expressions for whole values"),
      }};
  return fields;
}

const Fields<RequestPolicy>& request_fields() {
  using W = RequestPolicy;
  const auto source = choice<FieldSource>({{"policy", FieldSource::policy},
                                           {"request", FieldSource::request},
                                           {"either", FieldSource::either},
                                           {"refuse", FieldSource::refuse}});
  static const Fields<W> fields = {
      "requests",
      {
          field("key", &W::key, choice<FieldSource>({{"request", FieldSource::request}}),
                "a request brings its key")
              .defaults("request"),
          field("subject", &W::subject, source, "whose subject counts").defaults("policy"),
          field("san", &W::san, source, "whose alternative names count").defaults("policy"),
          field("extended_key_usage", &W::extended_key_usage, source, "whose purposes count")
              .defaults("policy"),
          field("other", &W::other, source, "whose other extensions count").defaults("policy"),
      }};
  return fields;
}

const Fields<WrittenIssuance>& issuance_fields() {
  using W = WrittenIssuance;
  static const Fields<W> fields = {
      "issuance",
      {
          field("issuers", &W::issuers, list_of(name()), "authorities that may issue under it")
              .note("all"),
          field("max_active", &W::max_active, integer(1, 100), "generations active at a time")
              .defaults("1"),
      }};
  return fields;
}

const Fields<WrittenSigning>& signing_fields() {
  using W = WrittenSigning;
  static const Fields<W> fields = {
      "signing",
      {
          field("timestamp", &W::timestamp_required,
                choice<bool>({{"required", true}, {"optional", false}}),
                "whether a signature needs one")
              .defaults("required"),
          field("allow", &W::allow, list_of(text()), "globs of file names that may be signed")
              .note("all"),
      }};
  return fields;
}

const Fields<Relaxed>& relaxed_fields() {
  using W = Relaxed;
  static const Fields<W> fields = {
      "a relaxed rule",
      {
          field("rule", &W::rule, name(), "name of the rule").required(),
          field("because", &W::because, text(), "the reason").required(),
      }};
  return fields;
}

const Fields<LintPolicy>& lint_fields() {
  using W = LintPolicy;
  static const Fields<W> fields = {
      "lint",
      {
          field("relax", &W::relax, list_of(object(relaxed_fields)), "rules that need not hold"),
          field("fail_on", &W::fail_on_warning, choice<bool>({{"error", false}, {"warning", true}}),
                "what stops an issue")
              .defaults("error"),
      }};
  return fields;
}

const Fields<Negative>& negative_fields() {
  using W = Negative;
  static const Fields<W> fields = {
      "negative",
      {
          field("breaks", &W::breaks, name(), "the rule it breaks").required(),
          field("expect", &W::expect, hex32(), "the error code Windows must answer with")
              .required(),
      }};
  return fields;
}
}  // namespace

Type<ossl::Digest> digest() {
  return choice<ossl::Digest>({{"sha256", ossl::Digest::sha256},
                               {"sha384", ossl::Digest::sha384},
                               {"sha512", ossl::Digest::sha512},
                               {"sha1", ossl::Digest::sha1}});
}

Type<KeyStore> key_store() {
  return choice<KeyStore>({{"inventory", KeyStore::inventory},
                           {"pkcs11", KeyStore::pkcs11},
                           {"offline", KeyStore::offline},
                           {"external", KeyStore::external}});
}

const Fields<RenewalPolicy>& renewal_fields() {
  using W = RenewalPolicy;
  using Activate = W::Activate;
  using Change = W::OnPolicyChange;
  static const Fields<W> fields = {
      "renewal",
      {
          field("window", &W::window, duration(), "how long before its end it is due")
              .note("a quarter of the lifetime"),
          field("key", &W::reuse_key, choice<bool>({{"new", false}, {"reuse", true}}),
                "key of the next generation")
              .defaults("new"),
          field("activate", &W::activate,
                choice<Activate>({{"when-deployed", Activate::when_deployed},
                                  {"immediately", Activate::immediately},
                                  {"by-hand", Activate::by_hand}}),
                "when the next generation begins to sign")
              .defaults("when-deployed"),
          field("overlap", &W::overlap, overlap(), "how long the old one stays in bundles")
              .defaults("until-safe"),
          field("on_policy_change", &W::on_policy_change,
                choice<Change>({{"at-renewal", Change::at_renewal},
                                {"now", Change::now},
                                {"never", Change::never}}),
                "when a changed policy takes effect")
              .defaults("at-renewal"),
      }};
  return fields;
}

const Fields<WrittenPolicy>& policy_fields() {
  using W = WrittenPolicy;
  static const Fields<W> fields = {
      "a policy",
      {
          field("version", &W::version, integer(1, 1), "version of this format").required(),
          field("name", &W::name, reference(), "the file's name without .yaml").required(),
          field("revision", &W::revision, integer(1, 999999), "raised with every change")
              .required(),
          field("kind", &W::kind,
                choice<Kind>({{"root", Kind::root},
                              {"intermediate", Kind::intermediate},
                              {"end-entity", Kind::end_entity}}),
                "what such a certificate is")
              .required(),
          field("extends", &W::extends, policy_reference(),
                "a policy whose fields count where this has none"),
          field("description", &W::description, paragraph(), "for people"),
          field("targets", &W::targets, list_of(windows()), "Windows versions it must serve"),
          field("key", &W::key, object(key_fields), "the key").defaults("{}"),
          field("signature", &W::signature, object(signature_fields), "the issuer's signature")
              .defaults("{}"),
          field("validity", &W::validity, object(validity_fields), "from when until when")
              .required(),
          field("subject", &W::subject, object(subject_fields), "what the subject must look like")
              .defaults("{}"),
          field("extensions", &W::extensions, object(extension_fields), "X.509 extensions")
              .defaults("{}"),
          field("requests", &W::requests, object(request_fields),
                "what counts when a request is given")
              .defaults("{}"),
          field("renewal", &W::renewal, object(renewal_fields), "the next generation")
              .defaults("{}"),
          field("issuance", &W::issuance, object(issuance_fields), "who may issue it, and how many")
              .defaults("{}"),
          field("signing", &W::signing, object(signing_fields), "what may be signed with it")
              .defaults("{}"),
          field("lint", &W::lint, object(lint_fields), "rules to relax").defaults("{}"),
          field("negative", &W::negative, object(negative_fields), "wrong on purpose; labs only"),
      }};
  return fields;
}

}  // namespace sealwright::policy
