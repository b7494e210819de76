#include "signing/oids.h"

namespace sealwright::signing::oids {

const Oid indirect_data{"1.3.6.1.4.1.311.2.1.4"};
const Oid pe_image_data{"1.3.6.1.4.1.311.2.1.15"};
const Oid cab_data{"1.3.6.1.4.1.311.2.1.25"};
const Oid sip_info{"1.3.6.1.4.1.311.2.1.30"};
const Oid opus_info{"1.3.6.1.4.1.311.2.1.12"};
const Oid statement_type{"1.3.6.1.4.1.311.2.1.11"};
const Oid individual_signing{"1.3.6.1.4.1.311.2.1.21"};
const Oid commercial_signing{"1.3.6.1.4.1.311.2.1.22"};
const Oid page_hashes_sha1{"1.3.6.1.4.1.311.2.3.1"};
const Oid page_hashes_sha256{"1.3.6.1.4.1.311.2.3.2"};
const Oid nested_signature{"1.3.6.1.4.1.311.2.4.1"};
const Oid timestamp_token{"1.3.6.1.4.1.311.3.3.1"};
const Oid trust_list{"1.3.6.1.4.1.311.10.1"};
const Oid tst_info{"1.2.840.113549.1.9.16.1.4"};
const Oid signing_certificate{"1.2.840.113549.1.9.16.2.12"};
const Oid signing_certificate_v2{"1.2.840.113549.1.9.16.2.47"};

}  // namespace sealwright::signing::oids
