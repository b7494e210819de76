#pragma once
// Inside signing only: object identifiers of catalogs (mscat.h, wincrypt.h).

#include "base/id.h"

namespace sealwright::signing::oids {

inline const Oid catalog_list{"1.3.6.1.4.1.311.12.1.1"};            ///< szOID_CATALOG_LIST
inline const Oid catalog_list_member{"1.3.6.1.4.1.311.12.1.2"};     ///< Version 1.
inline const Oid catalog_list_member_v2{"1.3.6.1.4.1.311.12.1.3"};  ///< Version 2.
inline const Oid name_value{"1.3.6.1.4.1.311.12.2.1"};              ///< CAT_NAMEVALUE_OBJID
inline const Oid member_info{"1.3.6.1.4.1.311.12.2.2"};             ///< CAT_MEMBERINFO_OBJID
inline const Oid member_info_v2{"1.3.6.1.4.1.311.12.2.3"};          ///< CAT_MEMBERINFO2_OBJID

}  // namespace sealwright::signing::oids
