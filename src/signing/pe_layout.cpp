// Reading the headers of a PE and its certificate table. Offsets are those of the PE/COFF
// specification, section 3
// ("Overall file structure"), with `e` = e_lfanew and 16 bytes more before the data directories of
// PE32+.

#include <array>

#include "base/error.h"
#include "signing/naming.h"
#include "signing/pe.h"

namespace sealwright::signing {
namespace {

constexpr std::uint64_t dos_header_bytes = 64, e_lfanew_offset = 0x3c;
constexpr std::uint16_t magic_pe32 = 0x10b, magic_pe32_plus = 0x20b;
/// From the PE signature to the end of the fifth data directory of PE32+.
constexpr std::size_t headers_bytes = 160 + 16;
constexpr std::uint32_t certificate_directory = 4;
constexpr std::size_t section_header_bytes = 40;
constexpr std::size_t max_entries = 64;

[[noreturn]] void not_a_pe(const InputFile& file, const std::string& why) {
  throw Error(Error::Kind::input, quoted(file.path()) + " is not a PE file: " + why);
}

[[noreturn]] void bad_table(const InputFile& file, const std::string& why) {
  throw Error(Error::Kind::input, "the certificate table of " + quoted(file.path()) + " " + why);
}

/// What e_lfanew says, when the file starts with a DOS header.
std::optional<std::uint32_t> pe_offset(const InputFile& file) {
  if (file.size() < dos_header_bytes) return std::nullopt;
  std::array<std::uint8_t, dos_header_bytes> dos{};
  file.read_at(0, dos);
  if (dos[0] != 'M' || dos[1] != 'Z') return std::nullopt;
  return u32le(BytesView(dos).subspan(e_lfanew_offset, 4));
}

bool has_pe_signature(const InputFile& file, std::uint64_t offset) {
  if (offset + 4 > file.size()) return false;
  std::array<std::uint8_t, 4> signature{};
  file.read_at(offset, signature);
  return u32le(signature) == 0x00004550;
}

/// Takes over the directory entry of the certificate table, and holds it against the file.
void place_table(const InputFile& file, PeLayout& layout, std::uint32_t offset,
                 std::uint32_t size) {
  const std::uint64_t headers_end =
      layout.section_table_offset + section_header_bytes * std::uint64_t{layout.section_count};
  if (headers_end > layout.file_size) not_a_pe(file, "its section table is cut short");
  if (size == 0) return;  // Windows looks at the size alone.
  if (offset < headers_end) bad_table(file, "overlaps the headers");
  if (std::uint64_t{offset} + size > layout.file_size)
    bad_table(file, "reaches past the end of the file");
  layout.table_offset = offset;
  layout.table_size = size;
}

}  // namespace

bool is_pe(const InputFile& file) {
  const auto offset = pe_offset(file);
  return offset && has_pe_signature(file, *offset);
}

PeLayout read_pe(const InputFile& file) {
  const auto offset = pe_offset(file);
  if (!offset) not_a_pe(file, "it does not start with a DOS header");
  const std::uint64_t e = *offset;
  if (!has_pe_signature(file, e))
    not_a_pe(file, "there is no PE header at offset " + std::to_string(e));
  Bytes headers(std::min<std::uint64_t>(headers_bytes, file.size() - e));
  file.read_at(e, headers);
  ByteReader reader(headers, "the PE header of " + quoted(file.path()));
  const auto u16_at = [&](std::size_t at) { return reader.seek(at), reader.u16(); };
  const auto u32_at = [&](std::size_t at) { return reader.seek(at), reader.u32(); };

  PeLayout layout;
  layout.file_size = file.size();
  layout.machine = u16_at(4);
  layout.section_count = u16_at(6);
  const std::uint16_t optional_header_bytes = u16_at(20);
  const std::uint16_t magic = u16_at(24);
  if (magic != magic_pe32 && magic != magic_pe32_plus)
    not_a_pe(file, "its optional header is of unknown kind " + std::to_string(magic));
  layout.format = magic == magic_pe32 ? PeFormat::pe32 : PeFormat::pe32_plus;
  const std::size_t x = magic == magic_pe32 ? 0 : 16;
  if (u32_at(116 + x) <= certificate_directory || optional_header_bytes < 136 + x)
    not_a_pe(file, "its headers have no room for a signature");
  layout.section_alignment = u32_at(56);
  layout.file_alignment = u32_at(60);
  layout.header_bytes = u32_at(84);
  layout.checksum_offset = e + 88;
  layout.checksum = u32_at(88);
  layout.directory_offset = e + 152 + x;
  layout.section_table_offset = e + 24 + optional_header_bytes;
  place_table(file, layout, u32_at(152 + x), u32_at(156 + x));
  return layout;
}

PeLayout without_signature(PeLayout layout) {
  layout.file_size = layout.content_end();
  layout.table_offset = layout.table_size = 0;
  return layout;
}

std::vector<CertificateEntry> read_certificate_table(const InputFile& file,
                                                     const PeLayout& layout) {
  std::vector<CertificateEntry> entries;
  if (!layout.has_table()) return entries;
  if (layout.table_size > max_certificate_table_bytes)
    bad_table(file, "is longer than " + std::to_string(max_certificate_table_bytes) + " bytes");
  Bytes table(layout.table_size);
  file.read_at(layout.table_offset, table);
  for (std::size_t at = 0; at < table.size();) {
    if (entries.size() == max_entries) bad_table(file, "has too many entries");
    if (table.size() - at < 8) bad_table(file, "does not end with an entry");
    const BytesView header = BytesView(table).subspan(at, 8);
    CertificateEntry entry{layout.table_offset + at,
                           u32le(header),
                           u16le(header.subspan(4)),
                           u16le(header.subspan(6)),
                           {}};
    if (entry.length < 8 || entry.length > table.size() - at)
      bad_table(file, "has an entry of wrong length");
    entry.certificate = copy(BytesView(table).subspan(at + 8, entry.length - 8));
    at += (std::size_t{entry.length} + 7) & ~std::size_t{7};
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace sealwright::signing
