#pragma once
// The folder verify judges signed files, catalogs and driver packages as Windows would, and says
// which rule decided. Nothing here is about this machine: what is trusted is given.
// This file: its answers, as plain values with a stable text and JSON form.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "base/windows_version.h"

namespace sealwright::verify {

/// One thing that was looked at.
struct Check {
  enum class Outcome {
    pass,
    fail,     ///< Windows refuses for it.
    note,     ///< Worth knowing, decides nothing.
    skipped,  ///< Could not be looked at, because something before it failed.
  };
  std::string rule;  ///< Stable id: "file-digest", "chain-root-trusted".
  Outcome outcome = Outcome::pass;
  std::string text;
  std::uint32_t code = 0;  ///< trust/result_code.h; of failures.
  std::string remedy;      ///< Of failures.
};
std::string_view to_text(Check::Outcome outcome);  ///< "pass", "fail", "note", "skipped"

struct ChainLink {
  std::string subject;     ///< RFC 4514, safe to print.
  std::string thumbprint;  ///< 40 upper-case hex digits.
  std::string serial;
  Time not_before{}, not_after{};
};

/// A timestamp of a signature.
struct StampFacts {
  std::string kind;  ///< "rfc3161" or "pkcs9"
  Time time{};
  std::string authority;  ///< Subject of the certificate that stamped, or "".
  bool trusted = false;   ///< It is good, and its chain is; else its time counts for nothing.
};

/// What the signature that was judged says.
struct SignatureFacts {
  std::string signer;  ///< Subject, RFC 4514.
  std::string name;    ///< What Windows shows of it: mostly the common name.
  std::string thumbprint, serial;
  std::string digest;       ///< Of the file: "sha256".
  std::string file_digest;  ///< Hex, as signed.
  std::string description, url;
  std::vector<StampFacts> timestamps;
  std::vector<ChainLink> chain;  ///< Signer first, as far as it goes.
};

/// What one Windows version does.
struct SystemAnswer {
  const WindowsTarget* target = nullptr;
  std::optional<bool> installs;  ///< Driver packages only: without a question.
  std::optional<bool> loads;     ///< Kernel drivers only; nothing where it cannot be told.
  std::string install;           ///< "installs without a question"
  std::string kernel;            ///< "does not load 'x.sys': …"
  std::string rule;              ///< What decided, the kernel's last.
  std::string remedy;
};

/// What is said about one file, catalog or driver package.
struct Verdict {
  std::string path;  ///< As named; files of a package with the package's folder before them.
  std::string kind;  ///< "pe", "catalog", "inf", "file", "package"
  std::string use;   ///< "app", "driver", "kernel"
  bool ok = false;

  // What decided; of a good verdict `reason` alone: what makes it good.
  std::uint32_t code = 0;
  std::string rule, reason, remedy;

  std::optional<SignatureFacts> signature;  ///< The primary signature, where one can be read.
  std::vector<Check> checks;
  std::vector<SystemAnswer> systems;  ///< For each Windows version that was asked about.
  std::string trust;                  ///< What was trusted: trust::Machine::source.
  Time at{};                          ///< When it was judged.
  int exit_code = 0;  ///< 0 ok, 1 not ok, else that of the Error that kept it from being judged.
};

struct Report {
  std::vector<Verdict> verdicts;
};

/// One line for each good verdict; for the others the reason, the code with its name, the rule and
/// the remedy. Nothing in it can steer a terminal.
std::string to_text(const Report& report);
/// {"schema": "sealwright.verify/1", "ok": …, "verdicts": […]}
Json to_json(const Report& report);
/// The highest that happened (CLI.md): 0 when all are ok.
int exit_code(const Report& report);

}  // namespace sealwright::verify
