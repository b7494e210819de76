#pragma once
// Public keys whose private half others can find: refused in requests, told by lint.

#include <filesystem>
#include <optional>
#include <string>

#include "ossl/key.h"

namespace sealwright::ossl {

struct Weakness {
  std::string name;     ///< One of those below.
  std::string message;  ///< Reads on from "the key ": "has 512 bits, which can be factored".
};

/// Where Debian's package openssl-blacklist put its lists of the keys of CVE-2008-0166.
constexpr const char* default_debian_lists = "/usr/share/openssl-blacklist";

/// What is wrong with the key, or nothing. The first of, in this order:
///
///   small-factor    RSA: the modulus has a factor below 2^16, 2 among them
///   close-primes    RSA: Fermat's method finds the primes in 100 rounds
///   roca            RSA: the fingerprint of Infineon's library (CVE-2017-15361)
///   debian-openssl  RSA: in the list for its size (CVE-2008-0166); see debian_list()
///   rsa-exponent    RSA: even, 1, or under 65537
///   rsa-too-short   RSA: under 2048 bits
///   ec-point        EC: the point at infinity, or not on the curve
///   ed25519-order   Ed25519: one of the eight points of small order
///
/// so that a policy that allows short keys sees what else is wrong. Takes milliseconds for the
/// sizes in use. Keys of other types have no weakness that is known here. Throws Error::Kind::io
/// when a list is there and cannot be read, and nothing else.
std::optional<Weakness> weakness_of(
    const PublicKey& key, const std::filesystem::path& debian_lists = default_debian_lists);

/// The list that tells whether `key` came from Debian's broken generator, if it is installed:
/// DEBIAN_LISTS/blacklist.RSA-BITS, a line for each key, the last 20 hexadecimal digits of the
/// SHA-1 of "Modulus=HEX" and a line feed, where HEX is the modulus in capitals; lines that begin
/// with '#' are comments. Nothing for other keys, and where there is no such file: then
/// weakness_of() does not know such keys, and whoever promises otherwise must say so. No list comes
/// with this program.
std::optional<std::filesystem::path> debian_list(
    const PublicKey& key, const std::filesystem::path& debian_lists = default_debian_lists);

}  // namespace sealwright::ossl
