// A plan as text and JSON, and back.

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "workspace/plan.h"

namespace sealwright::workspace {
namespace {

constexpr std::string_view schema = "sealwright.plan/1";

char sign_of(Step::Action action) {
  switch (action) {
    case Step::Action::rename:
    case Step::Action::renew:
    case Step::Action::activate:
      return '~';
    case Step::Action::revoke:
    case Step::Action::retire:
      return '-';
    default:
      return '+';
  }
}

Step::Action action_of(const std::string& text) {
  for (int i = 0; i <= int(Step::Action::write_bundle); ++i)
    if (to_text(Step::Action(i)) == text) return Step::Action(i);
  throw Error(Error::Kind::input, "unknown action '" + printable(text) + "' in the plan");
}

Notice::Kind kind_of(const std::string& text) {
  for (int i = 0; i <= int(Notice::Kind::elsewhere); ++i)
    if (to_text(Notice::Kind(i)) == text) return Notice::Kind(i);
  throw Error(Error::Kind::input, "unknown kind '" + printable(text) + "' of notice in the plan");
}

std::string plural(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::ptrdiff_t refusals(const Plan& plan) {
  return std::count_if(plan.notices.begin(), plan.notices.end(),
                       [](const Notice& notice) { return notice.kind == Notice::Kind::lint; });
}

std::string nothing_to_do(const Plan& plan) {
  if (refusals(plan) > 0) return "Nothing can be done as things are.\n";
  if (!plan.notices.empty()) return plan.due ? "Nothing is due.\n" : "No changes.\n";
  if (plan.due) return fmt::format("Nothing is due in '{}'.\n", plan.workspace);
  return fmt::format("No changes: '{}' is as its YAML says.\n", plan.workspace);
}

std::string notice_text(const Notice& notice) {
  const std::string text = notice.name.empty() ? notice.text : notice.name + ": " + notice.text;
  return fmt::format("\n  {} {}\n", notice.kind == Notice::Kind::lint ? "x" : "!", text);
}

}  // namespace

std::string_view to_text(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::waiting:
      return "waiting";
    case Notice::Kind::differs:
      return "differs";
    case Notice::Kind::unmanaged:
      return "unmanaged";
    case Notice::Kind::due:
      return "due";
    case Notice::Kind::suggestion:
      return "suggestion";
    case Notice::Kind::lint:
      return "lint";
    case Notice::Kind::elsewhere:
      return "elsewhere";
  }
  return "";
}

bool Plan::refused() const { return refusals(*this) > 0; }

std::string to_text(const Plan& plan) {
  std::size_t width = 0, verb = 6;
  for (const auto& step : plan.steps) {
    width = std::max(width, step.name.size());
    verb = std::max(verb, to_text(step.action).size());
  }
  std::string text = plan.empty() ? nothing_to_do(plan)
                                  : fmt::format("Plan for '{}': {} to do\n", plan.workspace,
                                                plural(plan.steps.size(), "thing"));
  for (const auto& step : plan.steps) {
    text += fmt::format("\n  {} {:{}}  {:{}}  {}\n", sign_of(step.action), to_text(step.action),
                        verb, step.name, width, step.what);
    text += fmt::format("    {:{}}  {:{}}  {}\n", "", verb, "", width, printable(step.detail));
    text += fmt::format("    {:{}}  {:{}}  because: {}\n", "", verb, "", width, step.why);
  }
  for (const auto& notice : plan.notices) text += notice_text(notice);
  if (const auto refused = refusals(plan))
    text += fmt::format("\nApply refuses {}: see the line{} marked x.\n",
                        plan.due ? "a part of this" : "this", refused == 1 ? "" : "s");
  return text;
}

Json to_json(const Plan& plan) {
  Json steps = Json::array(), notices = Json::array();
  for (const auto& step : plan.steps) {
    Json row = Json::object();
    row.set("action", to_text(step.action))
        .set("name", step.name)
        .set("what", step.what)
        .set("why", step.why);
    row.set("policy", step.policy).set("detail", step.detail);
    steps.push(std::move(row));
  }
  for (const auto& notice : plan.notices) {
    Json row = Json::object();
    row.set("kind", to_text(notice.kind)).set("name", notice.name).set("text", notice.text);
    notices.push(std::move(row));
  }
  Json head = Json::object();
  head.set("sequence", plan.inventory.sequence).set("hash", to_hex(plan.inventory.hash));
  Json json = Json::object();
  json.set("schema", schema).set("workspace", plan.workspace).set("sources", plan.sources);
  json.set("only", Json::strings(plan.only)).set("due", plan.due);
  json.set("inventory", std::move(head));
  json.set("steps", std::move(steps)).set("notices", std::move(notices));
  return json;
}

Plan plan_from_json(const std::string& text) {
  const Json json = Json::parse(text);
  const Json* kind = json.find("schema");
  if (!kind || kind->string() != schema)
    throw Error(Error::Kind::input, "not a plan of this program (schema 'sealwright.plan/1')");
  Plan plan;
  plan.workspace = json.at("workspace").string();
  plan.sources = json.at("sources").string();
  for (const auto& name : json.at("only").items()) plan.only.push_back(name.string());
  plan.due = json.at("due").boolean();
  plan.inventory.sequence = json.at("inventory").at("sequence").integer();
  const auto hash = from_hex(json.at("inventory").at("hash").string());
  if (!hash || hash->size() != plan.inventory.hash.size())
    throw Error(Error::Kind::input, "the plan's inventory hash is malformed");
  std::copy(hash->begin(), hash->end(), plan.inventory.hash.begin());
  for (const auto& row : json.at("steps").items())
    plan.steps.push_back({action_of(row.at("action").string()), row.at("name").string(),
                          row.at("what").string(), row.at("why").string(),
                          row.at("policy").string(), row.at("detail").string()});
  for (const auto& row : json.at("notices").items())
    plan.notices.push_back(
        {kind_of(row.at("kind").string()), row.at("name").string(), row.at("text").string()});
  return plan;
}

}  // namespace sealwright::workspace
