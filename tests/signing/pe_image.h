#pragma once
// PE files put together byte by byte, for tests that need one with a fault.

#include <cstdint>

#include "base/bytes.h"

namespace sealwright::test {

/// A PE with two sections of 600 and 5000 bytes, which a test may then change.
struct PeImage {
  enum class Format { pe32, pe32_plus };
  explicit PeImage(Format format = Format::pe32_plus);

  void set_u16(std::size_t offset, std::uint16_t value);
  void set_u32(std::size_t offset, std::uint32_t value);

  Bytes bytes;
  std::size_t pe_header, checksum, directory_count, directory, section_table;
};

}  // namespace sealwright::test
