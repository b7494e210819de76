// The fields of sealwright.yaml; those of bundles are in bundle_fields.cpp.

#include "base/encoding.h"
#include "base/suggest.h"
#include "policy/written_hierarchy.h"

namespace sealwright::policy {
namespace {

template <class T, class M, class Base>
M T::*of(M Base::*member) {
  return member;
}

/// A country as X.509 has it (X.520: two letters of ISO 3166).
Type<std::string> country() {
  auto shape = std::make_shared<Shape>();
  shape->name = "country";
  shape->pattern = "^[A-Z]{2}$";
  return {shape, [](const Node& node, const std::string& what) {
            const auto& value = scalar(node, what, "a country");
            if (value.size() == 2 && value[0] >= 'A' && value[0] <= 'Z' && value[1] >= 'A' &&
                value[1] <= 'Z')
              return value;
            throw node.error(
                what + " must be two capital letters, not '" + printable(value, 60) + "'",
                "write the ISO 3166 code, e.g. DE");
          }};
}

Type<std::string> inventory() {
  auto shape = std::make_shared<Shape>();
  shape->name = "inventory";
  shape->pattern = "^(sqlite:.+|postgresql://.+)$";
  return {shape, [](const Node& node, const std::string& what) {
            const auto value = text().read(node, what);
            for (const std::string scheme : {"sqlite:", "postgresql://"})
              if (value.starts_with(scheme) && value.size() > scheme.size()) return value;
            throw node.error(what + " must be sqlite:PATH or postgresql://…, not '" +
                             printable(value, 60) + "'");
          }};
}

/// active, next, previous, all or a number.
Type<std::string> generation() {
  const std::vector<std::string> words = {"active", "next", "previous", "all"};
  return {either_shape({choice_shape(words), integer(1, 1000000).shape}),
          [words](const Node& node, const std::string& what) {
            if (node.type == Node::Type::scalar && !node.value.empty() && node.value[0] >= '0' &&
                node.value[0] <= '9')
              return std::to_string(integer(1, 1000000).read(node, what));
            return words[read_choice(node, what, words)];
          }};
}

/// `none`, or a list of names and URLs.
Type<WrittenTimestamps> timestamps() {
  const auto entry = either_shape({reference().shape, url().shape});
  auto list = std::make_shared<Shape>();
  list->kind = Shape::Kind::list;
  list->parts = {entry};
  return {either_shape({choice_shape({"none"}), list}),
          [](const Node& node, const std::string& what) {
            WrittenTimestamps made;
            made.none = node.type == Node::Type::scalar && node.value == "none";
            if (made.none) return made;
            expect_list(node, what);
            for (const auto& item : node.items) {
              const auto& value = scalar(item, "an entry of " + what, "a name or a URL");
              const bool is_url = value.find("://") != std::string::npos;
              if (is_url) url().read(item, "an entry of " + what);
              if (!is_url) check_name(item, value);
              made.list.push_back({value, is_url, &item});
            }
            return made;
          }};
}

Type<SignDefaults::Chain> chain() {
  using Chain = SignDefaults::Chain;
  return choice<Chain>({{"no-root", Chain::no_root}, {"full", Chain::full}, {"leaf", Chain::leaf}});
}

Type<ExportFormat> format() {
  std::vector<std::pair<std::string, ExportFormat>> entries;
  for (const auto& name : export_format_names()) entries.emplace_back(name, *export_format(name));
  return choice(entries);
}

const Fields<WrittenNames>& san_fields() {
  using W = WrittenNames;
  static const Fields<W> fields = {"san",
                                   {
                                       field("dns", &W::dns, list_of(text()), "DNS names"),
                                       field("email", &W::email, list_of(text()), "mail addresses"),
                                       field("uri", &W::uri, list_of(text()), "URIs"),
                                       field("ip", &W::ip, list_of(text()), "IP addresses"),
                                   }};
  return fields;
}

const Fields<WrittenKey>& key_fields() {
  using W = WrittenKey;
  static const Fields<W> fields = {
      "key",
      {
          field("store", &W::store, key_store(), "where the key is kept").note("inventory"),
          field("keyring", &W::keyring, reference(), "which keyring seals it")
              .note("by what it is: root, issuing, signing or services; in labs default"),
          field("uri", &W::uri, pkcs11_uri(), "where on a token (RFC 7512)"),
          field("label", &W::label, text(),
                "what a token calls it; may hold {name} and {generation}"),
      }};
  return fields;
}

const Fields<WrittenExisting>& existing_fields() {
  using W = WrittenExisting;
  const auto from = choice<std::string>(
      {{"files", "files"}, {"easy-rsa", "easy-rsa"}, {"openssl-ca", "openssl-ca"}});
  static const Fields<W> fields = {
      "existing",
      {
          field("from", &W::from, from, "what made it").defaults("files"),
          field("path", &W::path, text(), "folder of the other program"),
          field("certificate", &W::certificate, text(), "certificate file"),
          field("key", &W::key, text(), "private key file"),
          field("password", &W::password, secret(), "opens the key file"),
      }};
  return fields;
}

template <class T>
std::vector<Field<T>> item_fields(bool needs_issuer) {
  auto issuer =
      field("issuer", of<T>(&T::issuer), reference(), "the authority that issues it, or self");
  std::vector<Field<T>> list;
  list.push_back(
      field("policy", of<T>(&T::policy), policy_reference(), "what it must look like").required());
  list.push_back(needs_issuer ? std::move(issuer).required()
                              : std::move(issuer).note("self for roots"));
  list.push_back(field("subject", of<T>(&T::subject), subject(),
                       "who it names; may hold {name} and {generation}")
                     .note("{CN: NAME}"));
  list.push_back(field("san", of<T>(&T::san), object(san_fields), "alternative names"));
  list.push_back(
      field("key", of<T>(&T::key), object(key_fields), "where its key is kept").defaults("{}"));
  list.push_back(
      field("existing", of<T>(&T::existing), object(existing_fields), "adopt it, never create it"));
  list.push_back(
      field("renew", of<T>(&T::renew), boolean(), "false: let it expire").defaults("true"));
  return list;
}

const Fields<WrittenCrl>& crl_fields() {
  using W = WrittenCrl;
  static const Fields<W> fields = {
      "crl",
      {
          field("lifetime", &W::lifetime, duration(), "until the next CRL is due")
              .note("7d, offline 1y"),
          field("overlap", &W::overlap, duration(), "how long a CRL stays valid after that")
              .note("3d"),
          field("urls", &W::urls, list_of(http_url()),
                "where it is found; goes into what this authority issues"),
      }};
  return fields;
}

const Fields<WrittenAuthority>& authority_fields() {
  using W = WrittenAuthority;
  static const Fields<W> fields = [] {
    auto list = item_fields<W>(false);
    list.push_back(field("crl", &W::crl, object(crl_fields), "its revocation list").defaults("{}"));
    list.push_back(field("renewal", &W::renewal, object(renewal_fields), "the next generation")
                       .note("as in its policy"));
    return Fields<W>{"an authority", std::move(list)};
  }();
  return fields;
}

const Fields<WrittenValidity>& validity_fields() {
  using W = WrittenValidity;
  static const Fields<W> fields = {
      "validity",
      {
          field("lifetime", &W::lifetime, duration(), "how long each generation is valid"),
          field("not_after", &W::not_after, date(), "when every generation ends"),
      }};
  return fields;
}

const Fields<WrittenSign>& sign_fields() {
  using W = WrittenSign;
  static const Fields<W> fields = {
      "sign",
      {
          field("timestamp", &W::timestamp, timestamps(),
                "names of timestamping or URLs, tried in order"),
          field("digest", &W::digest, digest(), "digest of signatures").defaults("sha256"),
          field("description", &W::description, text(), "what Windows shows as the program's name"),
          field("url", &W::url, url(), "where more is said about the program"),
          field("page_hashes", &W::page_hashes, boolean(), "hash every page of a PE file")
              .defaults("false"),
          field("chain", &W::chain, chain(), "which certificates a signature carries")
              .defaults("no-root"),
      }};
  return fields;
}

const Fields<WrittenCertificate>& certificate_fields() {
  using W = WrittenCertificate;
  static const Fields<W> fields = [] {
    auto list = item_fields<W>(true);
    list.push_back(
        field("validity", &W::validity, object(validity_fields), "shorter than its policy allows"));
    list.push_back(field("sign", &W::sign, object(sign_fields), "how files are signed with it")
                       .defaults("{}"));
    return Fields<W>{"a certificate", std::move(list)};
  }();
  return fields;
}

const Fields<WrittenTimestamping>& timestamping_fields() {
  using W = WrittenTimestamping;
  static const Fields<W> fields = {
      "a timestamp authority",
      {
          field("certificate", &W::certificate, reference(),
                "a certificate of this hierarchy: tokens are made here"),
          field("url", &W::url, url(), "an RFC 3161 server"),
          field("policy_oid", &W::policy_oid, oid(), "the policy its tokens name"),
          field("accuracy", &W::accuracy, accuracy(), "how exact its clock is").defaults("1s"),
      }};
  return fields;
}

const Fields<WrittenExport>& export_fields() {
  using W = WrittenExport;
  using Profile = ExportProfile;
  static const Fields<W> fields = {
      "an export",
      {
          field("certificate", &W::certificate, reference(), "what is exported").required(),
          field("generation", &W::generation, generation(), "which generation").defaults("active"),
          field("format", &W::format, format(), "what is written").required(),
          field("path", &W::path, text(), "where; may hold {name} {generation} {ext}").required(),
          field("profile", &W::profile,
                choice<Profile>({{"auto", Profile::automatic},
                                 {"modern", Profile::modern},
                                 {"compatible", Profile::compatible}}),
                "algorithms of a PFX: auto is what the targets can read")
              .defaults("auto"),
          field("iterations", &W::iterations, integer(least_pfx_iterations, most_pfx_iterations),
                "rounds of key derivation of a PFX")
              .defaults("2048"),
          field("chain", &W::chain, chain(), "which certificates a PFX carries")
              .defaults("no-root"),
          field("friendly_name", &W::friendly_name, text(), "what Windows calls the key of a PFX")
              .note("the name of the certificate"),
          field("csp", &W::csp, text(),
                "the provider that Windows puts the key of a PFX into, or none")
              .defaults("auto"),
          field("password", &W::password, secret(), "protects the private key"),
      }};
  return fields;
}

Type<int> catalog_version() { return choice<int>({{"auto", 0}, {"1", 1}, {"2", 2}}); }

const Fields<WrittenPackage>& package_fields() {
  using W = WrittenPackage;
  static const Fields<W> fields = {
      "a package",
      {
          field("path", &W::path, text(), "the folder with the INF").required(),
          field("os", &W::os, list_of(windows()), "Windows versions it is for").required(),
          field("signer", &W::signer, reference(), "the certificate that signs it"),
          field("description", &W::description, text(), "what Windows shows"),
          field("url", &W::url, url(), "where more is said about it"),
          field("catalog_version", &W::catalog_version, catalog_version(),
                "SHA-1 members (1) or SHA-256 (2)")
              .defaults("auto"),
          field("ignore", &W::ignore, list_of(text()), "globs of files that are not part of it"),
      }};
  return fields;
}

const Fields<WrittenMatrix>& matrix_fields() {
  using W = WrittenMatrix;
  std::vector<std::pair<std::string, std::string>> faults;
  for (const char* fault : {"none", "unsigned-catalog", "no-catalog", "tampered-file",
                            "missing-member", "extra-file", "lf-line-ends", "wrong-os-attribute",
                            "no-timestamp", "untrusted-timestamp", "signature-only-in-binary"})
    faults.emplace_back(fault, fault);
  static const Fields<W> fields = {
      "a matrix",
      {
          field("package", &W::package, reference(), "the package that is broken").required(),
          field("signers", &W::signers, list_of(reference()), "certificates that sign it")
              .required(),
          field("faults", &W::faults, list_of(choice(faults)), "what is wrong with it").required(),
          field("trust", &W::trust, list_of(reference()), "bundles the machine has").required(),
          field("pairing", &W::all_pairs, choice<bool>({{"each-once", false}, {"all", true}}),
                "which combinations")
              .defaults("each-once"),
      }};
  return fields;
}

const Fields<WrittenMove>& move_fields() {
  using W = WrittenMove;
  static const Fields<W> fields = {
      "a move",
      {
          field("from", &W::from, reference(), "the old name").required(),
          field("to", &W::to, reference(), "the new name").required(),
      }};
  return fields;
}

const Fields<WrittenDistribution>& distribution_fields() {
  using W = WrittenDistribution;
  static const Fields<W> fields = {
      "distribution",
      {
          field("http", &W::http, http_url(), "where machines fetch CRLs and issuer certificates")
              .required(),
          field("publish", &W::publish, text(), "the folder they are written to").required(),
      }};
  return fields;
}

const Fields<WrittenKeyring>& keyring_fields() {
  static const Fields<WrittenKeyring> fields = {"a keyring", {}};
  return fields;
}
}  // namespace

const Fields<WrittenHierarchy>& hierarchy_fields() {
  using W = WrittenHierarchy;
  static const Fields<W> fields = {
      "sealwright.yaml",
      {
          field("version", &W::version, integer(1, 1), "version of this format").required(),
          field("name", &W::name, name(), "what this PKI is called").required(),
          field("lab", &W::lab, boolean(), "for experiments: fewer questions, more allowed")
              .defaults("false"),
          field("organization", &W::organization, text(), "O of every subject"),
          field("country", &W::country, country(), "C of every subject"),
          field("inventory", &W::inventory, inventory(), "the database")
              .defaults("sqlite:.sealwright/inventory.db"),
          field("targets", &W::targets, list_of(windows()),
                "Windows versions that must accept it all"),
          field("distribution", &W::distribution, object(distribution_fields),
                "CRLs and issuer certificates"),
          field("keyrings", &W::keyrings, named(object(keyring_fields)),
                "groups of keys that open together")
              .note("default in labs; else root, issuing, signing, services"),
          field("authorities", &W::authorities, named(object(authority_fields)), "who issues"),
          field("certificates", &W::certificates, named(object(certificate_fields)),
                "what is issued"),
          field("timestamping", &W::timestamping, named(object(timestamping_fields)),
                "who timestamps"),
          field("exports", &W::exports, named(object(export_fields)),
                "files written of certificates and keys"),
          field("bundles", &W::bundles, named(bundle_type()), "files that make machines trust"),
          field("packages", &W::packages, named(object(package_fields)), "driver packages"),
          field("matrix", &W::matrix, named(object(matrix_fields)),
                "packages broken on purpose; labs only"),
          field("moved", &W::moved, list_of(object(move_fields)), "names that changed"),
      }};
  return fields;
}

}  // namespace sealwright::policy
