#include <catch2/catch.hpp>

#include "base/file.h"
#include "compat/makecert.h"
#include "tool_run.h"
#include "workspace/init.h"
#include "workspace/plan.h"

using namespace sealwright;
using test::ToolBench;
namespace fs = std::filesystem;

namespace {

/// Writes the documents of --explain where they say they belong.
void unpack(const std::string& text, const fs::path& folder) {
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find("\n---\n", at);
    const auto part = text.substr(at, end == std::string::npos ? end : end + 1 - at);
    at = end == std::string::npos ? text.size() : end + 5;
    std::string name = "sealwright.yaml";
    if (part.starts_with("# policies/")) name = part.substr(2, part.find('\n') - 2);
    write_file(folder / name, view(part));
  }
}

workspace::Plan plan_of(const fs::path& folder, Clock clock) {
  workspace::InitOptions options;
  options.folder = folder;
  options.new_passphrase = [] { return ossl::Secret(std::string_view("correct horse")); };
  options.clock = clock;
  options.keyring_options.cost = {1 << 10, 8, 1};
  workspace::init(options);
  auto workspace = workspace::Workspace::open(folder, clock);
  return workspace::make_plan(workspace);
}

}  // namespace

TEST_CASE("--explain prints a workspace on which a plan works", "[compat][makecert]") {
  ToolBench bench;
  REQUIRE(
      bench.run(compat::makecert_tool, "-r -n CN=Root -cy authority -len 2048 -sv @r.pvk @r.cer")
          .done);
  struct Row {
    const char *words, *holds, *not_there;
  };
  const Row rows[] = {
      {"-r -n CN=Joe -eku codeSigning -sv j.pvk j.cer",
       "#   LocalMachine\\TrustedPublisher on every client: 'joe'", "authorities:"},
      {"-r -n CN=Both -sv b.pvk b.cer", "the root 'both' issues the signer 'both-signer'", ""},
      {"-r -n CN=Top -cy authority -h 2 -sv t.pvk t.cer",
       "#   LocalMachine\\Root on every client: 'top'", "TrustedPublisher"},
      {"-n 'CN=Pub,O=\"A \"\"b\"\" c\"' -ic @r.cer -iv @r.pvk -l http://a.example/b -sv p.pvk "
       "p.cer",
       "existing: {certificate: \"r.cer\", key: \"r.pvk\"}", ""},
      {"-n CN=Issuing -cy authority -ic @r.cer -iv @r.pvk i.cer",
       "#   LocalMachine\\CA on every client: 'issuing'", "TrustedPublisher"},
      {"-n CN=Leaf -in Root -is Root -eku codeSigning -# 5 -ss My l.cer",
       "#   '-#': serial numbers are drawn at random", ""},
      {"-n CN=Web -in Root -is Root -eku serverAuth -ss My w.cer",
       "#   CurrentUser\\My on the machine that signs", "bundles:"},
      {"-n CN=Root -ic @r.cer -iv @r.pvk -p12 root.pfx secret x.cer", "root-2:", ""},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.words) {
      const auto ran = bench.run(compat::makecert_tool, std::string(row.words) + " --explain");
      REQUIRE(ran.error == "");
      INFO(ran.out);
      CHECK_THAT(ran.out, Catch::Contains(row.holds));
      if (*row.not_there) CHECK_THAT(ran.out, !Catch::Contains(row.not_there));
      const auto folder = bench.path("explained");
      unpack(ran.out, folder);
      for (const char* file : {"r.cer", "r.pvk"}) fs::copy(bench.path(file), folder);
      const auto plan = plan_of(folder, [&] { return bench.now; });
      CHECK_FALSE(plan.steps.empty());
      CHECK_FALSE(fs::exists("j.cer"));
    }
}

TEST_CASE("--explain makes nothing", "[compat][makecert]") {
  ToolBench bench;
  const auto ran =
      bench.run(compat::makecert_tool, "-r -n CN=x -eku codeSigning -sv @x.pvk @x.cer --explain");
  REQUIRE(ran.done);
  CHECK_THAT(ran.out, !Catch::Contains("Succeeded"));
  CHECK_FALSE(fs::exists(bench.path("x.pvk")));
  CHECK_FALSE(fs::exists(bench.path("x.cer")));
}
