// What the writers of certificate files wrote, read back: the same certificates in the same stores.

#include <catch2/catch.hpp>

#include "bundle/intune.h"
#include "bundle/ldif.h"
#include "bundle/powershell.h"
#include "bundle/settings.h"
#include "bundle/store_files.h"
#include "readings.h"
#include "states.h"

using namespace sealwright;
using Action = bundle::FoundCertificate::Action;
using Detail = test::Expected::Detail;
using bundle::Location;
using test::Lines;

namespace {

struct NamedState {
  const char* name;
  bundle::State state;
};

/// All states of states.h, and one of each that has lost something.
std::vector<NamedState> states() {
  auto set = test::lab_state();
  set.settings = test::some_settings();
  bundle::settle(set);
  auto unset = test::without_publisher();
  unset.reverted = test::some_settings();
  bundle::settle(unset);
  auto hostile = test::hostile_state();
  hostile.removed = {hostile.present.back()};
  hostile.present.pop_back();
  auto distrusted = test::lab_state();
  distrusted.present.back().store = bundle::Store::disallowed;
  bundle::settle(distrusted);
  return {{"a lab", test::lab_state()},
          {"without its publisher", test::without_publisher()},
          {"with settings", set},
          {"with settings taken back", unset},
          {"hostile names", test::hostile_state()},
          {"hostile names that left", hostile},
          {"distrust", distrusted}};
}

const bundle::OutputFile& file_of(const std::vector<bundle::OutputFile>& files,
                                  const std::string& name) {
  for (const auto& file : files)
    if (file.path == name) return file;
  FAIL("no " << name);
  return files.front();
}

/// What is present, as added, and what was removed.
Lines changes(const bundle::State& state, Location location, Detail detail) {
  return test::joined(
      test::lines_of_entries(state.present, {Action::add, location, detail}),
      test::lines_of_entries(state.removed, {Action::remove, location, Detail::thumbprint}));
}

/// Everything goes.
Lines removals(const bundle::State& state, Location location) {
  const test::Expected removed{Action::remove, location, Detail::thumbprint};
  return test::joined(test::lines_of_entries(state.present, removed),
                      test::lines_of_entries(state.removed, removed));
}

std::vector<bundle::Entry> in_store(const std::vector<bundle::Entry>& entries,
                                    bundle::Store store) {
  std::vector<bundle::Entry> some;
  for (const auto& entry : entries)
    if (entry.store == store) some.push_back(entry);
  return some;
}

std::string full_key(const bundle::Setting& setting) {
  return std::string(bundle::hive_of(setting.scope)) + "\\" + bundle::key_of(setting);
}

/// As test::setting_lines() has them; `undone`: what Windows has by itself.
Lines settings(const std::vector<bundle::Setting>& all, bool undone) {
  bundle::Contents contents;
  for (const auto& setting : all)
    contents.settings.push_back({full_key(setting),
                                 std::string(bundle::value_name(setting.kind)),
                                 undone ? bundle::windows_default(setting.kind) : setting.value,
                                 {}});
  return test::setting_lines(contents);
}

}  // namespace

TEST_CASE("serialized stores are read as they were written, with what roots are for", "[bundle]") {
  for (const auto& [name, state] : states()) DYNAMIC_SECTION(name) {
      const auto files = bundle::sst_files(state, "sst");
      for (const auto store : {bundle::Store::root, bundle::Store::ca,
                               bundle::Store::trusted_publisher, bundle::Store::disallowed}) {
        const auto entries = in_store(state.present, store);
        if (entries.empty()) continue;
        bundle::Contents contents;
        bundle::read_serialized_store(
            file_of(files, std::string(bundle::registry_name(store)) + ".sst").content, "f",
            contents);
        CHECK(test::certificate_lines(contents) ==
              test::lines_of_entries(entries, {Action::add, Location::unsaid, Detail::purposes}));
        CHECK(contents.faults.empty());
      }
    }
}

TEST_CASE("certutil scripts are read as they were written", "[bundle]") {
  for (const auto& [name, state] : states()) DYNAMIC_SECTION(name) {
      const auto files = bundle::certutil_files(state, "certutil");
      bundle::Contents installed, removed;
      bundle::read_certutil_script(file_of(files, "install.cmd").content, "f", files, installed);
      CHECK(test::certificate_lines(installed) ==
            changes(state, Location::machine, Detail::certificate));
      CHECK(installed.faults.empty());
      for (const auto& others : {files, bundle::p7b_files(state, "p7b")}) {
        removed = {};
        bundle::read_certutil_script(file_of(others, "remove.cmd").content, "f", others, removed);
        CHECK(test::certificate_lines(removed) == removals(state, Location::machine));
        CHECK(removed.faults.empty());
      }
    }
}

TEST_CASE("SyncML and profiles are read as they were written", "[bundle]") {
  for (const auto& [name, state] : states()) DYNAMIC_SECTION(name) {
      const auto files =
          bundle::intune_files(state, bundle::FormatRequest("intune", {{"display_name", "Ours"}}));
      bundle::Contents profile, installed, removed;
      bundle::read_intune_profile(file_of(files, "profile.json").content, "f", profile);
      CHECK(profile.title == "Ours");
      CHECK(test::certificate_lines(profile) ==
            test::lines_of_entries(state.present, {Action::add, Location::machine}));
      bundle::read_syncml(file_of(files, "install.xml").content, "f", installed);
      CHECK(test::certificate_lines(installed) ==
            changes(state, Location::machine, Detail::certificate));
      bundle::read_syncml(file_of(files, "remove.xml").content, "f", removed);
      CHECK(test::certificate_lines(removed) == removals(state, Location::machine));
      for (const auto* contents : {&profile, &installed, &removed}) CHECK(contents->faults.empty());
    }
}

TEST_CASE("LDIF is read as it was written: authorities, with a note for each object that goes",
          "[bundle]") {
  for (const auto& [name, state] : states()) DYNAMIC_SECTION(name) {
      const auto files =
          bundle::ldif_files(state, bundle::FormatRequest("ldif", {{"forest", "DC=a,DC=test"}}));
      const Lines expected =
          test::joined(test::lines_of_entries(in_store(state.present, bundle::Store::root),
                                              {Action::add, Location::directory}),
                       test::lines_of_entries(in_store(state.present, bundle::Store::ca),
                                              {Action::add, Location::directory}));
      bundle::Contents added, updated, removed;
      bundle::read_ldif(file_of(files, "add.ldif").content, "f", added);
      CHECK(test::certificate_lines(added) == expected);
      CHECK(added.faults.empty());
      bundle::read_ldif(file_of(files, "update.ldif").content, "f", updated);
      CHECK(test::certificate_lines(updated) == expected);
      bundle::read_ldif(file_of(files, "remove.ldif").content, "f", removed);
      CHECK(removed.certificates.empty());
      CHECK(removed.faults.size() == updated.faults.size());
      for (const auto* contents : {&updated, &removed}) {
        CHECK_FALSE(contents->faults.empty());
        for (const auto& fault : contents->faults)
          CHECK(fault.severity == bundle::Fault::Severity::note);
      }
    }
}

TEST_CASE("PowerShell scripts are read as they were written, with settings", "[bundle]") {
  for (const auto& [name, state] : states()) DYNAMIC_SECTION(name) {
      const auto set =
          test::joined(settings(state.settings, false), settings(state.reverted, true));
      for (const auto& file : bundle::powershell_files(state, "powershell")) {
        INFO(file.path);
        bundle::Contents contents;
        bundle::read_powershell_script(file.content, "f", contents);
        CHECK(contents.title == state.name);
        if (file.path == "Remove-Trust.ps1") {
          CHECK(test::certificate_lines(contents) == removals(state, Location::machine));
          CHECK(test::setting_lines(contents) ==
                test::joined(settings(state.settings, true), settings(state.reverted, true)));
          CHECK(contents.faults.empty());
          continue;
        }
        const bool installs = file.path == "Install-Trust.ps1";
        CHECK(test::certificate_lines(contents) ==
              changes(state, Location::machine, installs ? Detail::purposes : Detail::thumbprint));
        CHECK(test::setting_lines(contents) == set);
        CHECK(contents.only_looks == !installs);
        CHECK(contents.faults.empty());
      }
    }
}
