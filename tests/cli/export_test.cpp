// Exports through the command line, with the programs they are for.

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/file.h"
#include "support.h"

using namespace sealwright;
namespace fs = std::filesystem;

namespace {

/// Runs a shell script in `folder`, where `sealwright` is the program.
test::Ran shell(const fs::path& folder, const std::string& script) {
  const fs::path bin = folder / "bin";
  fs::create_directories(bin);
  if (!fs::exists(bin / "sealwright"))
    fs::create_symlink(fs::absolute(SEALWRIGHT_PROGRAM), bin / "sealwright");
  return test::run(
      {"sh", "-c", "PATH='" + bin.string() + "':$PATH; cd '" + folder.string() + "' && " + script});
}

void make_lab(const fs::path& folder) {
  const auto ran = shell(folder,
                         "sealwright -q init lab --hierarchy driver-lab --no-passphrase && "
                         "sealwright -q -C lab apply");
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
}

/// The commands of a text: its lines that begin with five spaces.
std::vector<std::string> commands_in(const std::string& text) {
  std::vector<std::string> commands;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("     ")) commands.push_back(line.substr(5));
  return commands;
}

int count(const std::string& text, const std::string& word) {
  int found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("Java does what the words for it say", "[cli][oracle]") {
  if (!test::have_program("keytool")) {
    WARN("SKIPPED: keytool is not installed");
    return;
  }
  const test::Scratch scratch;
  make_lab(scratch.path());
  const auto howto =
      shell(scratch.path(), "sealwright -C lab export driver-signing --format jks-howto -o -");
  const auto commands = commands_in(howto.out);
  REQUIRE(commands.size() == 8);
  for (const auto& command : commands) {
    const auto ran = shell(scratch.path(), "cd lab && " + command);
    INFO(command << "\n" << ran.out << ran.err);
    CHECK(ran.exit_code == 0);
  }
  const auto listed = [&](const std::string& store) {
    return shell(scratch.path(), "cd lab && keytool -list -v -keystore " + store).out;
  };
  for (const char* type : {"pfx", "p12", "jks"}) {
    const auto keys = listed("driver-signing-1." + std::string(type) +
                             " -storepass:file driver-signing-1.password");
    INFO(keys);
    CHECK(count(keys, "Alias name: driver-signing") == 1);
    CHECK(count(keys, "Entry type: PrivateKeyEntry") == 1);
    CHECK(count(keys, "Certificate chain length: 2") == 1);
  }
  CHECK(count(listed("truststore.p12 -storepass changeit"), "Entry type: trustedCertEntry") == 2);
}

TEST_CASE("Java, NSS and GnuTLS read both profiles", "[cli][oracle]") {
  const test::Scratch scratch;
  make_lab(scratch.path());
  const struct {
    const char* program;
    const char* command;
  } readers[] = {
      {"keytool", "keytool -list -keystore it.pfx -storetype PKCS12 -storepass:file pw"},
      {"certtool", "certtool --p12-info --inder --password \"$(cat pw)\" --infile it.pfx"},
      {"pk12util",
       "rm -rf nss && mkdir nss && certutil -N -d nss --empty-password && pk12util -i it.pfx -d "
       "nss -w pw"},
      {"openssl", "openssl pkcs12 -in it.pfx -passin file:pw -noout"},
  };
  for (const char* profile : {"modern", "compatible"}) {
    const auto made = shell(
        scratch.path(),
        std::string("sealwright -q -C lab export driver-signing --format pfx --generate-password "
                    "pw -o it.pfx --overwrite --profile ") +
            profile);
    REQUIRE(made.exit_code == 0);
    for (const auto& reader : readers) {
      if (!test::have_program(reader.program)) {
        WARN("SKIPPED: " << reader.program << " is not installed");
        continue;
      }
      const auto ran = shell(scratch.path(), reader.command);
      INFO(profile << " " << reader.program << "\n" << ran.out << ran.err);
      CHECK(ran.exit_code == 0);
    }
  }
}

TEST_CASE("of several files none is left on a disk that is full", "[cli]") {
  if (test::run({"unshare", "-rm", "true"}).exit_code != 0) {
    WARN("SKIPPED: unshare -rm is not permitted here");
    return;
  }
  const test::Scratch scratch;
  make_lab(scratch.path());
  fs::create_directories(scratch / "disk");
  const auto ran = test::run(
      {"unshare", "-rm", "sh", "-c",
       "cd '" + scratch.path().string() +
           "' && mount -t tmpfs -o size=12k tmpfs disk && '" SEALWRIGHT_PROGRAM
           "' -C lab export lab-root lab-issuing driver-signing timestamping --format pfx "
           "--no-password -o disk; '" SEALWRIGHT_PROGRAM
           "' -C lab export lab-root lab-issuing driver-signing timestamping --format chain -o "
           "disk; echo $?; ls -A disk"});
  INFO(ran.err);
  CHECK(ran.out == "7\n");
  CHECK(count(ran.err, "No space left on device") == 1);
  CHECK(count(ran.err, "Nothing was written.") == 2);
  // Of the keys three may not leave, and so the fourth does not, either.
  CHECK(count(ran.err, "may not leave the inventory") == 3);
}
