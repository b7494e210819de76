#pragma once
// Inside verify only: collects checks in the order in which they decide.

#include <string>
#include <string_view>
#include <vector>

#include "trust/chain.h"
#include "verify/report.h"

namespace sealwright::verify {

class Findings {
 public:
  void pass(std::string_view rule, std::string text);
  void note(std::string_view rule, std::string text);
  void skip(std::string_view rule, std::string text);
  /// Without a remedy of its own, that of the code.
  void fail(std::string_view rule, std::uint32_t code, std::string text, std::string remedy = {});
  void fail(const trust::Refusal& refusal);
  void add(std::vector<Check> checks);

  /// The first failure, or null.
  const Check* decisive() const;
  bool failed() const { return decisive() != nullptr; }
  const std::vector<Check>& checks() const { return checks_; }

 private:
  std::vector<Check> checks_;
};

/// Completes a verdict: the first failure decides, or `good` is what makes it good.
void decide(Verdict& verdict, const Findings& findings, std::string good);

/// "'Acme Drivers'": how reasons name a certificate. Safe to print.
std::string label(const x509::Certificate& certificate);

}  // namespace sealwright::verify
