#include "ca/export_howto.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/template.h"
#include "ca/chain.h"

namespace sealwright::ca {
namespace {

/// Names are of a few letters; what an inventory of another program brought may not be.
std::string word(const std::string& name) { return escaped(name, Escape::cmd); }

Json described(const store::Generation& generation) {
  Json made = Json::object();
  return made.set("name", word(generation.name))
      .set("number", generation.number)
      .set("subject", generation.subject);
}

Json authorities(const store::Inventory& inventory, const store::Generation& generation) {
  Json list = Json::array();
  constexpr int most = 32;
  int count = 0;
  if (generation.kind == store::EntityKind::authority) list.push(described(generation));
  for (auto above = generation.issuer; above && count < most; ++count) {
    const auto issuer = inventory.generation(*above);
    if (!issuer) break;
    list.push(described(*issuer));
    above = issuer->issuer;
  }
  return list;
}

}  // namespace

std::string jks_howto(const store::Inventory& inventory, const store::Generation& generation) {
  constexpr const char* name = "templates/export/jks-howto.txt";
  const auto text = embedded_file(name);
  if (!text)
    throw Error(Error::Kind::internal, "the template '" + std::string(name) + "' is missing");
  const auto key = generation.key ? inventory.key(*generation.key) : std::nullopt;
  Json data = described(generation);
  data.set("leaves", key && key->uri.empty() && key->export_rule != store::ExportRule::never)
      .set("reason", key && key->export_rule == store::ExportRule::ask)
      .set("authorities", authorities(inventory, generation));
  return render(*text, data, Escape::plain);
}

}  // namespace sealwright::ca
