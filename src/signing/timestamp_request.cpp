// What is asked of a timestamp authority and what it answers (RFC 3161, 2.4).

#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "ossl/der.h"
#include "signing/timestamp.h"

namespace sealwright::signing {
namespace der = ossl::der;
namespace {

constexpr const char* request_what = "the timestamp request";
constexpr const char* reply_what = "the answer";

/// PKIFailureInfo, by bit (RFC 3161, 2.4.2).
struct Failure {
  unsigned bit;
  const char* text;
};
constexpr Failure failures[] = {
    {0, "it does not know the digest algorithm (badAlg)"},
    {2, "the request is not permitted or supported (badRequest)"},
    {5, "the data has the wrong format (badDataFormat)"},
    {14, "its time source is not available (timeNotAvailable)"},
    {15, "it does not know the policy (unacceptedPolicy)"},
    {16, "it does not know the extension (unacceptedExtension)"},
    {17, "it has not the information asked for (addInfoNotAvailable)"},
    {25, "it has a failure of its own (systemFailure)"},
};

std::string status_text(std::int64_t status) {
  constexpr std::array names = {"granted", "grantedWithMods",   "rejection",
                                "waiting", "revocationWarning", "revocationNotification"};
  if (status >= 0 && status < std::int64_t{names.size()})
    return names[static_cast<std::size_t>(status)];
  return "status " + std::to_string(status);
}

std::string failure_text(BytesView bits) {
  std::string result;
  for (const Failure& failure : failures) {
    const std::size_t octet = failure.bit / 8;
    if (octet < bits.size() && (bits[octet] & (0x80u >> failure.bit % 8)) != 0)
      result += std::string(": ") + failure.text;
  }
  return result;
}

/// PKIStatusInfo ::= SEQUENCE { status INTEGER, statusString SEQUENCE OF UTF8String OPTIONAL,
/// failInfo BIT STRING OPTIONAL }
void demand_granted(der::Reader fields) {
  const std::int64_t status = fields.small_integer();
  if (status == 0 || status == 1) return;
  std::string said;
  if (auto strings = fields.enter_if(der::sequence_tag))
    while (!strings->at_end()) said += (said.empty() ? "" : "; ") + strings->string();
  int unused = 0;
  std::string why;
  if (fields.next_is(der::bit_string_tag)) why = failure_text(fields.bit_string(&unused));
  if (!said.empty()) why += ": '" + printable(said) + "'";
  throw Error(Error::Kind::state, "refused (" + status_text(status) + ")" + why);
}

[[noreturn]] void not_good(const std::string& reason) {
  throw Error(Error::Kind::input, std::string(reply_what) + " is not good: " + reason);
}

void demand_answer(const TimestampFacts& facts, const TimestampRequest& request) {
  if (facts.nonce != request.nonce) not_good("its nonce is not the one of the request");
  if (facts.imprint_digest != request.digest || facts.imprint != request.imprint)
    not_good("it is about other data");
  if (!request.policy.empty() && facts.policy != request.policy)
    not_good("its policy is not the one of the request");
}

void demand_signature(const TimestampFacts& facts) {
  // The imprint is compared already, with the request's.
  const TimestampCheck check = check_timestamp(facts, {});
  if (!check.certificate_present) not_good("the certificate of its signer is missing");
  if (!check.signature_valid) not_good("its signature is not valid");
  if (!check.certificate_named) not_good("its signature does not name its certificate");
  if (!may_stamp(*facts.certificate))
    not_good(
        "its signer's certificate is not for timestamps (a critical extended key usage, "
        "timeStamping alone)");
}

}  // namespace

Bytes encode(const TimestampRequest& request) {
  const Bytes algorithm = der::sequence({der::oid(ossl::oid_of(request.digest)), der::null()});
  std::vector<Bytes> fields{der::integer(1),
                            der::sequence({algorithm, der::octet_string(request.imprint)})};
  if (!request.policy.empty()) fields.push_back(der::oid(request.policy));
  if (!request.nonce.empty()) fields.push_back(der::element(der::integer_tag, request.nonce));
  if (request.certificates) fields.push_back(der::boolean(true));
  return der::sequence(fields);
}

TimestampRequest read_timestamp_request(BytesView bytes) {
  der::Reader fields(der::only_element(bytes, der::sequence_tag, request_what).content,
                     request_what);
  const auto malformed = [](const std::string& reason) {
    return Error(Error::Kind::input, std::string(request_what) + " is malformed (" + reason + ")");
  };
  if (fields.small_integer() != 1) throw malformed("unknown version");
  TimestampRequest request;
  der::Reader imprint = fields.enter(der::sequence_tag);
  const auto digest = ossl::digest_by_oid(imprint.enter(der::sequence_tag).oid());
  if (!digest) throw malformed("unknown digest algorithm");
  request.digest = *digest;
  request.imprint = copy(imprint.octet_string());
  if (request.imprint.size() != ossl::size_of(*digest)) throw malformed("length of the digest");
  imprint.end();
  if (fields.next_is(der::oid_tag)) request.policy = fields.oid();
  if (fields.next_is(der::integer_tag)) request.nonce = fields.integer();
  request.certificates = fields.next_is(der::boolean_tag) && fields.boolean();
  if (fields.next_is(der::context_constructed(0))) throw malformed("extensions are not supported");
  fields.end();
  return request;
}

Bytes accept_reply(BytesView reply, const TimestampRequest& request) {
  der::Reader fields(der::only_element(reply, der::sequence_tag, reply_what).content, reply_what);
  demand_granted(fields.enter(der::sequence_tag));
  if (fields.at_end()) not_good("it holds no timestamp");
  Bytes token = copy(fields.next(der::sequence_tag).whole);
  fields.end();
  const TimestampFacts facts = read_token(token);
  demand_answer(facts, request);
  demand_signature(facts);
  return token;
}

}  // namespace sealwright::signing
