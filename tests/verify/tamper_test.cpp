// The tamper table: one byte changed in each region of a signed file gives the verdict and the code
// that Windows would, and osslsigncode agrees on yes or no.

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "base/encoding.h"
#include "base/file.h"
#include "driver/catalog_build.h"
#include "trust/result_code.h"
#include "verify/pki.h"

namespace sealwright::test {
namespace {

namespace code = trust::code;

/// A signed file taken apart.
struct Subject {
  Bytes bytes;
  signing::FileSignature read;
  const signing::EmbeddedSignature& signature() const { return read.signatures.front(); }
  const x509::SignerInfo& signer() const { return *signature().signer(); }
  const signing::TimestampFacts& stamp() const { return signature().timestamps.front(); }

  /// Where `part` is, from `after` on.
  std::size_t find(BytesView part, std::size_t after = 0) const {
    const auto found =
        std::search(bytes.begin() + std::ptrdiff_t(after), bytes.end(), part.begin(), part.end());
    REQUIRE(found != bytes.end());
    return std::size_t(found - bytes.begin());
  }
  std::size_t find_last(BytesView part) const {
    const auto found = std::find_end(bytes.begin(), bytes.end(), part.begin(), part.end());
    REQUIRE(found != bytes.end());
    return std::size_t(found - bytes.begin());
  }
};

Subject take_apart(const std::filesystem::path& path) {
  return {read_file(path), signing::read_signature(path)};
}

struct Row {
  const char* region;
  std::function<std::size_t(const Subject&)> where;
  std::uint32_t code;  ///< 0: still good.
  const char* rule;
  std::uint8_t flip = 0x01;
};

std::size_t e_lfanew(const Subject& s) { return u32le(BytesView(s.bytes).subspan(0x3c)); }

std::size_t in_certificate(const Subject& s, const x509::Certificate& certificate, BytesView part) {
  return s.find(part, s.find(certificate.der()));
}

std::size_t last_byte_of(const Subject& s, const x509::Certificate& certificate) {
  return s.find(certificate.der()) + certificate.der().size() - 1;
}

// Regions that PE files and catalogs share.
const Row signature_rows[] = {
    {"messageDigest attribute",
     [](const Subject& s) {
       return s.find(s.signer().find_authenticated(x509::oids::message_digest)->values[0]) + 4;
     },
     code::bad_digest, "signed-content"},
    {"SpcSpOpusInfo attribute",
     [](const Subject& s) { return s.find(utf16be("Sample for tests")) + 1; },
     code::certificate_signature, "signature-value"},
    {"RSA signature", [](const Subject& s) { return s.find(s.signer().signature) + 40; },
     code::certificate_signature, "signature-value"},
    {"subject of the signer's certificate",
     [](const Subject& s) {
       return in_certificate(s, pki().publisher.certificate, view("Publisher"));
     },
     code::certificate_signature, "chain-signatures"},
    {"serial of the signer's certificate",
     [](const Subject& s) {
       return in_certificate(s, pki().publisher.certificate,
                             pki().publisher.certificate.serial().value) +
              3;
     },
     code::no_signer_certificate, "signer-certificate"},
    {"key of the signer's certificate",
     [](const Subject& s) {
       return in_certificate(s, pki().publisher.certificate,
                             pki().publisher.certificate.public_key().subject_public_key()) +
              60;
     },
     code::certificate_signature, "signature-value"},
    {"signature of the signer's certificate",
     [](const Subject& s) { return last_byte_of(s, pki().publisher.certificate); },
     code::certificate_signature, "chain-signatures"},
    {"signature of the issuing authority's certificate",
     [](const Subject& s) { return last_byte_of(s, pki().issuing.certificate); },
     code::certificate_signature, "chain-signatures"},
    {"the signer's issuer name in SignerInfo",
     [](const Subject& s) { return s.find_last(s.signer().serial.value) + 2; },
     code::no_signer_certificate, "signer-certificate"},
    {"imprint in the timestamp", [](const Subject& s) { return s.find(s.stamp().imprint) + 7; },
     code::time_stamp, "timestamp"},
    {"time in the timestamp", [](const Subject& s) { return s.find(view("20260615000000Z")) + 7; },
     code::time_stamp, "timestamp"},
    {"signature of the timestamp",
     [](const Subject& s) { return s.find(s.stamp().signer.signature) + 20; }, code::time_stamp,
     "timestamp"},
    {"certificate of the timestamp authority",
     [](const Subject& s) { return last_byte_of(s, pki().authority.certificate); },
     code::time_stamp, "timestamp"},
};

const Row pe_rows[] = {
    {"DOS magic", [](const Subject&) { return std::size_t{0}; }, code::subject_form_unknown,
     "file-kind"},
    {"DOS stub", [](const Subject&) { return std::size_t{0x50}; }, code::bad_digest, "file-digest"},
    {"COFF header", [](const Subject& s) { return e_lfanew(s) + 8; }, code::bad_digest,
     "file-digest"},
    {"CheckSum", [](const Subject& s) { return std::size_t(s.read.layout->checksum_offset); }, 0,
     ""},
    {"section table",
     [](const Subject& s) { return std::size_t(s.read.layout->section_table_offset) + 1; },
     code::bad_digest, "file-digest"},
    {"section data", [](const Subject&) { return std::size_t{0x600}; }, code::bad_digest,
     "file-digest"},
    {"last byte before the signature",
     [](const Subject& s) { return std::size_t(s.read.layout->table_offset) - 1; },
     code::bad_digest, "file-digest"},
    {"length of the WIN_CERTIFICATE",
     [](const Subject& s) { return std::size_t(s.read.layout->table_offset); }, code::no_signature,
     "file-structure", 0x10},
    {"revision of the WIN_CERTIFICATE",
     [](const Subject& s) { return std::size_t(s.read.layout->table_offset) + 5; },
     code::no_signature, "file-structure", 0x01},
    {"type of the WIN_CERTIFICATE",
     [](const Subject& s) { return std::size_t(s.read.layout->table_offset) + 6; },
     code::no_signature, "file-structure"},
    {"outermost tag of the signature",
     [](const Subject& s) { return std::size_t(s.read.layout->table_offset) + 8; },
     code::no_signature, "signature-readable"},
    {"digest in the signature",
     [](const Subject& s) { return s.find(s.signature().indirect->message_digest) + 5; },
     code::bad_digest, "file-digest"},
    {"image flags in the signature",
     [](const Subject& s) { return s.find(s.signature().indirect->value) + 4; }, code::bad_digest,
     "signed-content", 0x07},
};

const Row catalog_rows[] = {
    {"outermost tag", [](const Subject&) { return std::size_t{0}; }, code::subject_form_unknown,
     "file-kind"},
    {"list identifier", [](const Subject& s) { return s.find(Bytes(16, 0x5a)) + 3; },
     code::bad_digest, "signed-content"},
    {"hash of a member",
     [](const Subject& s) { return s.find(driver::hash_file(unsigned_pe()).sha256) + 3; },
     code::bad_digest, "signed-content"},
    {"OSAttr of a member", [](const Subject& s) { return s.find(utf16le("2:10.0")) + 4; },
     code::bad_digest, "signed-content"},
    {"name of a member", [](const Subject& s) { return s.find(utf16le("pe32.exe")); },
     code::bad_digest, "signed-content"},
};

std::string no_code_is(std::uint32_t value) { return value == 0 ? "good" : trust::to_text(value); }

/// After the publisher's certificate has ended, so that the timestamp counts too.
verify::Question late_question() {
  auto made = question();
  made.now = late_day;
  return made;
}

/// Whether osslsigncode finds nothing wrong.
bool osslsigncode_passes(const std::filesystem::path& file, const std::string& roots) {
  const auto at = std::to_string(late_day.time_since_epoch().count());
  return run({"osslsigncode", "verify", "-time", at, "-CAfile", roots, "-TSA-CAfile", roots, "-in",
              file.string()})
             .exit_code == 0;
}

template <std::size_t N>
void try_rows(const Row (&rows)[N], const Subject& subject, const std::string& ending) {
  const bool have_oracle = osslsigncode_has({"-time", "-TSA-CAfile"});
  Scratch scratch;
  const auto roots = pem_file(scratch / "roots.pem", {pki().root.certificate});
  const auto path = scratch / ("changed." + ending);
  for (const auto& row : rows) {
    INFO(ending << ": " << row.region);
    Bytes changed = subject.bytes;
    const auto at = row.where(subject);
    REQUIRE(at < changed.size());
    changed[at] ^= row.flip;
    write_file(path, changed, {Access::everyone, Existing::replace});
    const auto verdict = verify::judge_file(path, late_question());
    INFO(verdict.reason);
    CHECK(no_code_is(verdict.code) == no_code_is(row.code));
    CHECK(verdict.rule == row.rule);
    CHECK(verdict.ok == (row.code == 0));
    if (have_oracle) CHECK(osslsigncode_passes(path, roots) == verdict.ok);
  }
  if (!have_oracle) WARN("SKIPPED: osslsigncode is not here to agree");
}

}  // namespace

TEST_CASE("one byte changed in each region of a signed PE gives the code Windows answers",
          "[tamper]") {
  Scratch scratch;
  const auto path = scratch / "signed.exe";
  Maker().sign(unsigned_pe(), path);
  const auto subject = take_apart(path);
  const auto verdict = verify::judge_file(path, late_question());
  INFO(verdict.reason);
  REQUIRE(verdict.ok);
  try_rows(pe_rows, subject, "exe");
  try_rows(signature_rows, subject, "exe");
}

TEST_CASE("one byte changed in each region of a signed catalog gives the code Windows answers",
          "[tamper]") {
  Scratch scratch;
  const auto path = scratch / "signed.cat";
  Maker().sign(write_catalog(scratch / "unsigned.cat"), path);
  const auto subject = take_apart(path);
  const auto verdict = verify::judge_file(path, late_question());
  INFO(verdict.reason);
  REQUIRE(verdict.ok);
  try_rows(catalog_rows, subject, "cat");
  try_rows(signature_rows, subject, "cat");
}

TEST_CASE("bytes added behind a signature are found out", "[tamper]") {
  Scratch scratch;
  const auto path = scratch / "signed.exe";
  Maker().sign(unsigned_pe(), path);
  Bytes longer = read_file(path);
  longer.insert(longer.end(), 8, 'x');
  write_file(path, longer, {Access::everyone, Existing::replace});
  const auto verdict = verify::judge_file(path, late_question());
  CHECK(verdict.code == code::bad_digest);
  CHECK(verdict.rule == "file-structure");
  CHECK(verdict.reason == "8 bytes after the certificate table, which no signature covers");
}

TEST_CASE("no changed byte of a signed file is taken for good", "[tamper]") {
  Scratch scratch;
  Maker().sign(write_catalog(scratch / "unsigned.cat"), scratch / "signed.cat");
  Maker().sign(unsigned_pe(), scratch / "signed.exe");
  for (const std::string ending : {"cat", "exe"}) {
    const auto bytes = read_file(scratch / ("signed." + ending));
    const auto path = scratch / ("changed." + ending);
    const auto good = verify::judge_file(scratch / ("signed." + ending), late_question()).reason;
    for (std::size_t at = 0; at < bytes.size(); at += 13) {
      Bytes changed = bytes;
      changed[at] ^= 0x40;
      write_file(path, changed, {Access::everyone, Existing::replace});
      const auto verdict = verify::judge_file(path, late_question());
      INFO(ending << ", byte " << at << " of " << changed.size() << ": " << verdict.reason);
      // What no signature covers may change, as long as nothing else is said for it.
      CHECK((!verdict.ok || verdict.reason == good));
      CHECK(verdict.exit_code <= 3);
    }
  }
}

}  // namespace sealwright::test
