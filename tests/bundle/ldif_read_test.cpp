#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "readings.h"
#include "states.h"

using namespace sealwright;
using test::found_in;
using test::Lines;
using test::pki;

namespace {

const test::Read read_ldif = [](BytesView bytes, bundle::Contents& contents) {
  bundle::read_ldif(bytes, "f", contents);
};

const std::string services = "CN=Public Key Services,CN=Services,CN=Configuration,DC=acme,DC=test";
const std::string root_dn = "CN=Lab,CN=Certification Authorities," + services;
const std::string none = "certificateRevocationList:: AA==\nauthorityRevocationList:: AA==\n";

std::string value(const test::Holder& holder) {
  return "cACertificate:: " + to_base64(holder.certificate.der()) + "\n";
}

std::string line(const char* action, const char* store, const test::Holder& holder) {
  return std::string(action) + " Active Directory: " + store + " " +
         holder.certificate.thumbprint().hex() + ", certificate";
}

}  // namespace

TEST_CASE("changes below Public Key Services become changes of stores", "[bundle]") {
  const auto& [root, next] = std::tie(pki().root, pki().issuing);
  struct Row {
    const char* name;
    std::string text;
    Lines certificates;
    std::size_t others;
    Lines faults;
  };
  const Row rows[] = {
      {"an object without changetype",
       "version: 1\n\n# a comment\n#folded\n  still\ndn: " + root_dn +
           "\nobjectClass: certificationAuthority\n" + value(root) + none,
       {line("add", "Root", root)},
       0,
       {}},
      {"an intermediate, with CRLF",
       "dn: CN=Sub,CN=AIA," + services + "\r\nchangetype: add\r\ncACertificate:: " +
           to_base64(root.certificate.der()) + "\r\n\r\n",
       {line("add", "CA", root)},
       0,
       {}},
      {"names in other spellings",
       "DN: cn = Lab , cn=certification  AUTHORITIES,2.5.4.3=Public\\20Key Services, "
       "CN=services,CN=Configuration,DC=X\nCHANGETYPE: Add\nCACERTIFICATE;binary:: " +
           to_base64(root.certificate.der()) + "\n",
       {line("add", "Root", root)},
       0,
       {}},
      {"a name in base64",
       "dn:: " + to_base64(view(root_dn)) + "\nchangetype: add\n" + value(root),
       {line("add", "Root", root)},
       0,
       {}},
      {"one in, one out",
       "dn: " + root_dn + "\ncontrol: 1.2.840.113556.1.4.805 true\nchangetype: modify\n" +
           "add: cACertificate\n" + value(next) + "-\ndelete: cACertificate\n" + value(root) +
           "-\nreplace: description\ndescription: x\n-\n",
       {line("add", "Root", next), line("remove", "Root", root)},
       1,
       {}},
      {"all replaced",
       "dn: " + root_dn + "\nchangetype: modify\nreplace: cACertificate\n" + value(next) + "-\n",
       {line("add", "Root", next)},
       0,
       {"note: line 3: all other certificates of '" + root_dn +
        "' go, which the file does not name"}},
      {"all deleted",
       "dn: " + root_dn + "\nchangetype: modify\ndelete: cACertificate\n-\n",
       {},
       0,
       {"note: line 3: all certificates of '" + root_dn + "' go, which the file does not name"}},
      {"the object deleted",
       "dn: " + root_dn + "\nchangetype: delete\n",
       {},
       0,
       {"note: line 1: '" + root_dn +
        "' goes with all its certificates, which the file does not name"}},
      {"an object moved out, one moved in, one renamed",
       "dn: " + root_dn + "\nchangetype: modrdn\nnewrdn: CN=Lab\ndeleteoldrdn: 1\nnewsuperior: " +
           services + "\n\ndn: CN=a,DC=x\nchangetype: moddn\nnewrdn: CN=a\nnewsuperior: CN=AIA," +
           services + "\n\ndn: " + root_dn + "\nchangetype: modrdn\nnewrdn: CN=Old\n",
       {},
       1,
       {"note: line 1: '" + root_dn +
            "' leaves the store Root with all its certificates, which the file does not name",
        "warning: line 7: 'CN=a,DC=x' moves into the store CA with all its certificates, which the "
        "file does not name"}},
      {"good for logons",
       "dn: CN=NTAuthCertificates," + services + "\nchangetype: modify\nadd: cACertificate\n" +
           value(root) + "-\n",
       {line("add", "NTAuth", root)},
       0,
       {"warning: line 4: an authority in NTAuth is good for logons: who has its key can log on "
        "as anybody"}},
      {"elsewhere",
       "dn: CN=Lab,CN=Enrollment Services," + services + "\nchangetype: add\n" + value(root) +
           "\ndn: CN=AIA," + services +
           "\nchangetype: delete\n\ndn:\nchangetype: modify\n"
           "add: schemaUpdateNow\nschemaUpdateNow: 1\n-\n",
       {},
       3,
       {"warning: line 3: a certificate goes into 'CN=Lab,CN=Enrollment Services," + services +
        "', which is not looked at"}},
      {"the attribute by its OID",
       "dn: " + root_dn + "\nchangetype: modify\nadd: 2.5.4.37\n2.5.4.37" + value(root).substr(13) +
           "-\n",
       {line("add", "Root", root)},
       0,
       {}},
      {"what the schema demands is missing",
       "dn: " + root_dn + "\nchangetype: add\nobjectClass: top\n" +
           "objectClass: CertificationAuthority\n" + value(root),
       {line("add", "Root", root)},
       0,
       {"error: line 1: '" + root_dn +
            "' has no certificateRevocationList: Active Directory refuses it",
        "error: line 1: '" + root_dn +
            "' has no authorityRevocationList: Active Directory refuses it"}},
      {"no certificate at all, as tools write it",
       "dn: " + root_dn + "\nchangetype: add\nobjectClass: certificationAuthority\n" +
           "cACertificate:: AA==\n" + none,
       {},
       0,
       {}},
      {"a URL, which stays closed",
       "dn: " + root_dn + "\nchangetype: add\ncACertificate:< file:///etc/passwd\n",
       {},
       0,
       {"error: line 3: the value of 'cacertificate' is not in the file, but at "
        "'file:///etc/passwd', which is not opened"}},
      {"no base64",
       "dn: " + root_dn + "\nchangetype: add\ncACertificate:: A\n",
       {},
       0,
       {"error: line 3: no certificate: the value is not base64"}},
      {"a change without its end, after one of another attribute",
       "dn: " + root_dn + "\nchangetype: modify\nadd: cACertificate\ndescription: x\n",
       {},
       0,
       {"warning: line 3: the last change of '" + root_dn + "' lacks its end",
        "error: line 4: 'description' inside a change of 'cacertificate'"}},
      {"a change that is none",
       "dn: " + root_dn + "\nchangetype: ntdsSchemaAdd\n\ndn: " + root_dn +
           "\nchangetype: modify\ncACertificate: x\n-\n",
       {},
       0,
       {"error: line 1: an unknown change of '" + root_dn + "': 'ntdsschemaadd'",
        "error: line 6: 'cacertificate' where a change of '" + root_dn + "' should start"}},
      {"cross-certificates",
       "dn: CN=Lab,CN=AIA," + services + "\nchangetype: add\ncrossCertificatePair:: MAA=\n",
       {},
       0,
       {"note: line 3: a pair of cross-certificates goes to the machines too; it is not looked "
        "at"}},
      {"an empty file", "", {}, 0, {}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const auto found = found_in(read_ldif, row.text);
      CHECK(test::certificate_lines(found) == row.certificates);
      CHECK(found.other_changes == row.others);
      CHECK(test::fault_lines(found) == row.faults);
    }
}

TEST_CASE("what is no LDIF is refused with its line", "[bundle]") {
  struct Row {
    const char* name;
    std::string text;
    const char* message;
  };
  const Row rows[] = {
      {"prose", "Dear all,\n", "line 1: 'Dear all,' is not 'NAME: VALUE'"},
      {"another version", "version: 2\n", "line 1: version '2' of LDIF; there is only 1"},
      {"a record without its name", "\n\ncn: x\n",
       "line 3: a record that does not start with the 'dn' of an object"},
      {"a name that is no base64", "dn:: %\n",
       "line 1: a record that does not start with the 'dn' of an object"},
      {"a name behind a URL", "dn:< file:///x\n",
       "line 1: a record that does not start with the 'dn' of an object"},
      {"a continuation of nothing", " x\n", "line 1: it goes on with a line that is not there"},
      {"a continuation behind an empty line", "dn: x\n\n x\n",
       "line 3: it goes on with a line that is not there"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(found_in(read_ldif, row.text), row.message);
    }
}

TEST_CASE("every beginning of an LDIF file is read or refused", "[bundle]") {
  const std::string text = "version: 1\ndn: " + root_dn +
                           "\nchangetype: modify\nadd: cACertificate\n" + value(pki().root) +
                           "-\n\ndn: " + root_dn + "\nchangetype: delete\n";
  CHECK(test::refused_beginnings(read_ldif, view(text)) > 0);
}

TEST_CASE("LDIF of more changes than readers take is refused", "[bundle]") {
  std::string records, values = "dn: " + root_dn + "\nchangetype: modify\nadd: x\n";
  for (std::size_t i = 0; i <= bundle::max_read_changes; ++i) {
    records += "dn: x\nchangetype: delete\n\n";
    values += "x: y\n";
  }
  for (const auto* text : {&records, &values})
    CHECK_THROWS_WITH(found_in(read_ldif, *text), "the file holds more than 100,000 changes");
  const std::string huge =
      "dn: " + root_dn + "\nchangetype: add\ncACertificate:: " + std::string(8 << 20, 'A') + "\n";
  CHECK(test::fault_lines(found_in(read_ldif, huge)).size() == 1);
}

TEST_CASE("what samba's ldb writes is read: a real directory's object", "[bundle][oracle]") {
  if (test::run({"/usr/bin/python3", "-c", "import ldb"}).exit_code != 0) {
    WARN("SKIPPED: python3-samba is not installed");
    return;
  }
  const char* write = R"(
import base64, ldb, sys
directory = ldb.Ldb()
message = ldb.Message(ldb.Dn(directory, sys.argv[1]))
message['objectClass'] = ['top', 'certificationAuthority']
message['cACertificate'] = [base64.b64decode(value) for value in sys.argv[2:]]
message['certificateRevocationList'] = [b'\0']
message['authorityRevocationList'] = [b'\0']
for change in (ldb.CHANGETYPE_NONE, ldb.CHANGETYPE_ADD):
    print(directory.write_ldif(message, change), end='')
)";
  const auto ran =
      test::run({"/usr/bin/python3", "-c", write, root_dn, to_base64(pki().root.certificate.der()),
                 to_base64(pki().issuing.certificate.der())});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const Lines both =
      test::joined({line("add", "Root", pki().root)}, {line("add", "Root", pki().issuing)});
  const auto found = found_in(read_ldif, ran.out);
  CHECK(test::certificate_lines(found) == test::joined(both, both));
  CHECK(test::fault_lines(found).empty());
}
