// What list, tree, show and status say of an inventory, large ones too.

#include <catch2/catch.hpp>

#include "base/error.h"
#include "fixture.h"
#include "workspace/filter.h"
#include "workspace/status.h"
#include "workspace/thing.h"
#include "workspace/tree.h"

using namespace sealwright;
using test::LabWorkspace;
using test::replaced;
using Lines = std::vector<std::string>;

namespace {

/// `count` names of `origin` below lab-issuing, all with the bytes of driver-signing's certificate
/// but for their hashes.
void crowd(const LabWorkspace& lab, store::Origin origin, int count) {
  auto workspace = lab.open();
  auto& inventory = workspace.inventory();
  const auto model = *inventory.active("driver-signing");
  const auto policy = *inventory.policy(model.policy.name, model.policy.revision);
  inventory.together([&] {
    for (int i = 0; i < count; ++i) {
      store::AdoptedCertificate one;
      one.name = "device-" + std::to_string(10000 + i);
      one.origin = origin;
      one.policy = policy;
      one.serial.value = {1, std::uint8_t(i >> 16), std::uint8_t(i >> 8), std::uint8_t(i)};
      one.issuer = model.issuer;
      one.to_be_signed[0] = 1;
      for (int byte = 0; byte < 4; ++byte)
        one.to_be_signed[std::size_t(byte) + 1] = one.issued.sha256[std::size_t(byte)] =
            std::uint8_t(i >> 8 * byte);
      one.key.value.fill(7);
      one.issued.certificate = model.certificate;
      one.issued.subject = "CN=" + one.name;
      one.issued.not_before = lab.now;
      one.issued.not_after = lab.now + std::chrono::days(100 + i);
      one.issued.state = store::GenerationState::active;
      inventory.adopt(one);
    }
  });
}

Lines filtered(const workspace::Workspace& workspace, const std::string& filter) {
  Lines found;
  workspace::Filter::parse({filter}, workspace.now())
      .each(workspace.inventory(), [&](const auto& g) { found.push_back(g.label()); });
  return found;
}

}  // namespace

TEST_CASE("unmanaged names are counted, and ten are named", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  crowd(lab, store::Origin::import, 300);
  const auto plan = workspace::make_plan(lab.open());
  CHECK(plan.empty());
  REQUIRE(plan.notices.size() == 11);
  CHECK(plan.notices[0].name == "device-10000");
  CHECK(plan.notices[10].text ==
        "and 290 more names: 'sealwright list --filter origin=hierarchy' and 'origin=import' show "
        "them");
  const auto status = workspace::status_of(lab.open(), lab.now, {});
  CHECK(status.rows.size() == 14);
  CHECK(status.more == 290);
  CHECK(workspace::to_text(status).ends_with("\nand 290 more: sealwright list\n"));
}

TEST_CASE("what `issue` made is not called unmanaged, and still ends in time", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  crowd(lab, store::Origin::command, 300);
  CHECK(workspace::make_plan(lab.open()).notices.empty());
  CHECK(workspace::status_of(lab.open(), lab.now, {}).rows.size() == 4);
  const auto soon = workspace::status_of(lab.open(), lab.now, parse_duration("120d"));
  REQUIRE(soon.rows.size() == 10);
  CHECK(soon.rows[0].name == "device-10000");
  CHECK(soon.rows[0].note == "not in sealwright.yaml");
  CHECK(soon.more == 10);
}

TEST_CASE("filters find what they say", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  crowd(lab, store::Origin::command, 3);
  const auto workspace = lab.open();
  const struct {
    const char* filter;
    Lines found;
  } rows[] = {
      {"kind=authority", {"lab-issuing@1", "lab-root@1"}},
      {"kind=authority,issuer=none", {"lab-root@1"}},
      {"issuer=lab-root", {"lab-issuing@1"}},
      {"issuer=lab-issuing@1,origin=hierarchy", {"driver-signing@1", "timestamping@1"}},
      {"issuer=lab-issuing@2", {}},
      {"policy=timestamping", {"timestamping@1"}},
      {"policy=timestamping@1,state=live", {"timestamping@1"}},
      {"policy=timestamping@2", {}},
      {"origin=command", {"device-10000@1", "device-10001@1", "device-10002@1"}},
      {"expires<102d", {"device-10000@1", "device-10001@1"}},
      {"expires<2026-09-24", {"device-10000@1"}},
      {"expires>10y", {"lab-root@1"}},
      {"name~DEVICE-*2", {"device-10002@1"}},
      {"name=lab-root", {"lab-root@1"}},
      {"subject~*Issuing*", {"lab-issuing@1"}},
      {"serial=01000002", {"device-10002@1"}},
      {"serial=0001000002", {"device-10002@1"}},
      {"state=retired", {}},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.filter) {
      CHECK(filtered(workspace, row.filter) == row.found);
    }
}

TEST_CASE("a filter that says nothing known is refused", "[workspace]") {
  const struct {
    const char *filter, *message;
  } rows[] = {
      {"colour=red", "'colour=red' asks for 'colour', which is not known"},
      {"kind~auth*", "'kind~auth*' compares 'kind' in a way that is not known"},
      {"name<5", "'name<5' compares 'name' in a way that is not known"},
      {"state=alive",
       "'state=alive' has none of the words next, active, retiring, retired, revoked, live"},
      {"expires<soon", "'expires<soon' has neither a duration nor a date"},
      {"serial=xyz", "'serial=xyz' has no serial number in hex"},
      {"active", "'active' is no clause of a filter"},
      {"=x", "'=x' is no clause of a filter"},
      {"name=", "'name=' is no clause of a filter"},
  };
  for (const auto& row : rows) {
    try {
      workspace::Filter::parse({row.filter}, Time{});
      FAIL(row.filter);
    } catch (const Error& error) {
      CHECK(error.kind == Error::Kind::usage);
      CHECK(error.message == row.message);
    }
  }
}

TEST_CASE("the tree has issuers above what they issued, and what is missing", "[workspace]") {
  LabWorkspace lab;
  CHECK(workspace::to_text(workspace::make_tree(lab.open(), lab.now), workspace::Lines::ascii) ==
        "lab-root              missing   -           not issued yet\n"
        "`- lab-issuing        missing   -           not issued yet\n"
        "   |- driver-signing  missing   -           not issued yet\n"
        "   `- timestamping    missing   -           not issued yet\n");
  lab.apply();
  lab.now += std::chrono::days(600);
  CHECK(workspace::to_text(workspace::make_tree(lab.open(), lab.now), workspace::Lines::unicode) ==
        "lab-root@1              active    2046-06-15\n"
        "└─ lab-issuing@1        active    2036-06-15\n"
        "   ├─ driver-signing@1  active    2028-06-15  'driver-signing@1' ends at "
        "2028-06-15T00:00:00Z\n"
        "   └─ timestamping@1    active    2031-06-15\n");
  const auto json = workspace::to_json(workspace::make_tree(lab.open(), lab.now));
  const auto& issuing = json.at("roots").items().at(0).at("issued").items().at(0);
  CHECK(issuing.at("name").string() == "lab-issuing@1");
  CHECK(issuing.at("issued").items().size() == 2);
}

TEST_CASE("a crowded tree is cut, and says so", "[workspace]") {
  const LabWorkspace lab;
  lab.apply();
  crowd(lab, store::Origin::command, 30);
  const auto tree = workspace::make_tree(lab.open(), lab.now);
  const auto text = workspace::to_text(tree, workspace::Lines::ascii, 5);
  CHECK(text.find("   `- and 27 more\n") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 8);
}

TEST_CASE("show finds every kind of name, and asks where several are meant", "[workspace]") {
  const LabWorkspace lab([](std::string text) {
    return replaced(
        text, "bundles:\n",
        "exports:\n  lab-trust: {certificate: driver-signing, format: pem, path: a.pem}\n"
        "  cert: {certificate: driver-signing, format: pem, path: b.pem}\n"
        "packages:\n  nic: {path: nic, os: [10_X64], signer: driver-signing}\n"
        "bundles:\n");
  });
  lab.apply();
  auto workspace = lab.open();
  const auto kind = [&](const std::string& word) {
    const auto thing = workspace::find_thing(workspace, word);
    return thing ? thing->kind : "";
  };
  CHECK(kind("lab-root") == "authority");
  CHECK(kind("driver-signing") == "certificate");
  CHECK(kind("policy:driver-signing") == "policy");
  CHECK(kind("root-ca") == "policy");
  CHECK(kind("cert") == "export");
  CHECK(kind("nic") == "package");
  CHECK(kind("local") == "timestamping");
  CHECK(kind("bundle:lab-trust") == "bundle");
  CHECK(kind("driver-signing@1").empty());
  CHECK(kind("nothing").empty());
  CHECK(kind("bundle:nothing").empty());
  const auto thing = workspace::find_thing(workspace, "driver-signing");
  CHECK(thing->generation->label() == "driver-signing@1");
  CHECK(thing->facts.at("see_also").string() == "policy:driver-signing");
  CHECK(thing->facts.at("issued_by").string() == "lab-issuing@1");
  CHECK(thing->facts.at("key").string() == "ECDSA P-256, in the inventory, keyring 'default'");
  try {
    workspace::find_thing(workspace, "lab-trust");
    FAIL("one was chosen");
  } catch (const Error& error) {
    CHECK(error.message == "'lab-trust' is the name of several things");
    CHECK(error.hint == "say which: export:lab-trust, bundle:lab-trust");
  }
}
