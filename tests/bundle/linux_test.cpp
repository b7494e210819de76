#include "bundle/linux.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/file.h"
#include "states.h"

using namespace sealwright;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> anchors(const bundle::State& state) {
  std::vector<std::string> names;
  for (const auto& file : bundle::linux_files(state, "linux"))
    if (file.path.starts_with("anchors/")) names.push_back(file.path.substr(8));
  return names;
}

std::size_t links_in(const fs::path& folder) {
  std::size_t links = 0;
  for (const auto& entry : fs::directory_iterator(folder))
    links += entry.path().filename().string().ends_with(".pem");
  return links;
}

}  // namespace

TEST_CASE("only roots become anchors, one file each, named by the thumbprint", "[bundle]") {
  CHECK(anchors(test::lab_state()) ==
        std::vector<std::string>{"lab-trust-" + test::pki().root.certificate.thumbprint().hex() +
                                 ".crt"});
}

TEST_CASE("update-ca-certificates takes the anchors in and out, and openssl trusts them",
          "[bundle][oracle]") {
  if (!fs::exists("/usr/sbin/update-ca-certificates") || !test::have_program("openssl")) {
    WARN("SKIPPED: update-ca-certificates is not installed");
    return;
  }
  test::Scratch scratch;
  for (const auto& file : bundle::linux_files(test::lab_state(), "linux"))
    write_file(scratch / "bundle" / file.path, file.content);
  for (const char* folder : {"local", "certs"}) fs::create_directories(scratch / folder);
  write_file(scratch / "conf", {});
  const std::string update =
      "/usr/sbin/update-ca-certificates --fresh --hooksdir none --certsconf " +
      (scratch / "conf").string() + " --certsdir " + (scratch / "local").string() +
      " --localcertsdir " + (scratch / "local").string() + " --etccertsdir " +
      (scratch / "certs").string();
  const auto run_script = [&](const char* name) {
    const auto ran =
        test::run({"env", "TRUST_ANCHORS=" + (scratch / "local").string(), "UPDATE_TRUST=" + update,
                   "sh", (scratch / "bundle" / name).string()});
    INFO(ran.out << ran.err);
    CHECK(ran.exit_code == 0);
  };
  const auto leaf = test::write_pem(scratch / "leaf.pem", {test::pki().issuing.certificate});
  const auto trusted = [&] {
    return test::run({"openssl", "verify", "-CApath", (scratch / "certs").string(), leaf})
               .exit_code == 0;
  };
  run_script("install-trust.sh");
  CHECK(links_in(scratch / "certs") == 1);
  CHECK(trusted());
  run_script("remove-trust.sh");
  CHECK(links_in(scratch / "certs") == 0);
  CHECK_FALSE(trusted());
}

TEST_CASE("a shell finds no fault in the scripts, and no name from outside is in them",
          "[bundle][oracle]") {
  test::Scratch scratch;
  auto state = test::hostile_state();
  state.removed = {state.present.front()};
  for (const auto& file : bundle::linux_files(state, "linux")) {
    if (!file.path.ends_with(".sh")) continue;
    CHECK(text(file.content).find("calc") == std::string::npos);
    write_file(scratch / file.path, file.content);
    CHECK(test::run({"sh", "-n", (scratch / file.path).string()}).exit_code == 0);
  }
}
