#pragma once
// Timestamps: RFC 3161 tokens made here or asked for over HTTP, and both kinds read from
// signatures.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ossl/random.h"
#include "ossl/signer.h"
#include "x509/pkcs7.h"

namespace sealwright::signing {

/// What a timestamp says.
struct TimestampFacts {
  enum class Kind { rfc3161, pkcs9 };
  Kind kind = Kind::rfc3161;
  Time time{};  ///< genTime or, in a PKCS#9 countersignature, signingTime; whole seconds.
  Oid policy;   ///< RFC 3161 only, as are all fields down to accuracy.
  Serial serial;
  Bytes nonce;    ///< INTEGER content, or empty.
  Bytes imprint;  ///< Digest of the signature value that was stamped.
  ossl::Digest imprint_digest = ossl::Digest::sha256;
  std::optional<std::chrono::milliseconds> accuracy;
  x509::SignerInfo signer;                       ///< Who stamped.
  std::optional<x509::Certificate> certificate;  ///< Theirs, when it came along.
  std::vector<x509::Certificate> certificates;   ///< All that came along.
  /// What `signer` signed, as x509::check() takes it; empty for pkcs9: there the signature value.
  Bytes content;
};

/// Reads an RFC 3161 token (ContentInfo) as it stands in oids::timestamp_token. Throws
/// Error::Kind::input. Nothing is verified.
TimestampFacts read_token(BytesView der);
/// Reads a PKCS#9 countersignature (a SignerInfo); its certificates are those of the signature
/// around it. Throws Error::Kind::input.
TimestampFacts read_counter_signature(BytesView der, const std::vector<x509::Certificate>& pool);

/// What holds of a timestamp; the signer's chain, validity and trust are not looked at.
struct TimestampCheck {
  bool certificate_present = false;
  bool imprint_matches = false;  ///< It is about this signature value.
  bool signature_valid = false;  ///< Signature and messageDigest.
  /// The signed ESSCertID is the certificate's (RFC 3161, 2.4.1); true for pkcs9.
  bool certificate_named = false;
  bool purpose = false;  ///< Its extended key usages name timeStamping.
  bool good() const {
    return certificate_present && imprint_matches && signature_valid && certificate_named &&
           purpose;
  }
};
TimestampCheck check_timestamp(const TimestampFacts& facts, BytesView signature_value);

/// Whether `certificate` is what RFC 3161, 2.3 demands of an authority's: a critical extended key
/// usage of timeStamping alone. Old countersignatures were made with others; see
/// TimestampCheck::purpose.
bool may_stamp(const x509::Certificate& certificate);

/// Makes or gets timestamps.
class Timestamper {
 public:
  virtual ~Timestamper() = default;
  /// A token (DER ContentInfo) over `signature_value`, whose imprint uses `digest`.
  virtual Bytes stamp(BytesView signature_value, ossl::Digest digest) = 0;
};

/// What is asked of an authority (RFC 3161, 2.4.1).
struct TimestampRequest {
  ossl::Digest digest = ossl::Digest::sha256;
  Bytes imprint;
  Oid policy;   ///< Empty = any.
  Bytes nonce;  ///< INTEGER content, or empty.
  bool certificates = true;
};
Bytes encode(const TimestampRequest& request);
TimestampRequest read_timestamp_request(BytesView der);

/// A timestamping certificate with its key, and what its tokens say.
struct Authority {
  x509::Certificate certificate;
  std::vector<x509::Certificate> chain = {};  ///< Sent along, without self-signed ones.
  ossl::Signer* signer = nullptr;             ///< Not owned.
  Clock clock = {};
  ossl::Random random = {};   ///< For serial numbers of 159 bits.
  Oid policy{"2.5.29.32.0"};  ///< anyPolicy
  std::chrono::seconds accuracy{1};
  ossl::Digest digest = ossl::Digest::sha256;  ///< Of the token's own signature.
};

/// Stamps with a certificate at hand. Throws Error::Kind::policy when constructed with one that
/// cannot: no critical EKU of timeStamping alone.
class LocalTimestamper : public Timestamper {
 public:
  explicit LocalTimestamper(Authority authority);
  Bytes stamp(BytesView signature_value, ossl::Digest digest) override;
  /// The token that answers `request`: CMS SignedData version 3 over TSTInfo (RFC 3161, 2.4.2),
  /// with ESSCertIDv2 (RFC 5816). Throws Error::Kind::policy where the certificate is not valid
  /// now.
  Bytes token(const TimestampRequest& request);

 private:
  Authority authority_;
  Bytes signing_certificate_;  ///< The attribute's value; always the same.
};

struct HttpOptions {
  std::string url;  ///< http://… or https://…
  /// For connecting, and for each wait for data; the whole exchange takes at most four times this.
  std::chrono::seconds timeout{30};
  ossl::Random random;  ///< For nonces.
};

/// Asks an RFC 3161 authority over HTTP. The answer must match imprint and nonce, be signed by a
/// certificate that comes along, and that must be for timestamping. Throws Error::Kind::usage for
/// other URLs, Error::Kind::io when there is no answer, Error::Kind::input when it is not a good
/// one, Error::Kind::state when the authority refuses (with its PKIStatus and text). No redirect is
/// followed, and no proxy is used.
class HttpTimestamper : public Timestamper {
 public:
  explicit HttpTimestamper(HttpOptions options);
  Bytes stamp(BytesView signature_value, ossl::Digest digest) override;

 private:
  HttpOptions options_;
};
constexpr std::size_t max_timestamp_reply_bytes = 1024 * 1024;

/// The token of a TimeStampResp (RFC 3161, 2.4.2), if it is one and answers `request`; what
/// HttpTimestamper demands, without the HTTP.
Bytes accept_reply(BytesView reply, const TimestampRequest& request);

}  // namespace sealwright::signing
