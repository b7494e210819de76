#pragma once
// Object identifiers of Authenticode, catalogs and timestamps ([MS Authenticode PE spec], RFC
// 3161).

#include "base/id.h"

namespace sealwright::signing::oids {

extern const Oid indirect_data;           ///< SPC_INDIRECT_DATA 1.3.6.1.4.1.311.2.1.4
extern const Oid pe_image_data;           ///< SPC_PE_IMAGE_DATA 311.2.1.15
extern const Oid cab_data;                ///< SPC_CAB_DATA 311.2.1.25
extern const Oid sip_info;                ///< SPC_SIPINFO 311.2.1.30
extern const Oid opus_info;               ///< SpcSpOpusInfo 311.2.1.12
extern const Oid statement_type;          ///< SpcStatementType 311.2.1.11
extern const Oid individual_signing;      ///< 311.2.1.21
extern const Oid commercial_signing;      ///< 311.2.1.22
extern const Oid page_hashes_sha1;        ///< 311.2.3.1
extern const Oid page_hashes_sha256;      ///< 311.2.3.2
extern const Oid nested_signature;        ///< 311.2.4.1
extern const Oid timestamp_token;         ///< RFC 3161 token in a SignerInfo: 311.3.3.1
extern const Oid trust_list;              ///< szOID_CTL, what a catalog is: 311.10.1
extern const Oid tst_info;                ///< id-ct-TSTInfo 1.2.840.113549.1.9.16.1.4
extern const Oid signing_certificate;     ///< id-aa-signingCertificate (ESSCertID, SHA-1)
extern const Oid signing_certificate_v2;  ///< id-aa-signingCertificateV2 (ESSCertIDv2)

}  // namespace sealwright::signing::oids
