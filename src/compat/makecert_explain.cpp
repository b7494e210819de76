#include "compat/makecert_explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/encoding.h"
#include "ca/import_file.h"
#include "compat/makecert_files.h"
#include "compat/makecert_issue.h"
#include "compat/makecert_policy.h"
#include "x509/oids.h"

namespace sealwright::compat {
namespace {
namespace fs = std::filesystem;

/// A double-quoted YAML scalar of text without control characters, which names and paths may hold
/// here only escaped.
std::string quoted(const std::string& text) {
  std::string made = "\"";
  for (const char c : printable(text, 4096)) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + "\"";
}

std::string file_name(const std::string& path) { return fs::path(path).filename().string(); }

/// Names of exports and bundles begin with that of their certificate, and have 64 at most.
constexpr std::size_t max_stem = 48;
constexpr std::size_t max_common_name = 64;  // RFC 5280, appendix A.1

std::string stem(const std::string& text, const std::string& otherwise) {
  auto name = item_name(text, otherwise);
  name.resize(std::min(name.size(), max_stem));
  while (name.ends_with('-')) name.pop_back();
  return name;
}

/// For texts where braces hold placeholders.
std::string without_braces(std::string text) {
  for (char& c : text)
    if (c == '{' || c == '}') c = '_';
  return text;
}

/// A common name that surely is one.
std::string common_name(const std::string& text, const std::string& otherwise) {
  const bool fits = !text.empty() && text.size() <= max_common_name && printable(text) == text;
  return fits ? without_braces(text) : otherwise;
}

class Explaining {
 public:
  Explaining(const MakecertWish& wish, World& world) : wish_(wish), world_(world) {}

  Proposal explain() {
    find_issuer();
    const auto common = x509::Name::of(wish_.subject.attributes).display();
    name_ = stem(wish_.container.empty() ? common : wish_.container, "certificate");
    if (name_ == issuer_) name_ += "-2";
    add_item();
    add_exports();
    if (wish_.role == MakecertRole::signing_root) add_signer();
    add_trust();
    add_stores();
    add_notes();
    return std::move(made_);
  }

 private:
  void find_issuer() {
    if (!wish_.issued_by_another()) return;
    const auto& file = wish_.issuer_file;
    if (!file.empty() && fs::exists(file)) certificate_ = ca::read_one_certificate(file);
    const auto spoken = !wish_.issuer_container.empty() ? wish_.issuer_container
                        : !wish_.issuer_name.empty()    ? wish_.issuer_name
                                                        : fs::path(file).stem().string();
    const auto called = certificate_ ? certificate_->subject().display() : spoken;
    issuer_ = stem(called, "issuer");
    if (!wish_.issuer_pvk.empty()) {
      made_.authorities.push_back(fmt::format(
          "{}: {{policy: imported-ca, existing: {{certificate: {}, key: {}{}}}}}", issuer_,
          quoted(file_name(file)), quoted(file_name(wish_.issuer_pvk)),
          is_plain_key_file(wish_.issuer_pvk) ? ""
                                              : ", password: {env: SEALWRIGHT_ISSUER_PASSWORD}"));
      made_.notes.push_back("copy '" + file + "' and '" + wish_.issuer_pvk +
                            "' into the workspace: the issuer is taken over as it is");
    } else {
      made_.authorities.push_back(fmt::format("{}: {{policy: root-ca, subject: {{CN: {}}}}}",
                                              issuer_, quoted(common_name(called, "Issuer"))));
      made_.notes.push_back("the issuer is made anew where the workspace does not have it");
    }
  }

  void add_item() {
    MakecertFacts facts;
    facts.now = world_.clock();
    facts.end = makecert_end(
        wish_, certificate_ ? std::optional(certificate_->not_after()) : std::nullopt, world_);
    facts.silent_issuer = certificate_ && !certificate_->basic_constraints();
    auto wish = wish_;
    if (wish.role == MakecertRole::signing_root) wish.role = MakecertRole::root;  // add_signer()
    wish.as_original = false;
    if (wish.digest == ossl::Digest::md5) wish.digest = ossl::Digest::sha256;
    end_ = facts.end;
    const auto policy = makecert_policy(wish, facts);
    made_.policies.push_back({policy.name, policy.text});
    const auto subject = x509::Name::of(wish_.subject.attributes).text();
    auto entry = fmt::format("{}: {{policy: {}, issuer: {}, subject: {}", name_, policy.name,
                             issuer_.empty() ? "self" : issuer_, quoted(subject));
    if (!is_authority(wish_.role)) entry += ", validity: {not_after: " + to_iso(facts.end) + "}";
    if (!wish_.certified.empty()) entry += ", key: {store: external}";
    (is_authority(wish_.role) ? made_.authorities : made_.certificates).push_back(entry + "}");
  }

  void add_export(const std::string& format, const std::string& path, bool secret) {
    made_.exports.push_back(fmt::format("{}-{}: {{certificate: {}, format: {}, path: {}{}}}", name_,
                                        format, name_, format,
                                        quoted(without_braces(printable(file_name(path)))),
                                        secret ? ", password: {env: SEALWRIGHT_PASSWORD}" : ""));
  }

  void add_exports() {
    if (!wish_.certified.empty()) return;
    if (!wish_.output.empty()) add_export("der", wish_.output, false);
    if (!wish_.pfx.empty() && is_authority(wish_.role) && !wish_.exportable)
      made_.notes.push_back("'-p12': the key of an authority does not leave the inventory");
    else if (!wish_.pfx.empty())
      add_export("pfx", wish_.pfx, true);
    if (wish_.pvk.empty()) return;
    const auto stays = "the key stays in the inventory instead of '" + wish_.pvk + "'";
    made_.notes.push_back(signs_files()
                              ? stays + ": sign with 'sealwright sign --with " + signer() +
                                    "', or take it out with 'sealwright export " + signer() +
                                    " --format pfx --reason WHY'"
                              : stays + ", and issues from there");
  }

  bool signs_files() const {
    return !is_authority(wish_.role) || wish_.role == MakecertRole::signing_root;
  }

  std::string signer() const {
    return wish_.role == MakecertRole::signing_root ? name_ + "-signer" : name_;
  }

  /// An authority that signs files is two things in the YAML.
  void add_signer() {
    const auto display = x509::Name::of(wish_.subject.attributes).display();
    const auto half = std::chrono::floor<std::chrono::days>((end_ - world_.clock()) / 2).count();
    // driver-signing lives two years, and no longer than its root.
    const auto validity =
        half >= 365 ? std::string()
                    : fmt::format(", validity: {{lifetime: {}d}}", std::max<std::int64_t>(half, 1));
    made_.certificates.push_back(
        fmt::format("{}: {{policy: driver-signing, issuer: {}, subject: {{CN: {}}}{}}}", signer(),
                    name_, quoted(common_name(display + " Signer", signer())), validity));
    made_.notes.push_back("one certificate was root and signer; here the root '" + name_ +
                          "' issues the signer '" + signer() + "', so that its key can rest");
  }

  bool signs_code() const {
    const auto purposes = wish_.purposes_or_default();
    return wish_.role == MakecertRole::signing_root ||
           (!is_authority(wish_.role) &&
            std::ranges::find(purposes, x509::oids::code_signing) != purposes.end());
  }

  std::string root() const {
    if (issuer_.empty()) return name_;
    return certificate_ && !certificate_->self_issued() ? std::string() : issuer_;
  }

  void add_trust() {
    if (!signs_code() && !is_authority(wish_.role)) return;
    std::string stores;
    if (!root().empty()) stores = "root: [" + root() + "]";
    if (wish_.role == MakecertRole::intermediate)
      stores += (stores.empty() ? "ca: [" : ", ca: [") + name_ + "]";
    if (signs_code())
      stores += (stores.empty() ? "" : ", ") + ("trusted_publisher: [" + signer() + "]");
    made_.bundles.push_back(name_ + "-trust: {stores: {" + stores + "}, formats: {reg: {}}}");
  }

  void add_stores() {
    if (!wish_.store.empty())
      made_.stores.push_back(std::string(store::to_text(wish_.location)) + "\\" + wish_.store +
                             " on the machine that signs: here that is the inventory");
    if (!signs_code() && !is_authority(wish_.role)) return;
    const auto root_name = root().empty() ? "the root above '" + issuer_ + "'" : "'" + root() + "'";
    made_.stores.push_back("LocalMachine\\Root on every client: " + root_name);
    if (wish_.role == MakecertRole::intermediate)
      made_.stores.push_back("LocalMachine\\CA on every client: '" + name_ + "'");
    if (signs_code())
      made_.stores.push_back("LocalMachine\\TrustedPublisher on every client: '" + signer() +
                             "', so that drivers install without a question");
  }

  void add_notes() {
    auto& notes = made_.notes;
    if (wish_.serial) notes.push_back("'-#': serial numbers are drawn at random");
    if (wish_.not_before)
      notes.push_back("'-b': a certificate begins when it is issued, on its day");
    if (!wish_.certified.empty())
      notes.push_back("'-sc': ask for it with a request, sealwright issue " + name_ +
                      " --csr FILE: whoever asks proves that he has the key");
    if (wish_.as_original) notes.push_back("'--as-original': nothing of it is in a policy");
  }

  const MakecertWish& wish_;
  World& world_;
  std::optional<x509::Certificate> certificate_;  ///< The issuer's.
  Time end_{};
  std::string name_, issuer_;
  Proposal made_;
};

}  // namespace

Proposal explain_makecert(const MakecertWish& wish, World& world) {
  return Explaining(wish, world).explain();
}

}  // namespace sealwright::compat
