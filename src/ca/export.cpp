#include "ca/export.h"

#include <algorithm>

#include "base/error.h"
#include "ca/chain.h"
#include "ca/export_howto.h"
#include "x509/pkcs7.h"
#include "x509/pvk.h"

namespace sealwright::ca {
namespace {

using x509::PfxPassword;

std::string pem_of(const std::vector<x509::Certificate>& certificates) {
  std::string text;
  for (const auto& certificate : certificates) text += certificate.to_pem();
  return text;
}

Exported everyones(Bytes&& bytes) { return {ossl::Secret(std::move(bytes)), Access::everyone}; }
Exported everyones(const std::string& text) { return {ossl::Secret(text), Access::everyone}; }

/// The policy that was in force when the key was made decides.
void check_rule(const store::KeyRecord& key, const store::Generation& generation,
                const std::string& reason) {
  if (!key.uri.empty())
    throw Error(Error::Kind::policy,
                "the private key of '" + generation.label() + "' is on a token and stays there");
  if (key.export_rule == store::ExportRule::never)
    throw Error(Error::Kind::policy,
                "the private key of '" + generation.label() + "' may not leave the inventory",
                "policy '" + generation.policy.name + "' said 'export: never' when it was made");
  if (key.export_rule == store::ExportRule::ask && reason.empty())
    throw Error(Error::Kind::policy,
                "the private key of '" + generation.label() + "' leaves only for a reason",
                "say why with --reason; it goes on record");
}

/// As x509::write_pvk(), of the certificate's public key: nothing needs to be opened for it.
void check_fits_pvk(const store::Generation& generation) {
  const auto key = certificate_of(generation).public_key();
  if (key.type() == ossl::KeyType::rsa) return;
  throw Error(Error::Kind::input,
              "a PVK file holds RSA keys only, and that of '" + generation.label() + "' is " +
                  key.description(),
              "write a PFX: --format pfx");
}

void check_protection(const PrivateExport& request) {
  if (request.protection == PfxPassword::given && request.password.empty())
    throw Error(Error::Kind::policy, "a private key is not written without a password");
  if (request.protection == PfxPassword::empty && request.format != ExportFormat::pfx)
    throw Error(Error::Kind::usage,
                "format '" + policy::to_text(request.format) + "' has no empty password",
                "a PFX has; or write the key plain, with --no-password");
}

std::vector<x509::Certificate> pfx_chain(const store::Inventory& inventory,
                                         const store::Generation& generation,
                                         policy::SignDefaults::Chain wanted) {
  using Chain = policy::SignDefaults::Chain;
  auto chain = chain_of(inventory, generation);
  if (wanted == Chain::no_root) chain = without_root(std::move(chain));
  if (wanted == Chain::leaf) chain.resize(1, chain.front());
  return chain;
}

Bytes pfx_of(const ossl::PrivateKey& key, const store::Inventory& inventory,
             const PrivateItem& item, const PrivateExport& request) {
  const auto chain = pfx_chain(inventory, item.generation, item.pfx.chain);
  x509::PfxContent content;
  content.pkcs8 = key.to_pkcs8();
  content.certificate = chain.front();
  content.chain.assign(chain.begin() + 1, chain.end());
  content.friendly_name =
      item.pfx.friendly_name.empty() ? item.generation.name : item.pfx.friendly_name;
  return x509::write_pfx(content, request.password,
                         {item.pfx.profile, item.pfx.iterations, item.pfx.csp, request.protection});
}

ossl::Secret content_of(const ossl::PrivateKey& key, const store::Inventory& inventory,
                        const PrivateItem& item, const PrivateExport& request) {
  const bool plain = request.protection == PfxPassword::none;
  if (request.format == ExportFormat::pfx)
    return ossl::Secret(pfx_of(key, inventory, item, request));
  if (request.format == ExportFormat::pvk)
    return x509::write_pvk(key, {x509::PvkKeyType::exchange, plain ? nullptr : &request.password,
                                 ossl::system_random()});
  return plain ? key.to_plain_pem() : ossl::Secret(key.to_encrypted_pem(request.password));
}

Json details_of(const PrivateItem& item, const PrivateExport& request) {
  Json details = Json::object();
  details.set("key", item.generation.key->hex())
      .set("format", policy::to_text(request.format))
      .set("file", item.file)
      .set("reason", request.reason);
  if (request.format == ExportFormat::pfx)
    details.set("profile", item.pfx.profile == x509::PfxProfile::modern ? "modern" : "compatible")
        .set("iterations", item.pfx.iterations);
  if (request.protection != PfxPassword::given)
    details.set("password", request.protection == PfxPassword::empty ? "empty" : "none");
  return details;
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

}  // namespace

std::string file_extension(ExportFormat format) {
  switch (format) {
    case ExportFormat::der:
      return "cer";
    case ExportFormat::chain:
      return "pem";
    case ExportFormat::pkcs8:
      return "key";
    case ExportFormat::jks_howto:
      return "txt";
    default:
      return policy::to_text(format);
  }
}

std::string export_path(std::string pattern, const std::string& name, int generation,
                        ExportFormat format) {
  replace(pattern, "{name}", name);
  replace(pattern, "{generation}", std::to_string(generation));
  replace(pattern, "{ext}", file_extension(format));
  return pattern;
}

Exported export_public(const store::Inventory& inventory, const store::Generation& generation,
                       ExportFormat format) {
  switch (format) {
    case ExportFormat::pem:
      return everyones(pem_of({certificate_of(generation)}));
    case ExportFormat::der:
      return everyones(Bytes(certificate_of(generation).der()));
    case ExportFormat::chain:
      return everyones(pem_of(chain_of(inventory, generation)));
    case ExportFormat::spc:
      return everyones(x509::certificates_only(without_root(chain_of(inventory, generation))));
    case ExportFormat::p7b:
      return everyones(x509::certificates_only(chain_of(inventory, generation)));
    case ExportFormat::jks_howto:
      return everyones(jks_howto(inventory, generation));
    default:
      throw Error(Error::Kind::usage,
                  "format '" + policy::to_text(format) + "' needs the private key");
  }
}

store::KeyRecord exportable_key(const store::Inventory& inventory,
                                const store::Generation& generation, ExportFormat format,
                                const std::string& reason) {
  if (format == ExportFormat::pvk) check_fits_pvk(generation);
  const auto key = generation.key ? inventory.key(*generation.key) : std::nullopt;
  if (!key)
    throw Error(Error::Kind::state,
                "the private key of '" + generation.label() + "' is not in the inventory");
  check_rule(*key, generation, reason);
  return *key;
}

std::vector<Exported> export_private(store::Inventory& inventory, const OpenKeyrings& keyrings,
                                     const std::vector<PrivateItem>& items,
                                     const PrivateExport& request) {
  if (!holds_private_key(request.format))
    throw Error(Error::Kind::internal, "a format without private keys");
  check_protection(request);
  std::vector<Exported> made;
  for (const auto& item : items) {
    const auto record = exportable_key(inventory, item.generation, request.format, request.reason);
    made.push_back({content_of(keyrings.unseal(record), inventory, item, request), Access::owner});
  }
  inventory.together([&] {
    for (const auto& item : items)
      inventory.record_event("key.exported", item.generation.label(), details_of(item, request));
  });
  return made;
}

void write_exported(const std::filesystem::path& path, const Exported& exported,
                    Existing existing) {
  write_file(path, exported.content.view(), {exported.access, existing});
}

void write_exported(const std::vector<ExportFile>& files, Existing existing,
                    const std::function<void(std::size_t)>& written) {
  std::vector<NewFile> list;
  for (const auto& [path, exported] : files)
    list.push_back({path, exported.content.view(), {exported.access, existing}});
  write_files(list, written);
}

}  // namespace sealwright::ca
