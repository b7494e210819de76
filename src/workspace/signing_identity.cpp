#include "workspace/signing_identity.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "workspace/negative.h"
#include "workspace/renewal.h"
#include "x509/oids.h"

namespace sealwright::workspace {
namespace {

void require_usable(const store::Generation& generation, const x509::Certificate& certificate,
                    Time now) {
  using State = store::GenerationState;
  const std::string who = "'" + generation.label() + "'";
  if (generation.state == State::next)
    throw Error(
        Error::Kind::state, who + " is not active yet: the machines may not trust it",
        "sign with '" + generation.name + "@active', or activate it once its bundle is deployed");
  if (generation.state == State::retired || generation.state == State::revoked)
    throw Error(Error::Kind::state, who + " is " + std::string(store::to_text(generation.state)) +
                                        " and signs nothing any more");
  if (now < certificate.not_before() || now > certificate.not_after())
    throw Error(Error::Kind::state,
                who + " is valid from " + to_iso(certificate.not_before()) + " to " +
                    to_iso(certificate.not_after()) + ", not now",
                "renew it with 'sealwright apply'");
}

/// Verifiers refuse what it signs from now on.
void require_issuers(const store::Inventory& inventory, const store::Generation& generation) {
  const auto revoked = revoked_above(inventory, generation);
  if (!revoked) return;
  throw Error(Error::Kind::state,
              "'" + generation.label() + "' signs nothing any more: '" + revoked->label() +
                  "' above it is revoked",
              "'sealwright plan' says what brings its next generation");
}

const policy::Negative* negative_by_name(const Workspace& workspace, const std::string& name) {
  const auto* item = workspace.hierarchy().item(name);
  return item ? negative_of(workspace.hierarchy(), *item) : nullptr;
}

void require_code_signing(const store::Generation& generation,
                          const x509::Certificate& certificate) {
  if (certificate.is_ca())
    throw Error(
        Error::Kind::policy,
        "'" + generation.label() + "' is a CA certificate: it signs certificates, not files",
        "sign with a certificate that it issued");
  const auto purposes = certificate.extended_key_usage();
  const bool fits = purposes && std::find(purposes->begin(), purposes->end(),
                                          x509::oids::code_signing) != purposes->end();
  if (!fits)
    throw Error(
        Error::Kind::policy,
        "'" + generation.label() + "' is not for code signing: Windows would answer 0x800B0110",
        "sign with a certificate whose policy has the extended key usage codeSigning");
}

/// A local timestamp authority keeps its Signer alive with itself.
class OwningTimestamper : public signing::Timestamper {
 public:
  OwningTimestamper(std::unique_ptr<ca::RecordingSigner> signer, signing::Authority authority)
      : signer_(std::move(signer)), local_(with(std::move(authority), signer_.get())) {}
  Bytes stamp(BytesView signature_value, ossl::Digest digest) override {
    signer_->subject({"", "timestamp", std::string(ossl::to_text(digest)),
                      ossl::hash(digest, signature_value), std::nullopt});
    Bytes token = local_.stamp(signature_value, digest);
    signer_->finish({});
    return token;
  }

 private:
  static signing::Authority with(signing::Authority authority, ossl::Signer* signer) {
    authority.signer = signer;
    return authority;
  }
  std::unique_ptr<ca::RecordingSigner> signer_;
  signing::LocalTimestamper local_;
};

TimestampSource local_source(Workspace& workspace, Keys& keys,
                             const policy::TimestampAuthority& wanted, const Clock& clock,
                             const ossl::Random& random) {
  const auto generation = workspace.inventory().active(wanted.certificate);
  if (!generation)
    throw Error(Error::Kind::state,
                "the timestamping certificate '" + wanted.certificate + "' is not issued yet",
                "run 'sealwright apply' first");
  if (!negative_by_name(workspace, generation->name))
    require_issuers(workspace.inventory(), *generation);
  auto chain = ca::chain_of(workspace.inventory(), *generation);
  signing::Authority authority{
      chain.front(), {chain.begin() + 1, chain.end()}, nullptr, clock, random};
  if (!wanted.policy_oid.empty()) authority.policy = wanted.policy_oid;
  authority.accuracy = std::chrono::ceil<std::chrono::seconds>(wanted.accuracy);
  auto signer = std::make_unique<ca::RecordingSigner>(workspace.inventory(), *generation,
                                                      keys.signer(*generation));
  return {std::make_unique<OwningTimestamper>(std::move(signer), std::move(authority)),
          wanted.name};
}

TimestampSource url_source(const std::string& url, const ossl::Random& random) {
  signing::HttpOptions options;
  options.url = url;
  options.random = random;
  return {std::make_unique<signing::HttpTimestamper>(std::move(options)), url};
}

const policy::TimestampAuthority& only_local(const policy::Hierarchy& hierarchy) {
  const policy::TimestampAuthority* found = nullptr;
  for (const auto& authority : hierarchy.timestamping) {
    if (authority.certificate.empty()) continue;
    if (found)
      throw Error(Error::Kind::usage,
                  "several timestamp authorities are local: '" + found->name + "' and '" +
                      authority.name + "'",
                  "name one of them");
    found = &authority;
  }
  if (!found)
    throw Error(Error::Kind::state, "this workspace has no timestamping certificate of its own",
                "name a URL");
  return *found;
}

/// The policy under which a name that the YAML lacks was issued; nothing where it cannot be read
/// any more, as when what it extends is gone.
std::optional<policy::Policy> recorded_policy(Workspace& workspace,
                                              const store::Generation& generation) {
  const auto& [name, revision, sha256] = generation.policy;
  const auto record = workspace.inventory().policy(name, revision);
  if (!record) return std::nullopt;
  try {
    return policy::parse_policy(record->text, "policies/" + name + ".yaml", workspace.policies());
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

NamedSigner named_signer(Workspace& workspace, Keys& keys, const std::string& reference) {
  auto& inventory = workspace.inventory();
  NamedSigner named;
  named.generation = ca::find_generation(inventory, reference);
  auto chain = ca::chain_of(inventory, named.generation);
  if (const auto* negative = negative_by_name(workspace, named.generation.name))
    named.negative = negative->breaks;
  if (named.negative.empty()) {
    require_code_signing(named.generation, chain.front());
    require_usable(named.generation, chain.front(), workspace.now());
    require_issuers(inventory, named.generation);
  }
  named.chain.assign(chain.begin() + 1, chain.end());
  if (const auto* certificate = workspace.hierarchy().certificate(named.generation.name)) {
    named.defaults = certificate->sign;
    named.timestamp_required = certificate->policy->timestamp_required;
    named.allow = certificate->policy->allow;
    if (named.defaults.chain == policy::SignDefaults::Chain::leaf) named.chain.clear();
  } else if (const auto policy = recorded_policy(workspace, named.generation)) {
    named.timestamp_required = policy->timestamp_required;
    named.allow = policy->allow;
  }
  named.signer = std::make_unique<ca::RecordingSigner>(inventory, named.generation,
                                                       keys.signer(named.generation));
  return named;
}

TimestampSource timestamp_source(Workspace* workspace, Keys* keys, const std::string& word,
                                 const Clock& clock, const ossl::Random& random) {
  if (word.find("://") != std::string::npos) return url_source(word, random);
  if (!workspace)
    throw Error(
        Error::Kind::usage,
        "timestamp authority '" + printable(word) + "' is a name, and there is no workspace",
        "name a URL");
  const auto& hierarchy = workspace->hierarchy();
  const auto* wanted = word == "local" && !hierarchy.timestamp_authority("local")
                           ? &only_local(hierarchy)
                           : hierarchy.timestamp_authority(word);
  if (!wanted) {
    std::vector<std::string> names;
    for (const auto& authority : hierarchy.timestamping) names.push_back(authority.name);
    throw Error(Error::Kind::state, "there is no timestamp authority '" + printable(word) + "'",
                did_you_mean(word, names));
  }
  if (wanted->certificate.empty()) return url_source(wanted->url, random);
  return local_source(*workspace, *keys, *wanted, clock, random);
}

}  // namespace sealwright::workspace
