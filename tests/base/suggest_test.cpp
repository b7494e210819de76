// "Did you mean …?"

#include "base/suggest.h"

#include <catch2/catch.hpp>

namespace sealwright {

TEST_CASE("the nearest word is found, or none", "[base]") {
  const std::vector<std::string> words = {"organization", "policies", "plan", "apply",
                                          "codeSigning"};
  CHECK(nearest("organisation", words) == "organization");
  CHECK(nearest("palicies", words) == "policies");
  CHECK(nearest("paln", words) == "plan");
  CHECK(nearest("CODESIGNIN", words) == "codeSigning");
  CHECK(nearest("banana", words).empty());
  CHECK(nearest("x", {"y"}).empty());
  CHECK(nearest("", words).empty());
  CHECK(nearest(std::string(100000, 'a'), words).empty());
  CHECK(did_you_mean("aply", words) == "did you mean 'apply'?");
  CHECK(did_you_mean("banana", words).empty());
}

}  // namespace sealwright
