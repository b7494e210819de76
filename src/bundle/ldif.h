#pragma once
// Authorities for the forest's configuration in Active Directory, as LDIF (RFC 2849).

#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// add.ldif, update.ldif and remove.ldif for the forest that the request's option names: roots in
/// Certification Authorities, intermediates in AIA, one object for each authority with all its
/// generations. Never NTAuth, which makes an authority good for logons. There is no container for
/// publishers. Throws Error::Kind::policy where the forest is not a distinguished name.
std::vector<OutputFile> ldif_files(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
