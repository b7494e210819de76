#pragma once
// store knows how the inventory is kept: a database of entities, their certificates and keys, what
// was signed, and a chain of events that says how it came to be so. No SQL is anywhere else. Every
// change and its event are one durable transaction: when a method returns, it is on the disk.

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "store/records.h"

namespace sealwright::store {

class Database;
class Holder;

struct InventoryOptions {
  std::chrono::milliseconds busy_timeout{
      10'000};  ///< How long to wait for another process's transaction.
};

/// The inventory of one workspace. May be used from several threads; each method is atomic. All
/// methods throw Error::Kind::io when the disk is full or fails, and Error::Kind::state when
/// another process keeps the inventory busy.
class Inventory {
 public:
  /// Makes a new inventory at `path` (0600; its folder, if new, 0700), or in memory for ":memory:".
  /// `fill`, if given, adds what it must hold from the beginning (keyrings): the file appears when
  /// it is complete. Throws Error::Kind::state when something is there already; on any failure,
  /// also one of `fill`, nothing stays behind. `workspace.created` is set here.
  static Inventory create(const std::filesystem::path& path, const WorkspaceRecord& workspace,
                          Clock clock, const InventoryOptions& options = {},
                          const std::function<void(Inventory&)>& fill = {});
  /// Opens an inventory and brings its schema up to date. Throws Error::Kind::state when there is
  /// none, or it was made by a newer version; Error::Kind::input when the file is damaged or
  /// something else; Error::Kind::io when it cannot be read or written.
  static Inventory open(const std::filesystem::path& path, Clock clock,
                        const InventoryOptions& options = {});
  Inventory(Inventory&&) noexcept;
  Inventory& operator=(Inventory&&) noexcept;
  ~Inventory();

  const WorkspaceRecord& workspace() const { return workspace_; }
  Time now() const { return clock_(); }

  /// Runs `work` as one transaction: all that the methods called in it change becomes durable at
  /// once, or nothing does.
  void together(const std::function<void()>& work);

  // Policies in use.
  std::optional<PolicyRecord> policy(const std::string& name, int revision) const;
  std::vector<PolicyRecord> policies() const;

  // Entities and their generations.
  std::vector<Entity> entities() const;  ///< By name.
  std::optional<Entity> entity(const std::string& name) const;
  void rename(const std::string& from, const std::string& to);
  std::vector<Generation> generations() const;  ///< By name and number.
  std::vector<Generation> generations_of(const std::string& name) const;
  std::optional<Generation> generation(GenerationId id) const;
  std::optional<Generation> generation(const std::string& name, int number) const;
  std::optional<Generation> active(
      const std::string& name) const;  ///< The newest, where the policy allows several.
  std::optional<Generation> find(const Thumbprint& thumbprint) const;
  std::optional<Generation> find_sha256(const Sha256& sha256) const;
  std::vector<Generation> find(const Serial& serial) const;
  std::vector<Generation> issued_by(GenerationId issuer) const;
  std::vector<Generation> without_issuer() const;  ///< Roots, and what came before its issuer.
  /// Certificates for this key, whoever holds it; by name and number.
  std::vector<Generation> find(const KeyId& key) const;
  std::vector<Generation> expiring_before(Time time) const;  ///< Live ones, soonest first.
  int next_number(const std::string& name) const;  ///< 1 for an entity that is not there yet.

  // The inventory as a whole: each is one query, however much it holds.
  /// By name and number, one at a time. `visit` may ask the inventory for more, and changes
  /// nothing.
  void for_each_generation(const std::function<void(const Generation&)>& visit) const;
  /// Names from `origin` that have a live generation, in order, at most `most`.
  std::vector<std::string> live_names(Origin origin, std::size_t most) const;
  std::int64_t count_names(Origin origin) const;  ///< Whether anything of theirs is live or not.
  std::vector<Generation> expiring_before(Time time, std::size_t most) const;
  std::int64_t count_expiring_before(Time time) const;
  bool has_live_below(GenerationId issuer) const;  ///< Whether it issued what is live.
  /// Whether a signature made with it, or below it, must go on being accepted at `at`: it is not
  /// withdrawn, and it has a timestamp or its certificate has not ended.
  bool is_needed(GenerationId id, Time at) const;
  struct Rename {
    std::string from, to;
  };
  /// Runs `work`, which changes nothing, while these names are changed, and undoes that.
  void as_if_renamed(const std::vector<Rename>& renames, const std::function<void()>& work) const;

  /// next → active; what was active becomes retiring. Throws Error::Kind::state from any other
  /// state.
  void activate(GenerationId id);
  /// active → retiring.
  void start_retiring(GenerationId id);
  /// next, active or retiring → retired.
  void retire(GenerationId id, const std::string& reason);

  // Issuing (house rule 1). begin_issuance() stores entity, policy, key and intent; the same serial
  // below an issuer, the same bytes and the same number of an entity are refused
  // (Error::Kind::state), a policy revision with another text too (Error::Kind::policy).
  IssuanceId begin_issuance(const IssuanceIntent& intent);
  /// Error::Kind::state when the intent was settled meanwhile.
  Generation finish_issuance(IssuanceId id, const IssuedCertificate& issued);
  /// Settles an intent without a certificate; its new key is destroyed, its serial stays taken.
  void abandon_issuance(IssuanceId id, const std::string& reason);
  std::vector<UnfinishedIssuance> unfinished_issuances() const;

  /// Takes over a certificate that was not issued here, with its key if there is one, in one
  /// transaction. Refused (Error::Kind::state) like an issuance; an active one makes no other
  /// retiring.
  Generation adopt(const AdoptedCertificate& adopted);
  /// The private key of a certificate that came without it. Error::Kind::state when the generation
  /// has its key already, Error::Kind::internal for a key of another certificate.
  void add_key(GenerationId id, const KeyRecord& key);

  /// The issuer of a certificate that came before it; the caller has verified its signature.
  /// Error::Kind::state when it has an issuer already.
  void link_issuer(GenerationId id, GenerationId issuer);

  // Revocation; never undone.
  /// Error::Kind::state for a revoked one, unless it is revoked since an earlier time or distrusted
  /// from now on: then the lists that say otherwise do not cover it any more.
  void revoke(GenerationId id, const Revocation& revocation);
  /// A certificate below `issuer` that is not in the inventory. Error::Kind::state when it is on
  /// record already.
  void add_revocation(GenerationId issuer, const RevokedSerial& revoked);
  /// Everything revoked below `issuer`, by serial.
  std::vector<RevokedSerial> revoked_below(GenerationId issuer) const;
  std::optional<RevokedSerial> revoked_serial(GenerationId issuer, const Serial& serial) const;
  /// How many revocations below `issuer` are on record; only ever more. A certificate that turned
  /// up after its serial number had been taken over counts twice. Reads nothing else.
  std::int64_t revocation_count(GenerationId issuer) const;
  std::vector<Generation> distrusted() const;  ///< By name and number.
  /// Records a list. Error::Kind::state unless its number is above all before it.
  void add_crl(const CrlRecord& crl);
  std::optional<CrlRecord> latest_crl(GenerationId issuer) const;
  /// The highest number on record, be its list at hand or not; 0: none.
  std::int64_t last_crl_number(GenerationId issuer) const;
  /// Numbers up to this one were given away before the authority came here. Nothing happens when a
  /// higher one is on record.
  void keep_crl_number(GenerationId issuer, std::int64_t number);

  // Requests to authorities elsewhere. One may wait for each entity.
  RequestId add_request(const RequestIntent& intent);
  std::vector<RequestRecord> waiting_requests() const;  ///< Oldest first.
  std::optional<RequestRecord> waiting_request(const std::string& name) const;
  /// What came back: the request is settled and the certificate taken over, with the request's key
  /// where the inventory holds it. `adopted.name` and the rest must be the request's.
  Generation accept_request(RequestId id, const AdoptedCertificate& adopted);
  /// The request is settled without a certificate; a key made for it is destroyed.
  void cancel_request(RequestId id, const std::string& reason);

  // Keys, keyrings and slots: sealed bytes; what they mean is known to ca/keyring.h.
  std::optional<KeyRecord> key(const KeyId& id) const;
  std::vector<KeyRecord> keys() const;
  std::vector<KeyringRecord> keyrings() const;
  void add_keyring(const KeyringRecord& keyring);
  std::vector<SlotRecord> slots() const;  ///< By name.
  /// `created` is set here.
  void add_slot(const SlotRecord& slot);
  /// The last slot that opens a keyring cannot be removed (Error::Kind::state).
  void remove_slot(const std::string& name);
  /// Takes the place of the slot of the same name; afterwards no byte of the old one is left in the
  /// files.
  void replace_slot(const SlotRecord& slot);

  // Signatures over anything but certificates.
  SignatureId begin_signature(const SignatureIntent& intent);
  void finish_signature(SignatureId id, const SignatureResult& result);
  void abandon_signature(SignatureId id, const std::string& reason);
  /// What was signed is no longer in use anywhere: it no longer keeps its certificate in the
  /// bundles.
  void withdraw_signature(SignatureId id, const std::string& reason);
  std::optional<SignatureRecord> signature(SignatureId id) const;
  std::vector<SignatureRecord> signatures(
      GenerationId generation) const;  ///< In the order they were made.
  /// Signatures whose file, before or after, has this SHA-256.
  std::vector<SignatureRecord> signatures_of_file(const Sha256& sha256) const;
  std::vector<SignatureRecord> unfinished_signatures() const;

  // Bundle versions.
  /// Adds the next version, or returns the latest when its content is the same. `state` is JSON.
  /// A roll back to an earlier version is an event of its own.
  BundleVersion add_bundle_version(const std::string& bundle, const Sha256& content,
                                   const std::string& state,
                                   std::optional<int> rolled_back_to = {});
  std::vector<std::string> bundle_names() const;  ///< Of which there are versions, sorted.
  std::vector<BundleVersion> bundle_versions(const std::string& bundle) const;  ///< Oldest first.
  std::optional<BundleVersion> bundle_version(const std::string& bundle, int version) const;
  std::optional<BundleVersion> latest_bundle_version(const std::string& bundle) const;
  void record_deployment(const std::string& bundle, int version, std::int64_t machines,
                         std::int64_t machines_total);

  // The Windows stores that scripts fill (makecert -ss, certmgr /s), and their key containers.
  // Names are compared without regard to case; one that Windows cannot have is Error::Kind::input.
  /// `added` is set here. False: it is in there already, and nothing changes.
  bool add_to_windows_store(const StoreMember& member);
  bool remove_from_windows_store(StoreLocation location, const std::string& store,
                                 const Sha256& sha256);  ///< False: it was not in there.
  /// In the order they were added; nothing in a store that nobody filled.
  std::vector<StoreMember> windows_store(StoreLocation location, const std::string& store) const;
  std::vector<WindowsStoreName> windows_stores() const;  ///< Those that hold something.
  /// Error::Kind::state when the container holds another key of the inventory.
  void name_key(const std::string& container, const KeyId& key);
  /// Nothing, too, when the key is in the inventory no more, or not yet.
  std::optional<KeyId> key_named(const std::string& container) const;

  // The audit chain.
  /// For what changes nothing in the inventory and must be on record all the same, as an export.
  /// `details` is an object.
  void record_event(const std::string& kind, const std::string& subject, const Json& details);
  std::vector<Event> events(std::int64_t after_sequence = 0) const;
  EventHead head() const;
  std::optional<Event> last_event(const std::string& kind, const std::string& subject) const;
  /// Whether every event is as it was written, with none missing before the last.
  EventCheck verify_events() const;

 private:
  Inventory(std::unique_ptr<Database> database, Clock clock);
  void set_up(const WorkspaceRecord& workspace);
  void load_workspace();
  std::int64_t holder();
  void use_policy(const PolicyRecord& policy);
  EntityId entity_for(EntityKind kind, const std::string& name, Origin origin);
  Generation insert_adopted(const AdoptedCertificate& adopted);
  void settle_request(RequestId id, const char* outcome, const std::string& reason);
  /// What must not be there twice.
  struct Issued {
    std::string name;
    int number = 1;
    Serial serial;
    Sha256 issuer_name{}, to_be_signed{};
  };
  void check_free(const Issued& issued, EntityId entity) const;
  void retire_others(EntityId entity, const std::string& name, GenerationId id);
  void insert_key(const KeyRecord& key);
  void insert_slot(const SlotRecord& slot);
  void delete_slot(const std::string& id);
  void forget_old_slots();
  void append(const std::string& kind, const std::string& subject, const Json& details);
  std::unique_ptr<Database> database_;
  std::unique_ptr<Holder> holder_;
  Clock clock_;
  WorkspaceRecord workspace_;
};

}  // namespace sealwright::store
