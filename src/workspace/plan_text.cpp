// A plan as text and JSON, and back.

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "workspace/plan.h"

namespace sealwright::workspace {
namespace {

constexpr std::string_view schema = "sealwright.plan/1";

char sign_of(Step::Action action) { return action == Step::Action::renew ? '~' : '+'; }

Step::Action action_of(const std::string& text) {
  for (const auto action : {Step::Action::issue, Step::Action::renew, Step::Action::export_file,
                            Step::Action::write_bundle})
    if (to_text(action) == text) return action;
  throw Error(Error::Kind::input, "unknown action '" + printable(text) + "' in the plan");
}

std::string plural(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string to_text(const Plan& plan) {
  if (plan.empty() && plan.notices.empty())
    return fmt::format("No changes: '{}' is as its YAML says.\n", plan.workspace);
  std::size_t width = 0;
  for (const auto& step : plan.steps) width = std::max(width, step.name.size());
  std::string text = plan.empty() ? "No changes.\n"
                                  : fmt::format("Plan for '{}': {} to do\n", plan.workspace,
                                                plural(plan.steps.size(), "thing"));
  for (const auto& step : plan.steps) {
    text += fmt::format("\n  {} {:6}  {:{}}  {}\n", sign_of(step.action), to_text(step.action),
                        step.name, width, step.what);
    text += fmt::format("    {:6}  {:{}}  {}\n", "", "", width, printable(step.detail));
    text += fmt::format("    {:6}  {:{}}  because: {}\n", "", "", width, step.why);
  }
  for (const auto& notice : plan.notices)
    text += fmt::format("\n  ! {}: {}\n", notice.name, notice.text);
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
    row.set("name", notice.name).set("text", notice.text);
    notices.push(std::move(row));
  }
  Json head = Json::object();
  head.set("sequence", plan.inventory.sequence).set("hash", to_hex(plan.inventory.hash));
  Json json = Json::object();
  json.set("schema", schema).set("workspace", plan.workspace).set("sources", plan.sources);
  json.set("only", Json::strings(plan.only)).set("inventory", std::move(head));
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
    plan.notices.push_back({row.at("name").string(), row.at("text").string()});
  return plan;
}

}  // namespace sealwright::workspace
