// makecert command lines, a word a line: each is refused with a reason, or becomes a policy that
// loads, and a sealwright.yaml that loads with it. No key is made and no file is read.

#include <sstream>

#include "attempt.h"
#include "compat/makecert_explain.h"
#include "compat/makecert_policy.h"
#include "policy/load.h"

namespace {
using namespace sealwright;

std::vector<std::string> words_of(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < size; ++i)
    if (data[i] == '\n')
      words.emplace_back();
    else if (data[i] != 0)  // no word of argv holds it
      words.back() += static_cast<char>(data[i]);
  return words;
}

compat::World world(std::ostream& nowhere) {
  return {nowhere,
          nowhere,
          [] { return *parse_time("2026-03-01T12:00:00Z"); },
          [](std::span<std::uint8_t>) { std::abort(); },
          [](const compat::PasswordWish&) -> std::optional<ossl::Secret> { std::abort(); },
          []() -> compat::OpenWorkspace { std::abort(); },
          [](const std::string&) {},
          [](const std::string&) {}};
}

/// What cannot be a subject is refused when it is asked for, and by whoever reads the YAML.
bool is_possible(const policy::Subject& subject, const policy::Policy& policy) {
  try {
    policy::check_subject(policy::expand_subject(subject, "x", 1), policy);
    return true;
  } catch (const Error& error) {
    require(error.kind == Error::Kind::policy || error.kind == Error::Kind::input);
    return false;
  }
}

void check(const compat::MakecertWish& wish, compat::World& world) {
  if (wish.digest == ossl::Digest::md5) return;  // --as-original, which no policy says

  const auto made = compat::makecert_policy(
      wish, {{}, world.clock(), wish.not_after.value_or(*parse_time("2039-12-31"))});
  const auto path = "policies/" + made.name + ".yaml";
  std::vector<EmbeddedFile> files(embedded_files().begin(), embedded_files().end());
  files.push_back({path, made.text});
  policy::PolicySet policies(std::nullopt, files);
  if (!is_possible(wish.subject, *policies.get(made.name))) return;
  const auto proposal = compat::explain_makecert(wish, world);
  for (const auto& policy : proposal.policies) {
    const auto own = "policies/" + policy.name + ".yaml";
    auto with = files;
    with.push_back({own, policy.text});
    policy::PolicySet all(std::nullopt, with);
    const auto text = compat::to_text(proposal);
    policy::parse_hierarchy(text.substr(0, text.find("\n---\n") + 1), "sealwright.yaml", all);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto words = words_of(data, size);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  std::optional<compat::MakecertWish> wish;
  try {
    wish = compat::read_makecert(compat::read_words(compat::makecert_flags(), argv));
  } catch (const Error& error) {
    require(error.kind == Error::Kind::usage && !error.message.empty());
    return 0;
  }
  require(!wish->output.empty() || !wish->store.empty() || !wish->pfx.empty());
  require(!wish->subject.attributes.empty());
  if (!wish->issuer_file.empty()) wish->issuer_file = "/nonexistent/issuer.cer";
  if (!wish->issuer_pvk.empty()) wish->issuer_pvk = "/nonexistent/issuer.pvk";
  std::ostringstream nowhere;
  auto silent = world(nowhere);
  check(*wish, silent);
  return 0;
}
