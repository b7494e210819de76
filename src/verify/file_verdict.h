#pragma once
// Inside verify only: one file with its signatures, judged by itself.

#include <filesystem>
#include <optional>
#include <string>

#include "verify/signature.h"

namespace sealwright::verify {

/// A verdict with what else is known of the file.
struct JudgedFile {
  Verdict verdict;
  Findings findings;  ///< What the verdict was made from.
  signing::FileKind kind = signing::FileKind::other;
  bool has_signature = false;
  std::optional<Standing> standing;  ///< Of the primary signature, where it can be read.
};

/// `name` is how the verdict calls the file.
JudgedFile judge_signatures(const std::filesystem::path& path, std::string name,
                            const Question& question);

/// A verdict that says nothing yet.
Verdict blank(std::string name, std::string kind, const Question& question);
/// A verdict on something that could not be judged. Kinds other than input and io are thrown on.
Verdict not_judged(Verdict verdict, const Error& error);

/// "signed by 'Acme', timestamped 2026-11-21T17:36:05Z"
std::string signed_by(const Standing& standing);

}  // namespace sealwright::verify
