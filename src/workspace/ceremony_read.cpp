// The files of a ceremony, read: what they say, and that they say it as it was written.

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "policy/scalar.h"
#include "policy/tree.h"
#include "workspace/ceremony_file.h"
#include "x509/pem.h"

namespace sealwright::workspace {
namespace {

using policy::Node;

constexpr const char* first_block = "\n-----BEGIN ";
constexpr std::int64_t max_generation = 1'000'000;

const Node& member(const Node& map, const char* key) {
  if (map.type != Node::Type::map) throw map.error("a mapping is expected here");
  const Node* found = map.find(key);
  if (!found) throw map.error("'" + std::string(key) + "' is missing");
  return *found;
}

std::string what(const char* key) { return "'" + std::string(key) + "'"; }

std::string name(const Node& map, const char* key = "name") {
  return policy::name().read(member(map, key), what(key));
}
/// What people are shown must be what is there: no marks that turn or hide letters.
std::string visible(const Node& node, const char* key, std::string value) {
  if (printable(value, value.size()) != value)
    throw node.error(what(key) + " holds characters that cannot be seen");
  return value;
}
std::string text(const Node& map, const char* key) {
  const Node& node = member(map, key);
  return visible(node, key, policy::text().read(node, what(key)));
}
/// May be empty.
std::string word(const Node& map, const char* key) {
  const Node& node = member(map, key);
  if (node.type != Node::Type::scalar) throw node.error(what(key) + " must be text");
  return visible(node, key, node.value);
}
int number(const Node& map, const char* key) {
  return static_cast<int>(policy::integer(1, max_generation).read(member(map, key), what(key)));
}
Time time(const Node& map, const char* key) {
  const Node& node = member(map, key);
  if (const auto time = parse_time(word(map, key))) return *time;
  throw node.error(what(key) + " must be a time, like 2026-11-21T17:36:05Z");
}
/// SHA-256 in hex.
std::string digest(const Node& node) {
  const auto bytes = from_hex(node.value);
  if (node.type == Node::Type::scalar && bytes && bytes->size() == 32) return node.value;
  throw node.error("a SHA-256 in hex is expected here");
}
std::string digest_or_nothing(const Node& map, const char* key) {
  return word(map, key).empty() ? "" : digest(member(map, key));
}

const std::vector<Node>& items(const Node& node) {
  if (node.type != Node::Type::list) throw node.error("a list is expected here");
  if (node.items.size() > max_ceremony_items)
    throw node.error("more than " + std::to_string(max_ceremony_items) + " entries");
  return node.items;
}
const std::vector<Node>& items_if_any(const Node& map, const char* key) {
  static const std::vector<Node> none;
  const Node* found = map.find(key);
  return found ? items(*found) : none;
}

CeremonyOrigin origin(const Node& root) {
  return {name(root, "workspace"), text(root, "id"), time(root, "made"), text(root, "by")};
}

/// The blocks after the document, in order.
class Blocks {
 public:
  Blocks(const std::string& text, const Node& root)
      : root_(root), blocks_(x509::read_pem(view(text))) {}
  const Bytes& next(const char* label) {
    if (at_ == blocks_.size() || blocks_[at_].label != label)
      throw root_.error("the blocks at the end are not those that the file speaks of");
    return blocks_[at_++].der;
  }

 private:
  const Node& root_;
  std::vector<x509::PemBlock> blocks_;
  std::size_t at_ = 0;
};

store::RevokedSerial revoked(const Node& node) {
  store::RevokedSerial made;
  const auto serial = from_hex(text(node, "serial"));
  if (!serial) throw member(node, "serial").error("a serial number in hex is expected here");
  made.serial.value = *serial;
  made.revoked = time(node, "revoked");
  made.reason = word(node, "reason");
  if (node.find("invalidity")) made.invalidity = time(node, "invalidity");
  return made;
}

CeremonyTerms terms(const Node& node) {
  return {text(node, "policy"), digest(member(node, "fingerprint")), text(node, "subject")};
}

/// Two entries of one name are two things that people take for one.
class Once {
 public:
  void check(const Node& node, const std::string& name, const std::string& more = {}) {
    if (!seen_.insert(name + " " + more).second)
      throw node.error("'" + name + "' stands here twice");
  }

 private:
  std::set<std::string> seen_;
};

CeremonyRequest request_of(const Node& root, Blocks& blocks) {
  CeremonyRequest made;
  made.origin = origin(root);
  Once once_an_authority, once_a_certificate, once_listed;
  for (const Node& node : items_if_any(root, "authorities")) {
    once_an_authority.check(node, name(node));
    CeremonyRequest::Authority authority{name(node), terms(node), {}};
    for (const Node& known : items(member(node, "known"))) authority.known.push_back(digest(known));
    made.authorities.push_back(std::move(authority));
  }
  for (const Node& node : items_if_any(root, "certificates")) {
    once_a_certificate.check(node, name(node));
    made.certificates.push_back({name(node), number(node, "generation"), name(node, "issuer"),
                                 terms(node),
                                 x509::Request::from_der(blocks.next("CERTIFICATE REQUEST"))});
  }
  for (const Node& node : items_if_any(root, "lists")) {
    CeremonyRequest::List list{name(node, "authority"), digest_or_nothing(node, "certificate"), {}};
    once_listed.check(node, list.authority, list.certificate);
    const Node& entries = member(node, "revoked");
    if (entries.type != Node::Type::list) throw entries.error("a list is expected here");
    for (const Node& entry : entries.items) list.revoked.push_back(revoked(entry));
    made.lists.push_back(std::move(list));
  }
  return made;
}

x509::Certificate certificate(Blocks& blocks) {
  return x509::Certificate::from_der(blocks.next("CERTIFICATE"));
}

CeremonyAnswer answer_of(const Node& root, Blocks& blocks) {
  CeremonyAnswer made;
  made.origin = origin(root);
  made.asked_by = text(root, "for");
  const auto asked = from_hex(digest(member(root, "request")));
  std::copy(asked->begin(), asked->end(), made.request.begin());
  for (const Node& node : items_if_any(root, "authorities"))
    made.authorities.push_back(
        {name(node), number(node, "generation"), terms(node), certificate(blocks)});
  for (const Node& node : items_if_any(root, "certificates"))
    made.certificates.push_back(
        {name(node), number(node, "generation"), name(node, "issuer"), certificate(blocks)});
  for (const Node& node : items_if_any(root, "lists"))
    made.lists.push_back({name(node, "authority"), digest(member(node, "certificate")),
                          x509::Crl::from_der(blocks.next("X509 CRL"))});
  return made;
}

std::string with_unix_line_ends(const std::string& text) {
  std::string kept;
  kept.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at)
    if (text[at] != '\r' || at + 1 == text.size() || text[at + 1] != '\n') kept += text[at];
  return kept;
}

/// Throws where the two differ.
void check_written(const std::string& found, const std::string& wanted, const std::string& file) {
  if (found == wanted) return;
  std::size_t line = 1, start = 0, at = 0;
  for (; at < found.size() && at < wanted.size() && found[at] == wanted[at]; ++at)
    if (found[at] == '\n') {
      ++line;
      start = at + 1;
    }
  const bool number = wanted.compare(start, 8, "number: ") == 0;
  throw Error(Error::Kind::input,
              file + ":" + std::to_string(line) +
                  (number ? ": the number is not that of the file: something in it was changed"
                          : ": this line is not as it was written"),
              "have the file sent again, or made again");
}

template <class Read>
auto read(const std::string& given, const std::string& file, const char* kind, Read read_value) {
  if (given.size() > max_ceremony_bytes)
    throw Error(Error::Kind::input, file + ": longer than a file of a ceremony can be");
  const std::string text = with_unix_line_ends(given);
  const auto end = std::min(text.find(first_block), text.size());
  const auto document = policy::parse_document(text.substr(0, end) + "\n", file);
  const Node& root = document->root;
  const std::string found = word(root, "ceremony");
  if (found != kind)
    throw member(root, "ceremony")
        .error(found == "request" || found == "answer"
                   ? "this is the " + found + " of a ceremony, and its " + kind + " is needed"
                   : "not a file of a ceremony");
  if (number(root, "version") != 1)
    throw member(root, "version")
        .error("made by a newer version of this program", "use that version");
  try {
    Blocks blocks(text.substr(end), root);
    auto value = read_value(root, blocks);
    auto written = write_ceremony(value);
    check_written(text, written.text, file);
    return std::pair(std::move(value), std::move(written));
  } catch (Error& error) {
    if (!error.message.starts_with(file)) error.message = file + ": " + error.message;
    error.kind = Error::Kind::input;
    throw;
  }
}

}  // namespace

bool looks_like_ceremony(const std::string& text) {
  const auto line = text.find("\nceremony: ");
  return line != std::string::npos && !text.starts_with(first_block + 1) &&
         line < text.find(first_block);
}

ReadRequest read_ceremony_request(const std::string& text, const std::string& file) {
  auto [request, written] = read(text, file, "request", request_of);
  return {std::move(request), std::move(written)};
}

ReadAnswer read_ceremony_answer(const std::string& text, const std::string& file) {
  auto [answer, written] = read(text, file, "answer", answer_of);
  return {std::move(answer), std::move(written)};
}

}  // namespace sealwright::workspace
