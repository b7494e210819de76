// The tools' names as a machine sees them: links, lists of processes, exit codes.

#include <catch2/catch.hpp>

#include "support.h"

using namespace sealwright;
namespace fs = std::filesystem;

namespace {

test::Ran shell(const test::Scratch& scratch, const std::string& script) {
  return test::run({"sh", "-c",
                    "cd '" + scratch.path().string() + "' && PROGRAM='" + SEALWRIGHT_PROGRAM +
                        "' && " + script});
}

}  // namespace

TEST_CASE("A password in the command line is overwritten before any work", "[cli]") {
  test::Scratch scratch;
  REQUIRE(shell(scratch, "$PROGRAM init lab --hierarchy driver-lab --no-passphrase").exit_code ==
          0);
  // While another run holds the workspace the tool waits for it, and can be looked at.
  const auto ran = shell(scratch, R"(
    exec 9>lab/.sealwright/workspace.lock && flock 9
    $PROGRAM makecert --workspace lab -r -eku 1.3.6.1.5.5.7.3.3 -n CN=X -ss My -p12 x.pfx hunter2 2>err 9>&- &
    until grep -q 'waiting for it' err; do sleep 0.05; done
    tr '\0' ' ' </proc/$!/cmdline
    kill $!)");
  INFO(ran.out << ran.err);
  CHECK(ran.out.find("-p12 x.pfx *******") != std::string::npos);
  CHECK(ran.out.find("hunter2") == std::string::npos);
}

TEST_CASE("A link of a tool's name is that tool, in any case and with .exe", "[cli]") {
  test::Scratch scratch;
  for (const char* name : {"makecert", "MakeCert.exe", "cert2spc", "Pvk2Pfx", "CertMgr.exe"}) {
    CAPTURE(name);
    const auto ran =
        shell(scratch, std::string("ln -s $PROGRAM ") + name + " && ./" + name + " -?");
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.starts_with("Usage: "));
  }
}

TEST_CASE("A failing tool says so on both streams and ends with 1", "[cli]") {
  const struct {
    const char *tool, *failed;
  } rows[] = {{"makecert", "Failed\n"},
              {"cert2spc", "Failed\n"},
              {"pvk2pfx", "Failed\n"},
              {"certmgr", "CertMgr Failed\n"}};
  for (const auto& row : rows) {
    CAPTURE(row.tool);
    const auto ran = test::run({SEALWRIGHT_PROGRAM, row.tool});
    CHECK(ran.exit_code == 1);
    CHECK(ran.out == row.failed);
    CHECK(ran.err.find(": error: nothing is asked for\n") != std::string::npos);
  }
}
