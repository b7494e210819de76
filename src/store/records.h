#pragma once
// What the inventory remembers, as plain values. No certificate is parsed here: ca fills in what it
// read.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/json.h"
#include "base/time.h"

namespace sealwright::store {

// Row numbers; one type each, so that they cannot be mixed up.
enum class EntityId : std::int64_t {};
enum class GenerationId : std::int64_t {};
enum class IssuanceId : std::int64_t {};
enum class SignatureId : std::int64_t {};
enum class RequestId : std::int64_t {};

using Sha256 = std::array<std::uint8_t, 32>;

/// The PKI that the inventory belongs to.
struct WorkspaceRecord {
  std::string id;  ///< 16 random bytes in hex: part of what keys are sealed with.
  std::string name;
  bool lab = false;
  Time created{};
  /// The workspace in the safe: it holds the keys that the YAML calls offline, and no others.
  bool offline = false;
};

enum class EntityKind { authority, certificate };
std::string_view to_text(EntityKind kind);

/// Where a name came from: the YAML, a command such as `issue`, or an import.
enum class Origin { hierarchy, command, import };
std::string_view to_text(Origin origin);

/// What has a name; its certificates are its generations.
struct Entity {
  EntityId id{};
  EntityKind kind = EntityKind::certificate;
  std::string name;
  Time created{};
  Origin origin = Origin::hierarchy;
};

/// next → active → retiring → retired, revoked from any (YAML.md, Generations).
enum class GenerationState { next, active, retiring, retired, revoked };
std::string_view to_text(GenerationState state);
std::optional<GenerationState> generation_state(std::string_view text);
bool is_live(GenerationState state);  ///< next, active or retiring: it belongs into bundles.

/// Which revision of which policy something was made under.
struct PolicyReference {
  std::string name;
  int revision = 1;
  Sha256 sha256{};  ///< Of the policy's text.
};
struct PolicyRecord {
  PolicyReference reference;
  std::string text;  ///< The YAML file as it was.
  Time first_used{};
};

/// One certificate of an entity.
struct Generation {
  GenerationId id{};
  EntityId entity{};
  EntityKind kind = EntityKind::certificate;
  std::string name;  ///< The entity's.
  int number = 1;
  GenerationState state = GenerationState::next;
  PolicyReference policy;
  Bytes certificate;  ///< DER
  Serial serial;
  Thumbprint thumbprint;
  Sha256 sha256{};
  std::string subject;                 ///< RFC 4514
  std::optional<GenerationId> issuer;  ///< Nothing: self-signed, or signed by someone outside.
  Time not_before{}, not_after{};
  std::optional<KeyId> key;  ///< Nothing: the private key is not in the inventory.
  Time created{};
  std::optional<Time> activated, retiring, retired, revoked;
  std::string reason;                ///< Why it was retired or revoked.
  std::optional<Time> invalidity{};  ///< Of a revoked one: invalidityDate (RFC 5280, 5.3.2).
  bool distrusted = false;           ///< Revoked, and in Disallowed of every bundle.

  std::string label() const { return name + "@" + std::to_string(number); }
};

/// Whether a private key may leave the inventory (policy, key.export).
enum class ExportRule { never, ask, allowed };
std::string_view to_text(ExportRule rule);

/// A private key, sealed under its keyring's data key, or on a token.
struct KeyRecord {
  KeyId id;
  std::string keyring;
  Bytes sealed;  ///< PKCS#8 under AES-256-GCM; empty for a key on a token.
  Bytes spki;
  std::string algorithm;  ///< "RSA-3072"
  ExportRule export_rule = ExportRule::never;
  Time created{};
  std::string uri{};  ///< RFC 7512, of a key on a token.
};

/// A group of private keys under one data key. The data key itself stands sealed in each slot that
/// opens it.
struct KeyringRecord {
  std::string name;
  std::string data_key;  ///< Names the data key: 16 random bytes in hex.
  Time created{};
};

enum class SlotKind { passphrase, key_file };
std::string_view to_text(SlotKind kind);

/// What opens keyrings, and which.
struct SlotRecord {
  struct Opens {
    std::string keyring;
    std::string data_key;  ///< Which data key is sealed here.
    Bytes sealed;
  };
  std::string id;  ///< 16 random bytes in hex; a changed passphrase gets a new one.
  std::string name;
  SlotKind kind = SlotKind::passphrase;
  Bytes salt;
  std::uint64_t scrypt_n = 0;  ///< Passphrase slots only, as r and p.
  std::uint32_t scrypt_r = 0, scrypt_p = 0;
  std::vector<Opens> opens;
  Time created{};
};

/// Recorded durably before a certificate is signed (house rule 1).
struct IssuanceIntent {
  EntityKind kind = EntityKind::certificate;
  std::string name;
  int number = 1;
  PolicyRecord policy;  ///< `first_used` is set by the inventory.
  Serial serial;
  Sha256 issuer_name{};  ///< SHA-256 of the issuer's DER name: a serial is unique below it.
  std::optional<GenerationId> issuer;
  Sha256 to_be_signed{};  ///< SHA-256 of exactly the bytes that will be signed.
  std::string subject;
  KeyId key;
  std::optional<KeyRecord> new_key;  ///< Stored together with the intent.
  Origin origin = Origin::hierarchy;
};
/// An intent without result: of a run that is under way, or of one that did not end well.
struct UnfinishedIssuance {
  IssuanceId id{};
  std::string name;
  int number = 1;
  Serial serial;
  std::string subject;
  Time started{};
  bool running = false;  ///< Its process is alive.
};
/// What came of it.
struct IssuedCertificate {
  Bytes certificate;
  Thumbprint thumbprint;
  Sha256 sha256{};
  std::string subject;
  Time not_before{}, not_after{};
  /// `active` makes a former active generation `retiring`.
  GenerationState state = GenerationState::next;
};

/// A certificate that was issued elsewhere or before, taken over as it is.
struct AdoptedCertificate {
  EntityKind kind = EntityKind::certificate;
  std::string name;
  int number = 1;
  Origin origin = Origin::import;
  PolicyRecord policy;
  Serial serial;
  Sha256 issuer_name{};
  std::optional<GenerationId> issuer;
  Sha256 to_be_signed{};
  KeyId key;                         ///< Of its public key, whether the inventory holds it or not.
  std::optional<KeyRecord> new_key;  ///< Stored with it.
  IssuedCertificate issued;
  std::optional<Time> retired, revoked;  ///< With the state of that name.
  std::string reason;
  std::optional<Time> invalidity;
};

/// Why and from when a certificate is revoked.
struct Revocation {
  std::string reason;              ///< As in RFC 5280, 5.3.1: "keyCompromise"; or free words.
  std::optional<Time> at;          ///< revocationDate; nothing: now.
  std::optional<Time> invalidity;  ///< invalidityDate
  std::string note;                ///< For the record alone.
  bool distrust = false;           ///< Into Disallowed of every bundle, too.
};
/// One entry of a list to be.
struct RevokedSerial {
  Serial serial;
  Time revoked{};
  std::string reason;
  std::optional<Time> invalidity;
};
/// A certificate revocation list that was issued, here or elsewhere.
struct CrlRecord {
  GenerationId issuer{};
  std::int64_t number = 1;
  Time this_update{}, next_update{};
  Bytes crl;  ///< DER
  Time created{};
  std::int64_t covers =
      0;  ///< How many revocations below the issuer were on record, and are on it.
};

/// What waits for an authority elsewhere: one that is offline (ceremony), or not ours (foreign).
enum class RequestKind { ceremony, foreign };
std::string_view to_text(RequestKind kind);
struct RequestIntent {
  EntityKind kind = EntityKind::certificate;
  std::string name;
  int number = 1;
  Origin origin = Origin::hierarchy;
  RequestKind to = RequestKind::ceremony;
  std::string issuer;  ///< Name of the authority; empty: unknown.
  PolicyRecord policy;
  std::string subject;  ///< RFC 4514
  Bytes request;        ///< PKCS#10, DER
  KeyId key;
  std::optional<KeyRecord> new_key;  ///< Stored with it.
};
struct RequestRecord {
  RequestId id{};
  RequestIntent intent;  ///< Without new_key.
  Time created{};
};

/// Recorded durably before something other than a certificate is signed.
struct SignatureIntent {
  GenerationId generation{};
  std::string file_name;
  std::string kind;              ///< "pe", "catalog", "timestamp", "crl", …
  std::string digest_algorithm;  ///< "sha256"
  Bytes digest;                  ///< Of the content, as it stands in the signature; may be empty.
  std::optional<Sha256> file_before;
  Sha256 to_be_signed{};
};
struct SignatureResult {
  std::optional<Sha256> file_after;
  std::optional<Time> timestamp;
  std::string timestamp_authority;  ///< A name of the hierarchy, or a URL.
};
enum class SignatureOutcome { unfinished, made, abandoned };
std::string_view to_text(SignatureOutcome outcome);
struct SignatureRecord {
  SignatureId id{};
  SignatureIntent intent;
  SignatureResult result;
  SignatureOutcome outcome = SignatureOutcome::unfinished;
  bool running = false;  ///< Unfinished, and its process is alive.
  Time started{};
  std::optional<Time> settled, withdrawn;
  std::string reason;  ///< Why it was abandoned or withdrawn.
};

/// One link of the audit chain.
struct Event {
  std::int64_t sequence = 0;
  Time at{};
  std::string kind;     ///< "generation.issued"
  std::string subject;  ///< What it happened to: "driver-signing@1"
  std::string details;  ///< JSON on one line.
  Sha256 previous{}, hash{};
};
/// How far the chain is; equal heads mean an equal inventory.
struct EventHead {
  std::int64_t sequence = 0;
  Sha256 hash{};
  bool operator==(const EventHead&) const = default;
};
/// The answer of verify_events().
struct EventCheck {
  std::int64_t events = 0;             ///< How many were looked at.
  std::optional<std::int64_t> broken;  ///< The first sequence number that is not as it was written.
  std::string reason;
  bool intact() const { return !broken; }
};

/// A Windows certificate store, as old scripts fill it: kept here, for no Windows is at hand.
enum class StoreLocation { current_user, local_machine };
std::string_view to_text(StoreLocation location);  ///< "CurrentUser", as Windows spells it.
struct StoreMember {
  StoreLocation location = StoreLocation::current_user;
  std::string store;  ///< "TrustedPublisher", as it was first typed.
  Sha256 sha256{};
  Bytes certificate;  ///< DER
  Time added{};
};
struct WindowsStoreName {
  StoreLocation location = StoreLocation::current_user;
  std::string store;
};

struct BundleVersion {
  std::string bundle;
  int version = 1;
  Sha256 content{};   ///< Of what it puts into the stores; equal content makes no new version.
  std::string state;  ///< JSON: what the version holds, so that it can be written again.
  Time created{};
  std::optional<Time> deployed;
  std::int64_t machines = 0, machines_total = 0;  ///< As reported with the deployment.
};

}  // namespace sealwright::store
