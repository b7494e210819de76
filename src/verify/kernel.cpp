#include "verify/kernel.h"

#include <fmt/format.h>

#include <algorithm>

#include "trust/result_code.h"

namespace sealwright::verify {
namespace {

/// The answer that a person wants to hear of those that several signatures give.
int rank(const trust::LoadAnswer& answer) {
  if (!answer.loads) return 1;
  return *answer.loads ? 2 : 0;
}

trust::LoadAnswer best(const WindowsTarget& target,
                       const std::vector<trust::DriverSignature>& signatures) {
  if (signatures.empty()) return trust::judge_load(target, nullptr);
  trust::LoadAnswer made = trust::judge_load(target, &signatures.front());
  for (const auto& signature : signatures) {
    auto other = trust::judge_load(target, &signature);
    if (rank(other) > rank(made)) made = std::move(other);
  }
  return made;
}

const WindowsTarget* newest_x64() {
  const WindowsTarget* newest = nullptr;
  for (const auto& target : windows_targets())
    if (target.architecture == Architecture::x64 && !target.server &&
        (!newest || target.build >= newest->build))
      newest = &target;
  return newest;
}

}  // namespace

std::vector<const WindowsTarget*> systems_of(const Question& question) {
  return question.os.empty() ? std::vector{newest_x64()} : question.os;
}

std::vector<SystemAnswer> judge_drivers(const std::vector<trust::DriverSignature>& signatures,
                                        const Question& question) {
  std::vector<SystemAnswer> answers;
  for (const auto* target : systems_of(question)) {
    auto answer = best(*target, signatures);
    answers.push_back({target, std::nullopt, answer.loads, "", std::move(answer.text),
                       std::move(answer.rule), std::move(answer.remedy)});
  }
  return answers;
}

void report_load(const std::vector<SystemAnswer>& answers, Findings& findings) {
  const auto refusing =
      std::ranges::find_if(answers, [](const auto& a) { return a.loads == false; });
  const auto unknown = std::ranges::find_if(answers, [](const auto& a) { return !a.loads; });
  const auto decisive = refusing != answers.end() ? refusing : unknown;
  if (decisive == answers.end()) {
    findings.pass("kernel", "every kernel that was asked about loads it");
    return;
  }
  findings.fail(decisive->rule,
                decisive->loads ? trust::code::invalid_image_hash : trust::code::chaining,
                fmt::format("the kernel of {} {} {}", decisive->target->title,
                            to_text(decisive->target->architecture), decisive->kernel),
                decisive->remedy);
}

}  // namespace sealwright::verify
