// Which cases a matrix has, and what Windows must answer to each. The rules are those of
// SetupAPI and WinVerifyTrust in the order in which they decide; nothing is verified here, so that
// the verifier can be held against them.

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "ca/chain.h"
#include "trust/result_code.h"
#include "workspace/bundles.h"
#include "workspace/matrix.h"
#include "workspace/negative.h"

namespace sealwright::workspace {
namespace {

namespace code = trust::code;
using driver::Fault;

/// SetupAPI could not add the package to the driver store, and says no more.
constexpr std::uint32_t driver_store_add_failed = 0xE0000247;

/// A machine in one state of trust, and the signer on it.
struct Situation {
  const policy::Item* signer = nullptr;
  std::vector<x509::Certificate> chain;  ///< Signer first, up to its root.
  Fault fault = Fault::none;
  bundle::State trust;
  const policy::Bundle* bundle = nullptr;
  const policy::Negative* negative = nullptr;
  bool root_travels = false;  ///< In the signature, or the signer is its own root.

  bool holds(bundle::Store store, const x509::Certificate& certificate) const {
    return std::any_of(trust.present.begin(), trust.present.end(), [&](const auto& entry) {
      return entry.store == store && entry.certificate == certificate;
    });
  }
};

/// Collects what is wrong, the first that decides first.
class Judge {
 public:
  explicit Judge(const Situation& situation) : s_(situation) {}

  Expectation judge() {
    catalog_is_there();
    inf_is_listed();
    nothing_is_distrusted();
    root_is_trusted();
    certificate_is_right();
    timestamp_is_right();
    system_fits();
    files_are_listed();
    publisher_is_known();
    if (decided_) return std::move(made_);
    made_.setup = code::trusted_publisher;
    made_.why.push_back("the signature is valid and its certificate is in TrustedPublisher");
    if (s_.fault == Fault::extra_file)
      made_.why.push_back("a file that no INF installs need not be in the catalog");
    if (s_.bundle->wintrust_state == policy::Bundle::WintrustState::value)
      made_.why.push_back(fmt::format(
          "WinTrust State {} asks for a publisher in TrustedPublisher, which it is; it does not "
          "say that revocation lists may be out of reach, and this certificate names none",
          trust::to_text(s_.bundle->wintrust_value)));
    return std::move(made_);
  }

 private:
  /// The first decides the codes; the others are told.
  void decide(std::uint32_t signature, std::uint32_t setup, Dialog dialog, std::string why) {
    made_.why.push_back(std::move(why));
    if (decided_) return;
    decided_ = true;
    made_.signature = signature;
    made_.setup = setup;
    made_.dialog = dialog;
  }
  void refuse(std::uint32_t value, std::string why) {
    decide(value, value, Dialog::refused, std::move(why));
  }

  void catalog_is_there() {
    if (s_.fault == Fault::no_catalog || s_.fault == Fault::signature_only_in_binary)
      decide(
          code::no_signature, code::invalid_catalog_data, Dialog::refused,
          "the catalog that the INF names is not there: signatures in binaries are not looked at "
          "when a package is installed");
    if (s_.fault == Fault::unsigned_catalog)
      decide(code::no_signature, driver_store_add_failed, Dialog::refused,
             "the catalog carries no signature");
  }

  void inf_is_listed() {
    if (s_.fault == Fault::lf_line_ends)
      decide(code::ok, code::file_not_in_catalog, Dialog::refused,
             "the INF is not what the catalog lists: its line ends were changed");
  }

  void nothing_is_distrusted() {
    for (const auto& certificate : s_.chain)
      if (s_.holds(bundle::Store::disallowed, certificate))
        decide(code::explicit_distrust, code::publisher_not_trusted, Dialog::refused,
               "'" + certificate.subject().display() + "' is in Disallowed");
  }

  void root_is_trusted() {
    const bool hidden = s_.negative && s_.negative->breaks == "chain-complete";
    if (hidden || s_.holds(bundle::Store::root, s_.chain.back())) return;
    const std::string root = "the root '" + s_.chain.back().subject().display() + "'";
    if (s_.root_travels)
      refuse(code::untrusted_root, root + " came with the signature and is not in Root");
    else
      refuse(code::chaining, root +
                                 " is neither in a store nor in the signature (chain: full takes "
                                 "it along; the answer is then 0x800B0109)");
  }

  void certificate_is_right() {
    if (!s_.negative || s_.negative->breaks == "root-trusted" || s_.negative->expect == code::ok)
      return;
    if (s_.negative->expect == code::trust_not_established) return;  // publisher_is_known()
    refuse(s_.negative->expect, "the signer breaks " + s_.negative->breaks + " on purpose");
  }

  void timestamp_is_right() {
    if (s_.fault == Fault::untrusted_timestamp)
      refuse(code::time_stamp, "the timestamp's authority is trusted by nobody");
  }

  void system_fits() {
    if (s_.fault == Fault::wrong_os_attribute)
      decide(code::ok, code::os_attribute_mismatch, Dialog::refused,
             "the catalog is not for this Windows");
  }

  void files_are_listed() {
    if (s_.fault == Fault::tampered_file)
      decide(code::ok, code::file_not_in_catalog, Dialog::refused,
             "an installed file is not what the catalog lists: it was changed");
    if (s_.fault == Fault::missing_member)
      decide(code::ok, code::file_not_in_catalog, Dialog::refused,
             "an installed file is not in the catalog");
  }

  void publisher_is_known() {
    if (!s_.holds(bundle::Store::trusted_publisher, s_.chain.front()))
      decide(code::ok, code::trust_not_established, Dialog::publisher_question,
             s_.chain.front().is_ca()
                 ? "the signer is an authority: in TrustedPublisher it would trust nothing"
                 : "the signer is not in TrustedPublisher");
  }

  const Situation& s_;
  Expectation made_;
  bool decided_ = false;
};

std::vector<x509::Certificate> chain_of(const Workspace& workspace, const std::string& signer) {
  const auto generations = workspace.inventory().generations_of(signer);
  if (generations.empty())
    throw Error(Error::Kind::state, "'" + signer + "' is not issued yet",
                "run 'sealwright apply' first");
  return ca::chain_of(workspace.inventory(), generations.back());
}

MatrixCase case_of(const Workspace& workspace, const std::string& signer, Fault fault,
                   const std::string& trust) {
  Situation situation;
  situation.signer = workspace.hierarchy().item(signer);
  situation.chain = chain_of(workspace, signer);
  situation.fault = fault;
  situation.bundle = workspace.hierarchy().bundle(trust);
  situation.trust = desired_state(workspace, *situation.bundle);
  situation.negative = negative_of(workspace.hierarchy(), *situation.signer);
  using Chain = policy::SignDefaults::Chain;
  const auto* certificate = workspace.hierarchy().certificate(signer);
  situation.root_travels =
      situation.chain.size() == 1 || (certificate && certificate->sign.chain == Chain::full);
  return {fmt::format("{}--{}--{}", signer, to_text(fault), trust), signer, fault, trust,
          Judge(situation).judge()};
}

}  // namespace

std::string_view to_text(Dialog dialog) {
  switch (dialog) {
    case Dialog::publisher_question:
      return "publisher-question";
    case Dialog::refused:
      return "refused";
    case Dialog::none:
      break;
  }
  return "none";
}

std::vector<MatrixCase> matrix_cases(const Workspace& workspace, const policy::Matrix& matrix) {
  std::vector<Fault> faults;
  for (const auto& name : matrix.faults) faults.push_back(*driver::fault_by_name(name));
  std::vector<MatrixCase> cases;
  for (const auto& signer : matrix.signers)
    for (const auto fault : faults)
      for (const auto& trust : matrix.trust) {
        const int others = int(signer != matrix.signers.front()) + int(fault != faults.front()) +
                           int(trust != matrix.trust.front());
        if (matrix.all_pairs || others <= 1)
          cases.push_back(case_of(workspace, signer, fault, trust));
      }
  return cases;
}

}  // namespace sealwright::workspace
