// Authorities that easy-rsa, `openssl ca` and keytool made go on here: what is issued under them
// verifies, what they revoked stays revoked, and the next plan is empty.

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/file.h"
#include "lab.h"

using namespace sealwright;
using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

const char* const easyrsa = "/usr/share/easy-rsa/easyrsa";

/// Runs a script in `folder` with the program on PATH as `sealwright`; fails the test unless every
/// line succeeds.
Ran shell(const fs::path& folder, const std::string& script) {
  const std::string setup =
      "set -eu; cd '" + folder.string() + "'; PATH='" +
      fs::path(SEALWRIGHT_PROGRAM).parent_path().string() +
      "':$PATH; export PATH SEALWRIGHT_PASSPHRASE='correct horse' EASYRSA_BATCH=1 "
      "EASYRSA_KEY_SIZE=2048 EASYRSA_CERT_RENEW=9999; E=" +
      easyrsa + "\n";
  const auto ran = run({"/bin/sh", "-c", setup + script});
  INFO(script << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  return ran;
}

bool have_easyrsa() {
  if (fs::exists(easyrsa)) return true;
  WARN("SKIPPED: easy-rsa is not installed");
  return false;
}

/// A pki folder with a server, two clients (one revoked, one renewed) and a driver signer.
void make_easyrsa_pki(const fs::path& folder) {
  shell(folder,
        "$E init-pki\n"
        "EASYRSA_REQ_CN='Old CA' $E build-ca nopass\n"
        "$E build-server-full vpn nopass\n"
        "$E build-client-full alice nopass\n"
        "$E build-client-full bob nopass\n"
        "$E gen-req drv nopass\n"
        "$E sign-req code-signing drv\n"
        "$E revoke bob keyCompromise\n"
        "$E renew alice nopass\n"
        "$E gen-crl\n");
}

/// openssl and certtool accept NAME under ca.pem and the list crl.pem of `folder`.
void check_accepted(const fs::path& folder, const std::string& name) {
  shell(folder, "openssl verify -crl_check -CAfile ca.pem -CRLfile crl.pem " + name + ".pem");
  if (have("certtool"))
    shell(folder,
          "certtool --verify --verify-profile low --load-ca-certificate ca.pem --load-crl "
          "crl.pem --infile " +
              name + ".pem");
}

void check_revoked(const fs::path& folder, const std::string& file) {
  const auto ran = run({"openssl", "verify", "-crl_check", "-CAfile", (folder / "ca.pem").string(),
                        "-CRLfile", (folder / "crl.pem").string(), file});
  CHECK(ran.exit_code != 0);
  CHECK_THAT(ran.out + ran.err, Catch::Contains("certificate revoked"));
}

void add_certificate(const fs::path& yaml, const std::string& issuer) {
  std::string text = read_text(yaml);
  const std::string section = "certificates:\n";
  if (text.find(section) == std::string::npos) text += section;
  text.insert(
      text.find(section) + section.size(),
      "  fresh:\n    policy: code-signing\n    issuer: " + issuer + "\n    subject: {CN: Fresh}\n");
  write_file(yaml, view(text), {Access::everyone, Existing::replace});
}

/// One more certificate under the adopted authority (fresh.pem), its certificate (ca.pem) and its
/// next list (crl.pem).
void issue_fresh(const fs::path& workspace, const std::string& authority) {
  add_certificate(workspace / "sealwright.yaml", authority);
  shell(workspace, "sealwright apply --yes\nsealwright plan --exit-code\nsealwright crl issue " +
                       authority +
                       " -o crl.pem\n"
                       "sealwright export fresh --format pem -o fresh.pem\n"
                       "sealwright export " +
                       authority + " --format pem -o ca.pem\n");
}

std::string list_of(const fs::path& workspace) {
  const auto json = shell(workspace, "sealwright list").out;
  std::istringstream lines(json);
  std::string made;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, state;
    words >> name >> state;
    made += name + " " + state + "\n";
  }
  return made;
}

}  // namespace

TEST_CASE("an easy-rsa folder becomes a workspace whose plan is empty", "[oracle][import]") {
  if (!have_easyrsa()) return;
  Scratch scratch;
  make_easyrsa_pki(scratch.path());
  const fs::path workspace = scratch / "workspace";
  fs::create_directory(workspace);
  shell(workspace,
        "sealwright import --from easy-rsa ../pki --write-yaml sealwright.yaml\n"
        "sealwright init\n"
        "sealwright apply --yes\n"
        "sealwright plan --exit-code\n");
  CHECK(list_of(workspace) ==
        "NAME STATE\nalice@1 retiring\nalice@2 active\nbob@1 revoked\ndrv@1 active\nold-ca@1 "
        "active\nvpn@1 active\n");
  issue_fresh(workspace, "old-ca");
  check_accepted(workspace, "fresh");
  for (const auto& entry : fs::directory_iterator(scratch / "pki/revoked/certs_by_serial"))
    check_revoked(workspace, entry.path().string());
}

TEST_CASE("an encrypted CA key of easy-rsa opens with its password only", "[oracle][import]") {
  if (!have_easyrsa()) return;
  Scratch scratch;
  std::ofstream(scratch / "password") << "hunter22\n";
  std::ofstream(scratch / "wrong") << "hunter2\n";
  shell(scratch.path(),
        "$E init-pki\n"
        "EASYRSA_PASSIN=pass:hunter22 EASYRSA_PASSOUT=pass:hunter22 EASYRSA_REQ_CN=Locked $E "
        "build-ca\n"
        "EASYRSA_PASSIN=pass:hunter22 $E build-client-full alice nopass\n"
        "mkdir w && cd w && sealwright import --from easy-rsa .. --password-file ../password "
        "--write-yaml sealwright.yaml\n"
        "sealwright init\nsealwright apply --yes\nsealwright plan --exit-code\n");
  const auto yaml = read_text(scratch / "w/sealwright.yaml");
  CHECK_THAT(yaml,
             Catch::Contains("password: {file: \"" + (scratch / "password").string() + "\"}"));
  const auto refused =
      run({SEALWRIGHT_PROGRAM, "-C", (scratch / "w").string(), "import", "--from", "easy-rsa",
           scratch.path().string(), "--password-file", (scratch / "wrong").string()});
  CHECK(refused.exit_code == 6);
  CHECK_THAT(refused.err, Catch::Contains("pki/private/ca.key: wrong password"));
}

TEST_CASE("the example that adopts an easy-rsa authority runs", "[oracle][import]") {
  if (!have_easyrsa()) return;
  const auto corpus = test::corpus();
  const fs::path example = corpus ? *corpus / "../design/examples/easyrsa/sealwright.yaml" : "";
  if (!fs::exists(example)) {
    WARN("SKIPPED: the example is not here");
    return;
  }
  Scratch scratch;
  make_easyrsa_pki(scratch.path());
  std::string text = read_text(example);
  const std::string there = "/home/me/easy-rsa";
  for (std::size_t at; (at = text.find(there)) != std::string::npos;)
    text.replace(at, there.size(), scratch.path().string());
  fs::create_directory(scratch / "w");
  write_file(scratch / "w/sealwright.yaml", view(text));
  shell(scratch / "w", "sealwright init\nsealwright apply --yes\nsealwright plan --exit-code\n");
  CHECK_THAT(list_of(scratch / "w"), Catch::Contains("driver-2023@1 active\neasyrsa-ca@1 active"));
  CHECK_THAT(list_of(scratch / "w"), !Catch::Contains("drv"));
}

TEST_CASE("a folder of openssl ca keeps its revocations and its numbers", "[oracle][import]") {
  Scratch scratch;
  std::ofstream(scratch / "openssl.cnf")
      << "[ca]\ndefault_ca = CA_default\n[CA_default]\ndir = ./demoCA  # where everything is\n"
         "database = $dir/index.txt\nnew_certs_dir = $dir/newcerts\ncertificate = "
         "$dir/cacert.pem\nserial = ${dir}/serial\ncrlnumber = $dir/crlnumber\nprivate_key = "
         "$dir/private/cakey.pem\ndefault_md = sha256\ndefault_days = 900\ndefault_crl_days = "
         "30\npolicy = pol\nunique_subject = no\nx509_extensions = ext\n[pol]\ncommonName = "
         "supplied\n[req]\ndistinguished_name = dn\n[dn]\n[ext]\nbasicConstraints = CA:FALSE\n"
         "extendedKeyUsage = codeSigning\n[v3_ca]\nbasicConstraints = critical, CA:TRUE, "
         "pathlen:0\nkeyUsage = critical, keyCertSign, cRLSign\n";
  shell(scratch.path(),
        "mkdir -p demoCA/newcerts demoCA/private; touch demoCA/index.txt\n"
        "echo 1000 > demoCA/serial; echo 0A > demoCA/crlnumber\n"
        "openssl req -x509 -newkey rsa:2048 -nodes -config openssl.cnf -extensions v3_ca -utf8 "
        "-subj '/O=Ältere/CN=Folder CA' -days 3000 -keyout demoCA/private/cakey.pem -out "
        "demoCA/cacert.pem\n"
        "make() { name=$1; subject=$2; shift 2; openssl req -new -newkey rsa:2048 -nodes -config "
        "openssl.cnf -utf8 -subj \"$subject\" -keyout $name.key -out $name.csr; openssl ca -batch "
        "-config openssl.cnf -in $name.csr -out $name.pem -notext \"$@\"; }\n"
        "make a '/CN=Signer'; make b '/CN=Umläut'\n"
        "make c '/CN=Gone' -startdate 20200101000000Z -enddate 20210101000000Z\n"
        "make d '/CN=Signer'; make e /CN=e; make f /CN=f\n"
        "openssl ca -config openssl.cnf -revoke b.pem -crl_compromise 20200901000000Z\n"
        "openssl ca -config openssl.cnf -revoke e.pem -crl_reason superseded\n"
        "openssl ca -config openssl.cnf -revoke f.pem -crl_hold holdInstructionReject\n"
        "openssl ca -config openssl.cnf -gencrl -out demoCA/crl.pem\n"
        "openssl ca -config openssl.cnf -updatedb\n"
        "rm demoCA/newcerts/1005.pem\n"
        "mkdir w && cd w && sealwright import --from openssl-ca .. --write-yaml sealwright.yaml\n"
        "sealwright init\nsealwright apply --yes\nsealwright plan --exit-code\n");
  CHECK(list_of(scratch / "w") ==
        "NAME STATE\ne@1 revoked\nfolder-ca@1 active\ngone@1 retired\nsigner@1 "
        "retiring\nsigner@2 active\numlaeut@1 revoked\n");
  const auto workspace = scratch / "w";
  issue_fresh(workspace, "folder-ca");
  check_accepted(workspace, "fresh");
  check_revoked(workspace, scratch / "f.pem");
  const auto list = shell(workspace, "openssl crl -in crl.pem -noout -text").out;
  CHECK_THAT(list, Catch::Contains("X509v3 CRL Number: \n                11"));
  for (const char* part :
       {"Serial Number: 1001", "Serial Number: 1004", "Serial Number: 1005", "Key Compromise",
        "Superseded", "Certificate Hold", "Sep  1 00:00:00 2020 GMT"})
    CHECK_THAT(list, Catch::Contains(part));
  // The issuer's name is the authority's, byte for byte: T61 or UTF-8, as it was written.
  CHECK(shell(workspace, "openssl x509 -in fresh.pem -noout -issuer_hash").out ==
        shell(workspace, "openssl x509 -in ca.pem -noout -subject_hash").out);
}

TEST_CASE("authorities of every kind issue what openssl and certtool accept", "[oracle][import]") {
  struct Row {
    std::string what, arguments, extensions;
  };
  const Row rows[] = {
      {"without a key identifier", "-sha256",
       "basicConstraints=critical,CA:TRUE\n"
       "subjectKeyIdentifier=none\n"},
      {"signed with SHA-1", "-sha1",
       "basicConstraints=critical,CA:TRUE\n"
       "subjectKeyIdentifier=hash\n"},
      {"with path length 0", "-sha256",
       "basicConstraints=critical,CA:TRUE,pathlen:0\n"
       "subjectKeyIdentifier=hash\n"},
      {"with a printable name", "-sha256 -nameopt utf8", "basicConstraints=critical,CA:TRUE\n"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.what) {
      Scratch scratch;
      std::ofstream(scratch / "c.cnf")
          << "[req]\ndistinguished_name=dn\nstring_mask=default\n[dn]\n[ext]\n"
          << row.extensions << "keyUsage=critical,keyCertSign,cRLSign\n";
      shell(scratch.path(),
            "openssl req -x509 -newkey rsa:2048 -nodes -config c.cnf -extensions ext -subj "
            "'/C=DE/O=Old/CN=The CA' -days 4000 -keyout ca.key -out old.pem " +
                row.arguments +
                "\n"
                "mkdir w && cd w && sealwright import ../old.pem ../ca.key --write-yaml "
                "sealwright.yaml\n"
                "sealwright init\nsealwright apply --yes\n");
      issue_fresh(scratch / "w", "the-ca");
      check_accepted(scratch / "w", "fresh");
    }
}

TEST_CASE("keytool's command for a Java keystore gives a PFX that imports", "[oracle][import]") {
  if (!have("keytool")) return;
  Scratch scratch;
  std::ofstream(scratch / "password") << "changeit\n";
  const auto store = (scratch / "signer.jks").string();
  shell(scratch.path(),
        "keytool -genkeypair -alias signer -keyalg RSA -keysize 2048 -validity 900 -dname "
        "'CN=Java Signer' -ext ExtendedKeyUsage=codeSigning -storetype JKS -storepass changeit "
        "-keypass changeit -keystore signer.jks");
  const auto refused = run({SEALWRIGHT_PROGRAM, "import", "--dry-run", store});
  CHECK(refused.exit_code == 3);
  const std::string hint = "hint: convert it: ";
  const auto at = refused.err.find(hint);
  REQUIRE(at != std::string::npos);
  const auto command = refused.err.substr(at + hint.size());
  shell(scratch.path(),
        command.substr(0, command.find('\n')) + " -srcstorepass changeit -deststorepass changeit");
  const auto read =
      shell(scratch.path(), "sealwright import --dry-run signer.p12 --password-file password");
  CHECK_THAT(read.out, Catch::Contains("java-signer@1  self-signed-driver, RSA-2048"));
  const auto corpus = test::corpus();
  if (!corpus) return;
  const auto theirs = run({SEALWRIGHT_PROGRAM, "import", "--dry-run",
                           (*corpus / "keys/jsign__keystore-no-chain.jks").string()});
  CHECK(theirs.exit_code == 3);
  CHECK_THAT(theirs.err, Catch::Contains("-srcstoretype JKS"));
}

TEST_CASE("a certificate that a request waits for is its answer", "[oracle][import]") {
  Scratch scratch;
  shell(scratch.path(),
        "sealwright init w --hierarchy driver-lab --no-passphrase\n"
        "sealwright -C w request foreign --policy code-signing -o f.csr\n"
        "openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=Foreign CA' -keyout ca.key -out "
        "ca.pem -days 4000 -addext keyUsage=critical,keyCertSign,cRLSign\n"
        "printf 'extendedKeyUsage=codeSigning\\nkeyUsage=critical,digitalSignature\\n' > ext\n"
        "openssl x509 -req -in f.csr -CA ca.pem -CAkey ca.key -days 300 -extfile ext -out f.pem\n");
  const auto imported = shell(scratch.path(), "sealwright -C w import f.pem ca.pem");
  CHECK_THAT(imported.out, Catch::Contains("what 'foreign' was waiting for"));
  const auto chain = shell(scratch.path(),
                           "sealwright -C w export foreign --format chain -o chain.pem\n"
                           "openssl verify -CAfile chain.pem f.pem\n"
                           "grep -c BEGIN chain.pem");
  CHECK_THAT(chain.out, Catch::EndsWith("2\n"));
  CHECK_THAT(shell(scratch.path(), "sealwright -C w import f.pem").out,
             Catch::Contains("Already there: nothing was changed."));
}

TEST_CASE("what existing names is checked before it is adopted", "[oracle][import]") {
  Scratch scratch;
  shell(scratch.path(),
        "make() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "
        "/CN=$1 -days 900 -addext basicConstraints=CA:$2 -keyout $1.key -out $1.pem; }\n"
        "make leaf FALSE; make root TRUE\n"
        "openssl pkcs8 -topk8 -in root.key -passout pass:secret -out locked.key\n");
  struct Row {
    std::string what, authority, message;
  };
  const Row rows[] = {
      {"a leaf as an authority", "{certificate: leaf.pem, key: leaf.key}",
       "'leaf.pem' is no authority's certificate, and 'old' is an authority"},
      {"another's key", "{certificate: root.pem, key: leaf.key}", "leaf.key' is not the key of '"},
      {"a key under a password", "{certificate: root.pem, key: locked.key}",
       "locked.key: needs a password"},
      {"a folder of nothing", "{from: easy-rsa, path: .}",
       "is no pki folder of easy-rsa: there is no 'index.txt'"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.what) {
      std::ofstream(scratch / "sealwright.yaml", std::ios::trunc)
          << "version: 1\nname: lab\nlab: true\nauthorities:\n  old: {policy: imported-ca, issuer: "
             "self, existing: "
          << row.authority << "}\n";
      shell(scratch.path(), "rm -rf .sealwright; sealwright init --no-passphrase");
      const auto ran = run({SEALWRIGHT_PROGRAM, "-C", scratch.path().string(), "apply"});
      CHECK(ran.exit_code == 3);
      CHECK_THAT(ran.err, Catch::Contains(row.message));
    }
}
