#pragma once
// What `verify` and `package verify` share: for which Windows, trusting what, at which time.

#include <string>
#include <vector>

#include "cli/command.h"
#include "verify/judge.h"

namespace sealwright::cli {

struct VerifyWords {
  std::vector<std::string> os, trust, crl;
  std::string at;
};
template <class O>
void add_verify_options(CommandBuilder<O>& builder) {
  builder
      .template option<std::vector<std::string>>("--os", "LIST", &O::os,
                                                 "Windows versions, as 10_X64 or win11-24h2")
      .template option<std::vector<std::string>>(
          "--trust", "WHAT", &O::trust,
          "workspace, bundle:NAME, file:PEM (roots), publisher:PEM; may be repeated")
      .template option<std::vector<std::string>>(
          "--crl", "FILE", &O::crl, "Revocation lists the machines have seen; may be repeated")
      .template option<std::string>("--at", "TIME", &O::at, "Judge at this time");
}

/// The revocation lists in these files, DER or PEM.
trust::RevocationSources read_lists(const std::vector<std::string>& files);
verify::Question question_of(const VerifyWords& words, verify::Use use, Context& context);
/// Text or JSON on stdout, and the exit code.
void print_report(const verify::Report& report, Context& context);

}  // namespace sealwright::cli
