#include "cli/export_options.h"

#include <fmt/format.h>

#include <charconv>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"

namespace sealwright::cli {
namespace {

using policy::ExportFormat;
using policy::ExportProfile;
using Chain = policy::SignDefaults::Chain;

template <class E>
E one_of(const char* what, const std::string& word,
         const std::vector<std::pair<std::string, E>>& entries) {
  std::vector<std::string> known;
  for (const auto& [name, value] : entries) {
    if (name == word) return value;
    known.push_back(name);
  }
  throw Error(Error::Kind::usage, fmt::format("unknown {} '{}'", what, printable(word)),
              did_you_mean(word, known));
}

ExportFormat format_of(const std::string& name) {
  if (const auto format = policy::export_format(name)) return *format;
  throw Error(Error::Kind::usage, "unknown format '" + printable(name) + "'",
              did_you_mean(name, policy::export_format_names()));
}

int iterations_of(const std::string& text) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() ||
      value < policy::least_pfx_iterations || value > policy::most_pfx_iterations)
    throw Error(
        Error::Kind::usage, "'" + printable(text) + "' is not a number of iterations",
        fmt::format("write {} to {}", policy::least_pfx_iterations, policy::most_pfx_iterations));
  return value;
}

void check_words(const ExportOptions& options, ExportFormat format) {
  const auto refuse = [&](const char* option, const char* of) {
    throw Error(Error::Kind::usage,
                fmt::format("{} is of {}, and this is '{}'", option, of, options.format));
  };
  if (format != ExportFormat::pfx) {
    if (options.profile) refuse("--profile", "a PFX");
    if (options.iterations) refuse("--iterations", "a PFX");
    if (options.chain) refuse("--chain", "a PFX");
    if (options.friendly_name) refuse("--friendly-name", "a PFX");
    if (options.csp) refuse("--csp", "a PFX");
  }
  const std::pair<const char*, bool> passwords[] = {
      {"--out-password-file", !options.out_password_file.empty()},
      {"--generate-password", !options.generate_password.empty()},
      {"--empty-password", options.empty_password},
      {"--no-password", options.no_password}};
  const char* given = nullptr;
  for (const auto& [option, is_given] : passwords) {
    if (!is_given) continue;
    if (!policy::holds_private_key(format)) refuse(option, "private keys");
    if (given)
      throw Error(Error::Kind::usage,
                  fmt::format("{} and {} contradict each other", given, option));
    given = option;
  }
  if (options.empty_password && format != ExportFormat::pfx)
    throw Error(Error::Kind::usage, "format '" + options.format + "' has no empty password",
                "a PFX has; or write the key plain, with --no-password");
}

}  // namespace

policy::ExportFormat checked_format(const ExportOptions& options) {
  const auto format = format_of(options.format);
  check_words(options, format);
  return format;
}

policy::PfxPlan plan_of(const ExportOptions& options) {
  policy::PfxPlan plan;
  if (options.profile)
    plan.profile = one_of<ExportProfile>("profile", *options.profile,
                                         {{"auto", ExportProfile::automatic},
                                          {"modern", ExportProfile::modern},
                                          {"compatible", ExportProfile::compatible}});
  if (options.chain)
    plan.chain =
        one_of<Chain>("chain", *options.chain,
                      {{"no-root", Chain::no_root}, {"full", Chain::full}, {"leaf", Chain::leaf}});
  if (options.iterations) plan.iterations = iterations_of(*options.iterations);
  plan.friendly_name = options.friendly_name.value_or("");
  plan.csp = options.csp.value_or("auto");
  return plan;
}

void add_export_options(CommandBuilder<ExportOptions>& builder) {
  builder
      .positional("NAME", &ExportOptions::names,
                  "NAME[@GENERATION] or a thumbprint; public: @all, @live")
      .required_option("--format", "FORMAT", &ExportOptions::format,
                       "pem, der, chain, pfx, spc, p7b, pvk, pkcs8, csr, jks-howto")
      .choices(policy::export_format_names())
      .option("-o,--output", "FILE", &ExportOptions::output,
              "The file, - for standard output, a folder, or a pattern (default: "
              "{name}-{generation}.{ext})")
      .option("--profile", "PROFILE", &ExportOptions::profile,
              "Of a PFX: auto, modern (Windows 10 1709 and later), compatible (since XP)")
      .choices({"auto", "modern", "compatible"})
      .option("--iterations", "N", &ExportOptions::iterations,
              "Of a PFX: rounds of key derivation, 1000 to 1000000 (default 2048)")
      .option("--chain", "CHAIN", &ExportOptions::chain,
              "Of a PFX: no-root (the default), full or leaf")
      .choices({"no-root", "full", "leaf"})
      .option("--friendly-name", "TEXT", &ExportOptions::friendly_name,
              "Of a PFX: what Windows calls the key (default: the name)")
      .option("--csp", "PROVIDER", &ExportOptions::csp,
              "Of a PFX: what Windows puts the key into; auto, none or its name")
      .option("--out-password-file", "FILE", &ExportOptions::out_password_file,
              "Holds the password that encrypts the key")
      .option("--generate-password", "FILE", &ExportOptions::generate_password,
              "The same; where FILE is not there, a random one is written to it")
      .flag("--empty-password", &ExportOptions::empty_password,
            "Of a PFX: the empty password, as some programs want it")
      .flag("--no-password", &ExportOptions::no_password,
            "Of a PFX: no password at all; of a PVK or PKCS#8: plain")
      .option("--reason", "TEXT", &ExportOptions::reason,
              "Why the key leaves the inventory; goes on record")
      .flag("--overwrite", &ExportOptions::overwrite, "Replace files that are there");
  add_key_options(builder);
}

}  // namespace sealwright::cli
