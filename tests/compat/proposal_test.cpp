#include "compat/proposal.h"

#include <catch2/catch.hpp>

#include "desk.h"
#include "policy/load.h"

using namespace sealwright;

TEST_CASE("a proposal is a sealwright.yaml with its policies behind it", "[compat]") {
  compat::Proposal proposal;
  proposal.authorities = {"root: {policy: root-ca, subject: {CN: Root}}"};
  proposal.certificates = {"driver: {policy: made, issuer: root}"};
  proposal.bundles = {"trust:\n  stores: {root: [root]}\n  formats: {reg: {}}"};
  proposal.policies = {{"made", "version: 1\nname: made\n"}};
  proposal.stores = {"CurrentUser\\My"};
  proposal.notes = {"a note\nwith a line end"};
  CHECK(compat::to_text(proposal) ==
        "# Windows stores that must hold it:\n"
        "#   CurrentUser\\My\n"
        "# Not the same:\n"
        "#   a note\\x0awith a line end\n"
        "# sealwright.yaml\n"
        "version: 1\n"
        "name: from-makecert\n"
        "authorities:\n"
        "  root: {policy: root-ca, subject: {CN: Root}}\n"
        "certificates:\n"
        "  driver: {policy: made, issuer: root}\n"
        "bundles:\n"
        "  trust:\n"
        "    stores: {root: [root]}\n"
        "    formats: {reg: {}}\n"
        "---\n"
        "# policies/made.yaml\n"
        "version: 1\n"
        "name: made\n");
}

TEST_CASE("names for the YAML are made of whatever a certificate is called", "[compat]") {
  struct Row {
    const char* text;
    const char* name;
  };
  const Row rows[] = {
      {"Contoso.com(Test)", "contoso-com-test"},
      {"  Old   Root  ", "old-root"},
      {"2026 Driver", "driver"},
      {"Jürgen & Söhne", "j-rgen-s-hne"},
      {"日本", "otherwise"},
      {"", "otherwise"},
      {"12345", "otherwise"},
      {"self", "otherwise"},
      {"None", "otherwise"},
      {"---", "otherwise"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(compat::item_name(row.text, "otherwise") == row.name);
    CHECK(policy::is_item_name(compat::item_name(row.text, "otherwise")));
  }
  CHECK(compat::item_name(std::string(100, 'a'), "otherwise") == std::string(64, 'a'));
}
