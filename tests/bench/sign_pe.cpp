// How long signing and digesting a large PE takes, against "openssl dgst -sha256" of the same file
// in the same run.
//
// bench_sign_pe [FOLDER [MEBIBYTES]]: the file is made in FOLDER (default: the temporary folder)
// and removed again.

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "measure.h"
#include "ossl/random.h"
#include "signing/file.h"
#include "support.h"

namespace {
using namespace sealwright;
using test::median;
using test::seconds;
using namespace sealwright::signing;
namespace fs = std::filesystem;

constexpr int rounds = 5;

long peak_kibibytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// The sample driver, with its last section so long, and of bytes that no compression or hole
/// shortens.
void make_pe(const fs::path& path, std::size_t bytes) {
  const fs::path driver = test::data() / "sample-driver/sample.sys";
  Bytes head = read_file(driver);
  const PeLayout layout = read_pe(InputFile(driver));
  const std::size_t section = layout.section_table_offset + 40 * (layout.section_count - 1u);
  const std::uint32_t begin = u32le(BytesView(head).subspan(section + 20));
  Bytes size;
  put_u32le(size, static_cast<std::uint32_t>(bytes - begin));
  std::ranges::copy(size, head.begin() + static_cast<std::ptrdiff_t>(section + 16));
  std::ofstream file(path, std::ios::binary);
  const auto write = [&file](BytesView piece) {
    file.write(reinterpret_cast<const char*>(piece.data()),
               static_cast<std::streamsize>(piece.size()));
  };
  write(head);
  const Bytes block = ossl::random_bytes(ossl::system_random(), 1 << 20);
  for (std::size_t left = bytes - head.size(); left > 0;) {
    const std::size_t count = std::min(left, block.size());
    write(BytesView(block).first(count));
    left -= count;
  }
}

/// A key with a self-signed certificate.
struct Publisher {
  Publisher() : signer(ossl::PrivateKey::generate({ossl::KeyType::rsa, 3072, {}})) {
    x509::ToBeSigned to_be_signed;
    to_be_signed.serial = x509::random_serial(ossl::system_random());
    to_be_signed.algorithm = signer.public_key().algorithm(ossl::Digest::sha256);
    to_be_signed.subject = to_be_signed.issuer = x509::Name::parse("CN=Bench");
    to_be_signed.not_before = *parse_time("2020-01-01");
    to_be_signed.not_after = *parse_time("2045-01-01");
    to_be_signed.public_key = signer.public_key();
    tbs = x509::encode(to_be_signed);
    signature = signer.sign(to_be_signed.algorithm, tbs);
    certificate = x509::assemble(tbs, to_be_signed.algorithm, signature);
  }
  Identity identity() { return {*certificate, {}, &signer}; }

  ossl::KeySigner signer;
  Bytes tbs, signature;
  std::optional<x509::Certificate> certificate;
};

struct Measured {
  const char* name;
  double limit;                   ///< Goal as a ratio; 0 = none.
  std::function<void()> prepare;  ///< Not measured.
  std::function<void()> work;
  std::vector<double> times = {};
};

/// Measures in turns, so that what else the machine does hits all alike; the median of the first.
double measure(std::vector<Measured> all, double yardstick) {
  for (int round = 0; round < rounds; ++round)
    for (Measured& measured : all) {
      measured.prepare();
      measured.times.push_back(seconds(measured.work));
    }
  if (yardstick == 0) yardstick = median(all.front().times);
  for (const Measured& measured : all) {
    const double time = median(measured.times);
    fmt::print("{:<24} {:.3f} s   {:.2f}x{}\n", measured.name, time, time / yardstick,
               measured.limit > 0 ? fmt::format("   (goal: at most {:.1f}x)", measured.limit) : "");
  }
  return yardstick;
}

}  // namespace

int main(int argc, char** argv) {
  const fs::path folder = argc > 1 ? fs::path(argv[1]) : fs::temp_directory_path();
  const std::size_t mebibytes = argc > 2 ? std::stoul(argv[2]) : 500;
  const fs::path in = folder / fmt::format("sealwright-bench-{}.sys", ::getpid());
  const fs::path out = folder / fmt::format("sealwright-bench-{}-signed.sys", ::getpid());
  make_pe(in, mebibytes << 20);
  Publisher publisher;
  const SignOptions plain{}, pages{.page_hashes = true};
  // The file system takes its time to remove a large file, which is not what is measured.
  const auto remove_old = [&] { fs::remove(out); };
  // Like the yardstick, from memory.
  const auto read = [&] { read_signature(out); };
  const double yardstick =
      measure({{"openssl dgst -sha256", 0, [] {},
                [&] {
                  test::run({"openssl", "dgst", "-sha256", in.string()});
                }},
               {"sign", 1.2, remove_old, [&] { sign_file(in, out, publisher.identity(), plain); }},
               {"read_signature", 1.1, read, read}},
              0);
  fmt::print("peak memory              {} KiB   (goal: at most 32768)\n", peak_kibibytes());
  measure({{"sign with page hashes", 2.1, remove_old,
            [&] { sign_file(in, out, publisher.identity(), pages); }}},
          yardstick);
  fs::remove(in);
  fs::remove(out);
}
