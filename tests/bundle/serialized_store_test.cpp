#include <catch2/catch.hpp>

#include "base/error.h"
#include "bundle/store_files.h"
#include "readings.h"
#include "states.h"

using namespace sealwright;
using test::found_in;
using test::Lines;
using test::pki;

namespace {

const test::Read read_store = [](BytesView bytes, bundle::Contents& contents) {
  bundle::read_serialized_store(bytes, "f", contents);
};

Bytes element(std::uint32_t id, BytesView value) {
  Bytes bytes;
  put_u32le(bytes, id);
  put_u32le(bytes, 1);
  put_u32le(bytes, static_cast<std::uint32_t>(value.size()));
  append(bytes, value);
  return bytes;
}

/// A serialized store of these elements.
Bytes store(const std::vector<Bytes>& elements) {
  Bytes bytes = {0, 0, 0, 0, 'C', 'E', 'R', 'T'};
  for (const auto& one : elements) append(bytes, one);
  bytes.insert(bytes.end(), 12, 0);
  return bytes;
}

Bytes certificate(const test::Holder& holder) {
  return element(bundle::property_certificate, holder.certificate.der());
}
Bytes sha1(const test::Holder& holder) {
  return element(bundle::property_sha1, holder.certificate.thumbprint().value);
}
std::string line(const test::Holder& holder) {
  return test::line_of({bundle::Store::root, holder.certificate, "", {}}, {});
}

const char* wine_order =
    "warning: element 1: a certificate comes first, so properties are taken for those of the "
    "certificate before them, as Wine writes them; Windows writes them the other way round";

}  // namespace

TEST_CASE("properties go with the certificate behind them, or before them where one comes first",
          "[bundle]") {
  const auto& [root, issuing] = std::tie(pki().root, pki().issuing);
  struct Row {
    const char* name;
    std::vector<Bytes> elements;
    std::size_t properties;  ///< Of the first certificate.
    Lines faults;
  };
  const Row rows[] = {
      {"as Windows writes it",
       {sha1(root), element(11, view("a")), certificate(root), sha1(issuing), certificate(issuing)},
       2,
       {}},
      {"as Wine writes it",
       {certificate(root), sha1(root), certificate(issuing), sha1(issuing)},
       1,
       {wine_order}},
      {"certificates alone", {certificate(root), certificate(issuing)}, 0, {}},
      {"the first without properties",
       {certificate(root), sha1(issuing), certificate(issuing)},
       1,
       {wine_order, "error: element 1: property 3 is " + issuing.certificate.thumbprint().hex() +
                        ", but the certificate's SHA-1 is " + root.certificate.thumbprint().hex()}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const auto found = found_in(read_store, store(row.elements));
      CHECK(test::certificate_lines(found) == test::joined({line(root)}, {line(issuing)}));
      CHECK(found.certificates.front().properties.size() == row.properties);
      CHECK(found.certificates.front().position.place == "element 1");
      CHECK(test::fault_lines(found) == row.faults);
    }
}

TEST_CASE("a serialized store's faults are told, and the rest is read", "[bundle]") {
  const auto& root = pki().root;
  const Bytes good = store({sha1(root), certificate(root)});
  Bytes longer = good;
  longer.push_back(0);
  struct Row {
    const char* name;
    Bytes bytes;
    Lines faults;
  };
  const Row rows[] = {
      {"a private key's container",
       store({element(2, view("k")), certificate(root)}),
       {"warning: element 1: the certificate names the container of a private key (property 2)"}},
      {"a byte after the end",
       longer,
       {"warning: byte " + std::to_string(good.size()) +
        ": 1 bytes after the end of the store, which nobody reads"}},
      {"a purpose that is none",
       store({element(9, view("x")), certificate(root)}),
       {"error: element 1: property 9, what the certificate is trusted for: "}},
      {"a revocation list",
       store({element(33, view("x")), sha1(root), certificate(root)}),
       {"note: element 1: a revocation list goes into the store too; it is not looked at",
        "warning: element 1: a certificate comes first"}},
      {"what is no certificate",
       store({element(3, view("x")), element(32, view("x")), sha1(root), certificate(root)}),
       {"error: element 1: no certificate: "}},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const auto found = found_in(read_store, row.bytes);
      REQUIRE(found.certificates.size() == 1);
      CHECK(found.certificates.front().thumbprint == root.certificate.thumbprint());
      for (const auto& fault : row.faults) {
        INFO(fault);
        const auto faults = test::fault_lines(found);
        CHECK(std::any_of(faults.begin(), faults.end(),
                          [&](const auto& one) { return one.starts_with(fault); }));
      }
    }
}

TEST_CASE("what is no serialized store is refused", "[bundle]") {
  const Bytes valued = {0, 0, 0, 0, 'C', 'E', 'R', 'T', 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 7};
  struct Row {
    const char* name;
    Bytes bytes;
    const char* message;
  };
  const Row rows[] = {
      {"nothing at all", {}, "not a serialized store: it does not start with 0 and 'CERT'"},
      {"another version",
       {1, 0, 0, 0, 'C', 'E', 'R', 'T'},
       "not a serialized store: it does not start with 0 and 'CERT'"},
      {"no end", {0, 0, 0, 0, 'C', 'E', 'R', 'T'}, "the serialized store is cut short"},
      {"an end with a value", valued, "the end of the serialized store (id 0) has a value"},
      {"properties alone", store({sha1(pki().root)}),
       "element 1: properties without a certificate"},
      {"a length past the end",
       {0, 0, 0, 0, 'C', 'E', 'R', 'T', 3, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff},
       "the serialized store is cut short"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      CHECK_THROWS_WITH(found_in(read_store, row.bytes), row.message);
    }
}

TEST_CASE("every beginning of a serialized store is refused", "[bundle]") {
  const Bytes bytes = bundle::serialized_store(test::lab_state().present);
  CHECK(test::refused_beginnings(read_store, bytes) == bytes.size());
}

TEST_CASE("a serialized store of more certificates than readers take is refused", "[bundle]") {
  Bytes bytes = {0, 0, 0, 0, 'C', 'E', 'R', 'T'};
  for (std::size_t i = 0; i <= bundle::max_read_changes; ++i)
    append(bytes, element(bundle::property_certificate, {}));
  bytes.insert(bytes.end(), 12, 0);
  CHECK_THROWS_WITH(found_in(read_store, bytes), "the file holds more than 100,000 changes");
}

TEST_CASE("the elements of a serialized store are written again as they were read", "[bundle]") {
  const Bytes windows = bundle::serialized_store(test::lab_state().present);
  CHECK(bundle::looks_like_serialized_store(windows));
  CHECK(bundle::serialized_store(bundle::store_elements(windows)) == windows);
  // As Wine orders them: written as Windows does.
  const Bytes wine = store({certificate(pki().root), sha1(pki().root)});
  const auto elements = bundle::store_elements(wine);
  REQUIRE(elements.size() == 1);
  CHECK(elements[0].properties.size() == 1);
  CHECK(bundle::serialized_store(elements) == store({sha1(pki().root), certificate(pki().root)}));

  Bytes longer = windows;
  longer.push_back(0);
  CHECK_THROWS_WITH(bundle::store_elements(longer), Catch::Contains("1 bytes after the end"));
  CHECK_THROWS_WITH(bundle::store_elements(BytesView(windows).first(windows.size() - 1)),
                    Catch::Contains("serialized store"));
  CHECK_FALSE(bundle::looks_like_serialized_store(BytesView(windows).first(7)));
}
