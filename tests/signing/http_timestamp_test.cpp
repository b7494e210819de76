// HttpTimestamper against an authority that is openssl's behind a small server, and against bad
// ones.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "pki.h"
#include "signing/file.h"
#include "signing/timestamp.h"
#include "support.h"

namespace {
using namespace sealwright;
using namespace sealwright::signing;
using ossl::Digest;
using test::pki;

/// tsa_server.py with a certificate made by openssl; ends with the scope.
class Server {
 public:
  Server() {
    make_authority();
    int input[2], output[2];
    REQUIRE(::pipe(input) == 0);
    REQUIRE(::pipe(output) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::dup2(input[0], 0);
      ::dup2(output[1], 1);
      for (const int fd : {input[0], input[1], output[0], output[1]}) ::close(fd);
      ::execlp("python3", "python3", "tests/signing/tsa_server.py", scratch_.path().c_str(),
               nullptr);
      ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    FILE* lines = ::fdopen(output[0], "r");
    REQUIRE(std::fscanf(lines, "%d %d", &port_, &tls_port_) == 2);
    std::fclose(lines);
  }
  ~Server() {
    ::close(input_);
    ::waitpid(pid_, nullptr, 0);
  }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  std::string tls_url() const { return "https://127.0.0.1:" + std::to_string(tls_port_) + "/good"; }
  std::string root() const { return (scratch_.path() / "root.pem").string(); }

 private:
  void make_authority() {
    const auto in = [this](const char* name) { return (scratch_ / name).string(); };
    const std::string config =
        "[req]\ndistinguished_name = dn\nprompt = no\n"
        "[dn]\nCN = Outside TSA\n"
        "[ca]\nbasicConstraints = critical,CA:TRUE\n"
        "[tsa_certificate]\nkeyUsage = critical,digitalSignature\n"
        "extendedKeyUsage = critical,timeStamping\n"
        "[tsa]\ndefault_tsa = t\n[t]\n"
        "serial = " +
        in("serial") + "\nsigner_cert = " + in("tsa.pem") + "\ncerts = " + in("root.pem") +
        "\nsigner_key = " + in("tsa.key") +
        "\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\n"
        "digests = sha1, sha256, sha384, sha512\naccuracy = secs:1\n"
        "ess_cert_id_chain = no\ness_cert_id_alg = sha256\n";
    write_file(in("tsa.cnf"), view(config));
    write_file(in("serial"), view("01\n"));
    write_file(in("req.cnf"), view(config));
    const auto openssl = [](std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(), "openssl");
      const auto ran = test::run(arguments);
      INFO(ran.err);
      REQUIRE(ran.exit_code == 0);
    };
    openssl({"req", "-x509", "-config", in("req.cnf"), "-extensions", "ca", "-newkey", "ec",
             "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", in("root.key"), "-out",
             in("root.pem"), "-days", "3650"});
    openssl({"req", "-new", "-config", in("req.cnf"), "-newkey", "rsa:2048", "-nodes", "-subj",
             "/CN=Outside TSA Signer", "-keyout", in("tsa.key"), "-out", in("tsa.csr")});
    openssl({"x509", "-req", "-in", in("tsa.csr"), "-CA", in("root.pem"), "-CAkey", in("root.key"),
             "-set_serial", "2", "-days", "3650", "-extfile", in("req.cnf"), "-extensions",
             "tsa_certificate", "-out", in("tsa.pem")});
  }

  test::Scratch scratch_;
  pid_t pid_ = -1;
  int input_ = -1, port_ = 0, tls_port_ = 0;
};

Error error_of(const std::string& url) {
  try {
    HttpTimestamper({url, std::chrono::seconds(1), ossl::system_random()})
        .stamp(view("a signature"), Digest::sha256);
  } catch (const Error& error) {
    return error;
  }
  return {Error::Kind::internal, "(no error)"};
}

}  // namespace

TEST_CASE("HttpTimestamper gets good tokens and refuses bad answers",
          "[signing][timestamp][oracle]") {
  if (!test::have_program("python3")) {
    WARN("SKIPPED: python3 is not installed");
    return;
  }
  const Server server;

  for (const char* path : {"/good", "/chunked"}) {
    HttpTimestamper timestamper(
        {server.url(path), std::chrono::seconds(10), ossl::system_random()});
    for (const Digest digest : {Digest::sha1, Digest::sha256, Digest::sha512}) {
      const Bytes token = timestamper.stamp(view("a signature"), digest);
      const TimestampFacts facts = read_token(token);
      CHECK(facts.policy == Oid("1.2.3.4.1"));
      CHECK(check_timestamp(facts, view("a signature")).good());
    }
  }

  if (test::have_program("osslsigncode")) {
    const test::Scratch scratch;
    HttpTimestamper timestamper(
        {server.url("/good"), std::chrono::seconds(10), ossl::system_random()});
    sign_file(test::data() / "sample-driver/sample.sys", scratch / "sample.sys", pki().identity(),
              {.timestamp = &timestamper});
    const std::string root = test::write_pem(scratch / "root.pem", {pki().root.certificate});
    const auto said = test::run({"osslsigncode", "verify", "-CAfile", root, "-TSA-CAfile",
                                 server.root(), "-in", (scratch / "sample.sys").string()});
    INFO(said.out << said.err);
    CHECK(said.exit_code == 0);
    CHECK_THAT(said.out, Catch::Contains("Outside TSA"));
  }

  struct Row {
    const char* path;
    Error::Kind kind;
    const char* message;  ///< Behind the URL.
  };
  const auto input = Error::Kind::input, io = Error::Kind::io, state = Error::Kind::state;
  const Row rows[] = {
      {"/truncated", input, "the answer is malformed"},
      {"/hang-up-in-body", io, "it does not answer, or not as HTTP demands"},
      {"/wrong-nonce", input, "the answer is not good: its nonce is not the one of the request"},
      {"/wrong-imprint", input, "the answer is not good: it is about other data"},
      {"/no-certificate", input,
       "the answer is not good: the certificate of its signer is missing"},
      {"/bad-signature", input, "the answer is not good: its signature is not valid"},
      {"/refused", state, "refused (rejection): it does not know the digest algorithm (badAlg)"},
      {"/web-page", input, "the answer is malformed"},
      {"/empty", input, "the answer is malformed"},
      {"/status", io, "it answers with HTTP status 503"},
      {"/redirect", io, "it answers with HTTP status 302"},
      {"/no-http", io, "it does not answer, or not as HTTP demands"},
      {"/hang-up", io, "it does not answer, or not as HTTP demands"},
      {"/huge", input, "the answer is longer than 1048576 bytes"},
      {"/endless-header", input, "the answer is longer than 1048576 bytes"},
      {"/silent", io, "it does not answer, or not as HTTP demands"},
      {"/drip", io, "it takes longer than 4 seconds"},
  };
  for (const Row& row : rows) {
    INFO(row.path);
    const Error error = error_of(server.url(row.path));
    CHECK_THAT(error.message, Catch::StartsWith("timestamp authority '" + server.url(row.path) +
                                                "': " + row.message));
    CHECK(error.kind == row.kind);
  }

  const Error error = error_of(server.tls_url());
  CHECK(error.kind == io);
  CHECK(error.message ==
        "timestamp authority '" + server.tls_url() + "': its TLS certificate is not trusted");
}

TEST_CASE("HttpTimestamper says when nobody is there", "[signing][timestamp]") {
  // Port 1 of this machine: nobody listens there.
  CHECK(error_of("http://127.0.0.1:1/tsa").message ==
        "timestamp authority 'http://127.0.0.1:1/tsa': it cannot be reached");
}
