#include "signing/pe.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/encoding.h"
#include "base/error.h"
#include "pe_image.h"
#include "signing/file.h"
#include "support.h"

namespace {
using namespace sealwright;
using namespace sealwright::signing;
using ossl::Digest;
using test::PeImage;

struct PeFile {
  explicit PeFile(BytesView bytes) {
    std::ofstream(scratch / "x.sys", std::ios::binary) << text(bytes);
  }
  InputFile open() const { return InputFile(scratch / "x.sys"); }
  test::Scratch scratch;
};

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::input);
    return error.message;
  }
  return "(no error)";
}

Bytes digest_of(BytesView bytes, Digest digest) {
  const PeFile file(bytes);
  const InputFile in = file.open();
  return digest_pe(in, read_pe(in), std::span(&digest, 1)).digests.front();
}

/// Paths of the corpus with their notes, from its MANIFEST.
std::vector<std::pair<std::filesystem::path, std::string>> corpus_files(const std::string& prefix) {
  std::vector<std::pair<std::filesystem::path, std::string>> result;
  std::ifstream manifest(*test::corpus() / "MANIFEST.tsv");
  for (std::string line; std::getline(manifest, line);) {
    if (!line.starts_with(prefix)) continue;
    result.emplace_back(*test::corpus() / line.substr(0, line.find('\t')),
                        line.substr(line.rfind('\t') + 1));
  }
  return result;
}

}  // namespace

TEST_CASE("read_pe finds checksum, directory and alignments of both formats", "[signing][pe]") {
  for (const auto format : {PeImage::Format::pe32, PeImage::Format::pe32_plus}) {
    const PeImage image(format);
    const PeFile file(image.bytes);
    const PeLayout layout = read_pe(file.open());
    CHECK(layout.format ==
          (format == PeImage::Format::pe32 ? PeFormat::pe32 : PeFormat::pe32_plus));
    CHECK(layout.file_size == image.bytes.size());
    CHECK(layout.checksum_offset == image.checksum);
    CHECK(layout.directory_offset == image.directory);
    CHECK(layout.section_table_offset == image.section_table);
    CHECK(layout.section_count == 2);
    CHECK(layout.section_alignment == 0x1000);
    CHECK(layout.file_alignment == 0x200);
    CHECK(layout.header_bytes == 0x200);
    CHECK_FALSE(layout.has_table());
    CHECK(layout.content_end() == image.bytes.size());
  }
}

TEST_CASE("read_pe refuses what is not a PE that can be signed", "[signing][pe]") {
  struct Row {
    const char* name;
    std::function<void(PeImage&)> change;
    const char* message;
  };
  const Row rows[] = {
      {"an empty file", [](PeImage& i) { i.bytes.clear(); },
       "FILE is not a PE file: it does not start with a DOS header"},
      {"a DOS header cut short", [](PeImage& i) { i.bytes.resize(63); },
       "FILE is not a PE file: it does not start with a DOS header"},
      {"no MZ", [](PeImage& i) { i.bytes[0] = 'X'; },
       "FILE is not a PE file: it does not start with a DOS header"},
      {"e_lfanew past the end", [](PeImage& i) { i.set_u32(0x3c, 0xfffffffc); },
       "FILE is not a PE file: there is no PE header at offset 4294967292"},
      {"e_lfanew three bytes before the end",
       [](PeImage& i) { i.set_u32(0x3c, static_cast<std::uint32_t>(i.bytes.size() - 3)); },
       "FILE is not a PE file: there is no PE header at offset 6653"},
      {"an NE program", [](PeImage& i) { i.bytes[i.pe_header] = 'N'; },
       "FILE is not a PE file: there is no PE header at offset 128"},
      {"headers cut short", [](PeImage& i) { i.bytes.resize(i.pe_header + 100); },
       "the PE header of FILE is cut short"},
      {"a ROM image", [](PeImage& i) { i.set_u16(i.pe_header + 24, 0x107); },
       "FILE is not a PE file: its optional header is of unknown kind 263"},
      {"four data directories", [](PeImage& i) { i.set_u32(i.directory_count, 4); },
       "FILE is not a PE file: its headers have no room for a signature"},
      {"a short optional header", [](PeImage& i) { i.set_u16(i.pe_header + 20, 136); },
       "FILE is not a PE file: its headers have no room for a signature"},
      {"thousands of sections", [](PeImage& i) { i.set_u16(i.pe_header + 6, 0xffff); },
       "FILE is not a PE file: its section table is cut short"},
      {"a certificate table in the headers",
       [](PeImage& i) { i.set_u32(i.directory, 0x1cf), i.set_u32(i.directory + 4, 8); },
       "the certificate table of FILE overlaps the headers"},
      {"a certificate table at offset 0", [](PeImage& i) { i.set_u32(i.directory + 4, 8); },
       "the certificate table of FILE overlaps the headers"},
      {"a certificate table past the end",
       [](PeImage& i) { i.set_u32(i.directory, 0x1a00), i.set_u32(i.directory + 4, 8); },
       "the certificate table of FILE reaches past the end of the file"},
      {"a certificate table whose end overflows",
       [](PeImage& i) { i.set_u32(i.directory, 0x300), i.set_u32(i.directory + 4, 0xffffffff); },
       "the certificate table of FILE reaches past the end of the file"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      PeImage image;
      row.change(image);
      const PeFile file(image.bytes);
      std::string expected = row.message;
      expected.replace(expected.find("FILE"), 4, "'" + (file.scratch / "x.sys").string() + "'");
      CHECK(message_of([&] { read_pe(file.open()); }) == expected);
    }
}

TEST_CASE("read_certificate_table wants entries that fill the table", "[signing][pe]") {
  struct Row {
    const char* name;
    Bytes table;
    const char* message;
  };
  const auto entry = [](std::uint32_t length, std::size_t bytes) {
    Bytes table;
    put_u32le(table, length);
    put_u16le(table, 0x0200);
    put_u16le(table, 2);
    table.resize(bytes);
    return table;
  };
  const Row rows[] = {
      {"one entry", entry(24, 24), "(no error)"},
      {"a length that is not rounded", entry(21, 24), "(no error)"},
      {"a length of 7", entry(7, 24), "the certificate table of FILE has an entry of wrong length"},
      {"a length past the table", entry(25, 24),
       "the certificate table of FILE has an entry of wrong length"},
      {"zeros after the entry", entry(16, 24),
       "the certificate table of FILE has an entry of wrong length"},
      {"four bytes after the entry", entry(16, 20),
       "the certificate table of FILE does not end with an entry"},
      {"hundreds of empty entries",
       [&] {
         Bytes table;
         for (int i = 0; i < 300; ++i) append(table, entry(8, 8));
         return table;
       }(),
       "the certificate table of FILE has too many entries"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      PeImage image;
      image.set_u32(image.directory, static_cast<std::uint32_t>(image.bytes.size()));
      image.set_u32(image.directory + 4, static_cast<std::uint32_t>(row.table.size()));
      append(image.bytes, row.table);
      const PeFile file(image.bytes);
      std::string expected = row.message;
      if (const auto at = expected.find("FILE"); at != std::string::npos)
        expected.replace(at, 4, "'" + (file.scratch / "x.sys").string() + "'");
      CHECK(message_of([&] {
              const InputFile in = file.open();
              read_certificate_table(in, read_pe(in));
            }) == expected);
    }
}

TEST_CASE("The digest skips checksum and directory entry, and sees every other byte",
          "[signing][pe]") {
  const PeImage original;
  const Bytes digest = digest_of(original.bytes, Digest::sha256);
  for (std::size_t at = 0; at < original.bytes.size();
       at += at < original.section_table + 80 ? 1 : 97) {
    const auto among = [at](std::size_t begin, std::size_t length) {
      return at >= begin && at < begin + length;
    };
    PeImage changed = original;
    changed.bytes[at] ^= 1;
    const bool decides_layout = among(0, 2) || among(0x3c, 4) || among(original.pe_header, 8) ||
                                among(original.pe_header + 20, 2) ||
                                among(original.pe_header + 24, 2) ||
                                among(original.directory_count, 4) || among(original.directory, 8);
    if (decides_layout) continue;
    INFO("byte " << at);
    CHECK((digest_of(changed.bytes, Digest::sha256) == digest) == among(original.checksum, 4));
  }
}

TEST_CASE("A file of any size is digested as if padded to a multiple of eight", "[signing][pe]") {
  for (std::size_t more = 0; more <= 8; ++more) {
    PeImage image;
    image.bytes.resize(image.bytes.size() + more, 0x55);
    Bytes padded = image.bytes;
    padded.resize((padded.size() + 7) / 8 * 8);
    CHECK(digest_of(image.bytes, Digest::sha256) == digest_of(padded, Digest::sha256));
  }
}

TEST_CASE("Several digests and page hashes come out of one pass as out of several",
          "[signing][pe]") {
  const PeFile file(PeImage().bytes);
  const InputFile in = file.open();
  const PeLayout layout = read_pe(in);
  const Digest all[] = {Digest::sha512, Digest::sha1, Digest::sha256};
  const PeDigests together = digest_pe(in, layout, all, {Digest::sha256});
  REQUIRE(together.digests.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const PeDigests alone = digest_pe(in, layout, std::span(&all[i], 1));
    CHECK(alone.digests.front() == together.digests[i]);
    CHECK(alone.checksum == together.checksum);
    CHECK_FALSE(alone.page_hashes.has_value());
  }
  REQUIRE(together.page_hashes.has_value());
  // Headers, one page of the first section, two of the second, the end: 36 bytes each.
  CHECK(together.page_hashes->table.size() == 5 * 36);
}

TEST_CASE("Page hashes are refused where an image has no pages", "[signing][pe]") {
  struct Row {
    const char* name;
    std::function<void(PeImage&)> change;
    const char* reason;
  };
  const Row rows[] = {
      {"alignment 16", [](PeImage& i) { i.set_u32(i.pe_header + 56, 16); },
       "its alignment is unusual"},
      {"alignment 8 MiB", [](PeImage& i) { i.set_u32(i.pe_header + 56, 8 << 20); },
       "its alignment is unusual"},
      {"headers of 16 bytes", [](PeImage& i) { i.set_u32(i.pe_header + 84, 16); },
       "its headers are longer than they say"},
      {"a section in the headers", [](PeImage& i) { i.set_u32(i.section_table + 20, 0x100); },
       "its sections overlap or are out of order"},
      {"a section past the end", [](PeImage& i) { i.set_u32(i.section_table + 56, 0x10000); },
       "its sections are cut short"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      PeImage image;
      row.change(image);
      const PeFile file(image.bytes);
      const InputFile in = file.open();
      const Digest digest = Digest::sha256;
      CHECK(message_of([&] { digest_pe(in, read_pe(in), std::span(&digest, 1), {digest}); }) ==
            "'" + (file.scratch / "x.sys").string() + "' cannot have page hashes: " + row.reason);
    }
}

TEST_CASE("The checksum of files that vendors made is the one they hold", "[signing][pe][corpus]") {
  if (!test::corpus()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  int compared = 0;
  for (const char* folder : {"pe/", "drivers/"})
    for (const auto& [path, notes] : corpus_files(folder)) {
      const InputFile in(path);
      if (!is_pe(in) || notes.find("trailing-after-cert") != std::string::npos) continue;
      // Somebody doubled its certificate table and left the checksum alone.
      if (path.filename() == "uthenticode__32_pegoat-authenticode_duplicated.exe") continue;
      // Not room for a signature.
      if (path.filename() == "pe-parse__pr_153.exe") continue;
      const PeLayout layout = read_pe(in);
      if (layout.checksum == 0) continue;
      INFO(path.filename());
      CHECK(digest_pe(in, layout, {}).checksum == layout.checksum);
      ++compared;
    }
  CHECK(compared >= 40);
}

TEST_CASE("The digest of signed files is the one in their signatures", "[signing][pe][corpus]") {
  if (!test::corpus()) {
    WARN("SKIPPED: no corpus");
    return;
  }
  int matched = 0, page_hashes = 0;
  for (const char* folder : {"pe/", "drivers/"})
    for (const auto& [path, notes] : corpus_files(folder)) {
      if (notes.find("digest_match=") == std::string::npos || detect(path) != FileKind::pe)
        continue;
      INFO(path.filename() << ": " << notes);
      const FileSignature file = read_signature(path);
      REQUIRE_FALSE(file.signatures.empty());
      const bool expected = notes.find("digest_match=True") != std::string::npos;
      for (const EmbeddedSignature& signature : file.signatures) {
        REQUIRE(signature.defect.empty());
        REQUIRE(signature.indirect.has_value());
        CHECK((file.computed.at(signature.indirect->digest) ==
               signature.indirect->message_digest) == expected);
        if (const auto stored = read_page_hashes(signature.indirect->value)) {
          CHECK(stored == file.page_hashes);
          ++page_hashes;
        }
        ++matched;
      }
    }
  CHECK(matched >= 20);
  CHECK(page_hashes >= 1);
}
