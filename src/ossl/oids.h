#pragma once
// Object identifiers of keys and signatures, for the sources of this folder.

#include <string_view>

namespace sealwright::ossl::oids {

// RFC 8017, appendix A and C.
constexpr std::string_view rsa_encryption = "1.2.840.113549.1.1.1";
constexpr std::string_view md5_with_rsa = "1.2.840.113549.1.1.4";
constexpr std::string_view sha1_with_rsa = "1.2.840.113549.1.1.5";
constexpr std::string_view mgf1 = "1.2.840.113549.1.1.8";
constexpr std::string_view rsassa_pss = "1.2.840.113549.1.1.10";
constexpr std::string_view sha256_with_rsa = "1.2.840.113549.1.1.11";
constexpr std::string_view sha384_with_rsa = "1.2.840.113549.1.1.12";
constexpr std::string_view sha512_with_rsa = "1.2.840.113549.1.1.13";
// What old Microsoft tools wrote for the same (OIW).
constexpr std::string_view oiw_sha1_with_rsa = "1.3.14.3.2.29";
// RFC 5480 and RFC 5758.
constexpr std::string_view ec_public_key = "1.2.840.10045.2.1";
constexpr std::string_view p256 = "1.2.840.10045.3.1.7";
constexpr std::string_view p384 = "1.3.132.0.34";
constexpr std::string_view p521 = "1.3.132.0.35";
constexpr std::string_view ecdsa_with_sha1 = "1.2.840.10045.4.1";
constexpr std::string_view ecdsa_with_sha256 = "1.2.840.10045.4.3.2";
constexpr std::string_view ecdsa_with_sha384 = "1.2.840.10045.4.3.3";
constexpr std::string_view ecdsa_with_sha512 = "1.2.840.10045.4.3.4";
// RFC 8410.
constexpr std::string_view ed25519 = "1.3.101.112";

}  // namespace sealwright::ossl::oids
