#include "bundle/templates.h"

#include <catch2/catch.hpp>

#include "states.h"

using namespace sealwright;

TEST_CASE("an error in a template names the file and the line that it is from", "[bundle]") {
  struct Row {
    const char *name, *outer, *inner, *message;
  };
  const Row rows[] = {
      {"before an insert", "{{x}}\n{{! insert look.ps1 }}\n", "",
       "templates/bundle/powershell/Test-Trust.ps1:1: 'x' has no value"},
      {"in what is inserted", "a\n{{! insert look.ps1 }}\nb\n", "c\nd\n{{x}}\n",
       "templates/bundle/powershell/look.ps1:3: 'x' has no value"},
      {"behind an insert", "a\n{{! insert look.ps1 }}\nb\n{{x}}\n", "c\nd\n",
       "templates/bundle/powershell/Test-Trust.ps1:4: 'x' has no value"},
      {"right behind an insert", "{{! insert look.ps1 }}\n{{x}}\n", "c\n",
       "templates/bundle/powershell/Test-Trust.ps1:2: 'x' has no value"},
      {"an insert without its end", "a\n{{! insert look.ps1", "",
       "templates/bundle/powershell/Test-Trust.ps1:2: an insert without its end"},
      {"an insert of what is elsewhere", "{{! insert certificates.txt }}\n", "",
       "templates/bundle/powershell/Test-Trust.ps1:1: there is no template "
       "'powershell/certificates.txt'"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      bundle::State state;
      state.templates = {{"powershell/Test-Trust.ps1", row.outer},
                         {"powershell/look.ps1", row.inner}};
      CHECK_THROWS_WITH(
          bundle::filled(state, "powershell/Test-Trust.ps1", Json::object(), Escape::ps),
          row.message);
    }
}

TEST_CASE("inserts do not multiply a template beyond its limit", "[bundle]") {
  bundle::State state;
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "{{! insert look.ps1 }}\n";
  state.templates = {{"powershell/Test-Trust.ps1", many},
                     {"powershell/look.ps1", std::string(std::size_t{1} << 20, 'a')}};
  CHECK_THROWS_WITH(bundle::filled(state, "powershell/Test-Trust.ps1", Json::object(), Escape::ps),
                    "templates/bundle/powershell/Test-Trust.ps1: with what it inserts, the "
                    "template is longer than 1 MiB");
}
