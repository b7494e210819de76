#include "pe_image.h"

namespace sealwright::test {

PeImage::PeImage(Format format) : bytes(0x200 + 0x400 + 0x1400) {
  const std::size_t x = format == Format::pe32 ? 0 : 16;
  pe_header = 0x80;
  checksum = pe_header + 88;
  directory_count = pe_header + 116 + x;
  directory = pe_header + 152 + x;
  const auto optional_header_bytes = static_cast<std::uint16_t>(224 + x);
  section_table = pe_header + 24 + optional_header_bytes;
  for (std::size_t i = 0x200; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  bytes[0] = 'M';
  bytes[1] = 'Z';
  set_u32(0x3c, static_cast<std::uint32_t>(pe_header));
  set_u32(pe_header, 0x00004550);
  set_u16(pe_header + 4, format == Format::pe32 ? 0x14c : 0x8664);
  set_u16(pe_header + 6, 2);  // sections
  set_u16(pe_header + 20, optional_header_bytes);
  set_u16(pe_header + 24, format == Format::pe32 ? 0x10b : 0x20b);
  set_u32(pe_header + 56, 0x1000);  // SectionAlignment
  set_u32(pe_header + 60, 0x200);   // FileAlignment
  set_u32(pe_header + 84, 0x200);   // SizeOfHeaders
  set_u32(directory_count, 16);
  set_u32(section_table + 16, 0x400);
  set_u32(section_table + 20, 0x200);
  set_u32(section_table + 56, 0x1400);
  set_u32(section_table + 60, 0x600);
}

void PeImage::set_u16(std::size_t offset, std::uint16_t value) {
  bytes.at(offset) = static_cast<std::uint8_t>(value);
  bytes.at(offset + 1) = static_cast<std::uint8_t>(value >> 8);
}

void PeImage::set_u32(std::size_t offset, std::uint32_t value) {
  set_u16(offset, static_cast<std::uint16_t>(value));
  set_u16(offset + 2, static_cast<std::uint16_t>(value >> 16));
}

}  // namespace sealwright::test
