#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "compat/certificate_file.h"
#include "desk.h"
#include "x509/pem.h"
#include "x509/pkcs12.h"
#include "x509/pkcs7.h"

using namespace sealwright;
using namespace sealwright::test;
using Lines = std::vector<std::string>;
namespace made = x509::made;

namespace {

Bytes pfx() {
  const auto& pki = desk_pki();
  x509::PfxContent content;
  content.pkcs8 = pki.publisher_key.clone();
  content.certificate = pki.publisher.certificate;
  return x509::write_pfx(content, ossl::Secret(std::string_view("secret")), {});
}

/// A desk with the other forms that certificates come in.
struct FormsDesk : Desk {
  FormsDesk() {
    const auto& pki = desk_pki();
    write("root.pem", view(pki.root.certificate.to_pem()));
    write("publisher.crt", view(pki.publisher.certificate.to_pem()));
    write("both.p7b", x509::certificates_only({pki.publisher.certificate, pki.root.certificate}));
    write("both.pem", view(pki.publisher.certificate.to_pem() + pki.root.certificate.to_pem()));
    const auto list = made::list_of(pki.root, {});
    write("root.crl", list.der());
    write("list.pem", view(list.to_pem()));
  }
};

/// What `openssl crl2pkcs7` makes of the same PEM files.
Bytes by_openssl(const Desk& desk, const Lines& certificates, bool with_list) {
  Lines words = {"openssl", "crl2pkcs7", "-outform", "DER", "-out", desk.path("openssl.spc")};
  if (with_list)
    words.insert(words.end(), {"-in", desk.path("list.pem")});
  else
    words.push_back("-nocrl");
  for (const auto& name : certificates) words.insert(words.end(), {"-certfile", desk.path(name)});
  const auto ran = run(words);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return desk.read("openssl.spc");
}

}  // namespace

TEST_CASE("cert2spc makes the bytes that openssl makes of the same certificates", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    Lines certificates;  ///< For openssl.
  };
  const Row rows[] = {
      {"one in DER", {"@publisher.cer"}, {"publisher.crt"}},
      {"leaf and root", {"@publisher.cer", "@root.cer"}, {"publisher.crt", "root.pem"}},
      {"the root first", {"@root.cer", "@publisher.cer"}, {"root.pem", "publisher.crt"}},
      {"PEM under any name", {"@publisher.crt", "@root.pem"}, {"publisher.crt", "root.pem"}},
      {"several in one PEM file", {"@both.pem"}, {"publisher.crt", "root.pem"}},
      {"a P7B taken apart", {"@both.p7b"}, {"publisher.crt", "root.pem"}},
      {"one given twice", {"@root.cer", "@root.pem"}, {"root.pem", "root.pem"}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      FormsDesk desk;
      Lines words = row.words;
      words.push_back("@out.spc");
      const auto said = desk.run("cert2spc", words);
      CHECK(said.exit_code == 0);
      CHECK(said.out == "Succeeded\n");
      CHECK(desk.read("out.spc") == by_openssl(desk, row.certificates, false));
    }
}

TEST_CASE("cert2spc puts revocation lists beside the certificates", "[compat]") {
  for (const char* list : {"@root.crl", "@list.pem"}) {
    CAPTURE(list);
    FormsDesk desk;
    CHECK(desk.run("cert2spc", {list, "@publisher.cer", "@out.spc"}).exit_code == 0);
    CHECK(desk.read("out.spc") == by_openssl(desk, {"publisher.crt"}, true));
    CHECK(desk.run("cert2spc", {"@out.spc", "@root.cer", "@again.spc"}).exit_code == 0);
    CHECK(compat::read_certificate_file(desk.path("again.spc")).objects.size() == 3);
  }
}

TEST_CASE("cert2spc and mono's make the same file", "[compat][oracle]") {
  const std::string mono = "/usr/bin/cert2spc";
  if (!std::filesystem::exists(mono)) {
    WARN("SKIPPED: mono's cert2spc is not installed");
    return;
  }
  struct Row {
    const char* name;
    Lines inputs;
    bool mono_succeeds;
    bool ours_succeeds;
    const char* why;  ///< Where they differ.
  };
  const Row rows[] = {
      {"leaf and root", {"publisher.cer", "root.cer"}, true, true, ""},
      {"the root first", {"root.cer", "publisher.cer"}, true, true, ""},
      {"PEM", {"publisher.crt"}, true, true, ""},
      {"one given twice", {"root.cer", "root.cer"}, true, true, ""},
      {"a revocation list", {"publisher.cer", "root.crl"}, true, true, ""},
      {"a P7B", {"both.p7b"}, false, true, "mono goes by the ending, and does not know this one"},
      {"a file that is not there", {"absent.cer"}, false, false, ""},
      {"a private key called .cer", {"key.cer"}, false, false, ""},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      FormsDesk desk;
      desk.write("key.cer", desk_pki().publisher_key.view());
      Lines theirs = {mono}, ours;
      for (const auto& input : row.inputs) {
        theirs.push_back(desk.path(input));
        ours.push_back("@" + input);
      }
      theirs.push_back(desk.path("mono.spc"));
      ours.push_back("@ours.spc");
      CHECK((run(theirs).exit_code == 0) == row.mono_succeeds);
      CHECK((desk.run("cert2spc", ours).exit_code == 0) == row.ours_succeeds);
      CHECK((row.mono_succeeds == row.ours_succeeds) == std::string(row.why).empty());
      if (row.mono_succeeds && row.ours_succeeds)
        CHECK(desk.read("ours.spc") == desk.read("mono.spc"));
    }
}

TEST_CASE("cert2spc refuses what has no business in an SPC file, and loses nothing", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    const char* said;
  };
  const Row rows[] = {
      {"no words", {}, "the certificates and the SPC file to write are needed"},
      {"one word", {"@publisher.cer"}, "the certificates and the SPC file to write are needed"},
      {"the output forgotten",
       {"@publisher.cer", "@root.cer"},
       "'root.cer' is there and is no SPC file, so it stays as it is"},
      {"an output that is a key",
       {"@publisher.cer", "@publisher.pvk"},
       "'publisher.pvk' is there and is no SPC file"},
      {"a PVK", {"@publisher.pvk", "@out.spc"}, "'publisher.pvk': it is a PVK file"},
      {"a PFX", {"@publisher.pfx", "@out.spc"}, "'publisher.pfx': it is a PFX file"},
      {"a key in PEM", {"@key.pem", "@out.spc"}, "'key.pem': a private key is in it"},
      {"a key in DER", {"@key.der", "@out.spc"}, "'key.der': it is a private key"},
      {"an SPC file of nothing", {"@empty.spc", "@out.spc"}, "there is no certificate among"},
      {"text", {"@words.txt", "@out.spc"}, "'words.txt': neither a certificate nor"},
      {"half a certificate", {"@half.cer", "@out.spc"}, "'half.cer': "},
      {"no such file", {"@absent.cer", "@out.spc"}, "'absent.cer': No such file or directory"},
      {"an unknown option", {"-x", "@publisher.cer", "@out.spc"}, "unknown option '-x'"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      FormsDesk desk;
      const auto& pki = desk_pki();
      desk.write("publisher.pfx", pfx());
      desk.write("key.der", pki.publisher_key.view());
      desk.write("key.pem", view(pki.publisher.certificate.to_pem() +
                                 x509::to_pem("PRIVATE KEY", pki.publisher_key.view())));
      desk.write("empty.spc", x509::certificates_only({}));
      desk.write("words.txt", view(std::string("no certificate\n")));
      desk.write("half.cer", BytesView(pki.root.certificate.der()).first(200));
      const auto root = desk.read("root.cer"), key = desk.read("publisher.pvk");
      const auto said = desk.run("cert2spc", row.words);
      CHECK(said.exit_code == 1);
      CHECK(said.out == "Failed\n");
      CHECK_THAT(said.err, Catch::Contains(row.said));
      CHECK_FALSE(std::filesystem::exists(desk.path("out.spc")));
      CHECK(desk.read("root.cer") == root);
      CHECK(desk.read("publisher.pvk") == key);
    }
}

TEST_CASE("cert2spc writes over an SPC file of an earlier run, and over an empty file",
          "[compat]") {
  Desk desk;
  CHECK(desk.run("cert2spc", {"@publisher.cer", "@root.cer", "@out.spc"}).exit_code == 0);
  CHECK(desk.run("cert2spc", {"@own.cer", "@root.cer", "@out.spc"}).exit_code == 0);
  CHECK(desk.read("out.spc") ==
        x509::certificates_only({desk_pki().own.certificate, desk_pki().root.certificate}));
  CHECK_THAT(desk.run("cert2spc", {"@own.cer", "@out.spc"}).err,
             Catch::Contains("'out.spc' is there and holds more certificates"));
  desk.write("empty.spc", {});
  CHECK(desk.run("cert2spc", {"@own.cer", "@empty.spc"}).exit_code == 0);
}

TEST_CASE("cert2spc notes what its model lets pass", "[compat]") {
  struct Row {
    const char* name;
    Lines words;
    const char* note;  ///< "" = none.
  };
  const Row rows[] = {
      {"a whole chain", {"@publisher.cer", "@root.cer"}, ""},
      {"a self-signed one", {"@own.cer"}, ""},
      {"no issuer", {"@publisher.cer"}, "is not among the certificates: CN=Old Root"},
      {"the root first", {"@root.cer", "@publisher.cer"}, "is not the first"},
      {"twice", {"@own.cer", "@own.cer"}, "is given twice"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      Desk desk;
      Lines words = row.words;
      words.push_back("@out.spc");
      const auto said = desk.run("cert2spc", words);
      CHECK(said.exit_code == 0);
      if (*row.note)
        CHECK_THAT(said.err, Catch::Contains(row.note));
      else
        CHECK(said.err.empty());
    }
}

TEST_CASE("cert2spc explains itself as an export of what is taken over", "[compat]") {
  Desk desk;
  const auto said =
      desk.run("cert2spc", {"@root.cer", "@publisher.cer", "@out/Contoso.spc", "--explain"});
  CHECK(said.exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(desk.path("out/Contoso.spc")));
  const auto hierarchy = loaded(said.out);
  REQUIRE(hierarchy.exports.size() == 1);
  CHECK(hierarchy.exports[0].name == "contoso-spc");
  CHECK(hierarchy.exports[0].certificate == "contoso-publisher");
  REQUIRE(hierarchy.authority("old-root"));
  CHECK(hierarchy.certificate("contoso-publisher")->issuer == "old-root");
  CHECK(loaded(desk.run("cert2spc", {"@publisher.cer", "@o.spc", "--explain"}).out)
            .certificate("contoso-publisher"));
}
