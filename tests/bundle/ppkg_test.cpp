#include "bundle/ppkg.h"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "base/encoding.h"
#include "base/file.h"
#include "states.h"

using namespace sealwright;

namespace {

std::string content(const bundle::State& state, const std::string& name) {
  for (const auto& file : bundle::ppkg_files(state, bundle::FormatRequest("ppkg-xml")))
    if (file.path == name) return text(file.content);
  return {};
}

std::vector<std::string> values(const bundle::State& state, const char* xpath) {
  pugi::xml_document document;
  REQUIRE(document.load_string(content(state, "customizations.xml").c_str()));
  std::vector<std::string> found;
  for (const auto& node : document.select_nodes(xpath))
    found.emplace_back(node.attribute() ? node.attribute().value() : node.node().child_value());
  return found;
}

std::string name(const char* store, const test::Holder& holder) {
  return std::string(store) + "-" + holder.certificate.thumbprint().hex();
}

}  // namespace

TEST_CASE("roots and intermediates are settings, with their files beside them", "[bundle]") {
  using Texts = std::vector<std::string>;
  const auto state = test::lab_state();
  const std::string root = name("Root", test::pki().root),
                    issuing = name("CA", test::pki().issuing);
  CHECK(values(state, "//Certificates/RootCertificates/RootCertificate/@CertificateName") ==
        Texts{root});
  CHECK(values(state, "//Certificates/CACertificates/CACertificate/@Name") == Texts{issuing});
  CHECK(values(state, "//CertificatePath") ==
        Texts{"certificates\\" + issuing + ".cer", "certificates\\" + root + ".cer"});
  CHECK(content(state, "certificates/" + root + ".cer") ==
        text(test::pki().root.certificate.der()));
  CHECK(content(state, "certificates/" + issuing + ".cer") ==
        text(test::pki().issuing.certificate.der()));
}

TEST_CASE("publishers, for which there is no setting, are in no file of the package", "[bundle]") {
  const std::string publisher = test::pki().code.certificate.thumbprint().hex();
  for (const auto& state : {test::lab_state(), test::without_publisher()})
    for (const auto& file : bundle::ppkg_files(state, "ppkg-xml")) {
      CHECK(file.path.find(publisher) == std::string::npos);
      CHECK(text(file.content).find(publisher) == std::string::npos);
    }
  CHECK(content(test::lab_state(), "remove.cmd")
            .find("certutil -delstore Root " + test::pki().root.certificate.thumbprint().hex()) !=
        std::string::npos);
}

TEST_CASE("the next version has the same id and a higher version", "[bundle]") {
  auto next = test::lab_state();
  next.version = 4;
  CHECK(values(test::lab_state(), "//PackageConfig/Version") == std::vector<std::string>{"3.0"});
  CHECK(values(next, "//PackageConfig/Version") == std::vector<std::string>{"4.0"});
  CHECK(values(next, "//PackageConfig/ID") == values(test::lab_state(), "//PackageConfig/ID"));
}

TEST_CASE("xmllint reads customizations.xml whatever the names hold", "[bundle][oracle]") {
  if (!test::have_program("xmllint")) {
    WARN("SKIPPED: xmllint is not installed");
    return;
  }
  test::Scratch scratch;
  write_file(scratch / "customizations.xml",
             view(content(test::hostile_state(), "customizations.xml")));
  const auto ran = test::run({"xmllint", "--noout", (scratch / "customizations.xml").string()});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
}
