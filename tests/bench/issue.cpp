// One certificate, alone and beside 200,000 others: what `issue` costs must not depend on how much
// is in the inventory. Prints the median of several runs of the program for each size, and the
// ratio to the smallest inventory.
//
// bench_issue PROGRAM

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/digest.h"
#include "ossl/random.h"
#include "store/inventory.h"

extern char** environ;

namespace {

using namespace sealwright;
namespace fs = std::filesystem;

constexpr int runs = 41;
constexpr int per_transaction = 5000;

store::Sha256 sha256(const std::string& text) {
  const Bytes digest = ossl::hash(ossl::Digest::sha256, view(text));
  store::Sha256 made{};
  std::copy(digest.begin(), digest.end(), made.begin());
  return made;
}

/// Certificates as an import leaves them; their bytes are of the usual size, and mean nothing.
void fill(const fs::path& database, int count) {
  auto inventory = store::Inventory::open(database, [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  });
  const auto random = ossl::system_random();
  const auto issuer = inventory.active("lab-issuing");
  const auto policy = inventory.policy(issuer->policy.name, issuer->policy.revision);
  for (int i = 0; i < count;) {
    inventory.together([&] {
      for (int n = 0; n < per_transaction && i < count; ++n, ++i) {
        const std::string name = "filler-" + std::to_string(i);
        store::AdoptedCertificate filler;
        filler.name = name;
        filler.policy = *policy;
        filler.serial.value = ossl::random_bytes(random, 19);
        filler.issuer_name = sha256("issuer");
        filler.issuer = issuer->id;
        filler.to_be_signed = sha256("tbs " + name);
        std::ranges::copy(sha256("key " + name), filler.key.value.begin());
        filler.issued.certificate = ossl::random_bytes(random, 1000);
        filler.issued.sha256 = sha256(name);
        std::copy_n(filler.issued.sha256.begin(), 20, filler.issued.thumbprint.value.begin());
        filler.issued.subject = "CN=" + name;
        filler.issued.not_before = issuer->not_before;
        filler.issued.not_after = issuer->not_after;
        filler.issued.state = store::GenerationState::active;
        inventory.adopt(filler);
      }
    });
  }
}

void run(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  int status = 0;
  if (posix_spawn(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0 ||
      waitpid(child, &status, 0) != child || status != 0)
    throw Error(Error::Kind::io, "the program failed: " + words[1]);
}

/// An inventory with so many certificates more, and what issuing beside them takes.
struct Measured {
  std::string workspace;
  std::vector<double> milliseconds;
  int issued = 0;
};

void issue(const std::string& program, Measured& measured) {
  const auto start = std::chrono::steady_clock::now();
  run({program, "-q", "-C", measured.workspace, "issue", fmt::format("one-{}", measured.issued++),
       "--policy", "quick", "--issuer", "lab-issuing", "-o", measured.workspace + "/out.pem",
       "--overwrite", "--json"});
  measured.milliseconds.push_back(
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Measured prepare(const std::string& program, const fs::path& folder, int count) {
  Measured measured{(folder / std::to_string(count)).string(), {}, 0};
  run({program, "-q", "init", measured.workspace, "--hierarchy", "driver-lab", "--no-passphrase",
       "--json"});
  // A key that takes no time: what is measured is everything else.
  std::ofstream(measured.workspace + "/policies/quick.yaml")
      << "version: 1\nname: quick\nrevision: 1\nkind: end-entity\nextends: driver-signing@1\n"
         "key: {algorithm: ecdsa, curve: p256}\n";
  run({program, "-q", "-C", measured.workspace, "apply", "--json"});
  fill(fs::path(measured.workspace) / ".sealwright/inventory.db", count);
  return measured;
}

int bench(const std::string& program) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("bench-issue-{}", getpid());
  // The program's own words are not asked for.
  if (!std::freopen("/dev/null", "w", stdout)) return 1;
  std::vector<Measured> all;
  for (const int count : {1, 1000, 200000}) all.push_back(prepare(program, folder, count));
  for (auto& measured : all) issue(program, measured), measured.milliseconds.clear();
  // In turn, so that whatever else the machine does slows all of them down.
  for (int i = 0; i < runs; ++i)
    for (auto& measured : all) issue(program, measured);
  const double smallest = median(all.front().milliseconds);
  for (const auto& measured : all)
    fmt::print(stderr, "{:>7} entries  {:6.1f} ms  ratio {:.2f}\n",
               fs::path(measured.workspace).filename().string(), median(measured.milliseconds),
               median(measured.milliseconds) / smallest);
  fs::remove_all(folder);
  return median(all.back().milliseconds) <= 1.1 * smallest ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "bench_issue PROGRAM\n");
    return 2;
  }
  try {
    return bench(fs::absolute(argv[1]).string());
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_issue: {}\n", error.what());
    return 1;
  }
}
