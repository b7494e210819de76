#include "workspace/init.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "support.h"

using namespace sealwright;

namespace {

workspace::InitOptions options(const std::filesystem::path& folder) {
  workspace::InitOptions options;
  options.folder = folder;
  options.hierarchy = "self-signed-driver";
  options.new_passphrase = [] { return ossl::Secret(std::string_view("a passphrase")); };
  options.clock = [] { return Time{std::chrono::sys_days{std::chrono::year{2026} / 6 / 15}}; };
  options.keyring_options.random = ossl::system_random();
  options.keyring_options.cost.n = 1024;
  return options;
}

}  // namespace

TEST_CASE("outside labs the passphrase does not open the services' keyring, a key file does",
          "[workspace]") {
  test::Scratch scratch;
  const auto result = workspace::init(options(scratch / "w"));
  CHECK(result.key_files == std::vector<std::string>{".sealwright/services.key"});
  auto workspace = workspace::Workspace::open(scratch / "w", options("").clock);
  const auto passphrase =
      ca::Credential::passphrase(ossl::Secret(std::string_view("a passphrase")));
  CHECK_NOTHROW(ca::open_keyrings(workspace.inventory(), passphrase, {"signing"}, {}));
  CHECK_THROWS_AS(ca::open_keyrings(workspace.inventory(), passphrase, {"services"}, {}), Error);
}

TEST_CASE("an init that fails leaves the folder as it was", "[workspace]") {
  test::Scratch scratch;
  auto failing = options(scratch / "w");
  failing.new_passphrase = []() -> ossl::Secret {
    throw Error(Error::Kind::usage, "nobody answers");
  };
  CHECK_THROWS_WITH(workspace::init(failing), "nobody answers");
  CHECK_FALSE(std::filesystem::exists(scratch / "w"));

  write_file(scratch / "x/notes.txt", view("mine"));
  failing.folder = scratch / "x";
  CHECK_THROWS_WITH(workspace::init(failing), "nobody answers");
  CHECK(std::distance(std::filesystem::directory_iterator(scratch / "x"), {}) == 1);
}

TEST_CASE("init goes over what a killed init left", "[workspace]") {
  test::Scratch scratch;
  std::filesystem::create_directories(scratch / "w/.sealwright");
  write_file(scratch / "w/.sealwright/services.key", view("left over"), {Access::owner});
  write_file(scratch / "w/.sealwright/inventory.db.abcdef", view("left over"));
  CHECK_NOTHROW(workspace::init(options(scratch / "w")));
  CHECK(read_file(scratch / "w/.sealwright/services.key").size() == ca::key_file_bytes);
  CHECK_FALSE(std::filesystem::exists(scratch / "w/.sealwright/inventory.db.abcdef"));
}

TEST_CASE("init takes a hierarchy file with the policies beside it", "[workspace]") {
  test::Scratch scratch;
  write_file(
      scratch / "design/sealwright.yaml",
      view("version: 1\nname: mine\ncertificates:\n  signer:\n    policy: own\n    issuer: self\n"
           "    subject: {CN: Signer}\n    sign: {timestamp: [\"http://tsa.invalid\"]}\n"));
  write_file(scratch / "design/policies/own.yaml",
             view("version: 1\nname: own\nrevision: 1\nkind: end-entity\nextends: "
                  "self-signed-driver@1\nvalidity: {lifetime: 1y}\n"));
  auto from_file = options(scratch / "w");
  from_file.hierarchy = (scratch / "design/sealwright.yaml").string();
  const auto result = workspace::init(from_file);
  CHECK(result.hierarchy.name == "mine");
  CHECK(std::filesystem::exists(scratch / "w/policies/own.yaml"));
  CHECK(std::filesystem::exists(scratch / "w/policies/self-signed-driver.yaml"));
}
