// Full disks and folders without permission, through the command line: a clear error, and
// everything as before.

#include <catch2/catch.hpp>

#include "support.h"

using namespace sealwright;
namespace fs = std::filesystem;

namespace {

const char* init = "init w --hierarchy driver-lab --no-passphrase";

/// A shell script with a tmpfs of `size` mounted at ./disk; $PROGRAM is the program, $DATA
/// tests/data.
test::Ran on_small_disk(const test::Scratch& scratch, const std::string& size,
                        const std::string& script) {
  const std::string all = "cd '" + scratch.path().string() +
                          "' && mkdir -p disk && mount -t tmpfs -o size=" + size +
                          " tmpfs disk && cd disk && PROGRAM='" SEALWRIGHT_PROGRAM "' DATA='" +
                          fs::absolute(test::data()).string() + "' && " + script;
  return test::run({"unshare", "-rm", "sh", "-c", all});
}

bool can_unshare() {
  if (test::run({"unshare", "-rm", "true"}).exit_code == 0) return true;
  WARN("SKIPPED: unshare -rm is not permitted here");
  return false;
}

}  // namespace

TEST_CASE("init on a full disk leaves nothing behind", "[cli]") {
  if (!can_unshare()) return;
  test::Scratch scratch;
  const auto ran =
      on_small_disk(scratch, "40k", std::string("$PROGRAM ") + init + "; echo $?; ls -A");
  INFO(ran.out);
  CHECK(ran.out == "7\n");
  CHECK(ran.err.find("sealwright: error: ") != std::string::npos);
  CHECK(ran.err.find("No space left on device") + ran.err.find("full") != 2 * std::string::npos);
}

TEST_CASE("signing on a full disk leaves the package as it was", "[cli]") {
  if (!can_unshare()) return;
  test::Scratch scratch;
  const std::string program = std::string("'") + SEALWRIGHT_PROGRAM + "' ";
  REQUIRE(test::run({"sh", "-c",
                     "cd '" + scratch.path().string() + "' && " + program + init + " && " +
                         program + "-C w apply"})
              .exit_code == 0);
  const auto ran = on_small_disk(scratch, "16k",
                                 "cp $DATA/sample-driver/* . && cat * | sha256sum >../before && "
                                 "$PROGRAM -C ../w package sign . --with driver-signing --os "
                                 "10_X64; echo $?; cat * | sha256sum | cmp - ../before; ls -A");
  INFO(ran.out << ran.err);
  CHECK(ran.out == "7\nsample.dat\nsample.inf\nsample.sys\n");
  CHECK(ran.err.find("No space left on device") != std::string::npos);
}

TEST_CASE("a folder that may not be written to is said, and stays as it was", "[cli]") {
  test::Scratch scratch;
  const std::string program = (scratch / "sealwright").string();
  fs::copy_file(SEALWRIGHT_PROGRAM, program);
  fs::permissions(scratch.path(), fs::perms(0755));
  const auto ran = test::run(
      {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c",
       "cd '" + scratch.path().string() + "' && ./sealwright " + init + "; echo $?; ls -A"});
  if (ran.exit_code == 127 || ran.err.find("setpriv:") != std::string::npos) {
    WARN("SKIPPED: setpriv cannot become another user here");
    return;
  }
  CHECK(ran.out == "7\nsealwright\n");
  CHECK(ran.err == "sealwright: error: cannot make the folder '" + (scratch / "w").string() +
                       "': Permission denied\n");
}
