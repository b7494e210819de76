// Wine's registry, crypt32 and wintrust judge the bundles: what is imported is trusted, and what is
// taken back is not.

#include "wine.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "base/encoding.h"
#include "base/file.h"
#include "bundle/blob.h"
#include "bundle/settings.h"
#include "bundle/states.h"
#include "bundle/write.h"
#include "lab.h"

using namespace sealwright;
using test::wine;
namespace fs = std::filesystem;

namespace {

const char* const trusted = "00000000";
const char* const untrusted_root = "800b0109";  // CERT_E_UNTRUSTEDROOT

/// The registry's files of a state, and all its certificates for building chains.
class Written {
 public:
  explicit Written(const bundle::State& state) {
    bundle::save(bundle::write_formats(state, {"reg", "registry-pol"}), folder());
    std::vector<x509::Certificate> all;
    for (const auto* list : {&state.present, &state.removed})
      for (const auto& entry : *list) all.push_back(entry.certificate);
    test::write_pem(scratch_ / "all.pem", all);
    test::run({"openssl", "crl2pkcs7", "-nocrl", "-certfile", (scratch_ / "all.pem").string(),
               "-outform", "DER", "-out", others().string()});
    name_ = state.name;
  }
  fs::path import() const { return folder() / "reg" / (name_ + ".reg"); }
  fs::path removal() const { return folder() / "reg" / (name_ + "-remove.reg"); }
  fs::path policy() const { return folder() / "registry-pol" / "Machine" / "Registry.pol"; }
  fs::path others() const { return scratch_ / "others.p7b"; }
  std::string verdict(const x509::Certificate& certificate) const {
    write_file(scratch_ / "certificate.cer", certificate.der(),
               {Access::everyone, Existing::replace});
    return wine()->chain(scratch_ / "certificate.cer", others());
  }

 private:
  fs::path folder() const { return scratch_ / "bundle"; }
  test::Scratch scratch_;
  std::string name_;
};

/// Whether the machine has exactly these entries out of `all`, each with our blob.
void check_stores(const std::vector<bundle::Entry>& present,
                  const std::vector<bundle::Entry>& all) {
  std::map<bundle::Store, std::set<std::string>> listed;
  for (const auto& entry : all) {
    if (!listed.contains(entry.store))
      listed[entry.store] =
          wine()->list("machine", std::string(bundle::registry_name(entry.store)));
    const std::string thumbprint = entry.certificate.thumbprint().hex();
    INFO(bundle::registry_name(entry.store) << " " << entry.label << " " << thumbprint);
    const bool wanted = std::any_of(present.begin(), present.end(), [&](const auto& one) {
      return one.store == entry.store && one.certificate == entry.certificate;
    });
    CHECK(listed[entry.store].contains(thumbprint) == wanted);
    CHECK(wine()->value(R"(HKLM\)" + bundle::key_of(entry), "Blob") ==
          (wanted ? to_hex_upper(bundle::encode_blob(entry.certificate, entry.purposes)) : ""));
  }
}

const test::Holder& renewed_publisher() {
  static const test::Holder holder =
      test::make_holder("Test Publisher 2", test::Purpose::code_signing,
                        {ossl::KeyType::rsa, 2048, {}}, &test::pki().issuing);
  return holder;
}

bundle::Entry publisher(bundle::Store store, const test::Holder& holder) {
  return {store, holder.certificate, "driver-signing", {}};
}

}  // namespace

TEST_CASE("a signed driver is trusted after the import, and no more after the removal",
          "[oracle]") {
  if (!wine()) return;
  test::Lab lab("driver-lab");
  const fs::path driver = lab.file("sample.sys"), bundle = lab.file("bundle");
  // With the whole chain in the signature: without the root Wine finds nothing to distrust.
  std::string yaml = read_text(lab.workspace / "sealwright.yaml");
  const std::string sign = "sign: {timestamp: [local]";
  yaml.insert(yaml.find(sign) + sign.size(), ", chain: full");
  write_file(lab.workspace / "sealwright.yaml", view(yaml), {Access::everyone, Existing::replace});
  lab.in_workspace({"sign", (test::data() / "sample-driver" / "sample.sys").string(), "--with",
                    "driver-signing", "-o", driver.string()});
  lab.in_workspace({"bundle", "write", "lab-trust", "-o", bundle.string()});
  fs::copy_file(driver, lab.file("tampered.sys"));
  std::fstream(lab.file("tampered.sys"), std::ios::in | std::ios::out | std::ios::binary)
      .seekp(0x400)
      .put('x');

  const std::string good = "00000000 ";
  CHECK(wine()->verify(driver) == good + untrusted_root);
  wine()->import(bundle / "reg" / "lab-trust.reg");
  CHECK(wine()->verify(driver) == good + trusted);
  CHECK(wine()->verify(lab.file("tampered.sys")) == "80096010");  // TRUST_E_BAD_DIGEST
  CHECK(wine()->verify(test::data() / "sample-driver" / "sample.sys") ==
        "800b0100");  // TRUST_E_NOSIGNATURE
  wine()->import(bundle / "reg" / "lab-trust-remove.reg");
  CHECK(wine()->verify(driver) == good + untrusted_root);
}

TEST_CASE("machines follow the versions of a bundle, and its removal leaves nothing", "[oracle]") {
  if (!wine()) return;
  using bundle::Store;
  const auto& old_publisher = test::pki().code;
  const bundle::Entry old_entry = publisher(Store::trusted_publisher, old_publisher),
                      new_entry = publisher(Store::trusted_publisher, renewed_publisher()),
                      distrusted_entry = publisher(Store::disallowed, old_publisher);
  bundle::State authorities = test::without_publisher();
  authorities.removed.clear();
  struct Row {
    const char* name;
    std::vector<bundle::Entry> present, removed;
  };
  const Row rows[] = {
      {"one publisher", {old_entry}, {}},
      {"the old and the renewed publisher", {old_entry, new_entry}, {}},
      {"only the renewed publisher", {new_entry}, {old_entry}},
      {"the old publisher distrusted", {new_entry, distrusted_entry}, {old_entry}},
  };
  std::vector<bundle::Entry> all = authorities.present;
  all.insert(all.end(), {old_entry, new_entry, distrusted_entry});
  check_stores({}, all);
  CHECK(Written(authorities).verdict(old_publisher.certificate) == untrusted_root);
  for (const Row& row : rows) {
    INFO(row.name);
    bundle::State state = authorities;
    state.present.insert(state.present.end(), row.present.begin(), row.present.end());
    state.removed = row.removed;
    bundle::settle(state);
    const Written files(state);
    wine()->import(files.import());
    check_stores(state.present, all);
    for (const auto* holder : {&old_publisher, &renewed_publisher()})
      CHECK(files.verdict(holder->certificate) == trusted);
    if (&row != std::end(rows) - 1) continue;
    wine()->import(files.removal());
    check_stores({}, all);
    for (const auto* holder : {&old_publisher, &renewed_publisher()})
      CHECK(files.verdict(holder->certificate) == untrusted_root);
  }
}

TEST_CASE("settings are in the registry after the import, and as Windows has them after",
          "[oracle]") {
  if (!wine()) return;
  auto state = test::lab_state();
  state.settings = test::some_settings();
  bundle::settle(state);
  auto reverted = state;
  reverted.reverted = std::move(reverted.settings);
  reverted.settings.clear();
  const auto check = [&](const std::string& wintrust_state, const std::string& flags) {
    for (const auto& setting : state.settings) {
      const std::string key =
          std::string(bundle::hive_of(setting.scope)) + "\\" + bundle::key_of(setting);
      INFO(key);
      CHECK(wine()->value(key, std::string(bundle::value_name(setting.kind))) ==
            (setting.kind == bundle::Setting::Kind::wintrust_state ? wintrust_state : flags));
    }
  };
  const Written files(state), next(reverted);
  for (const auto& undo : {files.removal(), next.import(), next.removal()}) {
    INFO(undo.string());
    wine()->import(files.import());
    check("0x23e00", "0x2");
    wine()->import(undo);
    check("0x23c00", "");
  }
  wine()->import(files.removal());
}

TEST_CASE("what Registry.pol says is what the stores of policies hold", "[oracle]") {
  if (!wine()) return;
  if (test::run({"/usr/bin/python3", "-c", "import samba.dcerpc.preg"}).exit_code != 0) {
    WARN("SKIPPED: python3-samba is not installed");
    return;
  }
  const auto state = test::lab_state();
  const Written files(state);
  test::Scratch scratch;
  // What a client of Group Policy does with it: key by key into the machine's hive.
  const auto applied = test::run({"/usr/bin/python3", "-c", R"(
import sys
from samba.ndr import ndr_unpack
from samba.dcerpc import preg
print('Windows Registry Editor Version 5.00\n')
policy = ndr_unpack(preg.file, open(sys.argv[1], 'rb').read())
for entry in policy.entries:
    print('[HKEY_LOCAL_MACHINE\\%s]' % entry.keyname)
    if entry.valuename: print('"%s"=hex:%s' % (entry.valuename, bytes(entry.data).hex(',')))
)",
                                  files.policy().string()});
  INFO(applied.err);
  REQUIRE(applied.exit_code == 0);
  write_file(scratch / "policy.reg", view(applied.out));
  wine()->import(scratch / "policy.reg");
  for (const auto& entry : state.present)
    CHECK(wine()->list("policy", std::string(bundle::registry_name(entry.store))) ==
          std::set<std::string>{entry.certificate.thumbprint().hex()});
}

TEST_CASE("each .p7b holds the certificates of its store", "[oracle]") {
  if (!wine()) return;
  const auto state = test::lab_state();
  test::Scratch scratch;
  bundle::save(bundle::write_formats(state, {"p7b"}), scratch / "bundle");
  for (const auto& entry : state.present)
    CHECK(wine()->list("file", (scratch / "bundle" / "p7b" /
                                (std::string(bundle::registry_name(entry.store)) + ".p7b"))
                                   .string()) ==
          std::set<std::string>{entry.certificate.thumbprint().hex()});
}
