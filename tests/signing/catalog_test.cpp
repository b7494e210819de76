#include "signing/catalog.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"

using namespace sealwright;
using namespace sealwright::signing;
namespace fs = std::filesystem;

namespace {
std::vector<fs::path> corpus_catalogs() {
  std::vector<fs::path> found;
  if (const auto corpus = test::corpus())
    for (const auto* folder : {"cats", "drivers"})
      for (const auto& entry : fs::recursive_directory_iterator(*corpus / folder))
        if (ascii_lower(entry.path().extension().native()) == ".cat") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

/// Two files, one of each kind.
Catalog small_catalog(int version) {
  Catalog catalog;
  catalog.version = version;
  catalog.list_identifier = Bytes(16, 0xa5);
  catalog.this_update = *parse_time("2026-06-15T12:00:00Z");
  catalog.attributes.push_back(NameValue::of_text("OS", "_v100_X64"));
  catalog.attributes.push_back(NameValue::of_text("HWID1", "root\\sample"));
  for (const auto kind : {MemberKind::pe, MemberKind::flat}) {
    CatalogFile file{kind, {}, {}, {}};
    const auto content = view(kind == MemberKind::pe ? "sample.sys" : "sample.inf");
    file.sha1 = ossl::hash(ossl::Digest::sha1, content);
    file.sha256 = ossl::hash(ossl::Digest::sha256, content);
    file.attributes.push_back(NameValue::of_text("File", text(content)));
    for (auto& member : members_for(version, file)) catalog.members.push_back(std::move(member));
  }
  return catalog;
}

const CatalogMember* member_named(const Catalog& catalog, const std::string& file) {
  for (const auto& member : catalog.members)
    if (member.data && member.attribute("File") == file) return &member;
  return nullptr;
}
}  // namespace

TEST_CASE("every real catalog is written back byte for byte", "[catalog]") {
  const auto catalogs = corpus_catalogs();
  if (catalogs.empty()) {
    WARN("SKIPPED: no corpus of real files");
    return;
  }
  for (const auto& path : catalogs) {
    CAPTURE(path);
    const auto bytes = read_file(path);
    const auto catalog = read_catalog(bytes);
    const auto data = x509::read_signed_data(bytes);
    CHECK(!catalog.members.empty());
    CHECK(encode(catalog) == data.content);
    if (data.signers.empty()) CHECK(encode_unsigned(catalog) == bytes);
  }
}

TEST_CASE("a catalog by makecat is read: version 2, page hashes, base64, no catalog attributes",
          "[catalog]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus of real files");
    return;
  }
  const auto catalog = read_catalog(read_file(*corpus / "cats/osslsigncode__unsigned.cat"));
  CHECK(catalog.version == 2);
  CHECK(to_iso(catalog.this_update) == "2025-06-05T08:00:48Z");
  CHECK(to_hex_upper(catalog.list_identifier) == "39BBA8F55B5D8B4A83172DCB3C937FDF");
  CHECK(catalog.members.size() == 14);
  CHECK(catalog.attribute("OSAttr") == "2:6.0");
  CHECK(catalog.hardware_ids().empty());

  const auto* exe = member_named(catalog, "unsigned.exe");
  REQUIRE(exe != nullptr);
  CHECK(exe->kind == MemberKind::pe);
  CHECK(exe->algorithm() == ossl::Digest::sha256);
  CHECK(exe->tag_text() == "2D2C7B382C8163A419B9FF214A7B651C33F9EA43335907F11377290C5158A7A4");
  const auto pages = read_page_hashes(exe->data->value);
  REQUIRE(pages);
  CHECK(pages->digest == ossl::Digest::sha256);

  const auto* cabinet = member_named(catalog, "unsigned.ex_");
  REQUIRE(cabinet != nullptr);
  CHECK(cabinet->kind == MemberKind::cabinet);

  int base64 = 0;
  for (const auto& member : catalog.members)
    for (const auto& pair : member.attributes)
      if (pair.flags & attribute_data_base64) {
        ++base64;
        CHECK_FALSE(pair.text());
      }
  CHECK(base64 == 1);
}

TEST_CASE("a catalog by inf2cat is read: version 1, its files and hardware IDs", "[catalog]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus of real files");
    return;
  }
  const auto catalog =
      read_catalog(read_file(*corpus / "drivers/outline-apps__bin_amd64/tap0901.cat"));
  CHECK(catalog.version == 1);
  CHECK(catalog.attribute("OS") == "VistaX64,Server2008X64,7X64,Server2008R2X64");
  CHECK(catalog.hardware_ids() == std::vector<std::string>{"root\\tap0901", "tap0901"});
  REQUIRE(catalog.members.size() == 2);
  const auto& sys = catalog.members[1];
  CHECK(sys.attribute("File") == "tap0901.sys");
  CHECK(sys.attribute("osattr") == "2:6.0,2:6.1");
  CHECK(sys.kind == MemberKind::pe);
  CHECK(sys.subject_guid == "{C689AAB8-8E78-11D0-8C47-00C04FC295EE}");
  CHECK(sys.certificate_version == 0x200);
  CHECK(sys.algorithm() == ossl::Digest::sha1);
  CHECK(sys.tag_text() == to_hex_upper(sys.digest()));
}

TEST_CASE("version 1 lists a file once by SHA-1, version 2 twice", "[catalog]") {
  CatalogFile file{MemberKind::pe, Bytes(20, 0xab), Bytes(32, 0xcd), {}};
  file.attributes.push_back(NameValue::of_text("File", "x.sys"));
  SECTION("version 1: the tag is the hash as text with a terminator") {
    const auto members = members_for(1, file);
    REQUIRE(members.size() == 1);
    CHECK(members[0].tag.size() == 82);
    CHECK(members[0].tag_text() == "ABABABABABABABABABABABABABABABABABABABAB");
    CHECK(members[0].algorithm() == ossl::Digest::sha1);
  }
  SECTION("version 2: the SHA-1 entry has the attributes, but no signed digest") {
    const auto members = members_for(2, file);
    REQUIRE(members.size() == 2);
    CHECK(members[0].tag == file.sha1);
    CHECK_FALSE(members[0].data);
    CHECK(members[0].attributes == members[1].attributes);
    CHECK(members[0].kind == MemberKind::pe);
    CHECK(members[1].tag == file.sha256);
    CHECK(members[1].data->type == oids::pe_image_data);
    CHECK(members[1].data->message_digest == file.sha256);
  }
  SECTION("what is not a PE has the type of cabinets, as in Microsoft's catalogs") {
    file.kind = MemberKind::flat;
    CHECK(members_for(2, file)[1].data->type == oids::cab_data);
  }
}

TEST_CASE("a catalog comes back from its bytes, sorted by tag", "[catalog]") {
  for (const int version : {1, 2}) {
    CAPTURE(version);
    auto catalog = small_catalog(version);
    std::reverse(catalog.members.begin(), catalog.members.end());
    const auto bytes = encode_unsigned(catalog);
    const auto read = read_catalog(bytes);
    CHECK(read.version == version);
    CHECK(read.list_identifier == catalog.list_identifier);
    CHECK(read.this_update == catalog.this_update);
    CHECK(read.attributes == catalog.attributes);
    CHECK(read.members.size() == (version == 1 ? 2 : 4));
    CHECK(std::is_sorted(read.members.begin(), read.members.end(),
                         [](const auto& a, const auto& b) { return a.tag < b.tag; }));
    CHECK(encode_unsigned(read) == bytes);
  }
}

TEST_CASE("openssl reads an unsigned catalog: PKCS#7 without signers around a trust list",
          "[catalog]") {
  if (!test::have_program("openssl")) {
    WARN("SKIPPED: no openssl");
    return;
  }
  test::Scratch scratch;
  const auto path = scratch / "small.cat";
  write_file(path, encode_unsigned(small_catalog(2)));
  const auto dump = test::run({"openssl", "asn1parse", "-inform", "DER", "-in", path.native()});
  REQUIRE(dump.exit_code == 0);
  for (const auto* line :
       {":pkcs7-signedData", ":1.3.6.1.4.1.311.10.1", ":1.3.6.1.4.1.311.12.1.1",
        "[HEX DUMP]:A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5", "UTCTIME           :260615120000Z",
        ":1.3.6.1.4.1.311.12.1.3", ":1.3.6.1.4.1.311.12.2.3", ":1.3.6.1.4.1.311.2.1.4",
        "INTEGER           :10010001"})
    CHECK_THAT(dump.out, Catch::Contains(line));
  const auto pkcs7 =
      test::run({"openssl", "pkcs7", "-inform", "DER", "-in", path.native(), "-noout", "-print"});
  CHECK(pkcs7.exit_code == 0);
}

TEST_CASE("members are found by hash, two files with equal bytes both", "[catalog]") {
  auto catalog = small_catalog(1);
  auto twin = catalog.members[0];
  twin.attributes = {NameValue::of_text("File", "twin.sys")};
  catalog.members.push_back(twin);
  const CatalogIndex index(catalog);
  const auto digest = ossl::hash(ossl::Digest::sha1, view("sample.sys"));
  CHECK(index.find(digest).size() == 2);
  CHECK(index.find(ossl::hash(ossl::Digest::sha1, view("other"))).empty());
  CHECK(index.find({}).empty());
}

TEST_CASE("an attribute's value is text only when it says so and is", "[catalog]") {
  CHECK(NameValue::of_text("File", "sch\xc3\xa4rfe.sys").text() == "sch\xc3\xa4rfe.sys");
  CHECK(NameValue::of_text("File", "").text() == "");
  NameValue odd{"File", attribute_data_ascii, {'a', 0, 'b'}};
  CHECK_FALSE(odd.text());
  NameValue half_pair{"File", attribute_data_ascii, {0x00, 0xd8}};
  CHECK_FALSE(half_pair.text());
  NameValue raw{"File", attribute_data_base64, {'a', 0}};
  CHECK_FALSE(raw.text());
}

TEST_CASE("hardware IDs are told by their numbers", "[catalog]") {
  Catalog catalog;
  for (const auto* name : {"HWID10", "HWID2", "HWID1", "HWID", "HWIDx", "OS"})
    catalog.attributes.push_back(NameValue::of_text(name, name));
  CHECK(catalog.hardware_ids() == std::vector<std::string>{"HWID1", "HWID2", "HWID10"});
}

TEST_CASE("read_catalog says why a file is no catalog", "[catalog]") {
  const auto good = encode_unsigned(small_catalog(2));
  SECTION("another file") {
    CHECK_THROWS_WITH(read_catalog(view("[CatalogHeader]")), Catch::StartsWith("not a catalog ("));
    CHECK_THROWS_WITH(read_catalog({}), Catch::StartsWith("not a catalog ("));
  }
  SECTION("a PKCS#7 file with other content") {
    CHECK_THROWS_WITH(read_catalog(x509::certificates_only({})),
                      "not a catalog (its content is of type 1.2.840.113549.1.7.1)");
  }
  SECTION("a trust list for another use") {
    auto other = encode(small_catalog(2));
    // 1.3.6.1.4.1.311.12.1.1, the first OID: its last octet.
    const Bytes oid = {0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0c, 0x01, 0x01};
    auto at = std::search(other.begin(), other.end(), oid.begin(), oid.end());
    REQUIRE(at != other.end());
    at[11] = 0x09;
    CHECK_THROWS_WITH(read_trust_list(other), "not a catalog (it is a trust list for another use)");
  }
  SECTION("cut anywhere") {
    for (std::size_t size = 0; size < good.size(); ++size)
      CHECK_THROWS_AS(read_catalog(BytesView(good).first(size)), Error);
  }
}
