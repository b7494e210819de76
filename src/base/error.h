#pragma once
// The ground floor: what every other folder uses and none of it is about certificates: errors,
// bytes, text codings, time, files, strong types, JSON, embedded files and text templates.

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace sealwright {

/// Why an operation could not be done: the only exception type of this program.
/// "The signature is bad" is an answer, not an Error; see verify/report.h.
struct Error : std::exception {
  enum class Kind { usage, input, policy, state, crypto, io, internal };

  Error(Kind k, std::string m, std::string h = {})
      : kind(k), message(std::move(m)), hint(std::move(h)) {}
  const char* what() const noexcept override { return message.c_str(); }

  Kind kind;
  std::string message;              ///< Reads on from "error: ". Lower case, no full stop.
  std::string hint;                 ///< One step the user can take, or empty.
  std::string excerpt;              ///< Lines of the user's file with a caret, or empty.
  std::vector<std::string> causes;  ///< Outermost first; printed with --verbose only.
};

/// The exit code of an error of this kind: 2 usage, 3 input, 4 policy, 5 state, 6 crypto, 7 io, 70
/// internal.
int exit_code(Error::Kind kind) noexcept;

/// `error` with "PREFIX: " before its message: how a caller adds the name of the file it opened.
Error with_prefix(Error error, const std::string& prefix);

}  // namespace sealwright
