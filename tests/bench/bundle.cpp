// How long a bundle of 5,000 certificates takes in every format, against the limit that no writer
// of the same files goes below: their SHA-256, which stands in the manifest.
//
// bench_bundle [CERTIFICATES]

#include <fmt/core.h>

#include <algorithm>

#include "bundle/states.h"
#include "bundle/write.h"
#include "measure.h"
#include "ossl/digest.h"

namespace {
using namespace sealwright;
using test::median;
using test::seconds;

constexpr int rounds = 5;
constexpr double goal_seconds = 2;

bool same(const std::vector<bundle::OutputFile>& a, const std::vector<bundle::OutputFile>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.path == other.path && one.content == other.content;
  });
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::stoi(argv[1]) : 5000;
  const auto state = test::large_state(count);
  std::vector<bundle::FormatRequest> all;
  for (const auto& name : bundle::format_names())
    all.push_back({name, {{"forest", "DC=acme,DC=test"}}});
  const auto first = bundle::write_formats(state, all);
  std::size_t bytes = 0;
  for (const auto& file : first) bytes += file.content.size();

  std::vector<double> limits, writes;
  bool repeatable = true;
  for (int round = 0; round < rounds; ++round) {
    limits.push_back(seconds([&] {
      for (const auto& file : first) (void)ossl::hash(ossl::Digest::sha256, file.content);
    }));
    std::vector<bundle::OutputFile> again;
    writes.push_back(seconds([&] { again = bundle::write_formats(state, all); }));
    repeatable = repeatable && same(first, again);
  }
  fmt::print("{} certificates, {} files, {} MiB{}\n", count, first.size(), bytes >> 20,
             repeatable ? "" : "; NOT THE SAME EACH TIME");
  fmt::print("SHA-256 of the files     {:.3f} s\n", median(limits));
  fmt::print("write_formats            {:.3f} s   {:.2f}x   (goal: at most {:.0f} s)\n",
             median(writes), median(writes) / median(limits), goal_seconds);
  for (const auto& request : all)
    fmt::print("  {:<22} {:.3f} s\n", request.name,
               seconds([&] { (void)bundle::write_formats(state, {request}); }));
  return repeatable ? 0 : 1;
}
