#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "pe_image.h"
#include "pki.h"
#include "signing/file.h"
#include "support.h"

namespace {
using namespace sealwright;
using namespace sealwright::signing;
namespace der = ossl::der;
using ossl::Digest;
using test::PeImage;
using test::pki;

/// An unsigned catalog without members.
Bytes unsigned_catalog() {
  const Bytes algorithm = der::sequence({der::oid(Oid("1.3.6.1.4.1.311.12.1.2")), der::null()});
  x509::SignedData data;
  data.content_type = oids::trust_list;
  data.content = der::sequence({der::sequence({der::oid(Oid("1.3.6.1.4.1.311.12.1.1"))}),
                                der::octet_string(Bytes(16, 0x42)), der::utc_time(test::noon),
                                algorithm, der::sequence({})});
  return x509::encode(data);
}

/// What osslsigncode says about a file: 0 = all its signatures are good.
test::Ran osslsigncode_verify(const std::filesystem::path& file,
                              const std::filesystem::path& folder) {
  const std::string root = test::write_pem(folder / "root.pem", {pki().root.certificate});
  return test::run(
      {"osslsigncode", "verify", "-CAfile", root, "-TSA-CAfile", root, "-in", file.string()});
}

Bytes signed_bytes(BytesView content, const Identity& identity, const SignOptions& options) {
  const test::Scratch scratch;
  write_file(scratch / "in", content);
  sign_file(scratch / "in", scratch / "out", identity, options);
  return read_file(scratch / "out");
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.message;
  }
  return "(no error)";
}

}  // namespace

TEST_CASE("osslsigncode accepts what is signed here", "[signing][oracle]") {
  if (!test::have_program("osslsigncode")) {
    WARN("SKIPPED: osslsigncode is not installed");
    return;
  }
  LocalTimestamper timestamper(pki().authority());
  PeImage odd(PeImage::Format::pe32);
  odd.bytes.resize(odd.bytes.size() + 5, 0x20);
  const auto data = test::data();
  struct Row {
    const char* name;
    Bytes content;
    bool ec;
    SignOptions options;
  };
  const Row rows[] = {
      {"a driver", read_file(data / "sample-driver/sample.sys"), false, {}},
      {"a driver with a timestamp",
       read_file(data / "sample-driver/sample.sys"),
       false,
       {.timestamp = &timestamper}},
      {"a driver with page hashes",
       read_file(data / "sample-driver/sample.sys"),
       false,
       {.page_hashes = true}},
      {"a 32-bit program", read_file(data / "hello/pe32.exe"), false, {.timestamp = &timestamper}},
      {"a size that is no multiple of 8",
       read_file(data / "hello/unaligned.exe"),
       false,
       {.timestamp = &timestamper}},
      {"a made 32-bit image of odd size", odd.bytes, false, {}},
      {"page hashes of an odd size", odd.bytes, false, {.page_hashes = true}},
      {"sha1", odd.bytes, false, {.digest = Digest::sha1, .page_hashes = true}},
      {"sha384", odd.bytes, false, {.digest = Digest::sha384, .timestamp = &timestamper}},
      {"sha512", odd.bytes, false, {.digest = Digest::sha512, .timestamp = &timestamper}},
      {"an EC key", odd.bytes, true, {.timestamp = &timestamper}},
      {"description, URL and signing time",
       odd.bytes,
       false,
       {.description = "Zähler 计数器",
        .url = "https://example.org/x?y=1",
        .signing_time = test::noon}},
      {"a cross-certificate",
       odd.bytes,
       false,
       {.cross_certificates = {pki().issuing.certificate, pki().tsa.certificate}}},
      {"a catalog", unsigned_catalog(), false, {}},
      {"a catalog with a timestamp", unsigned_catalog(), true, {.timestamp = &timestamper}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const test::Scratch scratch;
      write_file(scratch / "in", row.content);
      const auto identity = row.ec ? pki().ec_identity() : pki().identity();
      const SignedFile result = sign_file(scratch / "in", scratch / "out", identity, row.options);
      const auto said = osslsigncode_verify(scratch / "out", scratch.path());
      INFO(said.out << said.err);
      CHECK(said.exit_code == 0);
      CHECK_THAT(said.out, Catch::Contains("Number of verified signatures: 1") ||
                               Catch::Contains("Number of signatures: 1") ||
                               Catch::Contains("Succeeded"));
      CHECK_THAT(said.out, !Catch::Contains("MISMATCH"));
      CHECK(result.timestamp.has_value() == (row.options.timestamp != nullptr));
      CHECK_FALSE(result.replaced);
      CHECK_THAT(ascii_lower(said.out), Catch::Contains(result.file_digest));
    }
}

TEST_CASE("osslsigncode accepts every real PE after it is signed here",
          "[signing][oracle][corpus]") {
  if (!test::have_program("osslsigncode") || !test::corpus()) {
    WARN("SKIPPED: osslsigncode is not installed, or no corpus");
    return;
  }
  int accepted = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*test::corpus() / "pe")) {
    if (detect(entry.path()) != FileKind::pe) continue;
    INFO(entry.path());
    const test::Scratch scratch;
    try {
      sign_file(entry.path(), scratch / "out", pki().identity(), {});
    } catch (const Error& error) {
      // Headers without room for a signature; bytes after the table.
      CHECK_THAT(entry.path().filename().string(),
                 Catch::Equals("pe-parse__pr_153.exe") ||
                     Catch::Equals("uthenticode__assets_YourPhone.exe"));
      continue;
    }
    const auto said = osslsigncode_verify(scratch / "out", scratch.path());
    INFO(said.out << said.err);
    CHECK(said.exit_code == 0);
    ++accepted;
  }
  CHECK(accepted >= 50);
}

TEST_CASE("A byte changed after signing is noticed by osslsigncode", "[signing][oracle]") {
  if (!test::have_program("osslsigncode")) {
    WARN("SKIPPED: osslsigncode is not installed");
    return;
  }
  const test::Scratch scratch;
  Bytes bytes = signed_bytes(PeImage().bytes, pki().identity(), {});
  bytes[0x300] ^= 1;
  write_file(scratch / "out", bytes);
  CHECK(osslsigncode_verify(scratch / "out", scratch.path()).exit_code != 0);
}

TEST_CASE("A signed PE is the old one, padded, with three fields and a table", "[signing]") {
  for (std::size_t more = 0; more < 8; ++more) {
    PeImage image(more % 2 == 0 ? PeImage::Format::pe32 : PeImage::Format::pe32_plus);
    image.bytes.resize(image.bytes.size() + more, 0x33);
    const Bytes result = signed_bytes(image.bytes, pki().identity(), {});
    const std::size_t padded = (image.bytes.size() + 7) / 8 * 8;
    REQUIRE(result.size() > padded + 8);
    CHECK(result.size() % 8 == 0);
    const BytesView view(result);
    CHECK(u32le(view.subspan(image.directory)) == padded);
    CHECK(u32le(view.subspan(image.directory + 4)) == result.size() - padded);
    CHECK(u32le(view.subspan(padded)) == result.size() - padded);
    CHECK(u16le(view.subspan(padded + 4)) == 0x0200);
    CHECK(u16le(view.subspan(padded + 6)) == 2);
    Bytes restored(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(padded));
    for (std::size_t i = 0; i < 4; ++i) restored[image.checksum + i] = 0;
    for (std::size_t i = 0; i < 8; ++i) restored[image.directory + i] = 0;
    Bytes expected = image.bytes;
    expected.resize(padded);
    CHECK(restored == expected);

    const test::Scratch scratch;
    write_file(scratch / "x", result);
    const InputFile in(scratch / "x");
    const PeLayout layout = read_pe(in);
    CHECK(layout.checksum == digest_pe(in, layout, {}).checksum);
  }
}

TEST_CASE("Large files are copied whole, whatever way they are written", "[signing]") {
  std::vector<std::filesystem::path> folders{std::filesystem::temp_directory_path()};
  if (std::filesystem::is_directory("/dev/shm")) folders.push_back("/dev/shm");
  for (const std::size_t size : {std::size_t{16} << 20, (std::size_t{17} << 20) + 12'345}) {
    PeImage image;
    const std::size_t before = image.bytes.size();
    image.bytes.resize(size);
    for (std::size_t i = before; i < size; ++i)
      image.bytes[i] = static_cast<std::uint8_t>(i * i >> 7);
    for (const auto& folder : folders) {
      const std::filesystem::path out =
          folder / ("sealwright-test-" + std::to_string(::getpid()) + ".exe");
      const test::Scratch scratch;
      write_file(scratch / "in.exe", image.bytes);
      sign_file(scratch / "in.exe", out, pki().identity(), {});
      const Bytes result = read_file(out);
      const FileSignature file = read_signature(out);
      std::filesystem::remove(out);
      REQUIRE(file.signatures.size() == 1);
      CHECK(file.signatures[0].indirect->message_digest == file.computed.at(Digest::sha256));
      CHECK(file.layout->checksum == file.checksum);
      REQUIRE(result.size() > size);
      CHECK(std::equal(image.bytes.begin() + 0x200, image.bytes.end(), result.begin() + 0x200));
    }
  }
}

TEST_CASE("Signing again with RSA gives the same bytes, in place as well", "[signing]") {
  const Bytes once = signed_bytes(PeImage().bytes, pki().identity(), {.description = "x"});
  CHECK(signed_bytes(PeImage().bytes, pki().identity(), {.description = "x"}) == once);
  const test::Scratch scratch;
  write_file(scratch / "x.sys", PeImage().bytes);
  REQUIRE(::chmod((scratch / "x.sys").c_str(), 0750) == 0);
  sign_file(scratch / "x.sys", scratch / "x.sys", pki().identity(), {.description = "x"});
  CHECK(read_file(scratch / "x.sys") == once);
  struct stat status {};
  REQUIRE(::stat((scratch / "x.sys").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0750);
}

TEST_CASE("Signing through a link in place leaves the link", "[signing]") {
  const test::Scratch scratch;
  write_file(scratch / "x.sys", PeImage().bytes);
  std::filesystem::create_symlink("x.sys", scratch / "link.sys");
  sign_file(scratch / "link.sys", scratch / "link.sys", pki().identity(), {});
  CHECK(std::filesystem::is_symlink(scratch / "link.sys"));
  CHECK(read_signature(scratch / "x.sys").signatures.size() == 1);
}

TEST_CASE("A signature that is there is replaced", "[signing]") {
  for (const bool catalog : {false, true}) {
    const Bytes content = catalog ? unsigned_catalog() : PeImage().bytes;
    const test::Scratch scratch;
    write_file(scratch / "x", signed_bytes(content, pki().ec_identity(), {.description = "old"}));
    const SignedFile result = sign_file(scratch / "x", scratch / "x", pki().identity(), {});
    CHECK(result.replaced);
    CHECK(result.kind == (catalog ? FileKind::catalog : FileKind::pe));
    CHECK(read_file(scratch / "x") == signed_bytes(content, pki().identity(), {}));
  }
}

TEST_CASE("Signing a catalog leaves its content as it is", "[signing]") {
  const Bytes before = unsigned_catalog();
  const Bytes after = signed_bytes(before, pki().identity(), {});
  const x509::SignedData data = x509::read_signed_data(after);
  CHECK(data.content == x509::read_signed_data(before).content);
  CHECK(data.content_type == oids::trust_list);
  CHECK(data.version == 1);
  REQUIRE(data.signers.size() == 1);
  const auto* type = data.signers.front().find_authenticated(x509::oids::content_type);
  REQUIRE(type != nullptr);
  CHECK(type->values.front() == der::oid(oids::trust_list));
}

TEST_CASE("Signatures have the attributes and certificates that Microsoft's have", "[signing]") {
  const test::Scratch scratch;
  write_file(scratch / "x.exe", PeImage().bytes);
  SignOptions options{.description = "Sample", .url = "https://example.org"};
  options.cross_certificates = {pki().tsa.certificate, pki().issuing.certificate};
  sign_file(scratch / "x.exe", scratch / "x.exe", pki().identity(), options);
  const FileSignature file = read_signature(scratch / "x.exe");
  REQUIRE(file.signatures.size() == 1);
  CHECK(file.defects.empty());
  const EmbeddedSignature& signature = file.signatures.front();
  REQUIRE(signature.defect.empty());
  REQUIRE(signature.indirect.has_value());
  CHECK(signature.indirect->type == oids::pe_image_data);
  CHECK(to_hex(signature.indirect->value) == "3009030100a004a2028000");
  CHECK(signature.indirect->message_digest == file.computed.at(Digest::sha256));
  REQUIRE(signature.opus.has_value());
  CHECK(signature.opus->description == "Sample");
  CHECK(signature.opus->url == "https://example.org");

  const x509::SignerInfo& signer = *signature.signer();
  std::vector<std::string> types;
  for (const auto& attribute : signer.authenticated) types.push_back(attribute.type.text());
  CHECK_THAT(types, Catch::UnorderedEquals(std::vector<std::string>{
                        "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.3.6.1.4.1.311.2.1.11",
                        "1.3.6.1.4.1.311.2.1.12"}));
  CHECK(to_hex(signer.find_authenticated(oids::statement_type)->values.front()) ==
        "300c060a2b060104018237020115");
  CHECK(signer.unauthenticated.empty());

  // Leaf, issuing CA and the cross-certificate, each once, in DER order; no root.
  REQUIRE(signature.data.certificates.size() == 3);
  for (std::size_t i = 1; i < 3; ++i)
    CHECK(signature.data.certificates[i - 1].der() < signature.data.certificates[i].der());
  for (const auto& certificate : signature.data.certificates)
    CHECK_FALSE(certificate == pki().root.certificate);
  REQUIRE(signature.certificate() != nullptr);
  CHECK(*signature.certificate() == pki().code.certificate);
}

TEST_CASE("A signature without a description has an empty SpcSpOpusInfo", "[signing]") {
  CHECK(to_hex(encode(OpusInfo{})) == "3000");
  CHECK(to_hex(encode(OpusInfo{"A", "u"})) == "300ba00480020041a103800175");
}

TEST_CASE("sign_file refuses what it cannot sign", "[signing]") {
  struct Row {
    const char* name;
    const char* file;
    Bytes content;
    const char* message;
  };
  PeImage trailing;
  trailing.set_u32(trailing.directory, 0x1800);
  trailing.set_u32(trailing.directory + 4, 8);
  const Bytes signed_data = [] {
    x509::SignedData data;
    data.content_type = x509::oids::pkcs7_data;
    data.content = der::octet_string(der::oid(oids::trust_list));
    return x509::encode(data);
  }();
  const Row rows[] = {
      {"an empty file", "x.sys", {}, "FILE is of no kind that can hold a signature"},
      {"text", "x.inf", copy(view("[Version]")), "FILE is of no kind that can hold a signature"},
      {"an MSI", "x.msi", *from_hex("d0cf11e0a1b11ae10000"),
       "FILE is an MSI or another compound file, not supported by this version"},
      {"a cabinet", "x.cab", copy(view("MSCF....")),
       "FILE is a cabinet, not supported by this version"},
      {"a script", "X.PS1", copy(view("Get-Date")),
       "FILE is a script, not supported by this version"},
      {"bytes after the certificate table", "x.exe", trailing.bytes,
       "FILE has 504 bytes after its certificate table, where no signature covers them"},
      {"another PKCS#7 that names catalogs", "x.cat", signed_data,
       "FILE is signed data, but no catalog"},
      {"a catalog cut short", "x.cat",
       [] {
         Bytes cut = unsigned_catalog();
         cut.pop_back();
         return cut;
       }(),
       "FILE: the PKCS#7 signature is malformed (length past the end at offset 0)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const test::Scratch scratch;
      write_file(scratch / row.file, row.content);
      std::string expected = row.message;
      expected.replace(expected.find("FILE"), 4, "'" + (scratch / row.file).string() + "'");
      CHECK(message_of([&] {
              sign_file(scratch / row.file, scratch / "out", pki().identity(), {});
            }) == expected);
      CHECK_FALSE(std::filesystem::exists(scratch / "out"));
      CHECK(read_file(scratch / row.file) == row.content);
    }
}

TEST_CASE("sign_file refuses keys, digests and targets that do not fit", "[signing]") {
  const test::Scratch scratch;
  write_file(scratch / "x.exe", PeImage().bytes);
  write_file(scratch / "there", view("keep me"));
  Identity wrong = pki().identity();
  wrong.signer = pki().ec_code.signer.get();
  const auto attempt = [&](const Identity& identity, const SignOptions& options,
                           const std::string& out) {
    return message_of([&] { sign_file(scratch / "x.exe", scratch / out, identity, options); });
  };
  CHECK(attempt(wrong, {}, "out") == "the key is not the certificate's");
  CHECK(attempt(pki().identity(), {.digest = Digest::md5}, "out") ==
        "md5 is no digest for signatures");
  CHECK(attempt(pki().identity(), {.url = "http://ex ample"}, "out") ==
        "'http://ex ample' is not a URL of ASCII characters");
  CHECK(attempt(pki().identity(), {}, "there") ==
        "'" + (scratch / "there").string() + "' already exists");
  CHECK(text(read_file(scratch / "there")) == "keep me");
  CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 2);
}

TEST_CASE("A file that cannot grow leaves the target as it was", "[signing]") {
  // The limit stops the copy of the content, or only the signature behind it.
  for (const rlim_t limit : {rlim_t{4096}, rlim_t{7000}}) {
    const test::Scratch scratch;
    write_file(scratch / "x.exe", PeImage().bytes);
    REQUIRE(pki().identity().signer != nullptr);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{limit, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const std::string message =
        message_of([&] { sign_file(scratch / "x.exe", scratch / "x.exe", pki().identity(), {}); });
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(message == "cannot write '" + (scratch / "x.exe").string() + "': File too large");
    CHECK(read_file(scratch / "x.exe") == PeImage().bytes);
    CHECK(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 1);
  }
}

TEST_CASE("sign_file refuses a file that changes while it is signed", "[signing]") {
  struct Meddler : Timestamper {
    Bytes stamp(BytesView signature, Digest digest) override {
      std::ofstream(path, std::ios::app) << "more";
      return LocalTimestamper(pki().authority()).stamp(signature, digest);
    }
    std::filesystem::path path;
  };
  const test::Scratch scratch;
  write_file(scratch / "x.exe", PeImage().bytes);
  Meddler meddler;
  meddler.path = scratch / "x.exe";
  CHECK(message_of([&] {
          sign_file(scratch / "x.exe", scratch / "out.exe", pki().identity(),
                    {.timestamp = &meddler});
        }) == "'" + (scratch / "x.exe").string() + "' changed while it was being signed");
  CHECK_FALSE(std::filesystem::exists(scratch / "out.exe"));
}

TEST_CASE("read_signature tells what is wrong as values", "[signing]") {
  const Bytes good = signed_bytes(PeImage().bytes, pki().identity(), {});
  const std::size_t table = PeImage().bytes.size();
  struct Row {
    const char* name;
    std::function<void(Bytes&)> change;
    std::size_t signatures;
    const char* defect;      ///< Of the file.
    const char* unreadable;  ///< Of the signature.
  };
  const PeImage image;
  const auto grow = [&](Bytes& bytes, std::size_t count, std::uint8_t with) {
    bytes.resize(bytes.size() + count, with);
    const auto length = static_cast<std::uint32_t>(bytes.size() - table);
    for (const std::size_t at : {image.directory + 4, table})
      for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(length >> (8 * i));
  };
  const Row rows[] = {
      {"nothing", [](Bytes&) {}, 1, "", ""},
      {"a byte after the table", [](Bytes& b) { b.push_back(0); }, 1,
       "1 bytes after the certificate table", ""},
      {"padding of 16 zeros more", [&](Bytes& b) { grow(b, 16, 0); }, 1,
       "bytes of padding after the signature", ""},
      {"padding that is not zeros", [&](Bytes& b) { grow(b, 8, 7); }, 1,
       "bytes after the signature that are not padding", ""},
      {"another revision", [&](Bytes& b) { b[table + 5] = 1; }, 0,
       "a certificate table entry of unknown kind (revision 256, type 2)", ""},
      {"a length that is wrong", [&](Bytes& b) { b[table] ^= 8; }, 0, "wrong length", ""},
      {"DER that is damaged", [&](Bytes& b) { b[table + 8] = 0x31; }, 1, "",
       "the PKCS#7 signature is malformed"},
      {"no table", [&](Bytes& b) { b = image.bytes; }, 0, "", ""},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const test::Scratch scratch;
      Bytes bytes = good;
      row.change(bytes);
      write_file(scratch / "x.sys", bytes);
      const FileSignature file = read_signature(scratch / "x.sys", {.digests = {Digest::sha1}});
      CHECK(file.signatures.size() == row.signatures);
      if (*row.defect == '\0') {
        CHECK(file.defects.empty());
      } else {
        REQUIRE(file.defects.size() == 1);
        CHECK_THAT(file.defects.front().text, Catch::Contains(row.defect));
      }
      if (!file.signatures.empty())
        CHECK_THAT(file.signatures.front().defect, Catch::StartsWith(row.unreadable));
      CHECK(file.computed.contains(Digest::sha1));
    }
}

TEST_CASE("Real signatures are read with their timestamps and nested signatures",
          "[signing][corpus]") {
  if (!test::corpus()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  int tokens = 0, counter_signatures = 0, nested = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*test::corpus())) {
    if (!entry.is_regular_file()) continue;
    const FileKind kind = detect(entry.path());
    if (kind != FileKind::pe && kind != FileKind::catalog) continue;
    if (entry.path().filename() == "pe-parse__pr_153.exe") continue;
    INFO(entry.path());
    const FileSignature file = read_signature(entry.path());
    nested += file.signatures.size() > 1;
    for (const EmbeddedSignature& signature : file.signatures) {
      CHECK(signature.defect == "");
      CHECK(signature.timestamp_defects.empty());
      for (const TimestampFacts& facts : signature.timestamps) {
        const TimestampCheck check = check_timestamp(facts, signature.signer()->signature);
        CHECK(check.certificate_present);
        CHECK(check.imprint_matches);
        CHECK(check.signature_valid);
        CHECK(check.certificate_named);
        CHECK(check.purpose);
        (facts.kind == TimestampFacts::Kind::rfc3161 ? tokens : counter_signatures)++;
      }
    }
  }
  CHECK(tokens >= 10);
  CHECK(counter_signatures >= 2);
  CHECK(nested >= 2);
}
