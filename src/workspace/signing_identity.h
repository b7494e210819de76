#pragma once
// Who signs, by name: a certificate of the workspace with its chain, its recorded Signer and the
// timestamps its YAML asks for.

#include <memory>
#include <string>
#include <vector>

#include "ca/chain.h"
#include "ca/recording.h"
#include "signing/authenticode.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

/// A signer of the workspace, ready to sign files; everything it signs is recorded.
struct NamedSigner {
  store::Generation generation;
  std::vector<x509::Certificate> chain;  ///< Without the certificate itself.
  std::unique_ptr<ca::RecordingSigner> signer;
  policy::SignDefaults defaults;
  bool timestamp_required = true;
  std::vector<std::string> allow;  ///< Globs of file names its policy lets it sign; empty: all.
  /// Wrong on purpose (labs only): what its policy, or that of an authority above it, breaks; empty
  /// for all others.
  std::string negative;
  x509::Certificate certificate() const { return ca::certificate_of(generation); }
};

/// `reference` is NAME (its active generation) or NAME@N. Throws Error::Kind::policy for a
/// certificate without code signing usage, Error::Kind::state for one that is not active yet,
/// retired or revoked, has a revoked authority above it, or is outside its validity at now().
/// Negative ones sign whatever they are.
NamedSigner named_signer(Workspace& workspace, Keys& keys, const std::string& reference);

/// A Timestamper for the words of `--timestamp` and of the YAML: a name under `timestamping` (its
/// certificate here, else its URL), "local" (the one entry with a certificate here), or a URL.
struct TimestampSource {
  std::unique_ptr<signing::Timestamper> timestamper;
  std::string authority;  ///< For the record: name or URL.
};
TimestampSource timestamp_source(Workspace* workspace, Keys* keys, const std::string& word,
                                 const Clock& clock, const ossl::Random& random);

}  // namespace sealwright::workspace
