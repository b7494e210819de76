#pragma once
// Inside verify only: which of a signature's timestamps counts.

#include <optional>
#include <vector>

#include "signing/file.h"
#include "verify/judge.h"

namespace sealwright::verify {

struct StampVerdict {
  std::vector<StampFacts> facts;
  std::optional<Time> time;  ///< Of the first that is good and trusted.
  /// What decides: nothing where there is no timestamp; a failure where there are some, but none is
  /// any good.
  std::optional<Check> check;
  std::vector<Check> notes;  ///< On timestamps that do not count beside one that does.
};

/// Judges every timestamp of the signature at its own time: the certificate of an authority need
/// not be valid any more (Authenticode specification, "Timestamp Processing").
StampVerdict judge_stamps(const signing::EmbeddedSignature& signature, const Question& question);

}  // namespace sealwright::verify
