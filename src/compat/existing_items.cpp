#include "compat/existing_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
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
    for (const auto& one : all_) names_.push_back(name_of(one.certificate));
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (first_of(i) == i) add_entry(i);
    note_shared_files();
    return names_;
  }

 private:
  std::string name_of(const x509::Certificate& certificate) {
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (all_[i].certificate == certificate) return names_[i];
    const std::string base = item_name(certificate.subject().display(), "certificate");
    std::string name = base;
    for (int next = 2; !taken_.insert(name).second; ++next)
      name = base.substr(0, 56) + "-" + std::to_string(next);
    return name;
  }

  std::size_t first_of(std::size_t index) const {
    const auto found = std::ranges::find(names_, names_[index]);
    return static_cast<std::size_t>(found - names_.begin());
  }

  /// The name of the authority that issued it; "self" where it is not among them.
  std::string issuer_of(const x509::Certificate& certificate) const {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const auto& other = all_[i].certificate;
      if (!(other == certificate) && other.is_ca() && other.subject() == certificate.issuer() &&
          certificate.signed_by(other.public_key()))
        return names_[i];
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
};

}  // namespace

std::vector<std::string> add_existing(Proposal& proposal,
                                      const std::vector<ExistingCertificate>& certificates) {
  return Adding(proposal, certificates).add();
}

std::string stem_of(const std::string& path) { return fs::path(path).stem().string(); }

}  // namespace sealwright::compat
