#include "verify/pki.h"

#include <algorithm>

#include "base/file.h"
#include "driver/catalog_build.h"
#include "signing/catalog.h"
#include "x509/oids.h"

namespace sealwright::test {
namespace {

using x509::made::Key;
using x509::made::Recipe;

const ossl::KeySpec rsa{ossl::KeyType::rsa, 2048, {}};

/// The same in every run.
ossl::Random counting() {
  return [next = std::uint8_t{0}](std::span<std::uint8_t> into) mutable {
    for (auto& byte : into) byte = ++next;
  };
}

}  // namespace

Issued leaf(const std::string& name, const std::vector<Oid>& purposes, const std::string& ends,
            const Issued* issuer) {
  std::vector<x509::Extension> extensions = {
      x509::key_usage_extension(x509::digital_signature, true)};
  const bool stamps = purposes == std::vector{x509::oids::time_stamping};
  if (!purposes.empty()) extensions.push_back(x509::extended_key_usage_extension(purposes, stamps));
  return x509::made::issue({.subject = "CN=" + name + ",O=Tests",
                            .issuer = issuer,
                            .extensions = std::move(extensions),
                            .begins = "2026-01-01",
                            .ends = ends,
                            .key = x509::made::new_key(rsa)});
}

const Pki& pki() {
  static const Pki* made = [] {
    auto* pki = new Pki{x509::made::issue({.subject = "CN=Test Root,O=Tests",
                                           .extensions = x509::made::authority(),
                                           .ends = "2046-01-01"}),
                        x509::made::issue({}), x509::made::issue({}), x509::made::issue({})};
    pki->issuing = x509::made::issue({.subject = "CN=Test Issuing,O=Tests",
                                      .issuer = &pki->root,
                                      .extensions = x509::made::authority(0),
                                      .ends = "2040-01-01"});
    pki->publisher =
        leaf("Test Publisher", {x509::oids::code_signing}, "2028-01-01", &pki->issuing);
    pki->authority =
        leaf("Test Timestamps", {x509::oids::time_stamping}, "2030-01-01", &pki->issuing);
    return pki;
  }();
  return *made;
}

/// What signing needs; the stamper stays where it is, since the options point to it.
struct Maker::Tools {
  std::unique_ptr<signing::LocalTimestamper> stamper;
  signing::Identity identity;
  signing::SignOptions options;
};

Maker::Tools Maker::tools() const {
  Tools made{nullptr, {publisher.certificate, chain, publisher.key.get()}, {}};
  if (authority)
    made.stamper = std::make_unique<signing::LocalTimestamper>(
        signing::Authority{.certificate = authority->certificate,
                           .chain = authority_chain,
                           .signer = authority->key.get(),
                           .clock = [] { return signing_day; },
                           .random = counting()});
  made.options.description = description;
  made.options.url = "https://sealwright.invalid/sample";
  made.options.page_hashes = page_hashes;
  made.options.timestamp = made.stamper.get();
  return made;
}

void Maker::sign(const std::filesystem::path& from, const std::filesystem::path& to) const {
  const auto with = tools();
  signing::sign_file(from, to, with.identity, with.options, Existing::replace);
}

void Maker::sign_package(const std::filesystem::path& folder, const std::vector<std::string>& os,
                         driver::CatalogVersion version) const {
  const auto with = tools();
  driver::PackageSignOptions options;
  options.package = {parse_windows_targets(os), signing_day};
  options.catalog.version = version;
  options.catalog.time = signing_day;
  options.catalog.random = counting();
  options.sign = with.options;
  driver::sign_package(folder, with.identity, options);
}

std::filesystem::path copy_sample(const std::filesystem::path& folder) {
  std::filesystem::copy(data() / "sample-driver", folder, std::filesystem::copy_options::recursive);
  return folder;
}

verify::Question question(verify::Use use) {
  verify::Question made;
  made.use = use;
  made.machine.stores.root = {pki().root.certificate};
  made.machine.stores.trusted_publisher = {pki().publisher.certificate};
  made.machine.source = "the tests' root";
  made.now = judging_day;
  return made;
}

verify::Question question(verify::Use use, const std::vector<std::string>& os) {
  auto made = question(use);
  made.os = parse_windows_targets(os);
  return made;
}

std::filesystem::path unsigned_pe() { return data() / "hello" / "pe32.exe"; }

std::filesystem::path write_catalog(const std::filesystem::path& path) {
  const auto hashes = driver::hash_file(unsigned_pe());
  signing::Catalog catalog;
  catalog.version = 2;
  catalog.list_identifier = Bytes(16, 0x5a);
  catalog.this_update = signing_day;
  catalog.attributes = {signing::NameValue::of_text("OS", "_v100_X64")};
  signing::CatalogFile file{hashes.kind,
                            hashes.sha1,
                            hashes.sha256,
                            {signing::NameValue::of_text("File", "pe32.exe"),
                             signing::NameValue::of_text("OSAttr", "2:10.0")}};
  catalog.members = signing::members_for(2, file);
  write_file(path, signing::encode_unsigned(catalog), {Access::everyone, Existing::replace});
  return path;
}

bool osslsigncode_has(const std::vector<std::string>& options) {
  if (!have_program("osslsigncode")) return false;
  const auto ran = run({"osslsigncode", "verify", "--help"});
  const auto help = ran.out + ran.err;
  return std::ranges::all_of(
      options, [&](const auto& option) { return help.find(option) != std::string::npos; });
}

std::string pem_file(const std::filesystem::path& path,
                     const std::vector<x509::Certificate>& certificates) {
  std::string pem;
  for (const auto& certificate : certificates) pem += certificate.to_pem();
  write_file(path, view(pem), {Access::everyone, Existing::replace});
  return path.string();
}

}  // namespace sealwright::test
