#include "trust/result_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"

namespace sealwright::trust {
namespace {

// Names and values: Windows SDK winerror.h and setupapi.h as documented under "COM Error Codes
// (Security and Setup)" and "System Error Codes"; causes: what installations in the field turned
// out to have.
constexpr ResultCode table[] = {
    {2, "ERROR_FILE_NOT_FOUND", "a file that the INF installs is not there",
     "the file is missing from the package, or lies in another folder than the INF says",
     "put the file where [SourceDisksFiles] says it is, or take it out of the INF"},
    {0x34, "CM_PROB_UNSIGNED_DRIVER",
     "Device Manager's Code 52: the kernel did not accept the driver's signature",
     "the driver is signed by a private root, which the x64 kernel never consults; a file changed "
     "after signing; SHA-2 support is "
     "missing on Windows 7",
     "have Microsoft sign the package, or turn TESTSIGNING on for tests (Secure Boot off)"},
    {577, "ERROR_INVALID_IMAGE_HASH",
     "the kernel refused to load the image (STATUS_INVALID_IMAGE_HASH, 0xC0000428)",
     "no signature that the kernel trusts; a private root is never enough on x64; the file changed "
     "after signing",
     "have Microsoft sign the package, or turn TESTSIGNING on for tests (Secure Boot off)"},
    {0x80092010, "CRYPT_E_REVOKED", "the certificate was revoked", "the issuer's CRL lists it",
     "sign with a certificate that is not revoked"},
    {0x80092012, "CRYPT_E_NO_REVOCATION_CHECK", "revocation could not be checked",
     "no CRL distribution point in the certificate, or WinTrust State demands a check",
     "publish a CRL, or leave WinTrust State at its default 0x23c00"},
    {0x80092013, "CRYPT_E_REVOCATION_OFFLINE", "the revocation server was offline",
     "the CRL distribution point cannot be reached from this machine",
     "make the URL reachable, or issue without one"},
    {0x80092026, "CRYPT_E_SECURITY_SETTINGS", "the security settings refuse this publisher",
     "WinTrust State has bit 0x40000 (only publishers in TrustedPublisher)",
     "put the signer's certificate into LocalMachine\\TrustedPublisher, or reset State to 0x23c00"},
    {0x80096001, "TRUST_E_SYSTEM_ERROR", "a system error happened while trust was checked", "",
     "look into the CAPI2 event log"},
    {0x80096002, "TRUST_E_NO_SIGNER_CERT", "the signer's certificate is not in the signature",
     "the signature was made without its certificate",
     "sign again; the signer's certificate goes in by itself"},
    {0x80096003, "TRUST_E_COUNTER_SIGNER", "a counter signature is not valid",
     "the timestamp was damaged or forged", "timestamp again"},
    {0x80096004, "TRUST_E_CERT_SIGNATURE",
     "the signature of a certificate or of the file is not valid",
     "a certificate or the signature was altered; a certificate is signed with a digest that "
     "policy blocks",
     "sign again with an unaltered certificate"},
    {0x80096005, "TRUST_E_TIME_STAMP", "the timestamp is not valid",
     "the timestamp covers another signature; its certificate lacks a critical timeStamping usage; "
     "its root is not trusted",
     "timestamp again with an authority that the machines trust"},
    {0x80096010, "TRUST_E_BAD_DIGEST", "the file is not the one that was signed",
     "the file changed after signing; a catalog belongs to another build",
     "sign again after the last change"},
    {0x80096019, "TRUST_E_BASIC_CONSTRAINTS",
     "a certificate in the chain breaks its basic constraints",
     "an issuer without CA:TRUE; more intermediates than the path length allows",
     "issue from a CA certificate with a sufficient path length"},
    {0x800B0001, "TRUST_E_PROVIDER_UNKNOWN", "no trust provider for this kind of check", "",
     "repair the Windows installation"},
    {0x800B0003, "TRUST_E_SUBJECT_FORM_UNKNOWN", "this kind of file cannot carry a signature",
     "the file is damaged or of a type without a signature format",
     "put the file into a signed catalog"},
    {0x800B0004, "TRUST_E_SUBJECT_NOT_TRUSTED", "the subject is not trusted for this action",
     "the user or a policy said no",
     "put the signer's certificate into LocalMachine\\TrustedPublisher"},
    {0x800B0100, "TRUST_E_NOSIGNATURE", "there is no signature",
     "the catalog is not signed; the file's hash is in no catalog; the signature was stripped",
     "sign the file or its catalog"},
    {0x800B0101, "CERT_E_EXPIRED", "a certificate was not valid at the time that counts",
     "the certificate expired and the signature has no timestamp; the clock is wrong",
     "timestamp while the certificate is valid; sign again with its next generation"},
    {0x800B0102, "CERT_E_VALIDITYPERIODNESTING", "validity periods do not nest",
     "a certificate outlives its issuer", "issue certificates that end before their issuer"},
    {0x800B0109, "CERT_E_UNTRUSTEDROOT", "the chain ends in a root that is not trusted",
     "the root is not in LocalMachine\\Root (CurrentUser does not count for drivers); the driver "
     "policy never trusts a private root",
     "put the root into LocalMachine\\Root with a bundle; for kernel loading only Microsoft's "
     "roots count"},
    {0x800B010A, "CERT_E_CHAINING", "no chain to a root could be built",
     "the root is not in LocalMachine\\Root; an intermediate certificate is missing in the "
     "signature and in the CA store",
     "put the missing certificate into place: a root into LocalMachine\\Root, an intermediate into "
     "the signature or LocalMachine\\CA"},
    {0x800B010C, "CERT_E_REVOKED", "a certificate in the chain was revoked",
     "the issuer's CRL lists it", "sign with a certificate that is not revoked"},
    {0x800B010D, "CERT_E_UNTRUSTEDTESTROOT",
     "the chain ends in the test root, which is not enabled",
     "Microsoft's test root without TESTSIGNING", "use a root of your own"},
    {0x800B010E, "CERT_E_REVOCATION_FAILURE", "revocation could not be checked",
     "the CRL cannot be reached or is out of date", "publish a current CRL"},
    {0x800B010F, "CERT_E_CN_NO_MATCH", "the name does not match", "", "check the subject"},
    {0x800B0110, "CERT_E_WRONG_USAGE", "a certificate is not valid for this usage",
     "the signer or an issuer has extended key usages without codeSigning; the root's purposes "
     "were restricted",
     "issue with the policy 'driver-signing', under issuers that allow codeSigning"},
    {0x800B0111, "TRUST_E_EXPLICIT_DISTRUST", "a certificate is explicitly distrusted",
     "it is in the Disallowed store, or a user chose never to trust the publisher",
     "remove it from Disallowed (Untrusted Certificates), or sign with another certificate"},
    {0x800B0112, "CERT_E_UNTRUSTEDCA", "policy does not trust the CA", "", "use another CA"},
    {0x800B0113, "CERT_E_INVALID_POLICY", "a certificate policy is not allowed", "",
     "issue without that policy"},
    {0x800B0114, "CERT_E_INVALID_NAME", "a name breaks the name constraints of its issuer",
     "an issuer's name constraints exclude the subject", "issue within the constraints"},
    {0xC0000221, "STATUS_IMAGE_CHECKSUM_MISMATCH",
     "the image's CheckSum field is not what it should be",
     "a tool changed the file and left the field as it was; the kernel checks it on drivers",
     "sign the file with this program, which writes the right checksum"},
    {0xC0000428, "STATUS_INVALID_IMAGE_HASH", "the kernel refused to load the image",
     "no signature that the kernel trusts; a private root is never enough on x64; the file changed "
     "after signing",
     "have Microsoft sign the package, or turn TESTSIGNING on for tests (Secure Boot off)"},
    {0xE0000100, "ERROR_WRONG_INF_STYLE", "this is no INF that Windows can install from",
     "the [Version] section is missing or its Signature is another; the file is not an INF",
     "write [Version] with Signature=\"$WINDOWS NT$\""},
    {0xE0000228, "ERROR_NO_COMPAT_DRIVERS", "the INF has no driver for this machine",
     "no models section is decorated for its architecture and version",
     "add a section as [Manufacturer.NTamd64] names it, or use another package"},
    {0xE000022F, "ERROR_NO_CATALOG_FOR_OEM_INF",
     "the INF names no catalog, or policy refuses a package without one",
     "CatalogFile is missing in [Version]; the catalog file is missing",
     "add CatalogFile= and make the catalog"},
    {0xE000023F, "ERROR_NO_AUTHENTICODE_CATALOG", "the package is not signed with Authenticode",
     "the catalog is unsigned, or the user declined", "sign the catalog"},
    {0xE0000241, "ERROR_AUTHENTICODE_TRUSTED_PUBLISHER",
     "good: signed by a publisher in TrustedPublisher", "", ""},
    {0xE0000242, "ERROR_AUTHENTICODE_TRUST_NOT_ESTABLISHED",
     "validly signed, but the publisher is not in TrustedPublisher",
     "the signer's certificate is not in LocalMachine\\TrustedPublisher",
     "put the signer's own certificate (not its CA) into LocalMachine\\TrustedPublisher"},
    {0xE0000243, "ERROR_AUTHENTICODE_PUBLISHER_NOT_TRUSTED",
     "the publisher is distrusted or was declined",
     "the user chose not to trust it; it is in Disallowed",
     "put the signer's certificate into LocalMachine\\TrustedPublisher"},
    {0xE0000244, "ERROR_SIGNATURE_OSATTRIBUTE_MISMATCH",
     "the catalog is not for this version of Windows",
     "OSAttr of the catalog does not cover the Windows version",
     "make the catalog with this version in --os"},
    {0xE0000247, "ERROR_DRIVER_STORE_ADD_FAILED",
     "the package could not be added to the driver store",
     "the catalog is unsigned; the user declined", "sign the package and trust its publisher"},
    {0xE000024B, "ERROR_FILE_HASH_NOT_IN_CATALOG",
     "a file of the package is not in the catalog as it is",
     "a file changed after the catalog was made; line ends were converted; member hashes do not "
     "fit the catalog's version",
     "make the catalog again after the last change to any file"},
    {0xE0000304, "ERROR_INVALID_CATALOG_DATA", "the catalog is missing or not readable",
     "the file is damaged or is no catalog", "make the catalog again"},
};
static_assert(std::is_sorted(std::begin(table), std::end(table),
                             [](const ResultCode& a, const ResultCode& b) {
                               return a.value < b.value;
                             }));

std::optional<std::uint32_t> number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  } else if (text.size() == 8) {
    base = 16;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || value > 0xFFFFFFFF ||
      value < INT32_MIN)
    return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

}  // namespace

std::span<const ResultCode> result_codes() { return table; }

const ResultCode* find_result_code(std::uint32_t value) {
  const auto found =
      std::lower_bound(std::begin(table), std::end(table), value,
                       [](const ResultCode& a, std::uint32_t v) { return a.value < v; });
  return found != std::end(table) && found->value == value ? found : nullptr;
}

const ResultCode* find_result_code(std::string_view text) {
  for (const auto& row : table)
    if (equal_ignoring_case(row.name, text)) return &row;
  if (text.size() > 5 && equal_ignoring_case(text.substr(0, 5), "code ")) text.remove_prefix(5);
  if (const auto value = number(text)) {
    if (const auto* row = find_result_code(*value)) return row;
    if (*value == 52) return find_result_code(std::uint32_t{0x34});
  }
  return nullptr;
}

std::string to_text(std::uint32_t value) {
  return value < 0x10000 ? std::to_string(value) : fmt::format("0x{:08X}", value);
}

}  // namespace sealwright::trust
