#include "trust/chain.h"

#include <catch2/catch.hpp>
#include <functional>

#include "trust/result_code.h"
#include "x509/issuing.h"
#include "x509/oids.h"

using namespace sealwright;
using x509::made::issue;
using x509::made::Issued;
namespace code = trust::code;

namespace {

constexpr Time some_day{std::chrono::sys_days{std::chrono::year{2026} / 9 / 1}};

std::vector<x509::Extension> purposes(const std::vector<Oid>& oids) {
  return {x509::extended_key_usage_extension(oids, false)};
}

std::vector<x509::Extension> with(std::vector<x509::Extension> a, std::vector<x509::Extension> b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// A chain of three, each part of which a row may change before it is made.
struct Parts {
  x509::made::Recipe root{.subject = "CN=Root", .extensions = x509::made::authority()};
  x509::made::Recipe issuing{.subject = "CN=Issuing", .extensions = x509::made::authority(0)};
  x509::made::Recipe leaf{.subject = "CN=Leaf", .extensions = purposes({x509::oids::code_signing})};
  bool root_trusted = true, issuing_at_hand = true;
  std::function<void(trust::Machine&, const Issued& root, const Issued& issuing,
                     const Issued& leaf)>
      machine = [](auto&, auto&, auto&, auto&) {};
};

struct Row {
  const char* what;
  std::function<void(Parts&)> change;
  std::uint32_t code;
  const char *rule, *reason;
};

const Row rows[] = {
    {"nothing", [](Parts&) {}, 0, "", ""},
    {"the root is nowhere", [](Parts& p) { p.root_trusted = false; }, code::chaining,
     "chain-complete", "the issuer of 'Issuing' (Root) is not at hand"},
    {"the root came along, but is not trusted",
     [](Parts& p) {
       p.root_trusted = false;
       p.machine = [](auto& m, auto& root, auto&, auto&) {
         m.stores.ca.push_back(root.certificate);
       };
     },
     code::untrusted_root, "chain-root-trusted",
     "'Root' ends the chain and is not in the Root store"},
    {"the intermediate is nowhere", [](Parts& p) { p.issuing_at_hand = false; }, code::chaining,
     "chain-complete", "the issuer of 'Leaf' (Issuing) is not at hand"},
    {"the intermediate is in the CA store",
     [](Parts& p) {
       p.issuing_at_hand = false;
       p.machine = [](auto& m, auto&, auto& i, auto&) { m.stores.ca.push_back(i.certificate); };
     },
     0, "", ""},
    {"the intermediate is in the Root store, where it anchors nothing",
     [](Parts& p) {
       p.root_trusted = false;
       p.machine = [](auto& m, auto&, auto& i, auto&) { m.stores.root.push_back(i.certificate); };
     },
     code::chaining, "chain-complete", "the issuer of 'Issuing'"},
    {"the leaf has expired", [](Parts& p) { p.leaf.ends = "2026-08-01"; }, code::expired,
     "chain-valid-in-time", "'Leaf' expired at 2026-08-01T00:00:00Z"},
    {"the leaf is not valid yet", [](Parts& p) { p.leaf.begins = "2026-10-01"; }, code::expired,
     "chain-valid-in-time", "'Leaf' is not valid before 2026-10-01T00:00:00Z"},
    {"the root has expired", [](Parts& p) { p.root.ends = "2026-08-01"; }, code::expired,
     "chain-valid-in-time", "'Root' expired at 2026-08-01T00:00:00Z"},
    {"the issuer is no authority", [](Parts& p) { p.issuing.extensions.clear(); },
     code::basic_constraints, "chain-issuers-are-cas", "'Issuing'"},
    {"the root allows no authority below it",
     [](Parts& p) { p.root.extensions = x509::made::authority(0); }, code::basic_constraints,
     "chain-path-length", "'Root'"},
    {"the leaf is for servers",
     [](Parts& p) { p.leaf.extensions = purposes({x509::oids::server_auth}); }, code::wrong_usage,
     "chain-purpose", "'Leaf' allows serverAuth, not codeSigning"},
    {"the leaf is for anything by name",
     [](Parts& p) { p.leaf.extensions = purposes({x509::oids::any_extended_key_usage}); }, 0, "",
     ""},
    {"the leaf has no usages", [](Parts& p) { p.leaf.extensions.clear(); }, 0, "", ""},
    {"the leaf's usages cannot be read",
     [](Parts& p) {
       p.leaf.extensions = {{x509::oids::extended_key_usage, false, Bytes{0x30, 0x05, 0x00}}};
     },
     code::certificate_signature, "chain-well-formed", "'Leaf'"},
    {"the intermediate is for timestamps",
     [](Parts& p) {
       p.issuing.extensions = with(x509::made::authority(0), purposes({x509::oids::time_stamping}));
     },
     code::wrong_usage, "chain-purpose", "'Issuing' allows timeStamping, not codeSigning"},
    {"the leaf is distrusted",
     [](Parts& p) {
       p.machine = [](auto& m, auto&, auto&, auto& l) { m.stores.disallowed = {l.certificate}; };
     },
     code::explicit_distrust, "chain-not-disallowed", "'Leaf' is in the Disallowed store"},
    {"the root is distrusted and expired: distrust counts more",
     [](Parts& p) {
       p.root.ends = "2026-08-01";
       p.machine = [](auto& m, auto& r, auto&, auto&) { m.stores.disallowed = {r.certificate}; };
     },
     code::explicit_distrust, "chain-not-disallowed", "'Root' is in the Disallowed store"},
};

}  // namespace

TEST_CASE("a chain is refused with the code Windows answers", "[trust]") {
  for (const auto& row : rows) DYNAMIC_SECTION(row.what) {
      Parts parts;
      row.change(parts);
      const auto root = issue(parts.root);
      parts.issuing.issuer = &root;
      const auto issuing = issue(parts.issuing);
      parts.leaf.issuer = &issuing;
      const auto leaf = issue(parts.leaf);
      trust::Machine machine;
      if (parts.root_trusted) machine.stores.root = {root.certificate};
      parts.machine(machine, root, issuing, leaf);
      std::vector<x509::Certificate> pool;
      if (parts.issuing_at_hand) pool.push_back(issuing.certificate);
      const auto verdict =
          trust::judge_chain(leaf.certificate, pool, machine, x509::oids::code_signing, some_day);
      CHECK(verdict.trusted() == (row.code == 0));
      if (verdict.trusted()) continue;
      const auto& first = verdict.refusals.front();
      CHECK(trust::to_text(first.code) == trust::to_text(row.code));
      CHECK(first.rule == row.rule);
      CHECK_THAT(first.reason, Catch::Contains(row.reason));
      CHECK_FALSE(first.remedy.empty());
    }
}
