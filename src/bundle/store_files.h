#pragma once
// Files that tools of Windows import into one store each: .sst (CertSaveStore), .p7b (certificates
// alone), and .cer with certutil scripts.

#include "base/bytes.h"
#include "bundle/blob.h"
#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// A serialized store: each certificate with its properties, as encode_blob() has them.
Bytes serialized_store(const std::vector<Entry>& entries);

/// One element of a serialized store: a certificate or list, and its properties.
struct StoreElement {
  BlobProperty body;  ///< Its id says what it is: property_certificate, property_revocation_list …
  std::vector<BlobProperty> properties;
};
bool looks_like_serialized_store(BytesView bytes);
/// All of them, with nothing decoded. Throws Error::Kind::input for a file that is none, is cut
/// short, or goes on behind its end.
std::vector<StoreElement> store_elements(BytesView bytes);
/// In the order of Windows: properties, then what they are of.
Bytes serialized_store(const std::vector<StoreElement>& elements);

/// STORE.sst for each store, and remove.cmd. Carries what roots are trusted for.
std::vector<OutputFile> sst_files(const State& state, const FormatRequest& request);
/// STORE.p7b for each store, and remove.cmd. Never two stores in one file.
std::vector<OutputFile> p7b_files(const State& state, const FormatRequest& request);
/// certificates/STORE-THUMBPRINT.cer, install.cmd and remove.cmd. Nothing but names of stores and
/// thumbprints stands in the scripts.
std::vector<OutputFile> certutil_files(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
