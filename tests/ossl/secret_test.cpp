#include "ossl/secret.h"

#include <catch2/catch.hpp>

using namespace sealwright;
using namespace sealwright::ossl;

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

TEST_CASE("a secret leaves nothing where it was moved from", "[secret]") {
  Secret first(std::string_view("hunter2"));
  Secret second = std::move(first);
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move)
  CHECK(second.text() == "hunter2");
  Secret third(std::string_view("old"));
  third = std::move(second);
  CHECK(second.empty());  // NOLINT(bugprone-use-after-move)
  CHECK(third.text() == "hunter2");
  const Secret copied = third.clone();
  third.wipe();
  CHECK(third.empty());
  CHECK(copied.text() == "hunter2");
}

TEST_CASE("wiping overwrites the bytes", "[secret]") {
  Secret secret(std::string_view("hunter2"));
  const volatile std::uint8_t* at = secret.view().data();
  secret.wipe();  // Keeps the memory, so that it may be looked at.
  CHECK((at[0] | at[3] | at[6]) == 0);
}
