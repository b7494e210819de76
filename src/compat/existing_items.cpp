#include "compat/existing_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "workspace/adoption_yaml.h"

namespace sealwright::compat {
namespace {

namespace fs = std::filesystem;

class Adding {
 public:
  Adding(Proposal& proposal, const std::vector<ExistingCertificate>& certificates)
      : proposal_(proposal), all_(certificates) {}

  std::vector<std::string> add() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      names_.push_back(name_of(all_[i].certificate));
      first_.emplace(names_.back(), i);
      by_subject_.emplace(all_[i].certificate.subject().der(), i);
    }
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (first_of(i) == i) add_entry(i);
    note_shared_files();
    return names_;
  }

 private:
  std::string name_of(const x509::Certificate& certificate) {
    if (const auto known = by_digest_.find(certificate.sha256()); known != by_digest_.end())
      return known->second;
    const std::string base = item_name(certificate.subject().display(), "certificate");
    std::string name = base;
    for (int next = 2; !taken_.insert(name).second; ++next)
      name = base.substr(0, 56) + "-" + std::to_string(next);
    by_digest_.emplace(certificate.sha256(), name);
    return name;
  }

  std::size_t first_of(std::size_t index) const { return first_.at(names_[index]); }

  /// The name of the authority that issued it; "self" where it is not among them.
  std::string issuer_of(const x509::Certificate& certificate) const {
    const auto [from, to] = by_subject_.equal_range(certificate.issuer().der());
    for (auto at = from; at != to; ++at) {
      const auto& other = all_[at->second].certificate;
      if (!(other == certificate) && other.is_ca() && certificate.signed_by(other.public_key()))
        return names_[at->second];
    }
    return "self";
  }

  void add_entry(std::size_t index) {
    const auto& one = all_[index];
    const std::string issuer = issuer_of(one.certificate);
    const bool authority = one.certificate.is_ca(), root = issuer == "self";
    std::string entry = names_[index] + ": {policy: ";
    if (authority)
      entry += root ? "imported-ca" : "issuing-ca, issuer: " + issuer;
    else
      entry += (root ? "self-signed-driver" : "driver-signing") + (", issuer: " + issuer);
    entry += ", existing: {certificate: " + yaml_path(one.file);
    entry += one.key.empty()
                 ? "}, key: {store: external}"
                 : ", key: " + yaml_path(one.key) + ", password: {env: SEALWRIGHT_PASSWORD}}";
    if (root && !one.certificate.self_signed()) {
      if (!authority) entry += ", renew: false";
      proposal_.notes.push_back("the issuer of '" + names_[index] +
                                "' is not among the certificates; add it above it");
    }
    (authority ? proposal_.authorities : proposal_.certificates).push_back(entry + "}");
  }

  /// What takes a certificate over takes the only authority of a file, or the only other one.
  void note_shared_files() {
    std::set<std::pair<std::string, bool>> seen;
    std::set<std::string> shared;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (first_of(i) == i && !seen.insert({all_[i].file, all_[i].certificate.is_ca()}).second)
        shared.insert(all_[i].file);
    for (const auto& file : shared)
      proposal_.notes.push_back(
          "'" + file +
          "' holds several that could be meant: write each into a file of its own "
          "(certmgr /put), and name those");
  }

  static std::string yaml_path(const std::string& path) {
    return workspace::yaml_text(fs::weakly_canonical(fs::absolute(path)).string());
  }

  Proposal& proposal_;
  const std::vector<ExistingCertificate>& all_;
  std::vector<std::string> names_;
  std::set<std::string> taken_;
  std::map<std::array<std::uint8_t, 32>, std::string> by_digest_;
  std::map<std::string, std::size_t> first_;  ///< Of each name.
  std::multimap<Bytes, std::size_t> by_subject_;
};

}  // namespace

std::vector<std::string> add_existing(Proposal& proposal,
                                      const std::vector<ExistingCertificate>& certificates) {
  return Adding(proposal, certificates).add();
}

std::string stem_of(const std::string& path) { return fs::path(path).stem().string(); }

}  // namespace sealwright::compat
