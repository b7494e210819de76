#include "ca/export.h"

#include "base/error.h"
#include "ca/chain.h"
#include "x509/pkcs7.h"

namespace sealwright::ca {
namespace {

Bytes pem_of(const std::vector<x509::Certificate>& certificates) {
  std::string text;
  for (const auto& certificate : certificates) text += certificate.to_pem();
  return copy(view(text));
}

Error not_written(ExportFormat format) {
  return Error(Error::Kind::usage,
               "format '" + policy::to_text(format) + "' is not written by this version");
}

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

Bytes pfx_of(const ossl::PrivateKey& key, const store::Inventory& inventory,
             const store::Generation& generation, const PrivateExport& request) {
  auto chain = without_root(chain_of(inventory, generation));
  x509::PfxContent content;
  content.pkcs8 = key.to_pkcs8();
  content.certificate = chain.front();
  content.chain.assign(chain.begin() + 1, chain.end());
  content.friendly_name = generation.name;
  x509::PfxOptions options;
  options.profile = request.profile;
  return x509::write_pfx(content, request.password, options);
}

Json details_of(const store::KeyRecord& key, const PrivateExport& request) {
  Json details = Json::object();
  details.set("key", key.id.hex())
      .set("format", policy::to_text(request.format))
      .set("reason", request.reason);
  if (request.format == ExportFormat::pfx)
    details.set("profile", request.profile == x509::PfxProfile::modern ? "modern" : "compatible");
  return details;
}

}  // namespace

bool holds_private_key(ExportFormat format) {
  return format == ExportFormat::pfx || format == ExportFormat::pkcs8 ||
         format == ExportFormat::pvk;
}

std::string file_extension(ExportFormat format) {
  switch (format) {
    case ExportFormat::der:
      return "cer";
    case ExportFormat::chain:
      return "pem";
    case ExportFormat::pkcs8:
      return "key";
    default:
      return policy::to_text(format);
  }
}

Exported export_public(const store::Inventory& inventory, const store::Generation& generation,
                       ExportFormat format) {
  switch (format) {
    case ExportFormat::pem:
      return {pem_of({certificate_of(generation)})};
    case ExportFormat::der:
      return {generation.certificate};
    case ExportFormat::chain:
      return {pem_of(chain_of(inventory, generation))};
    case ExportFormat::spc:
      return {x509::certificates_only(without_root(chain_of(inventory, generation)))};
    case ExportFormat::p7b:
      return {x509::certificates_only(chain_of(inventory, generation))};
    default:
      throw not_written(format);
  }
}

store::KeyRecord exportable_key(const store::Inventory& inventory,
                                const store::Generation& generation, const std::string& reason) {
  const auto key = generation.key ? inventory.key(*generation.key) : std::nullopt;
  if (!key)
    throw Error(Error::Kind::state,
                "the private key of '" + generation.label() + "' is not in the inventory");
  check_rule(*key, generation, reason);
  return *key;
}

Exported export_private(store::Inventory& inventory, const OpenKeyrings& keyrings,
                        const store::Generation& generation, const PrivateExport& request) {
  if (request.format != ExportFormat::pfx && request.format != ExportFormat::pkcs8)
    throw not_written(request.format);
  const auto key = exportable_key(inventory, generation, request.reason);
  if (request.password.empty())
    throw Error(Error::Kind::policy, "a private key is not written without a password");
  const auto private_key = keyrings.unseal(key);
  Exported exported{request.format == ExportFormat::pfx
                        ? pfx_of(private_key, inventory, generation, request)
                        : private_key.to_encrypted_pem(request.password),
                    Access::owner};
  inventory.record_event("key.exported", generation.label(), details_of(key, request));
  return exported;
}

void write_exported(const std::filesystem::path& path, const Exported& exported,
                    Existing existing) {
  write_file(path, exported.bytes, {exported.access, existing});
}

}  // namespace sealwright::ca
