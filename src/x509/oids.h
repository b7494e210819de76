#pragma once
// The object identifiers this program knows, with the names people use for them.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/id.h"

namespace sealwright::x509 {

namespace oids {
extern const Oid subject_key_identifier, key_usage, subject_alternative_name, basic_constraints,
    name_constraints, crl_distribution_points, certificate_policies, authority_key_identifier,
    extended_key_usage, authority_information_access;
extern const Oid any_extended_key_usage, server_auth, client_auth, code_signing, email_protection,
    time_stamping, ocsp_signing;
extern const Oid kernel_mode_code_signing, whql_crypto, whql_attested, system_component,
    lifetime_signing;
}  // namespace oids

/// One extended key usage of the table: what it is called, what it is for, and who may have it.
struct KeyPurpose {
  std::string_view oid, name, meaning;
  /// "" : anyone's authority may give it and Windows honours it. Else who gives it so that it
  /// counts; "Microsoft" of those that Windows honours below Microsoft's own roots only.
  std::string_view holder = {};
};
std::span<const KeyPurpose> key_purposes();
/// "codeSigning" or "1.3.6.1.5.5.7.3.3" → OID; nothing for an unknown name.
std::optional<Oid> key_purpose(std::string_view name_or_oid);
/// The name of a known purpose, else the dotted OID.
std::string key_purpose_name(const Oid& oid);
/// The name of any known OID (extensions, purposes, algorithms), else the dotted OID.
std::string name_of(const Oid& oid);

}  // namespace sealwright::x509
