#include "verify/report.h"

#include <algorithm>

#include "base/encoding.h"
#include "trust/result_code.h"

namespace sealwright::verify {
namespace {

/// Text where there is some, else null.
Json optional_text(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json answer(const std::optional<bool>& value) { return value ? Json(*value) : Json(); }

Json code_of(std::uint32_t code) {
  if (code == 0) return {};
  const auto* known = trust::find_result_code(code);
  return Json::object()
      .set("value", trust::to_text(code))
      .set("name", known ? Json(known->name) : Json());
}

Json json_of(const Check& check);
Json json_of(const StampFacts& stamp);
Json json_of(const ChainLink& link);
Json json_of(const SystemAnswer& system);
Json json_of(const Verdict& verdict);

template <class T>
Json list(const std::vector<T>& values) {
  Json array = Json::array();
  for (const auto& value : values) array.push(json_of(value));
  return array;
}

Json json_of(const Check& check) {
  Json json = Json::object();
  json.set("rule", check.rule).set("outcome", to_text(check.outcome)).set("text", check.text);
  if (check.code != 0) json.set("code", code_of(check.code));
  if (!check.remedy.empty()) json.set("remedy", check.remedy);
  return json;
}

Json json_of(const StampFacts& stamp) {
  return Json::object()
      .set("kind", stamp.kind)
      .set("time", to_iso(stamp.time))
      .set("authority", optional_text(stamp.authority))
      .set("trusted", stamp.trusted);
}

Json json_of(const ChainLink& link) {
  return Json::object()
      .set("subject", link.subject)
      .set("thumbprint", link.thumbprint)
      .set("serial", link.serial)
      .set("not_before", to_iso(link.not_before))
      .set("not_after", to_iso(link.not_after));
}

Json json_of(const SignatureFacts& facts) {
  return Json::object()
      .set("signer", facts.signer)
      .set("thumbprint", facts.thumbprint)
      .set("serial", facts.serial)
      .set("digest", facts.digest)
      .set("file_digest", optional_text(facts.file_digest))
      .set("description", optional_text(facts.description))
      .set("url", optional_text(facts.url))
      .set("timestamps", list(facts.timestamps))
      .set("chain", list(facts.chain));
}

Json json_of(const SystemAnswer& system) {
  return Json::object()
      .set("os", system.target ? Json(system.target->id) : Json())
      .set("architecture",
           system.target ? Json(sealwright::to_text(system.target->architecture)) : Json())
      .set("installs", answer(system.installs))
      .set("loads", answer(system.loads))
      .set("rule", optional_text(system.rule))
      .set("install", optional_text(system.install))
      .set("kernel", optional_text(system.kernel))
      .set("remedy", optional_text(system.remedy));
}

Json json_of(const Verdict& verdict) {
  return Json::object()
      .set("path", verdict.path)
      .set("kind", verdict.kind)
      .set("for", verdict.use)
      .set("ok", verdict.ok)
      .set("exit_code", verdict.exit_code)
      .set("code", code_of(verdict.code))
      .set("rule", optional_text(verdict.rule))
      .set("reason", optional_text(verdict.reason))
      .set("remedy", optional_text(verdict.remedy))
      .set("trust", optional_text(verdict.trust))
      .set("at", to_iso(verdict.at))
      .set("signature", verdict.signature ? json_of(*verdict.signature) : Json())
      .set("checks", list(verdict.checks))
      .set("systems", list(verdict.systems));
}

}  // namespace

std::string_view to_text(Check::Outcome outcome) {
  switch (outcome) {
    case Check::Outcome::pass:
      return "pass";
    case Check::Outcome::fail:
      return "fail";
    case Check::Outcome::note:
      return "note";
    case Check::Outcome::skipped:
      return "skipped";
  }
  return "";
}

Json to_json(const Report& report) {
  return Json::object()
      .set("schema", "sealwright.verify/1")
      .set("ok", exit_code(report) == 0)
      .set("verdicts", list(report.verdicts));
}

int exit_code(const Report& report) {
  int highest = 0;
  for (const auto& verdict : report.verdicts) highest = std::max(highest, verdict.exit_code);
  return highest;
}

}  // namespace sealwright::verify
