// Files that vendors signed with other programs, judged without their roots, and with those roots
// that can be had: the ones that came along in signatures of the corpus, and the system's.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "trust/result_code.h"
#include "verify/pki.h"

namespace sealwright::test {
namespace {
namespace fs = std::filesystem;

const char* const system_roots = "/etc/ssl/certs/ca-certificates.crt";

/// Every PE and catalog of the corpus, by path.
std::vector<fs::path> signed_files(const fs::path& corpus) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(corpus)) {
    if (!entry.is_regular_file()) continue;
    const auto kind = signing::detect(entry.path());
    if (kind == signing::FileKind::pe || kind == signing::FileKind::catalog)
      found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

void add_roots(const std::vector<x509::Certificate>& certificates,
               std::vector<x509::Certificate>& roots) {
  for (const auto& certificate : certificates)
    if (certificate.self_signed() && !trust::contains(roots, certificate))
      roots.push_back(certificate);
}

/// Self-signed authorities in the signatures and timestamps of these files.
std::vector<x509::Certificate> roots_in(const std::vector<fs::path>& files) {
  std::vector<x509::Certificate> roots;
  for (const auto& file : files) try {
      for (const auto& signature : signing::read_signature(file).signatures) {
        add_roots(signature.data.certificates, roots);
        for (const auto& stamp : signature.timestamps) add_roots(stamp.certificates, roots);
      }
    } catch (const Error&) {  // judged elsewhere
    }
  return roots;
}

verify::Question asked(std::vector<x509::Certificate> roots) {
  verify::Question made;
  made.machine.stores.root = std::move(roots);
  made.now = judging_day;
  return made;
}

std::string short_form(const verify::Verdict& verdict) {
  if (verdict.ok) return "good";
  if (verdict.code == 0) return fmt::format("exit {}", verdict.exit_code);
  return trust::to_text(verdict.code);
}

}  // namespace

TEST_CASE("vendors' files are refused without their roots, and for the same reason as before",
          "[corpus]") {
  const auto folder = corpus();
  if (!folder) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const auto files = signed_files(*folder);
  const auto without = asked({}), with = asked(roots_in(files));
  std::string table;
  for (const auto& file : files) {
    const auto bare = verify::judge_file(file, without);
    CHECK_FALSE(bare.ok);
    // Nothing of the corpus was tampered with: what is missing is trust.
    if (bare.signature)
      CHECK((bare.code == trust::code::chaining || bare.code == trust::code::untrusted_root ||
             fs::relative(file, *folder).string().starts_with("pe/")));
    table += fmt::format("{:<11}{:<11}{}\n", short_form(bare),
                         short_form(verify::judge_file(file, with)),
                         fs::relative(file, *folder).string());
  }
  CHECK(table == golden("corpus-verdicts.txt", table));
}

TEST_CASE("what Microsoft's hardware program signed installs and loads without more", "[corpus]") {
  const auto folder = corpus();
  if (!folder) {
    WARN("SKIPPED: no corpus");
    return;
  }
  const auto catalog = *folder / "cats" / "gnutls__test1.cat";
  auto with = asked(x509::read_certificates(read_file(*folder / "keys" / "relic__msroot.crt")));
  with.use = verify::Use::driver;
  CHECK(verify::judge_file(catalog, with).ok);
  with.use = verify::Use::kernel;
  with.os = parse_windows_targets({"win7-x64", "win11-24h2-x64", "server2022"});
  const auto verdict = verify::judge_file(catalog, with);
  CHECK(verdict.ok);
  for (const auto& system : verdict.systems) CHECK(system.loads == true);
}

TEST_CASE("osslsigncode agrees on vendors' files under the system's roots", "[corpus]") {
  const auto folder = corpus();
  if (!folder || !fs::exists(system_roots) ||
      !osslsigncode_has({"-time", "-ignore-crl", "-index"})) {
    WARN("SKIPPED: needs the corpus, ca-certificates and osslsigncode");
    return;
  }
  const auto with = asked(x509::read_certificates(read_file(system_roots)));
  const auto at = std::to_string(judging_day.time_since_epoch().count());
  int good = 0;
  for (const auto& file : signed_files(*folder)) {
    const auto verdict = verify::judge_file(file, with);
    if (!verdict.signature) continue;
    const auto other =
        run({"osslsigncode", "verify", "-time", at, "-ignore-crl", "-index", "0", "-CAfile",
             system_roots, "-TSA-CAfile", system_roots, "-in", file.string()});
    INFO(file << ": " << verdict.reason << "\n" << other.err);
    CHECK(verdict.ok == (other.exit_code == 0));
    good += verdict.ok;
  }
  CHECK(good > 0);
}

}  // namespace sealwright::test
