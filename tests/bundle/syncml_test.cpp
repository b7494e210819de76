#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "readings.h"
#include "states.h"

using namespace sealwright;
using test::found_in;
using test::Lines;
using test::pki;

namespace {

const test::Read read_syncml = [](BytesView bytes, bundle::Contents& contents) {
  bundle::read_syncml(bytes, "f", contents);
};

const std::string provider = "./Device/Vendor/MSFT/RootCATrustedCertificates/";

std::string thumbprint(const test::Holder& holder) { return holder.certificate.thumbprint().hex(); }

std::string item(const std::string& uri, const std::string& data = {}) {
  return "<Item><Target><LocURI>" + uri + "</LocURI></Target>" +
         (data.empty() ? "" : "<Data>" + data + "</Data>") + "</Item>";
}

/// An Add of a holder's certificate below ./Device/…/STORE.
std::string addition(const std::string& store, const test::Holder& holder) {
  return "<Add><CmdID>1</CmdID>" +
         item(provider + store + "/" + thumbprint(holder) + "/EncodedCertificate",
              to_base64(holder.certificate.der())) +
         "</Add>";
}

std::string body(const std::string& commands) { return "<SyncBody>" + commands + "</SyncBody>"; }

}  // namespace

TEST_CASE("SyncML's commands below the provider become changes of stores", "[bundle]") {
  const auto& root = pki().root;
  const std::string base64 = to_base64(root.certificate.der()), hex = thumbprint(root);
  const std::string added = "add LocalMachine: Root " + hex + ", certificate";
  struct Row {
    const char* name;
    std::string text;
    Lines certificates;
    std::size_t others;
    Lines faults;
  };
  const Row rows[] = {
      {"an addition", body(addition("Root", root)), {added}, 0, {}},
      {"without a body", addition("Root", root), {added}, 0, {}},
      {"prefixes, a header, and an Atomic",
       "<?xml version=\"1.0\"?><s:SyncML "
       "xmlns:s=\"SYNCML:SYNCML1.2\"><s:SyncHdr><s:Add/></s:SyncHdr>"
       "<s:SyncBody><s:Atomic><s:Replace><s:Item><s:Target><s:LocURI>./vendor/msft/"
       "ROOTCATrustedCertificates/Root/" +
           ascii_lower(hex) +
           "/EncodedCertificate</s:LocURI></s:Target><s:Meta><Format>b64</Format></s:Meta><s:Data>"
           "<![CDATA[" +
           base64 + "]]></s:Data></s:Item></s:Replace></s:Atomic></s:SyncBody></s:SyncML>",
       {added},
       0,
       {}},
      {"distrust",
       body(addition("UntrustedCertificates", root)),
       {"add LocalMachine: Disallowed " + hex + ", certificate"},
       0,
       {}},
      {"two deletions in one command",
       body("<Delete>" + item(provider + "CA/" + hex) +
            item("./User/Vendor/MSFT/RootCATrustedCertificates/TrustedPeople/" + hex) +
            "</Delete>"),
       {"remove CurrentUser: TrustedPeople " + hex, "remove LocalMachine: CA " + hex},
       0,
       {}},
      {"commands that ask, and nodes alone",
       body("<Get>" + item(provider + "Root/" + hex) + "</Get><Exec>" + item("./x", "y") +
            "</Exec><Add>" + item(provider + "Root/" + hex) + "</Add><Final/>"),
       {},
       0,
       {}},
      {"elsewhere",
       body("<Replace>" + item("./Device/Vendor/MSFT/Policy/x", "1") + "</Replace>"),
       {},
       1,
       {}},
      {"line feeds",
       body("<Add>" +
            item(provider + "Root/" + hex + "/EncodedCertificate",
                 "\n" + base64.substr(0, 64) + "\r\n" + base64.substr(64)) +
            "</Add>"),
       {added},
       0,
       {"error: item 1: the base64 has line feeds: the provider refuses it"}},
      {"another certificate's thumbprint",
       body("<Add>" +
            item(provider + "Root/" + thumbprint(pki().code) + "/EncodedCertificate", base64) +
            "</Add>"),
       {added},
       0,
       {"error: item 1: the URI names " + thumbprint(pki().code) + ", but the certificate is " +
        hex}},
      {"no thumbprint",
       body("<Add>" + item(provider + "Root/lab/EncodedCertificate", base64) + "</Add><Delete>" +
            item(provider + "Root/lab") + "</Delete>"),
       {added},
       0,
       {"error: item 1: 'lab' in the URI is no thumbprint",
        "error: item 2: 'lab' in the URI is no thumbprint"}},
      {"a user's root",
       body("<Add>" +
            item("./User/Vendor/MSFT/RootCATrustedCertificates/Root/" + hex + "/EncodedCertificate",
                 base64) +
            "</Add>"),
       {"add CurrentUser: Root " + hex + ", certificate"},
       0,
       {"error: item 1: a user's Root: Windows refuses roots below './User'"}},
      {"no such store",
       body("<Add>" + item(provider + "My/" + hex + "/EncodedCertificate", base64) + "</Add>"),
       {},
       0,
       {"error: item 1: the provider has no store 'My'"}},
      {"values where there are none, deletions of more than one",
       body("<Add>" + item(provider + "Root/" + hex + "/Subject", "x") +
            item(provider + "Root/" + hex + "/EncodedCertificate/x", base64) + "</Add><Delete>" +
            item(provider + "Root") + item(provider + "Root/" + hex + "/EncodedCertificate") +
            "</Delete>"),
       {},
       0,
       {"error: item 1: a value for '" + provider + "Root/" + hex + "/Subject', which takes none",
        "error: item 2: a value for '" + provider + "Root/" + hex +
            "/EncodedCertificate/x', which takes none",
        "error: item 3: '" + provider + "Root' cannot be deleted: the provider refuses it",
        "error: item 4: '" + provider + "Root/" + hex +
            "/EncodedCertificate' cannot be deleted: the provider refuses it"}},
      {"no base64, no value, no node",
       body("<Add>" + item(provider + "Root/" + hex + "/EncodedCertificate", "%") +
            item(provider + "Root/" + hex + "/EncodedCertificate") + "<Item/></Add>"),
       {},
       0,
       {"error: item 1: no certificate: the value is not base64",
        "error: item 2: no certificate: the value is empty", "error: item 3: no node is named"}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const auto found = found_in(read_syncml, row.text);
      CHECK(test::certificate_lines(found) == row.certificates);
      CHECK(found.other_changes == row.others);
      CHECK(test::fault_lines(found) == row.faults);
    }
}

TEST_CASE("a document type is refused, whatever it defines", "[bundle]") {
  std::string type = "<!DOCTYPE b [<!ENTITY a0 \"lol\">";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    type += "<!ENTITY a" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) type += before;
    type += "\">";
  }
  type += "<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
  CHECK_THROWS_WITH(found_in(read_syncml, type + body("<Add>&a9;&x;</Add>")),
                    "it has a document type, which no import needs");
}

TEST_CASE("what is no SyncML is refused", "[bundle]") {
  struct Row {
    const char* name;
    std::string text;
    const char* message;
  };
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += "<Atomic>";
  for (int i = 0; i < 100'000; ++i) nested += "</Atomic>";
  const Row rows[] = {
      {"nothing", "", "not well-formed XML: "},
      {"text", "hello", "not well-formed XML: "},
      {"another document", "<html/>", "not SyncML: its outermost element is 'html'"},
      {"elements deep in each other", body(nested), "elements nested more than 32 levels deep"},
      {"too large a file", std::string((32 << 20) + 1, ' '), "the file is larger than 32 MiB"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(found_in(read_syncml, row.text), Catch::StartsWith(row.message));
    }
}

TEST_CASE("every beginning of a SyncML file is refused", "[bundle]") {
  const std::string text = body(addition("Root", pki().root));
  CHECK(test::refused_beginnings(read_syncml, view(text)) == text.size());
}

TEST_CASE("SyncML of more changes than readers take is refused", "[bundle]") {
  std::string items;
  for (std::size_t i = 0; i <= bundle::max_read_changes; ++i) items += item("./x");
  CHECK_THROWS_WITH(found_in(read_syncml, body("<Delete>" + items + "</Delete>")),
                    "the file holds more than 100,000 changes");
}
