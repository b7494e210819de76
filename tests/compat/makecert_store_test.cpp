#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "ca/chain.h"
#include "compat/makecert.h"
#include "tool_run.h"

using namespace sealwright;
using store::StoreLocation;
using test::ToolBench;

namespace {

class Lab : public ToolBench {
 public:
  Lab() { make_workspace(); }
  test::ToolRan makecert(const std::string& line) { return run(compat::makecert_tool, line); }
  void make(const std::string& line) {
    INFO(line);
    REQUIRE(makecert(line).error == "");
  }
  store::Generation generation(const std::string& reference) {
    return ca::find_generation(open_workspace().inventory(), reference);
  }
};

}  // namespace

TEST_CASE("the command of Microsoft's driver pages works on the workspace", "[compat][makecert]") {
  Lab lab;
  lab.make(
      "-r -pe -ss PrivateCertStore -n CN=Contoso.com(Test) -eku 1.3.6.1.5.5.7.3.3 -len 2048 "
      "@ContosoTest.cer");
  const auto workspace = lab.open_workspace();
  const auto& inventory = workspace.inventory();
  const auto made = ca::find_generation(inventory, "contoso-com-test");
  CHECK(made.state == store::GenerationState::active);
  CHECK(inventory.entity("contoso-com-test")->origin == store::Origin::command);
  CHECK(read_file(lab.path("ContosoTest.cer")) == made.certificate);
  const auto key = inventory.key(*made.key);
  REQUIRE(key);
  CHECK(key->export_rule == store::ExportRule::allowed);
  const auto policy = inventory.policy(made.policy.name, made.policy.revision);
  REQUIRE(policy);
  CHECK(policy->text.find("timestamp: optional") != std::string::npos);
  const auto members = inventory.windows_store(StoreLocation::current_user, "privatecertstore");
  REQUIRE(members.size() == 1);
  CHECK(members[0].certificate == made.certificate);
  CHECK(inventory.verify_events().intact());
  SECTION("without -pe the key stays") {
    lab.make("-r -ss My -n CN=Stays -eku codeSigning -len 2048");
    const auto again = lab.open_workspace();
    CHECK(again.inventory().key(*lab.generation("stays").key)->export_rule ==
          store::ExportRule::never);
  }
  SECTION("an issuer that was made again is one, and the newest") {
    for (int time = 0; time < 2; ++time) {
      lab.make("-r -cy authority -ss Root -n 'CN=My Root' -len 2048");
      lab.make("-in 'My Root' -is Root -ss My -n CN=Child -eku codeSigning -len 2048");
    }
    CHECK(lab.generation("child@2").issuer == lab.generation("my-root@2").id);
  }
  SECTION("a script that runs again makes the next generation") {
    lab.make(
        "-r -pe -ss PrivateCertStore -n CN=Contoso.com(Test) -eku 1.3.6.1.5.5.7.3.3 -len 2048");
    CHECK(lab.generation("contoso-com-test").number == 2);
    CHECK(lab.open_workspace()
              .inventory()
              .windows_store(StoreLocation::current_user, "PrivateCertStore")
              .size() == 2);
  }
}

TEST_CASE("an issuer is found by store, name or container", "[compat][makecert]") {
  Lab lab;
  lab.make("-r -sk rootkey -ss Root -sr LocalMachine -cy authority -len 2048 -n 'CN=Store Root'");
  lab.now += std::chrono::seconds(1);  // stores are in the order of time
  lab.make("-r -ss Root -sr LocalMachine -cy authority -len 2048 -n 'CN=Other Root'");
  const auto below = [&](const std::string& name, const std::string& issuer) {
    lab.make("-n CN=" + name + " -eku codeSigning -len 2048 -ss My " + issuer);
    const auto workspace = lab.open_workspace();
    const auto made = ca::find_generation(workspace.inventory(), name);
    return workspace.inventory().generation(*made.issuer)->name;
  };
  CHECK(below("by-name", "-in store -is root -ir localmachine") == "rootkey");
  CHECK(below("by-container", "-ik rootkey") == "rootkey");
  CHECK(below("by-container-2", "-ik ROOTKEY") == "rootkey");
  const struct {
    const char *words, *message;
  } refused[] = {
      {"-is root -ir localmachine",
       "store 'LocalMachine\\root' has 2 certificates: 'Store Root', 'Other Root'"},
      {"-in root -is root -ir localmachine",
       "store 'LocalMachine\\root' has 2 certificates named 'root': 'Store Root', 'Other Root'"},
      {"-in nobody -is root -ir localmachine",
       "store 'LocalMachine\\root' has no certificate named 'nobody'"},
      {"-is root", "store 'CurrentUser\\root' has no certificate"},
      {"-ik nothing", "the workspace has no key container 'nothing'"},
  };
  for (const auto& row : refused) {
    const auto ran = lab.makecert(std::string("-n CN=x -eku codeSigning -ss My ") + row.words);
    CHECK(ran.error == row.message);
    CHECK(ran.hint != "");
  }
}

TEST_CASE("a container keeps its key", "[compat][makecert]") {
  Lab lab;
  lab.make("-r -sk build -ss My -eku codeSigning -len 2048 -n CN=First");
  const auto first = lab.generation("build");
  lab.make("-r -sk BUILD -ss My -eku codeSigning -n CN=First");
  const auto second = lab.generation("build");
  CHECK(second.number == 2);
  CHECK(second.key == first.key);
  CHECK(lab.makecert("-r -sk build -ss My -eku codeSigning -n CN=Second").error ==
        "'build@2' is called so, and its subject is 'CN=First'");
}

TEST_CASE("a stranger of a name in the YAML does not become it", "[compat][makecert]") {
  Lab lab;
  lab.make("-r -n CN=lab-root -cy authority -len 2048 -sv @evil.pvk @evil.cer");
  const auto ran =
      lab.makecert("-n CN=Leaf -eku codeSigning -ic @evil.cer -iv @evil.pvk -len 2048 -ss My");
  CHECK(ran.error == "");
  CHECK_THAT(ran.all_notes(),
             Catch::Contains("the issuer is taken over as 'lab-root-2@1', without its key"));
  CHECK(lab.open_workspace().inventory().generations_of("lab-root").empty());
}

TEST_CASE("a key of the workspace has one name", "[compat][makecert]") {
  Lab lab;
  lab.make("-r -n CN=Boss -cy authority -len 2048 -ss Root @boss.cer");
  CHECK(lab.makecert("-ic @boss.cer -sc @boss.cer -n CN=Other -eku codeSigning -ss My").error ==
        "its key is that of 'boss@1'");
}

TEST_CASE("a key that stands in a file of makecert is on record", "[compat][makecert]") {
  Lab lab;
  lab.make("-r -n CN=Boss -cy authority -len 2048 -ss Root -p12 @boss.pfx secret");
  const auto event = lab.open_workspace().inventory().last_event("key.exported", "boss@1");
  REQUIRE(event);
  CHECK(event->details.find("boss.pfx") != std::string::npos);
}

TEST_CASE("what cannot be written is known before anything is issued", "[compat][makecert]") {
  Lab lab;
  for (const char* words : {"-p12 /proc/x/z.pfx secret", "-sv /proc/x/z.pvk", "/proc/x/z.cer"}) {
    CAPTURE(words);
    CHECK_FALSE(
        lab.makecert(std::string("-r -n CN=zz -eku codeSigning -len 2048 -ss My ") + words).done);
    CHECK(lab.open_workspace().inventory().generations_of("zz").empty());
  }
}

TEST_CASE("an issuer in files is taken over, without its key", "[compat][makecert]") {
  Lab lab;
  lab.make("-r -n 'CN=File Root' -cy authority -len 2048 -sv @r.pvk @r.cer");
  lab.make("-n CN=Leaf -eku codeSigning -ic @r.cer -iv @r.pvk -len 2048 -ss My @leaf.cer");
  const auto root = lab.generation("file-root");
  CHECK_FALSE(root.key);
  CHECK(lab.generation("leaf").issuer == root.id);
  SECTION("once") {
    lab.make("-n CN=Leaf2 -eku codeSigning -ic @r.cer -iv @r.pvk -len 2048 -ss My");
    CHECK(lab.open_workspace().inventory().generations_of("file-root").size() == 1);
  }
  SECTION("and later its key is missed") {
    const auto ran = lab.makecert("-n CN=Leaf2 -eku codeSigning -ic @r.cer -ss My");
    CHECK(ran.error == "the workspace has no key of the issuer 'File Root'");
    CHECK(ran.hint == "give it with -iv FILE.pvk");
  }
}

TEST_CASE("what the workspace holds is not undone", "[compat][makecert]") {
  Lab lab;
  SECTION("a name of the YAML") {
    const auto ran = lab.makecert("-r -ss My -n CN=Driver-Signing -eku codeSigning -len 2048");
    CHECK_THAT(ran.error, Catch::StartsWith("'driver-signing' is in the YAML (sealwright.yaml:"));
  }
  SECTION("a serial number") {
    lab.make("-r -sk top -ss Root -cy authority -len 2048 -n CN=Top");
    lab.make("-n CN=One -eku codeSigning -ik top -# 7 -len 2048 -ss My");
    CHECK(lab.makecert("-n CN=Two -eku codeSigning -ik top -# 7 -len 2048 -ss My").error ==
          "serial number 07 was drawn before by this issuer");
  }
  SECTION("a container name that Windows cannot have") {
    CHECK_FALSE(lab.makecert("-r -sk 'a\\b' -ss My -n CN=x -eku codeSigning -len 2048").done);
    CHECK(lab.open_workspace().inventory().generations().empty());
  }
  SECTION("a store name that Windows cannot have") {
    CHECK_FALSE(lab.makecert("-r -ss 'My\\Own' -n CN=x -eku codeSigning -len 2048").done);
    CHECK_FALSE(lab.open_workspace().inventory().entity("x"));
  }
}

TEST_CASE("without a workspace -ss says how to make one", "[compat][makecert]") {
  ToolBench bench;
  const auto ran = bench.run(compat::makecert_tool, "-r -ss My -n CN=x -eku codeSigning @x.cer");
  CHECK_FALSE(ran.done);
  CHECK_FALSE(std::filesystem::exists(bench.path("x.cer")));
}
