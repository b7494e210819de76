// PE files, and the signatures in them, of any kind: nothing crashes; what is read is what a plain
// calculation says; and signing a file keeps its digest and leaves a right checksum.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "signing/file.h"

namespace {
using namespace sealwright;
using namespace sealwright::signing;
using ossl::Digest;

void demand(bool holds) {
  if (!holds) std::abort();
}

/// A file in memory.
class MemoryFile {
 public:
  explicit MemoryFile(BytesView bytes) : fd_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    demand(fd_ >= 0 && ::write(fd_, bytes.data(), bytes.size()) == ssize_t(bytes.size()));
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  int fd() const { return fd_; }
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

template <class Read>
void attempt(Read read) {
  try {
    read();
  } catch (const Error& error) {
    demand(error.kind == Error::Kind::input);
  }
}

/// The digest of 2.1, with the whole file at hand.
Bytes plain_digest(BytesView bytes, const PeLayout& layout) {
  Bytes covered;
  const auto add = [&](std::uint64_t from, std::uint64_t to) {
    if (from < to) append(covered, bytes.subspan(from, to - from));
  };
  add(0, layout.checksum_offset);
  add(layout.checksum_offset + 4, layout.directory_offset);
  add(layout.directory_offset + 8, layout.content_end());
  if (layout.has_table()) add(layout.table_offset + layout.table_size, bytes.size());
  if (!layout.has_table()) covered.resize(covered.size() + (8 - bytes.size() % 8) % 8);
  return ossl::hash(Digest::sha256, covered);
}

std::uint32_t plain_checksum(BytesView bytes, const PeLayout& layout) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i >= layout.checksum_offset && i < layout.checksum_offset + 4) continue;
    sum += std::uint32_t{bytes[i]} << (i % 2 * 8);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  sum = (sum & 0xffff) + (sum >> 16);
  return sum + static_cast<std::uint32_t>(bytes.size());
}

void sign_with_anything(const InputFile& in, const PeLayout& found) {
  constexpr Digest algorithm = Digest::sha256;
  const PeLayout layout = without_signature(found);
  const PeDigests digests = digest_pe(in, layout, std::span(&algorithm, 1));
  const MemoryFile out({});
  copy_content(in, layout, {out.fd(), out.path()});
  const std::uint8_t signature[] = {0x30, 0x01, 0x42};
  embed_signature(layout, digests, signature, {out.fd(), out.path()});

  const InputFile result(out.path());
  const PeLayout after = read_pe(result);
  const PeDigests again = digest_pe(result, after, std::span(&algorithm, 1));
  demand(again.digests == digests.digests);
  demand(again.checksum == after.checksum);
  const auto entries = read_certificate_table(result, after);
  demand(entries.size() == 1 && equal(BytesView(entries[0].certificate).first(3), signature));
  demand(entries[0].certificate.size() == 8 && after.trailing_bytes() == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  const MemoryFile file(bytes);
  const InputFile in(file.path());
  attempt([&] {
    const PeLayout layout = read_pe(in);
    constexpr Digest algorithm = Digest::sha256;
    const PeDigests digests = digest_pe(in, layout, std::span(&algorithm, 1));
    demand(digests.digests.front() == plain_digest(bytes, layout));
    demand(digests.checksum == plain_checksum(bytes, layout));
    try {
      sign_with_anything(in, layout);
    } catch (const Error&) {
      std::abort();  // What can be read can be signed, and read again.
    }
    attempt([&] { digest_pe(in, layout, {}, {Digest::sha1}); });
  });
  attempt([&] {
    for (const EmbeddedSignature& signature : read_signature(file.path()).signatures)
      for (const TimestampFacts& facts : signature.timestamps)
        check_timestamp(facts, signature.signer()->signature);
  });
  return 0;
}
