#include "bundle/ldif.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "states.h"

using namespace sealwright;

namespace {

const bundle::FormatRequest forest("ldif", {{"forest", "DC=acme,DC=test"}});

std::string content(const bundle::State& state, const std::string& name) {
  for (const auto& file : bundle::ldif_files(state, forest))
    if (file.path == name) return text(file.content);
  return {};
}

/// Applies files to a directory without a schema, with samba's own reader, and prints what is
/// there.
const char* ldb_check = R"(
import base64, ldb, sys
directory = ldb.Ldb(sys.argv[1])
for name in sys.argv[2:]:
    for change, message in directory.parse_ldif(open(name, newline='').read().replace('\r\n', '\n')):
        try:
            if change == ldb.CHANGETYPE_ADD: directory.add(message)
            elif change == ldb.CHANGETYPE_MODIFY: directory.modify(message)
            elif change == ldb.CHANGETYPE_DELETE: directory.delete(message.dn)
            else: raise Exception(change)
        except ldb.LdbError as error:
            if error.args[0] not in (ldb.ERR_ENTRY_ALREADY_EXISTS, ldb.ERR_NO_SUCH_OBJECT): raise
for found in sorted(directory.search(), key=lambda found: str(found.dn)):
    values = sorted(base64.b64encode(value).decode() for value in found['cACertificate'])
    print(str(found.dn), len(values), ' '.join(values), bytes(found['authorityRevocationList'][0]).hex())
)";

}  // namespace

TEST_CASE("authorities get one object each, with all generations, and publishers none",
          "[bundle]") {
  const std::string add = content(test::with_second_root(), "add.ldif");
  const std::string services =
      ",CN=Public Key Services,CN=Services,CN=Configuration,DC=acme,DC=test";
  std::string unfolded;
  for (std::size_t i = 0; i < add.size(); ++i) {
    if (add.compare(i, 3, "\r\n ") == 0)
      i += 2;
    else
      unfolded += add[i];
  }
  const auto count = [&](const std::string& part) {
    std::size_t found = 0;
    for (auto at = unfolded.find(part); at != std::string::npos; at = unfolded.find(part, at + 1))
      ++found;
    return found;
  };
  CHECK(count("dn: ") == 2);
  CHECK(count("dn: CN=lab-root,CN=Certification Authorities" + services + "\r\n") == 1);
  CHECK(count("dn: CN=lab-issuing,CN=AIA" + services + "\r\n") == 1);
  CHECK(count("\r\ncACertificate:: ") == 3);
  CHECK(count("\r\nauthorityRevocationList:: AA==\r\n") == 2);
  CHECK(count("\r\ncertificateRevocationList:: AA==\r\n") == 2);
  CHECK(count(to_base64(test::pki().code.certificate.der())) == 0);
  CHECK(count("NTAuth") == 0);
}

TEST_CASE("a forest that is no distinguished name is refused", "[bundle]") {
  for (const char* name : {"", "acme.test", "DC=acme\r\nchangetype: delete"}) {
    INFO(name);
    try {
      (void)bundle::ldif_files(test::lab_state(),
                               bundle::FormatRequest("ldif", {{"forest", name}}));
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.message ==
            "format 'ldif': forest '" + printable(name) + "' is not a distinguished name");
      CHECK(error.hint == "write the forest's root domain: DC=example,DC=com");
    }
  }
}

TEST_CASE("names from outside become harmless names of objects", "[bundle]") {
  const std::string add = content(test::hostile_state(), "add.ldif");
  CHECK(add.find("dn: CN=x__ calc") != std::string::npos);
  for (const char c : {'\'', '`', '$', '%', '&', '|', '\0'})
    CHECK(add.find(c) == std::string::npos);
}

TEST_CASE("samba reads the files: add, a second generation, its removal, and all of it",
          "[bundle][oracle]") {
  if (test::run({"/usr/bin/python3", "-c", "import ldb"}).exit_code != 0) {
    WARN("SKIPPED: python3-samba is not installed");
    return;
  }
  test::Scratch scratch;
  const auto apply = [&](const bundle::State& state, const std::vector<std::string>& names) {
    std::vector<std::string> command = {"/usr/bin/python3", "-c", ldb_check,
                                        "tdb://" + (scratch / "directory.ldb").string()};
    for (const auto& name : names) {
      write_file(scratch / name, view(content(state, name)), {Access::everyone, Existing::replace});
      command.push_back((scratch / name).string());
    }
    const auto ran = test::run(command);
    INFO(ran.err);
    CHECK(ran.exit_code == 0);
    return ran.out;
  };
  const auto expected = [](const bundle::State& state) {
    std::vector<std::string> roots, issuing;
    for (const auto& entry : state.present)
      if (entry.store != bundle::Store::trusted_publisher)
        (entry.store == bundle::Store::root ? roots : issuing)
            .push_back(to_base64(entry.certificate.der()));
    const auto line = [](const std::string& name, std::vector<std::string> values) {
      std::sort(values.begin(), values.end());
      std::string text = name +
                         ",CN=Public Key Services,CN=Services,CN=Configuration,DC=acme,DC=test " +
                         std::to_string(values.size());
      for (const auto& value : values) text += " " + value;
      return text + " 00\n";
    };
    std::string text;
    if (!issuing.empty()) text += line("CN=lab-issuing,CN=AIA", issuing);
    if (!roots.empty()) text += line("CN=lab-root,CN=Certification Authorities", roots);
    return text;
  };
  const auto first = test::lab_state(), second = test::with_second_root();
  CHECK(apply(first, {"add.ldif", "update.ldif"}) == expected(first));
  CHECK(apply(second, {"add.ldif", "update.ldif"}) == expected(second));
  auto third = second;
  for (auto which = third.present.begin(); which != third.present.end();)
    if (which->label == "lab-root@1" || which->label == "lab-issuing@1") {
      third.removed.push_back(*which);
      which = third.present.erase(which);
    } else {
      ++which;
    }
  CHECK(apply(third, {"add.ldif", "update.ldif"}) == expected(third));
  CHECK(apply(third, {"remove.ldif"}).empty());
}
