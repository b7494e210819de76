#pragma once
// A YAML file as a tree that remembers where everything stands. Stricter than YAML: see
// parse_document().

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "policy/policy.h"

namespace sealwright::policy {

constexpr std::size_t max_yaml_bytes = std::size_t{1} << 20;
constexpr int max_yaml_depth = 32;

/// The text of one file and what it is called in errors.
class Source {
 public:
  Source(std::string file, std::string text);
  const std::string& file() const { return file_; }
  const std::string& text() const { return text_; }
  int lines() const { return static_cast<int>(starts_.size()); }
  std::string_view line(int number) const;  ///< Without its end; from 1. Empty beyond the last.
  /// `byte_column` counts bytes from 1, a Place characters.
  Place place(int line, int byte_column) const;
  /// "FILE:LINE:COLUMN: message", with the line and a caret as excerpt.
  Error error(int line, int byte_column, const std::string& message, std::string hint = {},
              Error::Kind kind = Error::Kind::input) const;

 private:
  std::string file_, text_;
  std::vector<std::size_t> starts_;
};

/// One value of a file. Points into the Source of its Document.
struct Node {
  enum class Type { null, scalar, list, map };
  struct Member;

  Type type = Type::null;
  bool quoted = false;  ///< A scalar in quotes or a block: text, whatever it looks like.
  int line = 1, byte_column = 1;
  const Source* source = nullptr;
  std::string value;            ///< Of a scalar.
  std::vector<Node> items;      ///< Of a list.
  std::vector<Member> members;  ///< Of a map, in file order; no key twice.

  const Node* find(std::string_view key) const;  ///< Of a map; null when absent.
  Place place() const;
  Error error(const std::string& message, std::string hint = {},
              Error::Kind kind = Error::Kind::input) const;
};

struct Node::Member {
  Node key, value;
};

struct Document {
  explicit Document(Source from) : source(std::move(from)) {}
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  Source source;
  Node root;
};

/// Reads one YAML document. Refused with Error::Kind::input, beside what is not YAML: more than
/// max_yaml_bytes, depth over max_yaml_depth, text that is not UTF-8 or holds control characters,
/// tabs in indentation, a second document or text after
/// "...", directives, anchors, aliases, tags, keys that repeat or are not plain text, quotes never
/// closed, and list entries that are not there ("[1,,3]").
std::shared_ptr<const Document> parse_document(std::string text, const std::string& file);

}  // namespace sealwright::policy
