// Real files: every element of the catalogs is walked, and what is read is what is written.

#include <catch2/catch.hpp>

#include "base/error.h"
#include "hex.h"
#include "ossl/der.h"

using namespace sealwright;
using namespace sealwright::ossl;
namespace fs = std::filesystem;

namespace {

/// Counts the elements of all depths; those that can be written again must come out the same.
std::size_t walk(BytesView bytes) {
  std::vector<der::Reader> open = {der::Reader(bytes, "file")};
  std::size_t count = 0;
  while (!open.empty()) {
    if (open.back().at_end()) {
      open.pop_back();
      continue;
    }
    ++count;
    const std::uint8_t tag = open.back().peek();
    if (tag & 0x20) {
      open.push_back(open.back().enter(tag));
      continue;
    }
    der::Reader copy = open.back();
    const der::Element element = open.back().next();
    if (tag == der::oid_tag) REQUIRE(equal(der::oid(copy.oid()), element.whole));
    if (tag == der::utc_time_tag) REQUIRE(equal(der::utc_time(copy.time()), element.whole));
    if (tag == der::bmp_string_tag) REQUIRE(equal(der::bmp_string(copy.string()), element.whole));
    if (tag == der::integer_tag) REQUIRE(copy.integer().size() == element.content.size());
  }
  return count;
}

}  // namespace

TEST_CASE("every catalog of the corpus is read to its last element", "[der][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(*corpus / "cats")) {
    if (entry.path().extension() != ".cat") continue;
    const Bytes bytes = read_file(entry.path());
    if (bytes.empty() || bytes[0] != 0x30) continue;
    INFO(entry.path().string());
    ++files;
    CHECK(walk(bytes) > 50);
  }
  CHECK(files > 5);
}
