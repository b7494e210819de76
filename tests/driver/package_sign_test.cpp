#include "driver/package_sign.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "../signing/pki.h"
#include "base/error.h"
#include "base/file.h"
#include "driver/package_check.h"
#include "sample_package.h"

using namespace sealwright;
using namespace sealwright::driver;
using Action = PackageSignStep::Action;
using test::package_options;
using test::put;
namespace fs = std::filesystem;

namespace {
PackageSignOptions sign_options() {
  PackageSignOptions options;
  options.package = package_options({"10_X64"});
  options.catalog.time = test::noon;
  options.catalog.random = test::counting_random();
  options.sign.description = "Sample";
  return options;
}

bool is_signed(const fs::path& path) { return !signing::read_signature(path).signatures.empty(); }

/// Signs `left` times, then fails as a token that was pulled out.
class FailingSigner : public ossl::Signer {
 public:
  FailingSigner(ossl::Signer& real, int left) : real_(real), left_(left) {}
  const ossl::PublicKey& public_key() const override { return real_.public_key(); }
  Bytes sign(const ossl::SignatureAlgorithm& algorithm, BytesView to_be_signed) override {
    if (left_-- == 0) throw Error(Error::Kind::crypto, "the token is gone");
    return real_.sign(algorithm, to_be_signed);
  }

 private:
  ossl::Signer& real_;
  int left_;
};
}  // namespace

TEST_CASE("a package is signed: its binaries, then its catalog", "[package_sign]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  const auto done = sign_package(scratch.path(), test::pki().identity(), sign_options());
  REQUIRE(done.steps.size() == 2);
  CHECK(done.steps[0].action == Action::signed_binary);
  CHECK(done.steps[0].relative == "sample.sys");
  CHECK(done.steps[0].signed_.kind == signing::FileKind::pe);
  CHECK(done.steps[1].action == Action::signed_catalog);
  CHECK(done.steps[1].relative == "sealwright-sample.cat");
  CHECK(done.steps[1].signed_.kind == signing::FileKind::catalog);
  CHECK(done.steps[1].file_count == 3);
  CHECK(done.steps[1].catalog_version == 2);
  CHECK_FALSE(done.steps[1].replaced);
  CHECK(is_signed(scratch / "sample.sys"));
  CHECK(is_signed(scratch / "sealwright-sample.cat"));
  CHECK(check_package(scratch.path()).complete());
  CHECK(test::contents(scratch.path()).size() == 4);
}

TEST_CASE("osslsigncode finds the signed driver in the signed catalog", "[package_sign]") {
  if (!test::have_program("osslsigncode")) {
    WARN("SKIPPED: no osslsigncode");
    return;
  }
  test::Scratch scratch;
  const auto folder = scratch / "package";
  fs::create_directory(folder);
  test::copy_sample_driver(folder);
  for (const auto version : {CatalogVersion::v1, CatalogVersion::v2}) {
    auto options = sign_options();
    options.catalog.version = version;
    sign_package(folder, test::pki().identity(), options);
    const auto roots = test::write_pem(scratch / "root.pem", {test::pki().root.certificate});
    const auto catalog = (folder / "sealwright-sample.cat").native();
    const auto alone = test::run({"osslsigncode", "verify", "-CAfile", roots, "-in", catalog});
    CAPTURE(alone.out, alone.err);
    CHECK(alone.exit_code == 0);
    // It compares images with catalogs; it takes no INF.
    const auto verify = [&](const fs::path& file) {
      return test::run(
          {"osslsigncode", "verify", "-CAfile", roots, "-catalog", catalog, "-in", file.native()});
    };
    const auto ran = verify(folder / "sample.sys");
    CAPTURE(ran.out, ran.err);
    CHECK(ran.exit_code == 0);
    CHECK_THAT(ran.out, Catch::Contains("Signature verification: ok"));
    const auto changed = verify(test::data() / "hello/pe32.exe");
    CHECK(changed.exit_code != 0);
  }
}

TEST_CASE("signatures that binaries have already are kept unless all are asked for",
          "[package_sign]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  sign_package(scratch.path(), test::pki().identity(), sign_options());
  const auto first = read_file(scratch / "sample.sys");
  auto options = sign_options();
  options.catalog.random = ossl::system_random();

  SECTION("kept") {
    const auto done = sign_package(scratch.path(), test::pki().ec_identity(), options);
    REQUIRE(done.steps.size() == 2);
    CHECK(done.steps[0].action == Action::kept_binary);
    CHECK(done.steps[1].replaced);
    CHECK(read_file(scratch / "sample.sys") == first);
  }
  SECTION("replaced") {
    options.binaries = Binaries::all;
    const auto done = sign_package(scratch.path(), test::pki().ec_identity(), options);
    CHECK(done.steps[0].action == Action::signed_binary);
    CHECK(done.steps[0].signed_.replaced);
    CHECK(read_file(scratch / "sample.sys") != first);
    CHECK(check_package(scratch.path()).complete());
  }
  SECTION("none") {
    options.binaries = Binaries::none;
    const auto done = sign_package(scratch.path(), test::pki().ec_identity(), options);
    CHECK(done.steps.size() == 1);
    CHECK(read_file(scratch / "sample.sys") == first);
  }
}

TEST_CASE("a package that cannot be signed whole stays as it was", "[package_sign]") {
  test::Scratch scratch;
  const auto folder = scratch / "package";
  fs::create_directory(folder);
  test::copy_sample_driver(folder);
  put(folder, "sealwright-sample.cat", "the catalog before");
  auto identity = test::pki().identity();

  SECTION("the signer fails at the driver, or at the catalog") {
    for (const int left : {0, 1}) {
      FailingSigner signer(*identity.signer, left);
      auto failing = identity;
      failing.signer = &signer;
      const auto before = test::contents(folder);
      CHECK_THROWS_WITH(sign_package(folder, failing, sign_options()), "the token is gone");
      CHECK(test::contents(folder) == before);
    }
  }
  SECTION("the last move fails") {
    fs::remove(folder / "sealwright-sample.cat");
    fs::create_directories(folder / "sealwright-sample.cat/in-the-way");
    const auto before = test::contents(folder);
    CHECK_THROWS_WITH(sign_package(folder, identity, sign_options()),
                      Catch::Contains("sealwright-sample.cat"));
    CHECK(test::contents(folder) == before);
  }
  SECTION("a file is missing") {
    fs::remove(folder / "sample.dat");
    const auto before = test::contents(folder);
    CHECK_THROWS_WITH(sign_package(folder, identity, sign_options()),
                      "sample.inf:34: 'sample.dat' of [Files] is missing (22.9.1)");
    CHECK(test::contents(folder) == before);
  }
  SECTION("no Windows version was named") {
    auto options = sign_options();
    options.package.targets.clear();
    const auto before = test::contents(folder);
    CHECK_THROWS_WITH(sign_package(folder, identity, options),
                      "no Windows versions named for the catalog");
    CHECK(test::contents(folder) == before);
  }
}

TEST_CASE("a driver that is a link within the package is signed where it is", "[package_sign]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  fs::create_directory(scratch / "real");
  fs::rename(scratch / "sample.sys", scratch / "real/driver.sys");
  fs::create_symlink("real/driver.sys", scratch / "sample.sys");
  sign_package(scratch.path(), test::pki().identity(), sign_options());
  CHECK(fs::is_symlink(scratch / "sample.sys"));
  CHECK(is_signed(scratch / "real/driver.sys"));
  CHECK(check_package(scratch.path()).complete());
}

TEST_CASE("write_catalogs replaces a catalog only where that is allowed", "[package_sign]") {
  test::Scratch scratch;
  test::copy_sample_driver(scratch.path());
  put(scratch.path(), "Sealwright-Sample.cat", "before");
  const auto package = read_package(scratch.path(), package_options({"10_X64"}));
  CatalogOptions options;
  options.time = test::noon;
  options.random = test::counting_random();
  const auto path = (fs::canonical(scratch.path()) / "Sealwright-Sample.cat").native();
  CHECK_THROWS_WITH(write_catalogs(package, options, Existing::refuse),
                    "'" + path + "' already exists");
  CHECK(test::contents(scratch.path()).at("Sealwright-Sample.cat") == "before");
  const auto written = write_catalogs(package, options, Existing::replace);
  REQUIRE(written.size() == 1);
  CHECK(written[0].path == path);
  CHECK(read_file(path) == signing::encode_unsigned(written[0].catalog));
  CHECK(check_package(scratch.path()).complete());
}
