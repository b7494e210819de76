#pragma once
// Files that tools of Windows import into one store each: .sst (CertSaveStore), .p7b (certificates
// alone), and .cer with certutil scripts.

#include "base/bytes.h"
#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// A serialized store: each certificate with its properties, as encode_blob() has them.
Bytes serialized_store(const std::vector<Entry>& entries);

/// STORE.sst for each store, and remove.cmd. Carries what roots are trusted for.
std::vector<OutputFile> sst_files(const State& state, const FormatRequest& request);
/// STORE.p7b for each store, and remove.cmd. Never two stores in one file.
std::vector<OutputFile> p7b_files(const State& state, const FormatRequest& request);
/// certificates/STORE-THUMBPRINT.cer, install.cmd and remove.cmd. Nothing but names of stores and
/// thumbprints stands in the scripts.
std::vector<OutputFile> certutil_files(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
