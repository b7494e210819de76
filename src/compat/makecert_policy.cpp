#include "compat/makecert_policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "x509/oids.h"

namespace sealwright::compat {
namespace {
namespace der = ossl::der;
namespace oids = x509::oids;

constexpr std::size_t name_digits = 12;
constexpr auto longest_signer = std::chrono::days(460);  // lint: signer-lifetime
constexpr std::size_t entropic_octets = 8;               // lint: serial-entropy

/// keyUsageRestriction of X.509's drafts (wincrypt.h: CERT_KEY_USAGE_RESTRICTION_INFO):
/// SEQUENCE { certPolicySet SEQUENCE OF SEQUENCE OF OID, restrictedKeyUsage BIT STRING }.
Bytes publisher_restriction(MakecertWish::Publisher publisher) {
  const bool individual = publisher == MakecertWish::Publisher::individual;
  const Oid purpose(individual ? "1.3.6.1.4.1.311.2.1.21" : "1.3.6.1.4.1.311.2.1.22");
  return der::sequence({der::sequence({der::sequence({der::oid(purpose)})}),
                        der::named_bits(x509::digital_signature)});
}

/// SpcSpAgencyInfo (Authenticode_PE.docx) with policyInformation [0] alone, an SpcLink whose
/// url is [0] IMPLICIT IA5String.
Bytes agency_info(const std::string& url) {
  const Bytes link = der::element(der::context(0), view(url));
  return der::sequence({der::constructed(der::context_constructed(0), {link})});
}

std::string extra(std::string_view oid, const Bytes& value) {
  return fmt::format("    - {{oid: {}, der: \"{}\"}}\n", oid, to_hex(value));
}

std::string extras(const MakecertWish& wish) {
  std::string text;
  if (wish.publisher != MakecertWish::Publisher::unsaid)
    text += extra("2.5.29.4", publisher_restriction(wish.publisher));
  if (!wish.agency_url.empty())
    text += extra("1.3.6.1.4.1.311.2.1.10", agency_info(wish.agency_url));
  // netscape-cert-type: sslClient
  if (wish.netscape) text += extra("2.16.840.1.113730.1.1", der::named_bits(1));
  return text.empty() ? text : "  other:\n" + text;
}

bool holds(const std::vector<Oid>& purposes, const Oid& purpose) {
  return std::ranges::find(purposes, purpose) != purposes.end();
}

std::string purposes_text(const std::vector<Oid>& purposes) {
  if (purposes.empty()) return {};
  std::string values;
  for (const auto& purpose : purposes)
    values += (values.empty() ? "" : ", ") + x509::key_purpose_name(purpose);
  // RFC 3161, 2.3: critical, and alone.
  const bool stamps = purposes == std::vector{oids::time_stamping};
  return std::string("  extended_key_usage: {") + (stamps ? "critical: true, " : "") + "values: [" +
         values + "]}\n";
}

std::string key_usage(const MakecertWish& wish) {
  if (!is_authority(wish.role)) return "digitalSignature";
  const bool signs = wish.role == MakecertRole::signing_root ||
                     (wish.role == MakecertRole::root && !wish.purposes.empty());
  return signs ? "keyCertSign, cRLSign, digitalSignature" : "keyCertSign, cRLSign";
}

std::string constraints(const MakecertWish& wish) {
  if (!is_authority(wish.role)) return "none";
  return wish.path_length ? fmt::format("{{ca: true, path_length: {}}}", *wish.path_length)
                          : "{ca: true}";
}

const char* kind(MakecertRole role) {
  if (role == MakecertRole::intermediate) return "intermediate";
  return is_authority(role) ? "root" : "end-entity";
}

/// Every rule that a flag asks to break, by name.
std::string relaxed(const MakecertWish& wish, const MakecertFacts& facts) {
  std::string text;
  const auto relax = [&](const char* rule, const std::string& because) {
    text += fmt::format("    - {{rule: {}, because: \"{}\"}}\n", rule, because);
  };
  const auto purposes = wish.purposes_or_default();
  if (wish.digest == ossl::Digest::sha1) relax("signature-digest", "asked for with -a sha1");
  if (wish.not_before && *wish.not_before > facts.now)
    relax("validity-in-the-future", "asked for with -b");
  if (wish.serial && wish.serial->value.size() <= entropic_octets)
    relax("serial-entropy", "asked for with -#");
  if (wish.path_length && kind(wish.role) == std::string_view("root"))
    relax("root-path-length", "asked for with -h");
  if (wish.purposes.size() > 1) relax("code-signing-eku-alone", "asked for with -eku");
  if (holds(purposes, oids::any_extended_key_usage)) relax("eku-any", "asked for with -eku");
  if (holds(purposes, oids::code_signing) &&
      facts.end - wish.not_before.value_or(facts.now) > longest_signer)
    relax("signer-lifetime", "machines must learn each new one by hand");
  if (facts.silent_issuer)
    relax("issuer-is-authority", "its issuer is of a time before basic constraints");
  return text.empty() ? "" : "lint:\n  relax:\n" + text;
}

/// The policy of the program that says the same, where there is one.
std::string extends(const MakecertWish& wish) {
  if (is_authority(wish.role) || wish.purposes_or_default() != std::vector{oids::code_signing})
    return {};
  return wish.role == MakecertRole::self_signed ? "extends: self-signed-driver\n"
                                                : "extends: driver-signing\n";
}

std::string lifetime(const MakecertWish& wish, const MakecertFacts& facts) {
  if (wish.months && !wish.not_before) return fmt::format("{}mo", *wish.months);
  const auto length = std::chrono::ceil<std::chrono::days>(facts.end - facts.now);
  return fmt::format("{}d", std::max<std::int64_t>(length.count(), 1));
}

std::string key_text(const MakecertWish& wish, const ossl::PublicKey& key) {
  using ossl::KeyType;
  if (key.type() == KeyType::ec && key.curve())
    return fmt::format("algorithm: ecdsa, curve: p{}", key.bits());
  if (key.type() == KeyType::ed25519) return "algorithm: ed25519";
  if (key.type() == KeyType::other && !key.spki().empty())
    throw Error(Error::Kind::input,
                "the key is of a kind that is not known here: " + printable(key.description()));
  const int bits = key.type() == KeyType::rsa ? key.bits() : makecert_key(wish).bits;
  return fmt::format("algorithm: rsa, size: {}", std::clamp(bits, 1024, 16384));
}

/// A quarter of the lifetime, as a policy has it that extends none.
std::string window(const MakecertFacts& facts) {
  const auto days = std::chrono::floor<std::chrono::days>((facts.end - facts.now) / 4).count();
  return fmt::format("{}d", std::max<std::int64_t>(days, 1));
}

/// Of the key in the inventory; the one in a PVK has left already.
const char* key_export(const MakecertWish& wish) {
  if (wish.exportable) return "allowed";
  return wish.pvk.empty() && wish.pfx.empty() ? "never" : "ask";
}

std::string body(const MakecertWish& wish, const MakecertFacts& facts) {
  const char* urls = is_self_signed(wish.role) ? "none" : "issuer";
  return fmt::format(
      "revision: 1\nkind: {}\n{}"
      "description: As a makecert command line asked for it\n"
      "key: {{{}, export: {}}}\n"
      "signature: {{digest: {}}}\n"
      "validity: {{lifetime: {}, max_lifetime: 100y}}\n"
      "subject: {{required: [], allowed: [CN, O, OU, C, L, ST, STREET, DC, E, GN, SN, T, UID, "
      "serialNumber]}}\n"
      "extensions:\n"
      "  key_usage: {{critical: true, values: [{}]}}\n{}"
      "  basic_constraints: {}\n"
      "  crl_distribution_points: {}\n"
      "  authority_information_access: {}\n{}"
      "renewal: {{window: {}, key: new, activate: immediately, overlap: until-safe}}\n"
      "signing: {{timestamp: optional}}\n{}",
      kind(wish.role), extends(wish), key_text(wish, facts.key), key_export(wish),
      ossl::to_text(wish.digest), lifetime(wish, facts), key_usage(wish),
      purposes_text(wish.purposes_or_default()), constraints(wish), urls, urls, extras(wish),
      window(facts), relaxed(wish, facts));
}

}  // namespace

ossl::KeySpec makecert_key(const MakecertWish& wish) {
  const int usual = wish.as_original ? 1024 : is_authority(wish.role) ? 4096 : 3072;
  return {ossl::KeyType::rsa, wish.bits.value_or(usual)};
}

MakecertPolicy makecert_policy(const MakecertWish& wish, const MakecertFacts& facts) {
  const auto rest = body(wish, facts);
  const auto digest = to_hex(ossl::hash(ossl::Digest::sha256, view(rest)));
  const auto name = "makecert-" + digest.substr(0, name_digits);
  return {name, "version: 1\nname: " + name + "\n" + rest};
}

}  // namespace sealwright::compat
