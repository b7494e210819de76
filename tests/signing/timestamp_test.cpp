#include "signing/timestamp.h"

#include <catch2/catch.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ossl/der.h"
#include "pki.h"
#include "signing/oids.h"
#include "support.h"

namespace {
using namespace sealwright;
using namespace sealwright::signing;
namespace der = ossl::der;
using ossl::Digest;
using test::pki;

const Bytes signature_value = copy(view("stands for a signature"));

TimestampRequest request_for(Digest digest) {
  return {digest, ossl::hash(digest, signature_value), {}, {0x12, 0x34}, true};
}

Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return {Error::Kind::internal, "(no error)"};
}

/// TimeStampResp around a token.
Bytes reply_of(BytesView token) { return der::sequence({der::sequence({der::integer(0)}), token}); }

/// `token` with a change in its SignedData.
Bytes changed(BytesView token, const std::function<void(x509::SignedData&)>& change) {
  x509::SignedData data = x509::read_signed_data(token);
  change(data);
  return x509::encode(data);
}

}  // namespace

TEST_CASE("A local timestamp says what RFC 3161 wants said", "[signing][timestamp]") {
  LocalTimestamper timestamper(pki().authority());
  for (const Digest digest : {Digest::sha1, Digest::sha256, Digest::sha384, Digest::sha512}) {
    const TimestampFacts facts = read_token(timestamper.token(request_for(digest)));
    CHECK(facts.kind == TimestampFacts::Kind::rfc3161);
    CHECK(facts.time == test::noon);
    CHECK(facts.policy == Oid("2.5.29.32.0"));
    CHECK(facts.imprint_digest == digest);
    CHECK(facts.imprint == ossl::hash(digest, signature_value));
    CHECK(facts.nonce == Bytes{0x12, 0x34});
    CHECK(facts.serial.value.size() == 20);
    CHECK(facts.accuracy == std::chrono::seconds(1));
    REQUIRE(facts.certificate.has_value());
    CHECK(*facts.certificate == pki().tsa.certificate);
    CHECK(facts.certificates.size() == 2);  // without the root
    CHECK(check_timestamp(facts, signature_value).good());
    CHECK_FALSE(check_timestamp(facts, view("another signature")).imprint_matches);
  }
}

TEST_CASE("Each token has a serial number of its own", "[signing][timestamp]") {
  LocalTimestamper timestamper(pki().authority());
  const auto serial = [&] {
    return read_token(timestamper.stamp(signature_value, Digest::sha256)).serial;
  };
  CHECK(serial() != serial());
}

TEST_CASE("openssl ts verifies local timestamps", "[signing][timestamp][oracle]") {
  const test::Scratch scratch;
  const std::string root = test::write_pem(scratch / "root.pem", {pki().root.certificate});
  write_file(scratch / "data", signature_value);
  LocalTimestamper timestamper(pki().authority());
  for (const Digest digest : {Digest::sha1, Digest::sha256, Digest::sha512}) {
    const WriteOptions replace{Access::everyone, Existing::replace};
    const auto token = (scratch / "token").string();
    write_file(token, timestamper.stamp(signature_value, digest), replace);
    const auto said = test::run({"openssl", "ts", "-verify", "-data", scratch / "data", "-in",
                                 token, "-token_in", "-CAfile", root});
    INFO(said.out << said.err);
    CHECK(said.exit_code == 0);

    // Asked by openssl, with its nonce.
    const auto query = (scratch / "query").string(), reply = (scratch / "reply").string();
    test::run({"openssl", "ts", "-query", "-data", scratch / "data",
               "-" + std::string(to_text(digest)), "-cert", "-out", query});
    write_file(reply, reply_of(timestamper.token(read_timestamp_request(read_file(query)))),
               replace);
    const auto answered =
        test::run({"openssl", "ts", "-verify", "-queryfile", query, "-in", reply, "-CAfile", root});
    INFO(answered.out << answered.err);
    CHECK(answered.exit_code == 0);
  }
}

TEST_CASE("A request without certificates gets a token without", "[signing][timestamp]") {
  LocalTimestamper timestamper(pki().authority());
  TimestampRequest request = request_for(Digest::sha256);
  request.certificates = false;
  request.policy = Oid("1.2.3");
  const TimestampFacts facts = read_token(timestamper.token(request));
  CHECK(facts.certificates.empty());
  CHECK(facts.policy == Oid("1.2.3"));
  CHECK_FALSE(check_timestamp(facts, signature_value).certificate_present);
}

TEST_CASE("Only a timestamping certificate that is valid now stamps", "[signing][timestamp]") {
  Authority authority = pki().authority();
  authority.certificate = pki().code.certificate;
  authority.signer = pki().code.signer.get();
  const Error purpose = error_of([&] { LocalTimestamper{authority}; });
  CHECK(purpose.kind == Error::Kind::policy);
  CHECK(purpose.message == "the certificate 'CN=Test Publisher,O=Tests' cannot make timestamps");

  authority = pki().authority();
  authority.signer = pki().code.signer.get();
  CHECK(error_of([&] { LocalTimestamper{authority}; }).message ==
        "the key is not the timestamping certificate's");

  authority = pki().authority();
  authority.clock = [] { return test::noon - std::chrono::days(10'000); };
  CHECK(error_of([&] {
          LocalTimestamper{authority}.stamp(signature_value, Digest::sha256);
        }).message ==
        "the timestamping certificate 'CN=Test Timestamps,O=Tests' is not valid before "
        "2020-01-01T00:00:00Z");
  authority.clock = [] { return test::noon + std::chrono::days(10'000); };
  CHECK(error_of([&] {
          LocalTimestamper{authority}.stamp(signature_value, Digest::sha256);
        }).message ==
        "the timestamping certificate 'CN=Test Timestamps,O=Tests' expired at "
        "2045-01-01T00:00:00Z");
}

TEST_CASE("A timestamp request is read as it was written", "[signing][timestamp]") {
  TimestampRequest request = request_for(Digest::sha384);
  request.policy = Oid("1.2.3.4");
  const TimestampRequest read = read_timestamp_request(encode(request));
  CHECK(read.digest == Digest::sha384);
  CHECK(read.imprint == request.imprint);
  CHECK(read.policy == request.policy);
  CHECK(read.nonce == request.nonce);
  CHECK(read.certificates);
}

TEST_CASE("check_timestamp finds each fault of a token", "[signing][timestamp]") {
  LocalTimestamper timestamper(pki().authority());
  const Bytes token = timestamper.stamp(signature_value, Digest::sha256);
  const auto check = [&](const std::function<void(x509::SignedData&)>& change) {
    return check_timestamp(read_token(changed(token, change)), signature_value);
  };
  CHECK(check([](x509::SignedData&) {}).good());
  CHECK_FALSE(check([](auto& d) { d.certificates.clear(); }).certificate_present);
  CHECK_FALSE(check([](auto& d) { d.signers[0].signature[9] ^= 1; }).signature_valid);
  // The time, four octets before the accuracy.
  CHECK_FALSE(check([](auto& d) {
                const Bytes noon = der::generalized_time(test::noon);
                auto at = std::search(d.content.begin(), d.content.end(), noon.begin(), noon.end());
                REQUIRE(at != d.content.end());
                at[5] ^= 1;
              }).signature_valid);
  // Another certificate of the same name, serial and key: only ESSCertID tells them apart.
  const TimestampCheck other = check([](auto& d) {
    x509::SignerInfo& signer = d.signers[0];
    for (auto& attribute : signer.authenticated)
      if (attribute.type == oids::signing_certificate_v2) attribute.values[0][10] ^= 1;
    x509::sign(signer, pki().tsa.certificate, *pki().tsa.signer);
  });
  CHECK(other.signature_valid);
  CHECK_FALSE(other.certificate_named);
  const TimestampCheck code = check([](auto& d) {
    d.certificates = {pki().code.certificate};
    x509::sign(d.signers[0], pki().code.certificate, *pki().code.signer);
  });
  CHECK(code.signature_valid);
  CHECK_FALSE(code.purpose);
}

TEST_CASE("accept_reply takes what answers the request and nothing else", "[signing][timestamp]") {
  LocalTimestamper timestamper(pki().authority());
  const TimestampRequest request = request_for(Digest::sha256);
  const Bytes token = timestamper.token(request);
  CHECK(accept_reply(reply_of(token), request) == token);

  const test::Holder lax = test::make_holder("Lax", test::Purpose::lax_timestamping,
                                             {ossl::KeyType::ec, 0, {}}, &pki().issuing);
  const auto status = [](int value, std::initializer_list<BytesView> more) {
    std::vector<Bytes> fields{der::integer(value)};
    for (const BytesView field : more) fields.push_back(copy(field));
    return der::sequence({der::sequence(fields)});
  };
  const test::Holder twin = test::make_holder("Twin", test::Purpose::timestamping,
                                              {ossl::KeyType::ec, 0, {}}, &pki().issuing);
  const auto signed_by = [&](const test::Holder& holder, const test::Holder& named) {
    return changed(token, [&](x509::SignedData& data) {
      data.certificates = {holder.certificate};
      const Bytes identifier = der::sequence({der::octet_string(named.certificate.sha256())});
      for (x509::Attribute& attribute : data.signers[0].authenticated)
        if (attribute.type == oids::signing_certificate_v2)
          attribute.values = {der::sequence({der::sequence({identifier})})};
      x509::sign(data.signers[0], holder.certificate, *holder.signer);
    });
  };
  const auto with = [&](auto change) {
    TimestampRequest other = request;
    change(other);
    return other;
  };
  const Bytes text = der::sequence({der::utf8_string("not \x1b[1m today")});
  struct Row {
    const char* name;
    Bytes reply;
    TimestampRequest request;
    Error::Kind kind;
    const char* message;
  };
  const auto input = Error::Kind::input, state = Error::Kind::state;
  const Row rows[] = {
      {"nothing",
       {},
       request,
       input,
       "the answer is malformed (an element is missing at offset 0)"},
      {"no token", status(0, {}), request, input, "the answer is not good: it holds no timestamp"},
      {"a rejection", status(2, {text, der::named_bits(0b101)}), request, state,
       "refused (rejection): it does not know the digest algorithm (badAlg): the request is not "
       "permitted or supported (badRequest): 'not \\x1b[1m today'"},
      {"a rejection without reasons", status(2, {}), request, state, "refused (rejection)"},
      {"waiting", status(3, {}), request, state, "refused (waiting)"},
      {"an unknown status", status(77, {}), request, state, "refused (status 77)"},
      {"another nonce", reply_of(token), with([](auto& r) { r.nonce = {0x12}; }), input,
       "the answer is not good: its nonce is not the one of the request"},
      {"another imprint", reply_of(token), with([](auto& r) { r.imprint[0] ^= 1; }), input,
       "the answer is not good: it is about other data"},
      {"another digest", reply_of(token), with([](auto& r) { r.digest = Digest::sha1; }), input,
       "the answer is not good: it is about other data"},
      {"another policy", reply_of(token), with([](auto& r) { r.policy = Oid("1.2.3"); }), input,
       "the answer is not good: its policy is not the one of the request"},
      {"no certificate",
       reply_of(changed(token, [](x509::SignedData& d) { d.certificates.clear(); })), request,
       input, "the answer is not good: the certificate of its signer is missing"},
      {"a bad signature",
       reply_of(changed(token, [](x509::SignedData& d) { d.signers[0].signature[0] ^= 1; })),
       request, input, "the answer is not good: its signature is not valid"},
      {"another certificate than the signed attribute names", reply_of(signed_by(twin, pki().tsa)),
       request, input, "the answer is not good: its signature does not name its certificate"},
      {"a code-signing certificate", reply_of(signed_by(pki().code, pki().code)), request, input,
       "the answer is not good: its signer's certificate is not for timestamps (a critical "
       "extended key usage, timeStamping alone)"},
      {"an extended key usage that is not critical", reply_of(signed_by(lax, lax)), request, input,
       "the answer is not good: its signer's certificate is not for timestamps (a critical "
       "extended key usage, timeStamping alone)"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.name) {
      const Error error = error_of([&] { accept_reply(row.reply, row.request); });
      CHECK(error.message == row.message);
      CHECK(error.kind == row.kind);
    }
}

TEST_CASE("HttpTimestamper refuses what is not the URL of an authority", "[signing][timestamp]") {
  struct Row {
    const char* url;
    const char* why;
  };
  const Row rows[] = {
      {"", "unknown scheme"},
      {"ftp://example.org/", "unknown scheme"},
      {"example.org", "unknown scheme"},
      {"http://", "it names no host, with or without a port"},
      {"http:///x", "it names no host, with or without a port"},
      {"http://user@example.org/", "it names no host, with or without a port"},
      {"http://example.org:/", "it names no host, with or without a port"},
      {"http://example.org:99999/", "it names no host, with or without a port"},
      {"http://example.org:80x/", "it names no host, with or without a port"},
      {"http://[::1/", "it names no host, with or without a port"},
      {"http://example.org/a b", "it has characters that a URL cannot have"},
      {"http://example.org/\r\nX: y", "it has characters that a URL cannot have"},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.url) {
      const Error error = error_of([&] {
        HttpTimestamper{{row.url, {}, test::counting_random()}};
      });
      CHECK(error.kind == Error::Kind::usage);
      CHECK(error.message ==
            "'" + printable(row.url) + "' is not the URL of a timestamp authority: " + row.why);
    }
  for (const char* url : {"http://example.org", "https://example.org:8443/tsa?x=1#y",
                          "http://[::1]:3161/", "http://127.0.0.1"})
    CHECK_NOTHROW(HttpTimestamper({url, std::chrono::seconds(1), test::counting_random()}));
}
