#include "bundle/store_files.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/file.h"
#include "bundle/blob.h"
#include "states.h"

using namespace sealwright;

namespace {

std::vector<std::string> names(const std::vector<bundle::OutputFile>& files) {
  std::vector<std::string> all;
  for (const auto& file : files) all.push_back(file.path);
  return all;
}

std::string content(const std::vector<bundle::OutputFile>& files, const std::string& name) {
  for (const auto& file : files)
    if (file.path == name) return text(file.content);
  return {};
}

/// Walks a serialized store to its last byte, and prints the ids of each element and the SHA-1 of
/// each certificate.
const char* walk = R"(
import hashlib, struct, sys
data = open(sys.argv[1], 'rb').read()
assert data[:8] == b'\0\0\0\0CERT'
at = 8
while True:
    id, kind, length = struct.unpack_from('<III', data, at)
    at += 12
    if id == 0: break
    assert kind == 1
    value = data[at:at + length]
    at += length
    print(id, hashlib.sha1(value).hexdigest().upper() if id == 32 else len(value))
assert (kind, length, at) == (0, 0, len(data))
)";

}  // namespace

TEST_CASE("each store has a file of its own, and a removal", "[bundle]") {
  using Names = std::vector<std::string>;
  const auto state = test::lab_state();
  CHECK(names(bundle::sst_files(state, "sst")) ==
        Names{"Root.sst", "CA.sst", "TrustedPublisher.sst", "remove.cmd"});
  CHECK(names(bundle::p7b_files(state, "p7b")) ==
        Names{"Root.p7b", "CA.p7b", "TrustedPublisher.p7b", "remove.cmd"});
}

TEST_CASE("a serialized store ends where it says, its certificates after their properties",
          "[bundle]") {
  test::Scratch scratch;
  auto state = test::lab_state();
  state.present.back().store = bundle::Store::root;
  write_file(scratch / "store.sst",
             bundle::serialized_store({state.present.front(), state.present.back()}));
  const auto ran = test::run({"python3", "-c", walk, (scratch / "store.sst").string()});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  const auto thumbprint = [](const bundle::Entry& entry) {
    return entry.certificate.thumbprint().hex();
  };
  CHECK(ran.out == "3 20\n9 22\n20 20\n32 " + thumbprint(state.present.front()) +
                       "\n3 20\n20 20\n32 " + thumbprint(state.present.back()) + "\n");
}

TEST_CASE("openssl finds the certificates of a store in its .p7b", "[bundle][oracle]") {
  test::Scratch scratch;
  for (const auto& file : bundle::p7b_files(test::lab_state(), "p7b"))
    write_file(scratch / file.path, file.content);
  const auto ran = test::run({"openssl", "pkcs7", "-inform", "DER", "-print_certs", "-in",
                              (scratch / "TrustedPublisher.p7b").string()});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out.find(test::pki().code.certificate.to_pem()) != std::string::npos);
}

TEST_CASE("certutil scripts name stores and thumbprints, and nothing from outside", "[bundle]") {
  auto state = test::hostile_state();
  state.removed = {state.present.back()};
  state.present.pop_back();
  const auto files = bundle::certutil_files(state, "certutil");
  const auto thumbprint = [](const bundle::Entry& entry) {
    return entry.certificate.thumbprint().hex();
  };
  const std::string install = content(files, "install.cmd"), remove = content(files, "remove.cmd");
  const std::string root = thumbprint(state.present.front()),
                    left = thumbprint(state.removed.front());
  CHECK(install.find("\r\ncertutil -f -addstore Root \"%~dp0certificates\\Root-" + root +
                     ".cer\" || set failed=1\r\n") != std::string::npos);
  CHECK(install.find("\r\ncertutil -delstore TrustedPublisher " + left + " ") != std::string::npos);
  CHECK(remove.find("\r\ncertutil -delstore Root " + root + "\r\n") != std::string::npos);
  CHECK(remove.find("\r\ncertutil -delstore TrustedPublisher " + left + "\r\n") !=
        std::string::npos);
  for (const auto* script : {&install, &remove}) CHECK(script->find("calc") == std::string::npos);
  CHECK(content(files, "certificates/Root-" + root + ".cer") ==
        text(state.present.front().certificate.der()));
}
