// A directory with Active Directory's schema, which samba provisions and needs no server for, takes
// the LDIF files.

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "base/encoding.h"
#include "base/file.h"
#include "bundle/ldif.h"
#include "bundle/states.h"
#include "lab.h"

using namespace sealwright;
namespace fs = std::filesystem;

namespace {

const std::string services = "CN=Public Key Services,CN=Services,CN=Configuration,DC=acme,DC=test";

/// The certificates of each object below `services`, in base64.
using Objects = std::map<std::string, std::set<std::string>>;

class Forest {
 public:
  /// Samba fails at the very end where the file system keeps no access lists; the directory is
  /// complete then.
  Forest() {
    const auto ran =
        test::run({"samba-tool", "domain", "provision", "--targetdir=" + scratch_.path().string(),
                   "--realm=ACME.TEST", "--domain=ACME", "--adminpass=Passw0rd.1",
                   "--server-role=dc", "--dns-backend=NONE"});
    INFO(ran.out << ran.err);
    REQUIRE(fs::exists(database()));
    REQUIRE(objects().empty());
  }

  test::Ran change(const std::string& ldif) const {
    // ldbmodify knows line ends without CR only.
    std::string text = ldif;
    std::erase(text, '\r');
    write_file(scratch_ / "change.ldif", view(text), {Access::everyone, Existing::replace});
    return test::run({"ldbmodify", "-H", database(), (scratch_ / "change.ldif").string()});
  }

  Objects objects() const {
    const auto ran = test::run(
        {"ldbsearch", "-H", database(), "-b", services, "(cACertificate=*)", "cACertificate"});
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    std::string unfolded = ran.out;
    for (auto at = unfolded.find("\n "); at != std::string::npos; at = unfolded.find("\n ", at))
      unfolded.erase(at, 2);
    std::istringstream lines(unfolded);
    Objects found;
    std::string name;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("dn: ")) name = line.substr(4);
      if (line.starts_with("cACertificate:: ")) found[name].insert(line.substr(16));
    }
    return found;
  }

 private:
  std::string database() const { return (scratch_ / "private" / "sam.ldb").string(); }
  test::Scratch scratch_;
};

const Forest* forest() {
  for (const char* program : {"samba-tool", "ldbmodify", "ldbsearch"})
    if (!test::have(program)) return nullptr;
  for (const char* part :
       {"/usr/share/samba/setup/ad-schema", "/usr/lib/x86_64-linux-gnu/samba/ldb/samba_dsdb.so"})
    if (!fs::exists(part)) {
      WARN("SKIPPED: " << part << " is not installed");
      return nullptr;
    }
  static const Forest made;
  return &made;
}

std::string ldif(const bundle::State& state, const std::string& name) {
  for (const auto& file :
       bundle::ldif_files(state, bundle::FormatRequest("ldif", {{"forest", "DC=acme,DC=test"}})))
    if (file.path == name) return text(file.content);
  return {};
}

bundle::State without(bundle::State state, const std::vector<std::string>& labels) {
  for (const auto& label : labels)
    for (const auto& entry : state.present)
      if (entry.label == label) state.removed.push_back(entry);
  std::erase_if(state.present, [&](const auto& entry) {
    return std::find(labels.begin(), labels.end(), entry.label) != labels.end();
  });
  return state;
}

Objects expected(const bundle::State& state) {
  Objects objects;
  for (const auto& entry : state.present) {
    const std::string name = entry.label.substr(0, entry.label.find('@'));
    if (entry.store == bundle::Store::root)
      objects["CN=" + name + ",CN=Certification Authorities," + services].insert(
          to_base64(entry.certificate.der()));
    if (entry.store == bundle::Store::ca)
      objects["CN=" + name + ",CN=AIA," + services].insert(to_base64(entry.certificate.der()));
  }
  return objects;
}

}  // namespace

TEST_CASE("the directory follows the versions of a bundle", "[oracle]") {
  if (!forest()) return;
  const auto first = test::lab_state(), second = test::with_second_root(),
             third = without(second, {"lab-root@1"}), fourth = without(first, {"lab-issuing@1"});
  struct Row {
    const char* name;
    bundle::State state;
    const char* file;
    bool gone;
  };
  const Row rows[] = {
      {"nothing is there yet", first, "add.ldif", false},
      {"the same again", first, "update.ldif", false},
      {"a second generation of the root", second, "update.ldif", false},
      {"the first generation gone", third, "update.ldif", false},
      {"all of it taken back", third, "remove.ldif", true},
      {"and added again", second, "add.ldif", false},
      {"the intermediate gone", fourth, "update.ldif", false},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto changed = forest()->change(ldif(row.state, row.file));
    INFO(changed.err);
    CHECK(changed.exit_code == 0);
    CHECK(forest()->objects() == (row.gone ? Objects{} : expected(row.state)));
  }
}

TEST_CASE("the directory holds objects against the schema", "[oracle]") {
  if (!forest()) return;
  std::string add = ldif(test::lab_state(), "add.ldif");
  const std::string list = "authorityRevocationList:: AA==\r\n";
  add.erase(add.find(list), list.size());
  CHECK(forest()->change(add).err.find("Object class violation") != std::string::npos);
}
