#include "workspace/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "workspace/elsewhere.h"
#include "workspace/renewal.h"
#include "workspace/status.h"

namespace sealwright::workspace {
namespace {

using store::GenerationId;

constexpr std::size_t most_levels = 32;

/// Generations without their certificates, and who issued them.
struct Row {
  GenerationId id{};
  std::optional<GenerationId> issuer;
  TreeNode node;
  std::string name;
  int number = 1;
  bool live = false;
};

class TreeMaker {
 public:
  TreeMaker(const Workspace& workspace, Time at) : workspace_(workspace) {
    for (const auto& row : status_of(workspace, at, {}).rows)
      if (workspace.hierarchy().item(row.name)) notes_[row.name] = row.note;
    workspace.inventory().for_each_generation([&](const auto& g) { take(g, at); });
    for (const auto* item : workspace.hierarchy().in_issuing_order())
      if (concerns(workspace, *item)) take_missing(*item);
  }

  Tree make() {
    Tree tree{workspace_.hierarchy().name, {}};
    std::map<GenerationId, std::vector<std::size_t>> below;
    std::vector<std::size_t> roots;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (rows_[i].issuer && known_.contains(*rows_[i].issuer))
        below[*rows_[i].issuer].push_back(i);
      else
        roots.push_back(i);
    for (const auto root : roots) tree.roots.push_back(node(root, below, 0));
    sort(tree.roots);
    return tree;
  }

 private:
  void take(const store::Generation& g, Time at) {
    Row row{g.id, g.issuer, {}, g.name, g.number, store::is_live(g.state)};
    row.node.label = g.label();
    row.node.kind = store::to_text(g.kind);
    row.node.state = store::to_text(g.state);
    row.node.subject = g.subject;
    row.node.ends = g.not_after;
    if (row.live) {
      if (g.not_after < at) row.node.mark = "expired";
      const auto [newest, fresh] = newest_.try_emplace(g.name, rows_.size());
      if (!fresh) newest->second = rows_.size();  // they come by number
    }
    known_.insert_or_assign(g.id, rows_.size());
    rows_.push_back(std::move(row));
  }

  void take_missing(const policy::Item& item) {
    const auto& note = notes_[item.name];
    if (const auto newest = newest_.find(item.name); newest != newest_.end()) {
      if (!note.empty()) rows_[newest->second].node.mark = note;
      return;
    }
    Row row;
    row.name = row.node.label = item.name;
    row.node.kind = item.policy->is_authority() ? "authority" : "certificate";
    row.node.state = "missing";
    row.node.mark = note;
    row.id = GenerationId{--missing_};
    if (const auto above = newest_.find(item.issuer); above != newest_.end())
      row.issuer = rows_[above->second].id;
    newest_.insert_or_assign(item.name, rows_.size());
    known_.insert_or_assign(row.id, rows_.size());
    rows_.push_back(std::move(row));
  }

  TreeNode node(std::size_t at, const std::map<GenerationId, std::vector<std::size_t>>& below,
                std::size_t level) {
    TreeNode made = std::move(rows_[at].node);
    const auto children = below.find(rows_[at].id);
    if (children == below.end() || level == most_levels) return made;
    for (const auto child : children->second)
      made.children.push_back(node(child, below, level + 1));
    sort(made.children);
    return made;
  }

  static void sort(std::vector<TreeNode>& nodes) {
    std::stable_sort(nodes.begin(), nodes.end(), [](const TreeNode& a, const TreeNode& b) {
      return (a.kind == "authority") > (b.kind == "authority");
    });
  }

  const Workspace& workspace_;
  std::vector<Row> rows_;
  std::map<GenerationId, std::size_t> known_;
  std::map<std::string, std::size_t> newest_;
  std::map<std::string, std::string> notes_;
  std::int64_t missing_ = 0;
};

struct Strokes {
  const char *branch, *last, *along, *blank;
};
constexpr Strokes ascii_strokes = {"|- ", "`- ", "|  ", "   "};
constexpr Strokes unicode_strokes = {"├─ ", "└─ ", "│  ", "   "};

struct Line {
  std::string lead, label, state, ends, mark;
  std::size_t width = 0;  ///< Of lead and label, in columns.
};

void add_lines(const std::vector<TreeNode>& nodes, const std::string& lead, const Strokes& strokes,
               std::size_t level, std::size_t most, std::vector<Line>& lines) {
  const std::size_t shown = std::min(nodes.size(), most);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& node = nodes[i];
    const bool last = i + 1 == nodes.size();
    const std::string own = level == 0 ? "" : lead + (last ? strokes.last : strokes.branch);
    lines.push_back({own, node.label, node.state, node.ends ? to_date(*node.ends) : "-", node.mark,
                     level * 3 + node.label.size()});
    const std::string inner = level == 0 ? "" : lead + (last ? strokes.blank : strokes.along);
    add_lines(node.children, inner, strokes, level + 1, most, lines);
  }
  if (nodes.size() > shown)
    lines.push_back({level == 0 ? "" : lead + strokes.last,
                     fmt::format("and {} more", nodes.size() - shown), "", "", "", 0});
}

Json node_json(const TreeNode& node) {
  Json children = Json::array();
  for (const auto& child : node.children) children.push(node_json(child));
  Json json = Json::object();
  json.set("name", node.label).set("kind", node.kind).set("state", node.state);
  json.set("subject", node.subject).set("ends", node.ends ? Json(to_iso(*node.ends)) : Json());
  json.set("note", node.mark).set("issued", std::move(children));
  return json;
}

}  // namespace

Tree make_tree(const Workspace& workspace, Time at) { return TreeMaker(workspace, at).make(); }

std::string to_text(const Tree& tree, Lines lines, std::size_t most) {
  std::vector<Line> made;
  add_lines(tree.roots, "", lines == Lines::unicode ? unicode_strokes : ascii_strokes, 0, most,
            made);
  if (made.empty()) return "nothing to show\n";
  std::size_t width = 0;
  for (const auto& line : made) width = std::max(width, line.width);
  std::string text;
  for (const auto& line : made) {
    text += line.lead + line.label;
    if (!line.state.empty())
      text += fmt::format("{:{}}  {:8}  {:10}  {}", "", width - line.width, line.state, line.ends,
                          printable(line.mark));
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  return text;
}

Json to_json(const Tree& tree) {
  Json roots = Json::array();
  for (const auto& node : tree.roots) roots.push(node_json(node));
  return Json::object()
      .set("schema", "sealwright.tree/1")
      .set("workspace", tree.workspace)
      .set("roots", std::move(roots));
}

}  // namespace sealwright::workspace
