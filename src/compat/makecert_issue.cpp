#include "compat/makecert_issue.h"

#include <algorithm>
#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ca/chain.h"
#include "ca/import_file.h"
#include "ca/issue.h"
#include "compat/makecert_files.h"
#include "compat/makecert_issuer.h"
#include "compat/makecert_policy.h"
#include "compat/proposal.h"

namespace sealwright::compat {
namespace {
namespace fs = std::filesystem;

constexpr Duration longest{12 * 100};  // max_lifetime of the policy
constexpr Duration after_2039{12 * 10};

/// The subject's key, and where it comes from.
struct SubjectKey {
  ossl::PublicKey public_key;
  std::optional<ossl::PrivateKey> key;     ///< Nothing: in a container, or somebody else's.
  std::optional<store::KeyRecord> record;  ///< Of a container.
  bool is_new = true;
};

class Making {
 public:
  Making(const MakecertWish& wish, const CommandLine& line, World& world)
      : wish_(wish),
        line_(line),
        world_(world),
        place_(wish.needs_workspace ? IssuingPlace::in_workspace(world)
                                    : IssuingPlace::in_memory(world)) {}

  void make() {
    // A name that no store can have is refused before anything is issued.
    if (!wish_.store.empty()) inventory().windows_store(wish_.location, wish_.store);
    if (wish_.issued_by_another()) issuer_ = find_issuer(wish_, place_, line_, world_);
    find_key();
    fill_order();
    check_name_is_free();
    open_files();
    const auto generation = issue();
    record_exports(generation);
    if (pvk_) pvk_->commit();
    put_into_stores(generation);
    const auto certificate = ca::certificate_of(generation);
    if (pfx_) pfx_->write(pfx_bytes(certificate)), pfx_->commit();
    if (certificate_) certificate_->write(certificate.der()), certificate_->commit();
  }

 private:
  store::Inventory& inventory() { return place_.inventory(); }

  void find_key() {
    if (!wish_.certified.empty()) {
      key_.public_key = ca::read_one_certificate(wish_.certified).public_key();
      key_.is_new = false;
    } else if (!wish_.pvk.empty() && fs::exists(fs::symlink_status(wish_.pvk))) {
      check_key_type(wish_.pvk, wish_.exchange);
      take(read_key_file(wish_.pvk, KeyHolder::subject, line_, world_));
      key_.is_new = false;
    } else if (const auto named = wish_.container.empty()
                                      ? std::nullopt
                                      : inventory().key_named(wish_.container)) {
      key_.record = inventory().key(*named);
      key_.public_key = ossl::PublicKey::from_spki(key_.record->spki);
      key_.is_new = false;
    } else {
      take(ossl::PrivateKey::generate(makecert_key(wish_)));
    }
    if (!key_.is_new && wish_.bits)
      world_.note("'-len' has no effect on a key that is there: it is " +
                  key_.public_key.description());
  }

  void take(ossl::PrivateKey key) {
    key_.public_key = key.public_key();
    key_.key = std::move(key);
  }

  policy::PolicyPtr policy() {
    MakecertFacts facts;
    facts.key = key_.public_key;
    facts.now = world_.clock();
    facts.end = *order_.not_after;
    facts.silent_issuer = issuer_ && issuer_->silent;
    const auto made = makecert_policy(wish_, facts);
    return std::make_shared<const policy::Policy>(
        policy::parse_policy(made.text, "policies/" + made.name + ".yaml", place_.policies()));
  }

  /// Another certificate of the same name is the next generation of it, except of the YAML's.
  std::string name() {
    const auto common = x509::Name::of(wish_.subject.attributes).display();
    const auto name = item_name(wish_.container.empty() ? common : wish_.container, "certificate");
    const auto* workspace = place_.workspace();
    if (!workspace) return inventory().entity(name) ? name + "-2" : name;
    if (const auto* item = workspace->hierarchy().item(name))
      throw Error(Error::Kind::state,
                  "'" + name + "' is in the YAML (" + policy::to_text(item->place) + ")",
                  "run: sealwright apply --only " + name + "; or name another container with -sk");
    return name;
  }

  void fill_order() {
    order_.subject = wish_.subject;
    order_.not_before = wish_.not_before;
    order_.not_after = makecert_end(
        wish_, issuer_ ? std::optional(issuer_->certificate.not_after()) : std::nullopt, world_);
    order_.serial = wish_.serial;
    order_.origin = store::Origin::command;
    order_.policy = policy();
    order_.keyring = place_.keyring_for(*order_.policy);
    if (issuer_) {
      if (!issuer_->generation) {
        issuer_->generation = place_.adopt_authority(issuer_->certificate);
        if (place_.workspace())
          world_.note("the issuer is taken over as '" + issuer_->generation->label() +
                      "', without its key");
      }
      order_.issuer = issuer_->generation;
    }
    order_.name = name();
    const auto* workspace = place_.workspace();
    if (!workspace) return;
    const auto& hierarchy = workspace->hierarchy();
    order_.targets = hierarchy.targets;
    if (!order_.issuer) return;
    const auto& above = *order_.issuer;
    order_.crl_urls = ca::crl_urls_of(hierarchy, above.name, above.number);
    order_.issuer_urls = ca::issuer_urls_of(hierarchy, above.name, above.number);
  }

  /// One name, one subject, one key: what happens to a certificate happens to its key.
  void check_name_is_free() {
    const auto subject = policy::expand_subject(order_.subject, order_.name, 1).text();
    if (const auto active = inventory().active(order_.name); active && active->subject != subject)
      throw Error(Error::Kind::state,
                  "'" + active->label() + "' is called so, and its subject is '" +
                      printable(active->subject) + "'",
                  "name a container of its own with -sk, or another subject with -n");
    for (const auto& other : inventory().find(key_.public_key.id())) {
      if (other.name == order_.name) continue;
      if (place_.workspace())
        throw Error(Error::Kind::policy, "its key is that of '" + other.label() + "'",
                    "a key has one name in a workspace: let another be made");
      world_.warn("its key is the issuer's: whoever signs with it can issue");
    }
  }

  /// Whatever cannot be written is known before anything is issued.
  void open_files() {
    if (!wish_.pfx.empty()) {
      if (!key_.key)
        throw Error(Error::Kind::state,
                    "the key of container '" + printable(wish_.container) +
                        "' does not leave the workspace by '-p12'",
                    "run: sealwright export NAME --format pfx");
      check_pfx_place(wish_.pfx, key_.public_key, *line_.secret("p12"));
    }
    if (key_.is_new && key_.key && !wish_.pvk.empty()) {
      const auto content = key_file(wish_.pvk, *key_.key, wish_.exchange, line_, world_);
      pvk_.emplace(wish_.pvk, WriteOptions{Access::owner, Existing::refuse});
      pvk_->write(content.view());
    }
    if (!wish_.pfx.empty()) pfx_.emplace(wish_.pfx, WriteOptions{Access::owner, Existing::replace});
    if (!wish_.output.empty())
      certificate_.emplace(wish_.output, WriteOptions{Access::everyone, Existing::replace});
  }

  /// A key of the workspace that stands in a file, too.
  void record_exports(const store::Generation& generation) {
    if (!place_.workspace() || !key_.key) return;
    for (const auto& [format, file] : {std::pair("pvk", wish_.pvk), std::pair("pfx", wish_.pfx)}) {
      if (file.empty()) continue;
      Json details = Json::object();
      details.set("key", key_.public_key.id().hex())
          .set("format", format)
          .set("file", file)
          .set("reason", "makecert");
      inventory().record_event("key.exported", generation.label(), details);
    }
  }

  ca::NewKey new_key() {
    if (key_.record) {
      for (const auto& owner : inventory().find(key_.record->id))
        return {*key_.record, place_.signer(owner)};
      throw Error(Error::Kind::internal, "a key of the inventory has no certificate");
    }
    const auto rule = static_cast<store::ExportRule>(order_.policy->key.key_export);
    auto record = place_.open_for(*order_.policy).seal(order_.keyring, *key_.key, rule);
    return {std::move(record), std::make_unique<ossl::KeySigner>(
                                   ossl::PrivateKey::from_pkcs8(key_.key->to_pkcs8().view()))};
  }

  store::Generation issue() {
    auto prepared = wish_.certified.empty()
                        ? ca::prepare(inventory(), order_, new_key(), world_.random)
                        : ca::prepare(inventory(), order_, key_.public_key, world_.random);
    for (const auto& finding : prepared.findings()) tell(finding);
    return ca::issue(inventory(), std::move(prepared), issuer_ ? issuer_->signer.get() : nullptr);
  }

  /// What a flag asked for and the rules are against; and what they would have better.
  void tell(const lint::Finding& finding) {
    if (finding.because.starts_with("asked for"))
      world_.warn(finding.message + " (" + finding.because + ")");
    else if (finding.severity != lint::Severity::info)
      world_.note(finding.rule + ": " + finding.message);
  }

  void put_into_stores(const store::Generation& generation) {
    if (!wish_.container.empty()) inventory().name_key(wish_.container, key_.public_key.id());
    if (wish_.store.empty()) return;
    inventory().add_to_windows_store(
        {wish_.location, wish_.store, generation.sha256, generation.certificate, world_.clock()});
    world_.note("'" + generation.label() + "' is in " +
                std::string(store::to_text(wish_.location)) + "\\" + printable(wish_.store) +
                " of the workspace, which no Windows reads: a bundle takes it to the machines");
  }

  Bytes pfx_bytes(const x509::Certificate& certificate) {
    std::vector<x509::Certificate> chain;
    if (issuer_ && !issuer_->certificate.self_issued()) chain.push_back(issuer_->certificate);
    const auto name =
        wish_.display_name.empty() ? certificate.subject().display() : wish_.display_name;
    return pfx_file(*key_.key, certificate, chain, name, *line_.secret("p12"));
  }

  const MakecertWish& wish_;
  const CommandLine& line_;
  World& world_;
  IssuingPlace place_;
  std::optional<MakecertIssuer> issuer_;
  SubjectKey key_;
  ca::Order order_;
  std::optional<AtomicFile> pvk_, pfx_, certificate_;
};

}  // namespace

Time makecert_end(const MakecertWish& wish, std::optional<Time> issuer_end, World& world) {
  const Time now = world.clock(), begin = wish.not_before.value_or(now);
  // The original's default, 23:59:59 GMT.
  Time end = std::chrono::sys_days(std::chrono::year(2040) / 1 / 1) - std::chrono::seconds(1);
  if (end <= begin) end = add(begin, after_2039);
  if (wish.months) end = add(begin, Duration{*wish.months});
  if (wish.not_after) end = *wish.not_after;
  if (end > add(now, longest)) {
    end = add(now, longest);
    world.warn("it ends on " + to_date(end) + ": nothing is made for more than 100 years");
  }
  if (issuer_end && end > *issuer_end) {
    end = *issuer_end;
    const auto& say = wish.months || wish.not_after ? world.warn : world.note;
    say("it ends on " + to_date(end) + ", with its issuer: nothing is valid longer than that");
  }
  return end;
}

void make_certificate(const MakecertWish& wish, const CommandLine& line, World& world) {
  if (!wish.output.empty()) check_certificate_place(wish.output);
  Making(wish, line, world).make();
}

}  // namespace sealwright::compat
