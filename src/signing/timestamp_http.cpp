// Timestamps from an authority over HTTP (RFC 3161, 3.4). The one source that knows the HTTP
// library.

#include <httplib.h>
#include <pthread.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <csignal>
#include <ctime>

#include "base/encoding.h"
#include "base/error.h"
#include "signing/http_watch.h"
#include "signing/timestamp.h"

namespace sealwright::signing {
namespace {

constexpr std::size_t max_header_bytes = 256 * 1024, max_url_bytes = 4096;
constexpr int whole_timeouts = 4;

struct Url {
  std::string origin;  ///< "http://host:port"
  std::string target;  ///< "/path?query"
};

/// HOST or HOST:PORT; HOST is a name, an IPv4 address, or an IPv6 address in brackets. No user
/// name.
bool is_authority(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t host_end =
      bracketed ? text.find(']') + 1 : std::min(text.find(':'), text.size());
  const std::string_view host = text.substr(0, host_end), rest = text.substr(host_end);
  const auto allowed = [bracketed](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '.' ||
           (bracketed ? c == ':' || c == '[' || c == ']' : c == '-' || c == '_');
  };
  if (host.empty() || !std::ranges::all_of(host, allowed)) return false;
  if (rest.empty()) return true;
  unsigned port = 0;
  const auto end = std::from_chars(rest.data() + 1, rest.data() + rest.size(), port).ptr;
  return rest.front() == ':' && rest.size() > 1 && end == rest.data() + rest.size() && port > 0 &&
         port <= 65535;
}

Url parse_url(const std::string& url) {
  const auto refuse = [&](const std::string& why) {
    return Error(Error::Kind::usage,
                 "'" + printable(url) + "' is not the URL of a timestamp authority: " + why,
                 "give an http:// or https:// URL");
  };
  const std::size_t scheme_end = url.starts_with("http://")    ? 7
                                 : url.starts_with("https://") ? 8
                                                               : 0;
  if (scheme_end == 0) throw refuse("unknown scheme");
  for (const char c : url)
    if (c <= ' ' || c >= 0x7f) throw refuse("it has characters that a URL cannot have");
  if (url.size() > max_url_bytes) throw refuse("it is too long");
  const std::size_t host_end = std::min(url.find_first_of("/?#", scheme_end), url.size());
  if (!is_authority(std::string_view(url).substr(scheme_end, host_end - scheme_end)))
    throw refuse("it names no host, with or without a port");
  std::string target = url.substr(host_end, url.find('#', host_end) - host_end);
  if (target.empty() || target.front() != '/') target.insert(target.begin(), '/');
  return {url.substr(0, host_end), std::move(target)};
}

/// The HTTP library writes to sockets without MSG_NOSIGNAL: a peer that hangs up must not end the
/// process.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    if (sigismember(&before_, SIGPIPE) == 0) {
      const timespec now{};
      while (sigtimedwait(&pipe_, nullptr, &now) == SIGPIPE) continue;
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

std::string reason(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "it cannot be reached";
    case httplib::Error::ConnectionTimeout:
      return "it cannot be reached in time";
    case httplib::Error::Read:
      return "it does not answer, or not as HTTP demands";
    case httplib::Error::Write:
      return "it hung up";
    case httplib::Error::SSLConnection:
      return "TLS cannot be agreed on";
    case httplib::Error::SSLLoadingCerts:
      return "the system's certificates cannot be read";
    case httplib::Error::SSLServerVerification:
      return "its TLS certificate is not trusted";
    default:
      return "the exchange failed (" + httplib::to_string(error) + ")";
  }
}

/// What came of one exchange.
struct Exchange {
  Bytes body;
  bool too_much = false;
};

httplib::Request make_request(const std::string& target, BytesView body, Exchange& exchange) {
  httplib::Request request;
  request.method = "POST";
  request.path = target;
  request.body = text(body);
  request.set_header("Content-Type", "application/timestamp-query");
  request.set_header("Accept", "application/timestamp-reply");
  request.set_header("Accept-Encoding", "identity");
  request.set_header("User-Agent", "sealwright");
  request.response_handler = [](const httplib::Response& response) {
    return response.status == 200;
  };
  request.content_receiver = [&exchange](const char* data, std::size_t size, std::uint64_t,
                                         std::uint64_t) {
    exchange.too_much = size > max_timestamp_reply_bytes - exchange.body.size();
    if (!exchange.too_much) append(exchange.body, view(std::string_view(data, size)));
    return !exchange.too_much;
  };
  return request;
}

Error no_answer(const std::string& why) { return Error(Error::Kind::io, why); }

Bytes post(const Url& url, BytesView body, std::chrono::seconds timeout) {
  const NoPipeSignal no_pipe_signal;
  ConversationWatch watch(timeout * whole_timeouts, max_timestamp_reply_bytes + max_header_bytes);
  httplib::Client client(url.origin);
  client.set_connection_timeout(timeout);
  client.set_read_timeout(timeout);
  client.set_write_timeout(timeout);
  client.set_decompress(false);
  client.set_url_encode(false);
  client.set_socket_options([&watch](int socket) { watch.adopt(socket); });
  Exchange exchange;
  httplib::Response response;
  httplib::Error error = httplib::Error::Success;
  httplib::Request request = make_request(url.target, body, exchange);
  const bool sent = client.send(request, response, error);
  if (exchange.too_much || watch.verdict() == ConversationWatch::Verdict::too_much)
    throw Error(Error::Kind::input, "the answer is longer than " +
                                        std::to_string(max_timestamp_reply_bytes) + " bytes");
  if (watch.verdict() == ConversationWatch::Verdict::too_long)
    throw no_answer("it takes longer than " + std::to_string((timeout * whole_timeouts).count()) +
                    " seconds");
  if (response.status != -1 && response.status != 200)
    throw no_answer("it answers with HTTP status " + std::to_string(response.status));
  if (!sent) throw no_answer(reason(error));
  return std::move(exchange.body);
}

/// 64 random bits as a positive INTEGER, minimal.
Bytes make_nonce(const ossl::Random& random) {
  Bytes nonce = ossl::random_bytes(random, 8);
  nonce[0] = static_cast<std::uint8_t>((nonce[0] & 0x7f) | 0x40);
  return nonce;
}

}  // namespace

HttpTimestamper::HttpTimestamper(HttpOptions options) : options_(std::move(options)) {
  parse_url(options_.url);
}

Bytes HttpTimestamper::stamp(BytesView signature_value, ossl::Digest digest) {
  const TimestampRequest request{
      digest, ossl::hash(digest, signature_value), {}, make_nonce(options_.random), true};
  try {
    return accept_reply(post(parse_url(options_.url), encode(request), options_.timeout), request);
  } catch (const Error& error) {
    throw with_prefix(error, "timestamp authority '" + printable(options_.url) + "'");
  }
}

}  // namespace sealwright::signing
