#pragma once
// What certmgr -explain prints: the bundle that makes Windows machines trust what a script puts
// into stores.

#include "compat/certmgr_call.h"
#include "compat/proposal.h"

namespace sealwright::compat {

/// Of adding `certificates` to a store. Stores that no bundle fills (My, PrivateCertStore) are told
/// of in the notes.
Proposal proposal_for(const CertmgrCall& call, const std::vector<x509::Certificate>& certificates);

}  // namespace sealwright::compat
