#include "driver/faults.h"

#include <catch2/catch.hpp>

#include "../signing/pki.h"
#include "base/error.h"
#include "driver/package_check.h"
#include "sample_package.h"

using namespace sealwright;
using namespace sealwright::driver;
namespace fs = std::filesystem;

namespace {

/// Notes that it was asked.
class CountingTimestamper : public signing::Timestamper {
 public:
  explicit CountingTimestamper(signing::Timestamper& real) : real_(real) {}
  Bytes stamp(BytesView signature_value, ossl::Digest digest) override {
    ++asked;
    return real_.stamp(signature_value, digest);
  }
  int asked = 0;

 private:
  signing::Timestamper& real_;
};

struct Bench {
  Bench() {
    fs::create_directory(original);
    test::copy_sample_driver(original);
    options.package = test::package_options({"10_X64"});
    options.catalog.time = test::noon;
    options.catalog.random = test::counting_random();
    options.sign.timestamp = &trusted;
  }
  FaultyPackage write(Fault fault) {
    fs::remove_all(broken);
    return write_faulty(original, broken, fault, {test::pki().identity(), options, &untrusted});
  }

  test::Scratch scratch;
  fs::path original = scratch / "original", broken = scratch / "broken";
  signing::LocalTimestamper real{test::pki().authority()};
  CountingTimestamper trusted{real}, untrusted{real};
  PackageSignOptions options;
};

/// What is true of a package that is not broken.
struct Facts {
  bool catalog = true, catalog_signed = true, binary_signed = true, complete = true;
  int trusted = 2, untrusted = 0;
  std::string os_attribute = "2:10.0";
};

Facts facts_of(const Bench& bench) {
  Facts facts;
  const auto cat = bench.broken / "sealwright-sample.cat";
  facts.catalog = fs::exists(cat);
  facts.catalog_signed = facts.catalog && !signing::read_signature(cat).signatures.empty();
  facts.binary_signed = !signing::read_signature(bench.broken / "sample.sys").signatures.empty();
  const auto check = check_package(bench.broken);
  facts.complete = check.complete();
  facts.trusted = bench.trusted.asked;
  facts.untrusted = bench.untrusted.asked;
  facts.os_attribute = check.files.empty() ? "" : check.files.front().os_attribute;
  return facts;
}

}  // namespace

TEST_CASE("each fault breaks one thing and leaves the others", "[faults]") {
  struct Row {
    Fault fault;
    void (*differs)(Facts&);
  };
  const Row rows[] = {
      {Fault::none, [](Facts&) {}},
      {Fault::unsigned_catalog, [](Facts& f) { f.catalog_signed = false; }},
      {Fault::no_catalog,
       [](Facts& f) {
         f.catalog = f.catalog_signed = f.binary_signed = f.complete = false;
         f.trusted = 1;
         f.os_attribute = "";
       }},
      {Fault::tampered_file, [](Facts& f) { f.complete = false; }},
      {Fault::missing_member,
       [](Facts& f) {
         f.complete = false;
         f.trusted = 3;
       }},
      {Fault::extra_file, [](Facts&) {}},
      {Fault::lf_line_ends,
       [](Facts& f) {
         f.complete = false;
         f.os_attribute = "";
       }},
      {Fault::wrong_os_attribute,
       [](Facts& f) {
         f.trusted = 3;
         f.os_attribute = "2:11.0";
       }},
      {Fault::no_timestamp, [](Facts& f) { f.trusted = 0; }},
      {Fault::untrusted_timestamp,
       [](Facts& f) {
         f.trusted = 0;
         f.untrusted = 2;
       }},
      {Fault::signature_only_in_binary,
       [](Facts& f) {
         f.catalog = f.catalog_signed = f.complete = false;
         f.os_attribute = "";
       }},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(to_text(row.fault)) {
      Bench bench;
      bench.write(row.fault);
      Facts expected;
      row.differs(expected);
      const Facts found = facts_of(bench);
      CHECK(found.catalog == expected.catalog);
      CHECK(found.catalog_signed == expected.catalog_signed);
      CHECK(found.binary_signed == expected.binary_signed);
      CHECK(found.complete == expected.complete);
      CHECK(found.trusted == expected.trusted);
      CHECK(found.untrusted == expected.untrusted);
      CHECK(found.os_attribute == expected.os_attribute);
      CHECK(fault_by_name(to_text(row.fault)) == row.fault);
      CHECK_FALSE(meaning(row.fault).empty());
    }
}

TEST_CASE("a fault says what it did", "[faults]") {
  Bench bench;
  CHECK(bench.write(Fault::missing_member).change == "'sample.dat' is not in the catalog");
  CHECK(bench.write(Fault::lf_line_ends).change ==
        "the line ends of 'sample.inf' were changed after signing");
  CHECK(bench.write(Fault::tampered_file).file == "sample.dat");
  CHECK(bench.write(Fault::extra_file).change == "'nothing-installs-this.txt' was added");
  const auto check = check_package(bench.broken);
  CHECK(check.package.unlisted == std::vector<std::string>{"nothing-installs-this.txt"});
}

TEST_CASE("the package that is broken is a copy", "[faults]") {
  Bench bench;
  const auto before = test::contents(bench.original);
  for (const auto fault : {Fault::tampered_file, Fault::lf_line_ends, Fault::no_catalog})
    bench.write(fault);
  CHECK(test::contents(bench.original) == before);
}
