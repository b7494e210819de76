#pragma once
// Every rule by name; each is defined in the file of rules/ called like it.

#include "lint/rule.h"

namespace sealwright::lint {

// Serial number and names.
extern const Rule serial_length, serial_entropy, serial_repeated, issuer_name, subject_name,
    country_code, name_length, name_characters, name_attribute_repeated, subject_organization,
    root_name_unique;
// How it is encoded.
extern const Rule version, signature_algorithm_agrees, unique_identifiers, time_encoding;
// Dates.
extern const Rule validity_order, validity_in_the_past, validity_in_the_future, outlives_issuer,
    begins_before_issuer, issuer_expired, signer_lifetime, timestamping_lifetime;
// Keys and their identifiers.
extern const Rule rsa_key_size, rsa_key_size_recommended, rsa_key_size_limit, weak_key,
    key_algorithm, ecdsa_targets, subject_key_identifier, authority_key_identifier;
// Signatures.
extern const Rule signature_valid, signature_digest, target_digest, rsa_pss;
// What it may be used for.
extern const Rule key_usage_present, key_usage_bits, key_usage_alone, basic_constraints,
    basic_constraints_leaf, path_length, root_path_length, issuer_is_authority, eku_present,
    eku_any, eku_reserved, eku_nesting, code_signing_eku, code_signing_eku_alone, lifetime_signing,
    timestamping_eku, ocsp_nocheck;
// Extensions as such.
extern const Rule extension_malformed, extension_repeated, extension_critical,
    alternative_name_empty, alternative_name_malformed, alternative_name_critical, name_constraints,
    name_constraints_place, policy_repeated, crl_present, crl_distribution_points,
    authority_information_access;
// Its chain and its state.
extern const Rule chain_complete, root_trusted, revoked;

}  // namespace sealwright::lint
