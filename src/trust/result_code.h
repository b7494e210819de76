#pragma once
// What Windows trusts and why: its stores, its result codes, its rules per version.
// This file: the codes with which Windows answers, what they mean, and what mends them.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sealwright::trust {

/// One code that WinVerifyTrust, SetupAPI, Code Integrity or the Plug and Play manager answers
/// with.
struct ResultCode {
  std::uint32_t value;
  std::string_view name;     ///< "CERT_E_UNTRUSTEDROOT"
  std::string_view meaning;  ///< One sentence, lower case, no full stop.
  std::string_view causes;   ///< What is usually behind it; sentences separated by "; ".
  std::string_view remedy;   ///< What to do.
};

namespace code {
constexpr std::uint32_t ok = 0;
constexpr std::uint32_t no_signature = 0x800B0100;
constexpr std::uint32_t expired = 0x800B0101;
constexpr std::uint32_t untrusted_root = 0x800B0109;
constexpr std::uint32_t chaining = 0x800B010A;
constexpr std::uint32_t revoked = 0x800B010C;
constexpr std::uint32_t wrong_usage = 0x800B0110;
constexpr std::uint32_t explicit_distrust = 0x800B0111;
constexpr std::uint32_t invalid_name = 0x800B0114;
constexpr std::uint32_t no_signer_certificate = 0x80096002;
constexpr std::uint32_t certificate_signature = 0x80096004;
constexpr std::uint32_t time_stamp = 0x80096005;
constexpr std::uint32_t bad_digest = 0x80096010;
constexpr std::uint32_t basic_constraints = 0x80096019;
constexpr std::uint32_t subject_form_unknown = 0x800B0003;
constexpr std::uint32_t file_not_found = 2;
constexpr std::uint32_t invalid_image_hash = 577;
constexpr std::uint32_t security_settings = 0x80092026;
constexpr std::uint32_t image_checksum_mismatch = 0xC0000221;
constexpr std::uint32_t wrong_inf_style = 0xE0000100;
constexpr std::uint32_t no_compatible_drivers = 0xE0000228;
constexpr std::uint32_t no_catalog = 0xE000022F;
constexpr std::uint32_t trusted_publisher = 0xE0000241;
constexpr std::uint32_t trust_not_established = 0xE0000242;
constexpr std::uint32_t publisher_not_trusted = 0xE0000243;
constexpr std::uint32_t os_attribute_mismatch = 0xE0000244;
constexpr std::uint32_t file_not_in_catalog = 0xE000024B;
constexpr std::uint32_t invalid_catalog_data = 0xE0000304;
}  // namespace code

std::span<const ResultCode> result_codes();  ///< Sorted by value.
const ResultCode* find_result_code(std::uint32_t value);
/// "0x800B0109", "800b0109", "-2146762487", "577", "CERT_E_UNTRUSTEDROOT", "Code 52"; null when
/// unknown.
const ResultCode* find_result_code(std::string_view text);
std::string to_text(std::uint32_t value);  ///< "0x800B0109"; small ones decimal ("577").

}  // namespace sealwright::trust
