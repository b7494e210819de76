#pragma once
// One PKI in two workspaces: on the network and in the safe. Quick keys, one clock.

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "fixture.h"
#include "workspace/ceremony.h"

namespace sealwright::test {

class Twins {
 public:
  /// `edit` may change the YAML of both before they are made.
  explicit Twins(const std::function<std::string(std::string)>& edit = {});
  Scratch scratch;
  Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};
  workspace::Workspace online() const { return open("online"); }
  workspace::Workspace safe() const { return open("safe"); }
  void edit(const std::string& which, const std::function<std::string(std::string)>& change) const;

  /// What the one on the network asks now.
  workspace::ReadRequest ask() const;
  /// What the safe does with it.
  workspace::ReadAnswer perform(const workspace::ReadRequest& asked,
                                const std::vector<std::string>& only = {}) const;
  std::vector<workspace::AcceptedItem> accept(const workspace::ReadAnswer& answer) const;
  std::string file(const std::string& which, const std::string& name) const;

 private:
  workspace::Workspace open(const std::string& which) const;
};

/// The file that says so, read again.
workspace::ReadRequest written(const workspace::CeremonyRequest& request);
workspace::ReadAnswer written(const workspace::CeremonyAnswer& answer);

template <class Work>
Error error_from(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  throw std::logic_error("unreachable");
}

}  // namespace sealwright::test
