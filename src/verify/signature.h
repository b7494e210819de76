#pragma once
// Inside verify only: judges one signature, of a file or of a catalog.

#include <map>
#include <optional>
#include <vector>

#include "signing/file.h"
#include "trust/chain.h"
#include "trust/kernel.h"
#include "verify/findings.h"
#include "verify/judge.h"

namespace sealwright::verify {

/// What a signature is about.
struct Signed {
  signing::FileKind kind = signing::FileKind::pe;
  /// PE: digests of the image. Null: a catalog, whose content is inside the signature.
  const std::map<ossl::Digest, Bytes>* digests = nullptr;
};

/// What is known of a signature after it was judged.
struct Standing {
  bool intact = false;  ///< Digests and signature are good; the rest says nothing otherwise.
  std::optional<x509::Certificate> certificate;
  std::vector<x509::Certificate> pool;  ///< Certificates that came along.
  ossl::Digest digest = ossl::Digest::sha256;
  Time counts{};         ///< The time at which the chain is judged.
  bool stamped = false;  ///< That is a timestamp's.
  bool trusted = false;  ///< Its chain is, for code signing, by the question's stores.
  SignatureFacts facts;
};

/// Checks content type, digests, signer and signature, chain and timestamps; adds what it finds to
/// `findings` in the order in which Windows lets it decide. For Use::kernel the question's stores
/// do not count, and the chain is left to judge_drivers().
Standing judge_signature(const signing::EmbeddedSignature& signature, const Signed& about,
                         const Question& question, Findings& findings);

/// What the kernel sees in it.
trust::DriverSignature driver_signature(const Standing& standing, const Question& question);

}  // namespace sealwright::verify
