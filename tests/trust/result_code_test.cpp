#include "trust/result_code.h"

#include <catch2/catch.hpp>
#include <set>

#include "trust/wintrust_state.h"

using namespace sealwright;
using trust::find_result_code;

TEST_CASE("a result code is found by every spelling in use", "[trust]") {
  for (const char* text : {"0x800B0109", "0X800b0109", "800b0109", "-2146762487",
                           "CERT_E_UNTRUSTEDROOT", "cert_e_untrustedroot", "2148204809"}) {
    INFO(text);
    const auto* found = find_result_code(std::string_view(text));
    REQUIRE(found);
    CHECK(found->name == "CERT_E_UNTRUSTEDROOT");
  }
  CHECK(find_result_code(std::string_view("577"))->name == "ERROR_INVALID_IMAGE_HASH");
  CHECK(find_result_code(std::string_view("0x241"))->name == "ERROR_INVALID_IMAGE_HASH");
  CHECK(find_result_code(std::string_view("Code 52"))->name == "CM_PROB_UNSIGNED_DRIVER");
  CHECK(find_result_code(std::string_view("52"))->name == "CM_PROB_UNSIGNED_DRIVER");
}

TEST_CASE("words that are no result code are not found", "[trust]") {
  for (const char* text : {"", "0x", "code ", "hello", "0x800B0109junk", "99999999999999999999",
                           "0x1800B0109", "-", "0x12345678", "codeSigning"}) {
    INFO(text);
    CHECK(find_result_code(std::string_view(text)) == nullptr);
  }
}

TEST_CASE("every result code says what it means, once", "[trust]") {
  std::set<std::string_view> names;
  std::set<std::uint32_t> values;
  for (const auto& row : trust::result_codes()) {
    INFO(row.name);
    CHECK(names.insert(row.name).second);
    CHECK(values.insert(row.value).second);
    CHECK_FALSE(row.meaning.empty());
    CHECK(row.meaning.back() != '.');
    CHECK((row.meaning.front() < 'A' || row.meaning.front() > 'Z' || row.value == 0x34));
    CHECK(find_result_code(row.value) == &row);
    CHECK(find_result_code(trust::to_text(row.value)) == &row);
    CHECK(find_result_code(row.name) == &row);
  }
}

TEST_CASE("codes that verdicts give are explained and have a remedy", "[trust]") {
  namespace code = trust::code;
  for (const auto value : {code::no_signature,
                           code::expired,
                           code::untrusted_root,
                           code::chaining,
                           code::revoked,
                           code::wrong_usage,
                           code::explicit_distrust,
                           code::invalid_name,
                           code::no_signer_certificate,
                           code::certificate_signature,
                           code::time_stamp,
                           code::bad_digest,
                           code::basic_constraints,
                           code::subject_form_unknown,
                           code::file_not_found,
                           code::invalid_image_hash,
                           code::security_settings,
                           code::image_checksum_mismatch,
                           code::wrong_inf_style,
                           code::no_compatible_drivers,
                           code::no_catalog,
                           code::trust_not_established,
                           code::publisher_not_trusted,
                           code::os_attribute_mismatch,
                           code::file_not_in_catalog,
                           code::invalid_catalog_data}) {
    INFO(trust::to_text(value));
    const auto* found = find_result_code(value);
    REQUIRE(found);
    CHECK_FALSE(found->remedy.empty());
  }
}

TEST_CASE("the bits of WinTrust State add up to its default", "[trust]") {
  std::uint32_t last = 0;
  for (const auto& bit : trust::state_bits()) {
    CHECK(bit.value > last);
    CHECK((bit.value & (bit.value - 1)) == 0);
    last = bit.value;
  }
  CHECK((trust::known_state_bits() & 0x23c00) == 0x23c00);
}
