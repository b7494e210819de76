// How long signing and digesting a large PE takes, against "openssl dgst -sha256" of the same file
// in the same run.
//
// bench_sign_pe [FOLDER [MEBIBYTES]]: the file is made in FOLDER (default: the temporary folder)
// and removed again.

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <vector>

#include "ossl/random.h"
#include "signing/file.h"
#include "support.h"

namespace {
using namespace sealwright;
using namespace sealwright::signing;
namespace fs = std::filesystem;

constexpr int rounds = 5;

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> times) {
  std::ranges::sort(times);
  return times[times.size() / 2];
}

long peak_kibibytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// The sample driver with an overlay of bytes that no compression or hole shortens.
void make_pe(const fs::path& path, std::size_t bytes) {
  Bytes head = read_file(test::data() / "sample-driver/sample.sys");
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(head.data()), static_cast<std::streamsize>(head.size()));
  const Bytes block = ossl::random_bytes(ossl::system_random(), 1 << 20);
  for (std::size_t written = head.size(); written < bytes; written += block.size())
    file.write(reinterpret_cast<const char*>(block.data()),
               static_cast<std::streamsize>(block.size()));
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
  std::function<void()> work;
  double limit;  ///< Ratio that PERFORMANCE allows; 0 = none.
  std::vector<double> times;
};

}  // namespace

int main(int argc, char** argv) {
  const fs::path folder = argc > 1 ? fs::path(argv[1]) : fs::temp_directory_path();
  const std::size_t mebibytes = argc > 2 ? std::stoul(argv[2]) : 500;
  const fs::path in = folder / fmt::format("sealwright-bench-{}.sys", ::getpid());
  const fs::path out = folder / fmt::format("sealwright-bench-{}-signed.sys", ::getpid());
  make_pe(in, mebibytes << 20);
  Publisher publisher;
  const SignOptions plain{}, pages{.page_hashes = true};
  const auto sign = [&](const SignOptions& options) {
    sign_file(in, out, publisher.identity(), options, Existing::replace);
  };
  sign(plain);
  std::vector<Measured> all = {
      {"openssl dgst -sha256",
       [&] {
         test::run({"openssl", "dgst", "-sha256", in.string()});
       },
       0,
       {}},
      {"sign", [&] { sign(plain); }, 1.2, {}},
      {"sign with page hashes", [&] { sign(pages); }, 2.1, {}},
      {"read_signature", [&] { read_signature(out); }, 1.1, {}},
  };
  for (int round = 0; round < rounds; ++round)
    for (Measured& measured : all) measured.times.push_back(seconds(measured.work));
  const double yardstick = median(all.front().times);
  for (const Measured& measured : all) {
    const double time = median(measured.times);
    fmt::print("{:<24} {:.3f} s   {:.2f}x{}\n", measured.name, time, time / yardstick,
               measured.limit > 0 ? fmt::format("   (goal: at most {:.1f}x)", measured.limit) : "");
  }
  fmt::print("peak memory              {} KiB   (goal: at most 32768)\n", peak_kibibytes());
  fs::remove(in);
  fs::remove(out);
}
