// One command line, two programs: ours and mono's makecert. tests/golden/makecert-beside-mono.txt
// has what came of each, and why it is not the same where it is not.

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "compat/makecert.h"
#include "tool_run.h"
#include "x509/certificate.h"
#include "x509/oids.h"

using namespace sealwright;
using test::ToolBench;
namespace fs = std::filesystem;

namespace {

/// `line` may say KEY for "-sv @k.pvk" and BELOW for "-ic @r.cer -iv @r.pvk"; `why` is needed where
/// the two differ.
struct Row {
  const char *line, *why;
};

constexpr const char* refuses_late =
    "mono takes what no verifier accepts; a script had better hear of it";
constexpr const char* not_in_mono = "mono does not know it; Microsoft's tool does";
constexpr const char* for_signing =
    "without a purpose Windows takes it for any, and other verifiers for none";

constexpr const char* flags_as_microsoft = "Microsoft's tool takes '/' and any case, mono does not";
constexpr const char* not_done = "mono takes the flag, and does nothing with it";

const Row rows[] = {
    // Names.
    {"-r -n CN=Foo -cy authority KEY", ""},
    {"-r -n CN=Foo,O=Bar,C=DE -cy authority KEY", ""},
    {"-r -n 'CN=Foo, O=Bar' -cy authority KEY", ""},
    {"-r -n 'CN=\"Foo, Inc.\",O=Bar' -cy authority KEY", ""},
    {"-r -n CN=x,E=a@b.example -cy authority KEY", ""},
    {"-r -n CN=x,S=Hessen,L=Kassel,OU=y -cy authority KEY", ""},
    {"-r -n CN=Foo;O=Bar -cy authority KEY", "CertStrToName takes ';' too"},
    {"-r -n CN=Foo+O=Bar -cy authority KEY", "CertStrToName takes '+' too"},
    {"-r -n Foo -cy authority KEY", ""},
    {"-r -n CN= -cy authority KEY", "an empty value is nobody's name"},
    {"-r -cy authority KEY", "nobody wants mono's default name"},
    // What for.
    {"-r -n CN=x KEY", "scripts use it as a root, and a root without basic constraints is none"},
    {"-r -n CN=x -cy end KEY", for_signing},
    {"-r -n CN=x -cy both KEY", ""},
    {"-r -n CN=x -h 1 KEY", ""},
    {"-r -n CN=x -cy authority -h 0 KEY", ""},
    {"-r -n CN=x -eku 1.3.6.1.5.5.7.3.3 KEY", ""},
    {"-r -n CN=x -eku 1.3.6.1.5.5.7.3.3,1.3.6.1.5.5.7.3.4 KEY", ""},
    {"-r -n CN=x -eku 1.3.6.1.5.5.7.3.3,1.3.6.1.5.5.7.3.2 KEY", ""},
    {"-r -n CN=x -eku codeSigning KEY", "names are a courtesy"},
    {"-r -n CN=x -eku 1.2.x KEY", ""},
    {"-r -n CN=x -eku KEY", ""},
    // Digests, keys, numbers.
    {"-r -n CN=x -cy authority -a sha1 KEY", ""},
    {"-r -n CN=x -cy authority -a sha256 KEY", ""},
    {"-r -n CN=x -cy authority -a SHA512 KEY", ""},
    {"-r -n CN=x -cy authority -a md5 KEY", "anybody can make a second certificate of one MD5"},
    {"-r -n CN=x -cy authority -a rot13 KEY",
     "mono signs with its default where it does not know the digest"},
    {"-r -n CN=x -cy authority -len 2048 KEY", not_in_mono},
    {"-r -n CN=x -cy authority -# 258 KEY",
     "mono writes the octets of the number from the wrong end"},
    {"-r -n CN=x -cy authority -# 2147483647 KEY",
     "mono writes the octets of the number from the wrong end"},
    {"-r -n CN=x -cy authority -# 0 KEY",
     "RFC 5280, 4.1.2.2: a serial number is positive; mono writes what is no DER"},
    // Dates.
    {"-r -n CN=x -cy authority -e 12/31/2037 KEY", ""},
    {"-r -n CN=x -cy authority -b 01/02/2026 -e 12/31/2037 KEY", ""},
    {"-r -n CN=x -cy authority -b 01/02/2026 -m 140 KEY", ""},
    {"-r -n CN=x -cy authority -b 12/31/2038 -e 12/31/2037 KEY", refuses_late},
    {"-r -n CN=x -cy authority -e 01/01/2020 KEY", refuses_late},
    {"-r -n CN=x -cy authority -b 13/01/2026 KEY", ""},
    {"-r -n CN=x -cy authority -e 12/31/2037 -m 3 KEY", "the two say different ends"},
    // Issuers.
    {"-n CN=x BELOW -eku 1.3.6.1.5.5.7.3.3 KEY", ""},
    {"-n CN=x BELOW -cy authority KEY", ""},
    {"-n CN=x BELOW KEY", for_signing},
    {"-n CN=x -ic @r.cer -iv @k.pvk -eku 1.3.6.1.5.5.7.3.3 KEY", refuses_late},
    {"-n CN=x -ic @k.cer -iv @k.pvk -eku 1.3.6.1.5.5.7.3.3 KEY", refuses_late},
    {"-n CN=x -ic @r.cer -eku 1.3.6.1.5.5.7.3.3 KEY",
     "the issuer's key is not there: ours would look for it in a workspace"},
    {"-n CN=x KEY", "mono's built-in root has a key that everybody has"},
    // The rest.
    {"/r /n CN=x /cy authority KEY", flags_as_microsoft},
    {"-R -N CN=x -CY Authority KEY", flags_as_microsoft},
    {"-r -n CN=x -cy authority -sky exchange KEY",
     "the PVK holds a key of another type: Microsoft's tool fails, mono does not look"},
    {"-r -n CN=x -cy authority -sky signature KEY", ""},
    {"-r -n CN=x -cy authority -pe KEY", not_in_mono},
    {"-r -n CN=x -eku 1.3.6.1.5.5.7.3.3 -$ individual KEY", not_done},
    {"-r -n CN=x -eku 1.3.6.1.5.5.7.3.3 -nscp KEY", not_done},
    {"-r -n CN=x -eku 1.3.6.1.5.5.7.3.3 -l https://a.example KEY", not_in_mono},
    {"-n CN=x BELOW -sc @k.cer -eku 1.3.6.1.5.5.7.3.3", not_in_mono},
    {"-r -n CN=x -ss My -cy authority KEY", ""},
    {"-r -n CN=x -crl KEY", ""},
};

std::string filled(std::string line) {
  const auto fill = [&](const std::string& word, const std::string& with) {
    if (const auto at = line.find(word); at != std::string::npos)
      line.replace(at, word.size(), with);
  };
  fill("KEY", "-sv @k.pvk");
  fill("BELOW", "-ic @r.cer -iv @r.pvk");
  return line + " @out.cer";
}

x509::Certificate certificate(const fs::path& file) {
  return x509::Certificate::from_der(read_file(file));
}

/// What is compared; what always differs stands at the head of the golden file.
std::vector<std::string> facts_of(const x509::Certificate& one, bool digest) {
  std::vector<std::string> made = {
      "subject " + one.subject().text(),
      "issuer " + one.issuer().text(),
      "ends " + to_date(one.not_after()),
  };
  const auto constraints = one.basic_constraints();
  std::string basic = !constraints ? "none" : constraints->ca ? "CA" : "no CA";
  if (constraints && constraints->path_length) basic += std::to_string(*constraints->path_length);
  made.push_back("basic constraints " + basic);
  std::string purposes;
  for (const auto& purpose : one.extended_key_usage().value_or(std::vector<Oid>{}))
    purposes += " " + x509::key_purpose_name(purpose);
  made.push_back("purposes" + (purposes.empty() ? " none" : purposes));
  for (const char* oid : {"2.5.29.4", "2.16.840.1.113730.1.1"})
    if (one.extension(Oid(oid))) made.push_back("extension " + std::string(oid));
  if (one.serial().value.size() < 10) made.push_back("number " + one.serial().hex());
  if (digest && one.signature_algorithm())
    made.push_back("digest " + std::string(to_text(one.signature_algorithm()->digest)));
  return made;
}

constexpr const char* no_certificate = "makes what is no certificate";

std::vector<std::string> facts(const fs::path& file, bool digest) {
  if (!fs::exists(file)) return {"refuses it"};
  try {
    return facts_of(certificate(file), digest);
  } catch (const Error&) {
    return {no_certificate};
  }
}

/// Runs mono's. One in 256 of the numbers that it draws begins with a zero too many, which is no
/// DER: then again.
void run_mono(std::vector<std::string> words, const fs::path& out) {
  words.insert(words.begin(), "makecert");
  const bool drawn = std::find(words.begin(), words.end(), "-#") == words.end();
  for (int tries = 0; tries < 5; ++tries) {
    fs::remove(out);
    test::run(words);
    if (!drawn || facts(out, false).front() != no_certificate) return;
  }
}

/// "same", or the facts that only one of them has.
std::string comparison(const std::vector<std::string>& ours, const std::vector<std::string>& mono) {
  const auto beyond = [](const std::vector<std::string>& all,
                         const std::vector<std::string>& known) {
    std::string text;
    for (const auto& one : all)
      if (std::find(known.begin(), known.end(), one) == known.end())
        text += (text.empty() ? "" : ", ") + one;
    return text.empty() ? "nothing more" : text;
  };
  if (ours == mono) return "same";
  if (ours.size() == 1 || mono.size() == 1)
    return "different: ours " + (ours.size() == 1 ? ours[0] : "makes it") + "; mono " +
           (mono.size() == 1 ? mono[0] : "makes it");
  return "different: ours " + beyond(ours, mono) + "; mono " + beyond(mono, ours);
}

}  // namespace

TEST_CASE("command lines give what mono's makecert gives, or something better",
          "[compat][makecert][oracle]") {
  if (!test::have_program("makecert")) {
    WARN("SKIPPED: no mono makecert (package mono-devel)");
    return;
  }
  ToolBench bench;  // its clock is mono's
  bench.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto prepare = [&](const char* line) {
    const auto ran = bench.run(compat::makecert_tool, line);
    REQUIRE(ran.error == "");
  };
  prepare("-r -n CN=Root -cy authority -len 2048 -sv @r.pvk @r.cer");
  prepare("-r -n CN=Key -eku codeSigning -len 2048 -sv @k.pvk @k.cer");
  std::string text =
      "# Made by tests/compat/makecert_beside_mono_test.cpp. KEY is a PVK of ours, BELOW an issuer "
      "of ours.\n"
      "# Not compared, since it always differs: ours has key identifiers and a key usage, and "
      "SHA-256 where -a says\n"
      "# nothing; mono has neither, and SHA-512. Hours of the day are not compared either.\n";
  std::size_t count = 0;
  for (const Row& row : rows) {
    const auto line = filled(row.line);
    const bool digest = line.find(" -a ") != std::string::npos;
    const auto out = bench.path("out.cer");
    fs::remove(out);
    const auto key = read_file(bench.path("k.pvk"));
    const auto ran = bench.run(compat::makecert_tool, line);
    const auto ours = facts(out, digest);
    CHECK(ran.done == fs::exists(out));
    auto words = test::words_of(line);
    for (auto& word : words)
      if (word.starts_with('@')) word = bench.path(word.substr(1)).string();
    run_mono(words, out);
    const auto mono = facts(out, digest);
    write_file(bench.path("k.pvk"), key, {Access::owner, Existing::replace});  // see -eku
    const auto result = comparison(ours, mono);
    INFO(row.line << ": " << result << "\n" << ran.error);
    CHECK((result == "same") == !*row.why);
    text += std::string("\nmakecert ") + row.line + "\n  " + result + "\n";
    if (result != "same") text += std::string("  why: ") + row.why + "\n";
    ++count;
  }
  CHECK(count >= 40);
  CHECK(text == test::golden("makecert-beside-mono.txt", text));
}

TEST_CASE("mono's PVK and certificate are an issuer here", "[compat][makecert][oracle]") {
  if (!test::have_program("makecert")) {
    WARN("SKIPPED: no mono makecert (package mono-devel)");
    return;
  }
  ToolBench bench;
  const auto file = [&](const char* name) { return bench.path(name).string(); };
  run_mono({"-r", "-n", "CN=Mono Root", "-cy", "authority", "-sv", file("m.pvk"), file("m.cer")},
           bench.path("m.cer"));
  bench.now = std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto ran = bench.run(compat::makecert_tool,
                             "-n CN=x -ic @m.cer -iv @m.pvk -eku codeSigning -len 2048 -sv @x.pvk "
                             "@x.cer");
  REQUIRE(ran.error == "");
  const auto root = certificate(bench.path("m.cer"));
  const auto leaf = certificate(bench.path("x.cer"));
  CHECK(leaf.signed_by(root.public_key()));
  CHECK(leaf.issuer() == root.subject());
}
