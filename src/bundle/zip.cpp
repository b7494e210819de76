#include "bundle/zip.h"

#include <fmt/format.h>
#include <minizip/unzip.h>
#include <minizip/zip.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::bundle {
namespace {

constexpr std::size_t max_name_bytes = 1024;

/// What minizip reads and writes instead of a file.
struct Memory {
  Bytes written;
  BytesView content;  ///< When reading.
  std::uint64_t at = 0;
  bool writes = false;
  std::uint64_t size() const { return writes ? written.size() : content.size(); }
};

Memory& memory_of(void* stream) { return *static_cast<Memory*>(stream); }

uLong read_some(void*, void* stream, void* into, uLong wanted) {
  auto& memory = memory_of(stream);
  if (memory.at >= memory.size()) return 0;
  const auto count = std::min<std::uint64_t>(wanted, memory.size() - memory.at);
  const auto* from = (memory.writes ? memory.written.data() : memory.content.data()) + memory.at;
  std::copy_n(from, count, static_cast<std::uint8_t*>(into));
  memory.at += count;
  return count;
}

uLong write_some(void*, void* stream, const void* from, uLong count) {
  auto& memory = memory_of(stream);
  if (memory.at + count > memory.written.size()) memory.written.resize(memory.at + count);
  std::copy_n(static_cast<const std::uint8_t*>(from), count, memory.written.data() + memory.at);
  memory.at += count;
  return count;
}

/// minizip seeks inside what is there, and behind its end only in damaged files.
long seek_to(void*, void* stream, ZPOS64_T offset, int origin) {
  auto& memory = memory_of(stream);
  std::uint64_t base = 0;
  if (origin == ZLIB_FILEFUNC_SEEK_CUR) base = memory.at;
  if (origin == ZLIB_FILEFUNC_SEEK_END) base = memory.size();
  if (offset > memory.size() || base + offset > memory.size()) return -1;
  memory.at = base + offset;
  return 0;
}

zlib_filefunc64_def functions_for(Memory& memory) {
  zlib_filefunc64_def functions{};
  functions.opaque = &memory;
  functions.zopen64_file = [](void* opaque, const void*, int) { return opaque; };
  functions.zread_file = read_some;
  functions.zwrite_file = write_some;
  functions.ztell64_file = [](void*, void* stream) { return ZPOS64_T{memory_of(stream).at}; };
  functions.zseek64_file = seek_to;
  functions.zclose_file = [](void*, void*) { return 0; };
  functions.zerror_file = [](void*, void*) { return 0; };
  return functions;
}

/// APPNOTE 4.4.6: two seconds are its unit, 1980 its first year.
std::uint32_t dos_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  const int year = int(date.year());
  if (year < 1980) return 0x00210000;
  if (year > 2107) return 0xff9fbf7d;
  return std::uint32_t(year - 1980) << 25 | unsigned(date.month()) << 21 |
         unsigned(date.day()) << 16 | std::uint32_t(clock.hours().count()) << 11 |
         std::uint32_t(clock.minutes().count()) << 5 | std::uint32_t(clock.seconds().count() / 2);
}

void must(int result) {
  if (result != ZIP_OK)
    throw Error(Error::Kind::internal, fmt::format("minizip cannot pack (error {})", result));
}

void add(zipFile zip, const OutputFile& file, std::uint32_t time) {
  constexpr uLong made_by_dos = 20;       // APPNOTE 4.4.2: no modes of files; version 2.0
  constexpr uLong utf8_names = 1 << 11;   // 4.4.4, bit 11
  constexpr std::size_t block = 1 << 20;  // minizip counts in unsigned
  const bool large = file.content.size() >> 32 != 0;
  zip_fileinfo info{};
  info.dosDate = time;
  must(zipOpenNewFileInZip4_64(zip, file.path.c_str(), &info, nullptr, 0, nullptr, 0, nullptr,
                               Z_DEFLATED, Z_BEST_COMPRESSION, 0, -MAX_WBITS, DEF_MEM_LEVEL,
                               Z_DEFAULT_STRATEGY, nullptr, 0, made_by_dos, utf8_names, large));
  for (std::size_t at = 0; at < file.content.size(); at += block)
    must(zipWriteInFileInZip(zip, file.content.data() + at,
                             unsigned(std::min(block, file.content.size() - at))));
  must(zipCloseFileInZip(zip));
}

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Error::Kind::input, "zip file: " + why);
}

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  refuse("entry '" + printable(name) + "' " + why);
}

/// A part of a path that stays where it is put, on Windows too.
bool is_plain(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && part.find(':') == std::string_view::npos;
}

/// The name with '/'; of a folder with one at its end.
std::string checked_name(std::string name) {
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (!is_utf8(name) || std::any_of(name.begin(), name.end(), is_control))
    refuse(name, "has a name that is no plain text");
  const std::string written = name;
  std::replace(name.begin(), name.end(), '\\', '/');
  std::string_view rest = name;
  if (rest.ends_with('/')) rest.remove_suffix(1);
  for (std::size_t from = 0; from <= rest.size();) {
    const auto to = std::min(rest.find('/', from), rest.size());
    if (!is_plain(rest.substr(from, to - from)))
      refuse(written, "has a name that leads out of its folder");
    from = to + 1;
  }
  return name;
}

/// One entry after the other of a zip file in memory.
class Reader {
 public:
  explicit Reader(BytesView bytes) {
    memory_.content = bytes;
    auto functions = functions_for(memory_);
    zip_.reset(unzOpen2_64(nullptr, &functions));
    if (!zip_) refuse("it is none, or empty, or damaged");
  }

  std::vector<OutputFile> files() {
    unz_global_info64 global{};
    if (unzGetGlobalInfo64(zip_.get(), &global) != UNZ_OK || global.number_entry == 0)
      refuse("it is none, or empty, or damaged");
    if (global.number_entry > max_zip_entries)
      refuse(fmt::format("it has more than {} entries", max_zip_entries));
    std::vector<OutputFile> files;
    std::size_t entries = 0;
    int moved = unzGoToFirstFile(zip_.get());
    for (; moved == UNZ_OK; moved = unzGoToNextFile(zip_.get())) {
      if (++entries > max_zip_entries)
        refuse(fmt::format("it has more than {} entries", max_zip_entries));
      read_entry(files);
    }
    if (moved != UNZ_END_OF_LIST_OF_FILE) refuse("its directory is damaged");
    return files;
  }

 private:
  struct Close {
    void operator()(void* zip) const { unzClose(zip); }
  };

  void read_entry(std::vector<OutputFile>& files) {
    unz_file_info64 info{};
    std::array<char, max_name_bytes + 1> buffer{};
    if (unzGetCurrentFileInfo64(zip_.get(), &info, buffer.data(), buffer.size(), nullptr, 0,
                                nullptr, 0) != UNZ_OK)
      refuse("its directory is damaged");
    if (info.size_filename > max_name_bytes) refuse("an entry has a name that is too long");
    const std::string name = checked_name({buffer.data(), info.size_filename});
    if (!seen_.insert(ascii_lower(name)).second) refuse(name, "is there twice");
    if (info.flag & 1) refuse(name, "is encrypted");
    if (info.compression_method != 0 && info.compression_method != Z_DEFLATED)
      refuse(name, fmt::format("is packed by method {}; this program knows 0 and 8",
                               info.compression_method));
    if (name.ends_with('/')) return;
    files.push_back({name, content(name, info.uncompressed_size)});
  }

  /// The size that the directory declares is not trusted, only compared.
  Bytes content(const std::string& name, std::uint64_t declared) {
    if (unzOpenCurrentFile(zip_.get()) != UNZ_OK) refuse(name, "is damaged");
    Bytes bytes;
    int count = 0;
    while ((count = unzReadCurrentFile(zip_.get(), block_.data(), unsigned(block_.size()))) > 0) {
      if (std::size_t(count) > max_unpacked_bytes - unpacked_)
        refuse(fmt::format("it holds more than {} MiB", max_unpacked_bytes >> 20));
      unpacked_ += std::size_t(count);
      bytes.insert(bytes.end(), block_.begin(), block_.begin() + count);
    }
    // Closing compares the CRC-32, but only where everything declared was read.
    if (count < 0 || bytes.size() != declared || unzCloseCurrentFile(zip_.get()) != UNZ_OK)
      refuse(name, "is damaged");
    return bytes;
  }

  Memory memory_;
  std::unique_ptr<void, Close> zip_;
  std::set<std::string> seen_;
  std::size_t unpacked_ = 0;
  Bytes block_ = Bytes(std::size_t{64} << 10);
};

}  // namespace

Bytes write_zip(const std::vector<OutputFile>& files, Time made) {
  Memory memory;
  memory.writes = true;
  auto functions = functions_for(memory);
  using Close = int (*)(void*);
  std::unique_ptr<void, Close> zip(zipOpen2_64(nullptr, APPEND_STATUS_CREATE, nullptr, &functions),
                                   [](void* open) { return zipClose(open, nullptr); });
  if (!zip) throw Error(Error::Kind::internal, "minizip cannot pack");
  for (const auto& file : files) add(zip.get(), file, dos_time(made));
  must(zipClose(zip.release(), nullptr));
  return std::move(memory.written);
}

std::vector<OutputFile> read_zip(BytesView bytes) { return Reader(bytes).files(); }

}  // namespace sealwright::bundle
