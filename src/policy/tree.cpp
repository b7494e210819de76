#include "policy/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <set>
#include <sstream>

#include "base/encoding.h"
#include "policy/yaml_text.h"

namespace sealwright::policy {
namespace {

/// Where the quoted scalar that begins at `start` ends, or npos.
std::size_t closing_quote(std::string_view text, std::size_t start) {
  const char quote = text[start];
  for (std::size_t at = start + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || at + 1 == text.size() || text[at + 1] != '\'') return at;
      ++at;
    }
  }
  return std::string_view::npos;
}

/// Turns yaml-cpp's events into nodes, and refuses what parse_document() promises to.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(const Source& source) : source_(source) {}

  Node root;
  bool empty = true;
  /// The collections that are open, innermost last.
  const Node* innermost() const { return open_.empty() ? nullptr : &open_.back().node; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    throw at(mark).error("anchors are not supported",
                         "write the value of '&" + printable(name) + "' out where it is used");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw at(mark).error("aliases are not supported", "write the value out");
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    Node node = at(mark);
    const auto text = std::string_view(source_.text()).substr(position(mark));
    const bool written = text.starts_with('~') || equal_ignoring_case(text.substr(0, 4), "null");
    if (!open_.empty() && open_.back().node.type == Node::Type::list && !written)
      throw node.error("a list entry is missing here", "remove the ',' or '-' too many");
    if (awaits_key()) throw node.error("a field name is missing here");
    if (!open_.empty() && open_.back().key) {
      // The mark of a null that is not written is somewhere behind it; its key says where it is
      // missing.
      node.line = open_.back().key->line;
      node.byte_column = open_.back().key->byte_column;
    }
    add(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    Node node = at(mark);
    node.type = Node::Type::scalar;
    node.value = value;
    node.quoted = tag == "!";
    const auto start = position(mark);
    const char first = start < source_.text().size() ? source_.text()[start] : '\0';
    if (first == '!' || (tag != "!" && tag != "?")) refuse_tag(node);
    if (node.quoted && (first == '\'' || first == '"') &&
        closing_quote(source_.text(), start) == std::string_view::npos)
      throw node.error("this quote is never closed");
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    start(mark, tag, Node::Type::list);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    start(mark, tag, Node::Type::map);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    Node node;
    std::optional<Node> key;
    std::set<std::string, std::less<>> keys;
  };

  std::size_t position(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), source_.text().size());
  }
  Node at(const YAML::Mark& mark) const {
    Node node;
    node.source = &source_;
    node.line = mark.line + 1;
    node.byte_column = mark.column + 1;
    return node;
  }
  [[noreturn]] static void refuse_tag(const Node& node) {
    throw node.error("tags are not supported", "remove the word that begins with '!'");
  }
  bool awaits_key() const {
    return !open_.empty() && open_.back().node.type == Node::Type::map && !open_.back().key;
  }

  void start(const YAML::Mark& mark, const std::string& tag, Node::Type type) {
    Node node = at(mark);
    if (tag != "?" && !tag.empty()) refuse_tag(node);
    if (open_.size() == static_cast<std::size_t>(max_yaml_depth))
      throw node.error("nested deeper than " + std::to_string(max_yaml_depth) + " levels");
    if (awaits_key()) throw node.error("a field name must be plain text");
    node.type = type;
    open_.push_back({std::move(node), {}, {}});
    empty = false;
  }

  void end() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    empty = false;
    if (open_.empty()) {
      root = std::move(node);
    } else if (open_.back().node.type == Node::Type::list) {
      open_.back().node.items.push_back(std::move(node));
    } else if (!open_.back().key) {
      add_key(std::move(node));
    } else {
      open_.back().node.members.push_back({std::move(*open_.back().key), std::move(node)});
      open_.back().key.reset();
    }
  }

  void add_key(Node key) {
    auto& open = open_.back();
    if (!open.keys.insert(key.value).second) {
      std::string hint;
      for (const auto& member : open.node.members)
        if (member.key.value == key.value)
          hint = "it is given in line " + std::to_string(member.key.line) + " already";
      throw key.error("'" + printable(key.value) + "' is given twice", hint);
    }
    open.key = std::move(key);
  }

  const Source& source_;
  std::vector<Open> open_;
};

/// What yaml-cpp says, in words that help.
Error explain(const Source& source, const Builder& builder, const YAML::ParserException& problem) {
  const std::string& said = problem.msg;
  int line = std::max(problem.mark.line, 0) + 1;
  int column = std::max(problem.mark.column, 0) + 1;
  const auto* open = builder.innermost();
  const bool list = said == "end of sequence flow not found";
  if ((list || said == "end of map flow not found") && open) {
    const auto rest = std::string_view(source.text())
                          .substr(std::min(static_cast<std::size_t>(std::max(problem.mark.pos, 0)),
                                           source.text().size()));
    if (problem.mark.pos <= 0 || rest.find_first_not_of(" \n") == std::string_view::npos)
      return open->error(list ? "this '[' is not closed" : "this '{' is not closed");
    return source.error(line, column, list ? "expected ',' or ']'" : "expected ',' or '}'",
                        std::string("is the '") + (list ? "[" : "{") + "' in line " +
                            std::to_string(open->line) + " closed?");
  }
  if (said == "illegal map value")
    return source.error(line, column, "':' is not expected here",
                        "put quotes round text that holds ': ', or check the indentation");
  if (said.find("anchor is not defined") != std::string::npos)
    return source.error(line, column, "aliases are not supported", "write the value out");
  if (said == "unknown token")
    return source.error(line, column, "a value cannot begin with this character",
                        "put quotes round the value");
  if (said == "end of map not found" || said == "end of sequence not found")
    return source.error(line, column, "this is not expected here",
                        "check the quotes and the indentation");
  if (said == "illegal flow end")
    return source.error(line, column, "this closes nothing that is open");
  if (said.find("EOF in scalar") != std::string::npos)
    return source.error(line, column, "a quote is never closed");
  return source.error(line, column, "not valid YAML (" + printable(said) + ")");
}

/// A second document, for those who did not mean to write one.
class Nothing : public YAML::EventHandler {
 public:
  explicit Nothing(const Source& source) : source_(source) {}
  void OnDocumentStart(const YAML::Mark& mark) override {
    throw source_.error(mark.line + 1, mark.column + 1, "this does not belong to what is above it",
                        "check the quotes and the indentation");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  const Source& source_;
};
}  // namespace

std::shared_ptr<const Document> parse_document(std::string text, const std::string& file) {
  auto document =
      std::make_shared<Document>(Source(file, cleaned_yaml_text(std::move(text), file)));
  const auto& source = document->source;
  check_yaml_lines(source);
  Builder builder(source);
  try {
    std::istringstream stream(source.text());
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    Nothing nothing(source);
    parser.HandleNextDocument(nothing);
  } catch (const YAML::ParserException& problem) {
    throw explain(source, builder, problem);
  }
  if (builder.empty) throw source.error(1, 1, "the file says nothing");
  document->root = std::move(builder.root);
  return document;
}

}  // namespace sealwright::policy
