#include "x509/pem.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::x509 {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ", end_mark = "-----END ", dashes = "-----";

std::string_view text_of(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Lines ended by LF, CR LF or the end, without trailing white space (RFC 7468, section 2 lets
/// parsers drop it).
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool next(std::string_view& line) {
    if (at_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    line = text_.substr(at_, end - at_);
    while (!line.empty() &&
           std::string_view(" \t\r\v\f").find(line.back()) != std::string_view::npos)
      line.remove_suffix(1);
    at_ = end + 1;
    ++number_;
    return true;
  }
  std::size_t number() const { return number_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0, number_ = 0;
};

/// "-----BEGIN X-----" → "X".
bool read_mark(std::string_view line, std::string_view mark, std::string_view& label) {
  if (!line.starts_with(mark) || !line.ends_with(dashes) ||
      line.size() < mark.size() + dashes.size())
    return false;
  label = line.substr(mark.size(), line.size() - mark.size() - dashes.size());
  return true;
}

[[noreturn]] void refuse(std::string_view label, std::size_t line, std::string_view reason) {
  throw Error(Error::Kind::input,
              fmt::format("the PEM block '{}' of line {} {}", printable(label, 60), line, reason));
}

/// The rest of a block whose BEGIN line was just read.
PemBlock read_block(Lines& lines, std::string_view label) {
  const std::size_t first_line = lines.number();
  PemBlock block{std::string(label), {}, {}};
  std::string base64;
  bool in_headers = false;
  for (std::string_view line, end_label; lines.next(line);) {
    if (read_mark(line, end_mark, end_label)) {
      if (end_label != label)
        refuse(label, first_line, fmt::format("ends as '{}'", printable(end_label, 60)));
      auto der = from_base64(base64);
      if (!der) refuse(label, first_line, "is not base64");
      block.der = std::move(*der);
      return block;
    }
    if (line.starts_with(begin_mark)) break;
    // RFC 1421, 4.4: header lines, and an empty line after them.
    if (base64.empty() && line.find(':') != std::string_view::npos) in_headers = true;
    if (in_headers && !line.empty()) {
      block.headers.append(line).append("\n");
    } else {
      in_headers = false;
      base64.append(line);
    }
  }
  refuse(label, first_line, "does not end");
}

}  // namespace

std::string to_pem(const std::string& label, BytesView der) {
  constexpr std::size_t width = 64;  // RFC 7468, section 2: generators MUST wrap at 64
  const std::string base64 = to_base64(der);
  std::string pem = fmt::format("{}{}{}\n", begin_mark, label, dashes);
  for (std::size_t at = 0; at < base64.size(); at += width)
    pem.append(base64, at, width).append("\n");
  return pem + fmt::format("{}{}{}\n", end_mark, label, dashes);
}

bool looks_like_pem(BytesView bytes) {
  const std::string_view text = text_of(bytes);
  for (std::size_t at = 0; (at = text.find(begin_mark, at)) != std::string_view::npos; ++at) {
    if (at > 0 && text[at - 1] != '\n' && !(at == 3 && text.starts_with("\xef\xbb\xbf"))) continue;
    // What precedes may be any text (openssl prints attributes and the certificate there), but not
    // binary data.
    return std::ranges::all_of(text.substr(0, at), [](char c) {
      return static_cast<unsigned char>(c) >= 0x20 || (c >= '\t' && c <= '\r');
    });
  }
  return false;
}

std::vector<PemBlock> read_pem(BytesView bytes) {
  std::string_view text = text_of(bytes);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Lines lines(text);
  std::vector<PemBlock> blocks;
  for (std::string_view line, label; lines.next(line);)
    if (read_mark(line, begin_mark, label)) blocks.push_back(read_block(lines, label));
  return blocks;
}

}  // namespace sealwright::x509
