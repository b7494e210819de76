#include "x509/oids.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "x509/name.h"

namespace sealwright::x509 {

namespace oids {
const Oid subject_key_identifier("2.5.29.14");
const Oid key_usage("2.5.29.15");
const Oid subject_alternative_name("2.5.29.17");
const Oid basic_constraints("2.5.29.19");
const Oid name_constraints("2.5.29.30");
const Oid crl_distribution_points("2.5.29.31");
const Oid certificate_policies("2.5.29.32");
const Oid authority_key_identifier("2.5.29.35");
const Oid extended_key_usage("2.5.29.37");
const Oid authority_information_access("1.3.6.1.5.5.7.1.1");

const Oid any_extended_key_usage("2.5.29.37.0");
const Oid server_auth("1.3.6.1.5.5.7.3.1");
const Oid client_auth("1.3.6.1.5.5.7.3.2");
const Oid code_signing("1.3.6.1.5.5.7.3.3");
const Oid email_protection("1.3.6.1.5.5.7.3.4");
const Oid time_stamping("1.3.6.1.5.5.7.3.8");
const Oid ocsp_signing("1.3.6.1.5.5.7.3.9");

const Oid kernel_mode_code_signing("1.3.6.1.4.1.311.61.1.1");
const Oid whql_crypto("1.3.6.1.4.1.311.10.3.5");
const Oid whql_attested("1.3.6.1.4.1.311.10.3.5.1");
const Oid system_component("1.3.6.1.4.1.311.10.3.6");
const Oid lifetime_signing("1.3.6.1.4.1.311.10.3.13");
}  // namespace oids

namespace {

constexpr std::string_view microsoft = "Microsoft";

/// RFC 5280, 4.2.1.12; from 1.3.6.1.4.1.311 on: szOID_KP_… of the Windows SDK's wincrypt.h.
constexpr KeyPurpose purposes[] = {
    {"2.5.29.37.0", "anyExtendedKeyUsage", "any purpose"},
    {"1.3.6.1.5.5.7.3.1", "serverAuth", "TLS servers"},
    {"1.3.6.1.5.5.7.3.2", "clientAuth", "TLS clients"},
    {"1.3.6.1.5.5.7.3.3", "codeSigning", "programs, drivers, catalogs and scripts (Authenticode)"},
    {"1.3.6.1.5.5.7.3.4", "emailProtection", "signed and encrypted mail (S/MIME)"},
    {"1.3.6.1.5.5.7.3.5", "ipsecEndSystem", "IPsec hosts"},
    {"1.3.6.1.5.5.7.3.6", "ipsecTunnel", "IPsec tunnels"},
    {"1.3.6.1.5.5.7.3.7", "ipsecUser", "IPsec users"},
    {"1.3.6.1.5.5.7.3.8", "timeStamping", "timestamps"},
    {"1.3.6.1.5.5.7.3.9", "OCSPSigning", "answers about revocation (OCSP)"},
    {"1.3.6.1.4.1.311.2.1.21", "individualCodeSigning", "code of individual publishers"},
    {"1.3.6.1.4.1.311.2.1.22", "commercialCodeSigning", "code of commercial publishers"},
    {"1.3.6.1.4.1.311.10.3.1", "trustListSigning", "certificate trust lists"},
    {"1.3.6.1.4.1.311.10.3.2", "timeStampSigning", "timestamps of Microsoft's own services",
     microsoft},
    {"1.3.6.1.4.1.311.10.3.4", "encryptingFileSystem", "encrypted files (EFS)"},
    {"1.3.6.1.4.1.311.10.3.5", "whqlDriver",
     "drivers that passed WHQL (Windows Hardware Driver Verification)", microsoft},
    {"1.3.6.1.4.1.311.10.3.5.1", "whqlAttestedDriver", "drivers signed by attestation", microsoft},
    {"1.3.6.1.4.1.311.10.3.6", "systemComponent",
     "components of Windows (Windows System Component Verification)", microsoft},
    {"1.3.6.1.4.1.311.10.3.7", "oemWhqlDriver", "drivers signed by a computer's maker (OEM WHQL)",
     microsoft},
    {"1.3.6.1.4.1.311.10.3.8", "embeddedSystemComponent", "components of Windows Embedded",
     microsoft},
    {"1.3.6.1.4.1.311.10.3.9", "rootListSigning", "lists of trusted roots", microsoft},
    {"1.3.6.1.4.1.311.10.3.11", "keyRecovery", "recovery of archived keys"},
    {"1.3.6.1.4.1.311.10.3.12", "documentSigning", "documents"},
    {"1.3.6.1.4.1.311.10.3.13", "lifetimeSigning",
     "with codeSigning: signatures end with the certificate, even when timestamped"},
    {"1.3.6.1.4.1.311.10.3.19", "revokedListSigning", "lists of revoked certificates", microsoft},
    {"1.3.6.1.4.1.311.10.3.20", "kitsComponent", "components of the Windows kits", microsoft},
    {"1.3.6.1.4.1.311.10.3.21", "rtComponent", "components of Windows RT", microsoft},
    {"1.3.6.1.4.1.311.10.3.22", "protectedProcessLight", "light protected processes", microsoft},
    {"1.3.6.1.4.1.311.10.3.23", "windowsTcb", "the trusted computing base of Windows", microsoft},
    {"1.3.6.1.4.1.311.10.3.24", "protectedProcess", "protected processes", microsoft},
    {"1.3.6.1.4.1.311.10.3.25", "thirdPartyComponent", "third parties' components of Windows",
     microsoft},
    {"1.3.6.1.4.1.311.10.3.26", "softwareExtension", "software extensions of drivers", microsoft},
    {"1.3.6.1.4.1.311.10.3.30", "disallowedListSigning", "lists of disallowed certificates",
     microsoft},
    {"1.3.6.1.4.1.311.10.3.39", "evWhqlDriver",
     "drivers of publishers with an EV certificate that passed WHQL", microsoft},
    {"1.3.6.1.4.1.311.20.2.2", "smartcardLogon", "logon with a smart card"},
    {"1.3.6.1.4.1.311.61.1.1", "kernelModeCodeSigning", "kernel-mode drivers (Vista and later)",
     microsoft},
    {"1.3.6.1.4.1.311.61.4.1", "kernelModeTrustedBoot", "drivers of the trusted boot", microsoft},
    {"1.3.6.1.4.1.311.61.5.1", "kernelModeHalExtension",
     "extensions of the hardware abstraction layer", microsoft},
};

struct Known {
  std::string_view oid, name;
};

constexpr Known known[] = {
    // Extensions: RFC 5280, 4.2; the older forms makecert wrote; wincrypt.h.
    {"2.5.29.1", "authorityKeyIdentifier (old)"},
    {"2.5.29.10", "basicConstraints (old)"},
    {"2.5.29.9", "subjectDirectoryAttributes"},
    {"2.5.29.14", "subjectKeyIdentifier"},
    {"2.5.29.15", "keyUsage"},
    {"2.5.29.16", "privateKeyUsagePeriod"},
    {"2.5.29.17", "subjectAltName"},
    {"2.5.29.18", "issuerAltName"},
    {"2.5.29.19", "basicConstraints"},
    {"2.5.29.20", "cRLNumber"},
    {"2.5.29.21", "reasonCode"},
    {"2.5.29.23", "holdInstructionCode"},
    {"2.5.29.24", "invalidityDate"},
    {"2.5.29.27", "deltaCRLIndicator"},
    {"2.5.29.28", "issuingDistributionPoint"},
    {"2.5.29.29", "certificateIssuer"},
    {"2.5.29.60", "expiredCertsOnCRL"},
    {"2.5.29.30", "nameConstraints"},
    {"2.5.29.31", "cRLDistributionPoints"},
    {"2.5.29.32", "certificatePolicies"},
    {"2.5.29.33", "policyMappings"},
    {"2.5.29.35", "authorityKeyIdentifier"},
    {"2.5.29.36", "policyConstraints"},
    {"2.5.29.37", "extKeyUsage"},
    {"2.5.29.46", "freshestCRL"},
    {"2.5.29.54", "inhibitAnyPolicy"},
    {"1.3.6.1.5.5.7.1.1", "authorityInfoAccess"},
    {"1.3.6.1.5.5.7.1.3", "qcStatements"},
    {"1.3.6.1.5.5.7.1.11", "subjectInfoAccess"},
    {"1.3.6.1.5.5.7.1.12", "logotype"},
    {"1.3.6.1.5.5.7.1.24", "tlsFeature"},
    {"1.3.6.1.5.5.7.48.1", "ocsp"},
    {"1.3.6.1.5.5.7.48.2", "caIssuers"},
    {"1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestamps"},
    {"1.3.6.1.4.1.11129.2.4.3", "precertificatePoison"},
    {"1.2.840.113549.1.9.15", "smimeCapabilities"},
    {"1.3.6.1.4.1.311.2.1.10", "spcSpAgencyInfo"},
    {"1.3.6.1.4.1.311.2.1.27", "spcFinancialCriteria"},
    {"1.3.6.1.4.1.311.20.2", "certificateTemplateName"},
    {"1.3.6.1.4.1.311.21.1", "caVersion"},
    {"1.3.6.1.4.1.311.21.2", "previousCaCertificateHash"},
    {"1.3.6.1.4.1.311.21.7", "certificateTemplate"},
    {"1.3.6.1.4.1.311.21.10", "applicationPolicies"},
    {"2.16.840.1.113730.1.1", "netscapeCertType"},
    {"2.16.840.1.113730.1.13", "netscapeComment"},
    // Keys and signatures: RFC 3279, 4055, 5480, 5758, 8410.
    {"1.2.840.113549.1.1.1", "rsaEncryption"},
    {"1.2.840.113549.1.1.2", "md2WithRSAEncryption"},
    {"1.2.840.113549.1.1.4", "md5WithRSAEncryption"},
    {"1.2.840.113549.1.1.5", "sha1WithRSAEncryption"},
    {"1.2.840.113549.1.1.8", "mgf1"},
    {"1.2.840.113549.1.1.10", "rsassaPss"},
    {"1.2.840.113549.1.1.11", "sha256WithRSAEncryption"},
    {"1.2.840.113549.1.1.12", "sha384WithRSAEncryption"},
    {"1.2.840.113549.1.1.13", "sha512WithRSAEncryption"},
    {"1.3.14.3.2.29", "sha1WithRSA (old)"},
    {"1.2.840.10040.4.1", "dsa"},
    {"1.2.840.10040.4.3", "dsaWithSha1"},
    {"1.2.840.10045.2.1", "ecPublicKey"},
    {"1.2.840.10045.3.1.7", "P-256"},
    {"1.3.132.0.34", "P-384"},
    {"1.3.132.0.35", "P-521"},
    {"1.2.840.10045.4.1", "ecdsaWithSHA1"},
    {"1.2.840.10045.4.3.2", "ecdsaWithSHA256"},
    {"1.2.840.10045.4.3.3", "ecdsaWithSHA384"},
    {"1.2.840.10045.4.3.4", "ecdsaWithSHA512"},
    {"1.3.101.112", "Ed25519"},
    {"1.3.101.113", "Ed448"},
    {"1.2.840.113549.2.2", "md2"},
    {"1.2.840.113549.2.5", "md5"},
    {"1.3.14.3.2.26", "sha1"},
    {"2.16.840.1.101.3.4.2.1", "sha256"},
    {"2.16.840.1.101.3.4.2.2", "sha384"},
    {"2.16.840.1.101.3.4.2.3", "sha512"},
    // PKCS #7 and #9, RFC 3161, Authenticode, catalogs.
    {"1.2.840.113549.1.7.1", "data"},
    {"1.2.840.113549.1.7.2", "signedData"},
    {"1.2.840.113549.1.9.3", "contentType"},
    {"1.2.840.113549.1.9.4", "messageDigest"},
    {"1.2.840.113549.1.9.5", "signingTime"},
    {"1.2.840.113549.1.9.6", "countersignature"},
    {"1.2.840.113549.1.9.7", "challengePassword"},
    {"1.2.840.113549.1.9.14", "extensionRequest"},
    {"1.2.840.113549.1.9.25.4", "sequenceNumber"},
    {"1.2.840.113549.1.9.16.1.4", "tstInfo"},
    {"1.2.840.113549.1.9.16.2.12", "signingCertificate"},
    {"1.2.840.113549.1.9.16.2.47", "signingCertificateV2"},
    {"1.3.6.1.4.1.311.2.1.4", "spcIndirectData"},
    {"1.3.6.1.4.1.311.2.1.11", "spcStatementType"},
    {"1.3.6.1.4.1.311.2.1.12", "spcSpOpusInfo"},
    {"1.3.6.1.4.1.311.2.1.15", "spcPeImageData"},
    {"1.3.6.1.4.1.311.2.1.25", "spcCabData"},
    {"1.3.6.1.4.1.311.2.1.30", "spcSipInfo"},
    {"1.3.6.1.4.1.311.2.1.14", "extensionRequest (Microsoft)"},
    {"1.3.6.1.4.1.311.13.2.1", "enrollmentNameValuePair"},
    {"1.3.6.1.4.1.311.13.2.2", "enrollmentCsp"},
    {"1.3.6.1.4.1.311.13.2.3", "osVersion"},
    {"1.3.6.1.4.1.311.21.20", "requestClientInfo"},
    {"1.3.6.1.4.1.311.2.4.1", "nestedSignature"},
    {"1.3.6.1.4.1.311.3.3.1", "rfc3161Timestamp"},
    {"1.3.6.1.4.1.311.10.1", "certificateTrustList"},
    {"1.3.6.1.4.1.311.12.1.1", "catalogList"},
    {"1.3.6.1.4.1.311.12.1.2", "catalogListMember"},
    {"1.3.6.1.4.1.311.12.1.3", "catalogListMemberV2"},
    {"1.3.6.1.4.1.311.12.2.1", "catalogNameValue"},
    {"1.3.6.1.4.1.311.12.2.2", "catalogMemberInfo"},
    {"1.3.6.1.4.1.311.12.2.3", "catalogMemberInfoV2"},
};

const KeyPurpose* find_purpose(const Oid& oid) {
  const auto found = std::ranges::find(purposes, std::string_view(oid.text()), &KeyPurpose::oid);
  return found == std::end(purposes) ? nullptr : found;
}

}  // namespace

std::span<const KeyPurpose> key_purposes() { return purposes; }

std::optional<Oid> key_purpose(std::string_view name_or_oid) {
  const auto found = std::ranges::find(purposes, name_or_oid, &KeyPurpose::name);
  if (found != std::end(purposes)) return Oid(found->oid);
  try {
    return Oid(name_or_oid);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string key_purpose_name(const Oid& oid) {
  const KeyPurpose* purpose = find_purpose(oid);
  return purpose ? std::string(purpose->name) : oid.text();
}

std::string name_of(const Oid& oid) {
  const auto found = std::ranges::find(known, std::string_view(oid.text()), &Known::oid);
  if (found != std::end(known)) return std::string(found->name);
  if (const auto attribute = attribute_name(oid)) return std::string(*attribute);
  return key_purpose_name(oid);
}

}  // namespace sealwright::x509
