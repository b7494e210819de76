// Writes a matrix: a folder per case, the states of trust, and the scripts that try it on Windows.

#include <fmt/format.h>

#include "base/embedded.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/template.h"
#include "ca/chain.h"
#include "trust/result_code.h"
#include "trust/stores.h"
#include "workspace/bundles.h"
#include "workspace/matrix.h"
#include "workspace/negative.h"
#include "workspace/signing_identity.h"
#include "x509/oids.h"

namespace sealwright::workspace {
namespace {

namespace fs = std::filesystem;

/// Written beside its target and renamed when it is whole.
class NewFolder {
 public:
  explicit NewFolder(fs::path target)
      : target_(std::move(target)), partial_(target_.string() + ".partial") {
    if (fs::exists(target_) && !(fs::is_directory(target_) && fs::is_empty(target_)))
      throw Error(Error::Kind::state, "'" + target_.string() + "' already exists",
                  "choose another folder, or remove it");
    fs::remove_all(partial_);
    fs::create_directories(partial_);
  }
  ~NewFolder() {
    std::error_code ignored;
    fs::remove_all(partial_, ignored);
  }
  const fs::path& path() const { return partial_; }
  void publish() {
    fs::remove(target_);
    fs::rename(partial_, target_);
  }

 private:
  fs::path target_, partial_;
};

/// An authority of nobody's: for timestamps that no machine trusts.
class Stranger {
 public:
  Stranger(const Clock& clock, const ossl::Random& random) : key_(make_key()) {
    const auto algorithm = key_.public_key().algorithm(ossl::Digest::sha256);
    x509::ToBeSigned contents;
    contents.serial = x509::random_serial(random);
    contents.algorithm = algorithm;
    contents.issuer = contents.subject =
        x509::Name::parse(std::string("CN=") + policy::negative_mark + " untrusted timestamps");
    contents.not_before = clock() - std::chrono::hours(1);
    contents.not_after = clock() + std::chrono::days(3650);
    contents.public_key = key_.public_key();
    contents.extensions = {
        x509::key_usage_extension(x509::digital_signature, true),
        x509::extended_key_usage_extension({x509::oids::time_stamping}, true),
        x509::subject_key_identifier_extension(key_.public_key().key_identifier())};
    const Bytes tbs = x509::encode(contents);
    const auto certificate = x509::assemble(tbs, algorithm, key_.sign(algorithm, tbs));
    timestamper_ = std::make_unique<signing::LocalTimestamper>(
        signing::Authority{certificate, {}, &key_, clock, random});
  }
  signing::Timestamper& timestamper() { return *timestamper_; }

 private:
  static ossl::KeySigner make_key() {
    return ossl::KeySigner(ossl::PrivateKey::generate({ossl::KeyType::rsa, 2048, {}}));
  }
  ossl::KeySigner key_;
  std::unique_ptr<signing::LocalTimestamper> timestamper_;
};

/// Quoted as JSON, which YAML reads as it stands.
std::string quoted(const std::string& text) { return Json(text).dump(-1); }

std::string case_text(const MatrixCase& one, const policy::Package& package,
                      const driver::FaultyPackage& made) {
  std::string text =
      "# What Windows must answer to this package on this machine, and why.\nversion: 1\n";
  text += "kind: matrix-case\nname: " + quoted(one.name) + "\nsigner: " + quoted(one.signer) +
          "\nfault: " + quoted(std::string(to_text(one.fault))) +
          "\nchange: " + quoted(made.change) + "\ntrust: " + quoted(one.trust) +
          "\npackage: " + quoted(package.name) + "\nexpected:\n";
  const auto code_line = [&](const char* name, std::uint32_t value) {
    const auto* known = trust::find_result_code(value);
    text += fmt::format("  {}: \"0x{:08X}\"{}\n", name, value,
                        known        ? "  # " + std::string(known->name)
                        : value == 0 ? "  # good"
                                     : "");
  };
  code_line("signature", one.expected.signature);
  code_line("setup", one.expected.setup);
  text += "  dialog: " + quoted(std::string(to_text(one.expected.dialog))) + "\n  why:\n";
  for (const auto& why : one.expected.why) text += "    - " + quoted(why) + "\n";
  return text;
}

class MatrixWriter {
 public:
  MatrixWriter(Workspace& workspace, Keys& keys, const policy::Matrix& matrix,
               const MatrixOptions& options)
      : workspace_(workspace),
        keys_(keys),
        matrix_(matrix),
        options_(options),
        package_(*workspace.hierarchy().package(matrix.package)),
        stranger_(options.clock, options.random) {}

  std::vector<MatrixCase> write() {
    auto cases = matrix_cases(workspace_, matrix_);
    NewFolder folder(options_.folder);
    std::uint64_t done = 0;
    for (const auto& one : cases) {
      write_case(one, folder.path() / "cases" / one.name);
      if (options_.progress) options_.progress(++done, cases.size());
    }
    for (const auto& name : matrix_.trust)
      write_trust(*workspace_.hierarchy().bundle(name), folder.path() / "trust" / name);
    write_scripts(cases, folder.path());
    folder.publish();
    return cases;
  }

 private:
  void write_case(const MatrixCase& one, const fs::path& folder) {
    NamedSigner named = named_signer(workspace_, keys_, newest(one.signer));
    const signing::Identity identity{named.certificate(), named.chain, named.signer.get()};
    const auto timestamps = timestamp_of(named);
    driver::PackageSignOptions sign;
    sign.package = {parse_windows_targets(package_.os), workspace_.now()};
    sign.catalog.time = workspace_.now();
    sign.catalog.random = options_.random;
    sign.catalog.version = package_.catalog_version == 1   ? driver::CatalogVersion::v1
                           : package_.catalog_version == 2 ? driver::CatalogVersion::v2
                                                           : driver::CatalogVersion::automatic;
    sign.sign.digest = named.defaults.digest;
    sign.sign.description = package_.description;
    sign.sign.url = package_.url;
    sign.sign.include_root = named.defaults.chain == policy::SignDefaults::Chain::full;
    sign.sign.timestamp = timestamps.timestamper.get();
    sign.before = [&](const std::string& relative, const fs::path& file) {
      named.signer->subject({one.name + "/" + relative,
                             std::string(signing::to_text(signing::detect(file))),
                             std::string(ossl::to_text(named.defaults.digest)),
                             {},
                             {}});
    };
    sign.after = [&](const fs::path&, const signing::SignedFile& result) {
      store::SignatureResult record;
      if (result.timestamp) record.timestamp = result.timestamp->time;
      record.timestamp_authority = timestamps.authority;
      named.signer->finish(record);
    };
    const auto made = driver::write_faulty(source(), folder / "package", one.fault,
                                           {identity, sign, &stranger_.timestamper()});
    write_file(folder / "case.yaml", view(case_text(one, package_, made)));
  }

  /// Also a revoked one: it is wrong on purpose.
  std::string newest(const std::string& signer) const {
    return workspace_.inventory().generations_of(signer).back().label();
  }

  TimestampSource timestamp_of(const NamedSigner& named) {
    if (named.defaults.timestamp.empty()) return {};
    return timestamp_source(&workspace_, &keys_, named.defaults.timestamp.front(), options_.clock,
                            options_.random);
  }

  fs::path source() const {
    const fs::path folder =
        options_.package.empty() ? workspace_.resolve(package_.path) : options_.package;
    if (fs::is_directory(folder)) return folder;
    throw Error(Error::Kind::io, "there is no driver package in '" + folder.string() + "'",
                "put one there, or give --package DIR");
  }

  void write_trust(const policy::Bundle& wanted, const fs::path& folder) {
    for (const auto& entry : desired_state(workspace_, wanted).present)
      write_file(folder / std::string(bundle::registry_name(entry.store)) /
                     (entry.certificate.thumbprint().hex() + ".cer"),
                 entry.certificate.der());
    for (const auto& authority : workspace_.hierarchy().authorities)
      for (const auto& generation : workspace_.inventory().generations_of(authority.name))
        if (const auto crl = workspace_.inventory().latest_crl(generation.id))
          write_file(folder / "crl" / (generation.label() + ".crl"), crl->crl);
    std::string settings = "{}";
    if (wanted.wintrust_state != policy::Bundle::WintrustState::keep)
      settings = Json::object()
                     .set("wintrust_state",
                          std::int64_t{wanted.wintrust_state == policy::Bundle::WintrustState::value
                                           ? wanted.wintrust_value
                                           : trust::default_wintrust_state})
                     .dump();
    write_file(folder / "settings.json", view(settings + "\n"));
  }

  void write_scripts(const std::vector<MatrixCase>& cases, const fs::path& folder) const {
    Json rows = Json::array();
    for (const auto& one : cases)
      rows.push(Json::object().set("name", one.name).set("trust", one.trust));
    Json data = Json::object();
    data.set("matrix", matrix_.name)
        .set("workspace", workspace_.hierarchy().name)
        .set("count", cases.size())
        .set("cases", std::move(rows));
    const auto put = [&](const char* name, Escape escape) {
      const std::string path = std::string("templates/matrix/") + name;
      try {
        std::string text = render(embedded_file(path).value(), data, escape);
        write_file(folder / name, view(text));
      } catch (const Error& error) {
        throw with_prefix(error, path);
      }
    };
    put("README.txt", Escape::plain);
    put("Invoke-Matrix.ps1", Escape::ps);
  }

  Workspace& workspace_;
  Keys& keys_;
  const policy::Matrix& matrix_;
  const MatrixOptions& options_;
  const policy::Package& package_;
  Stranger stranger_;
};

}  // namespace

std::vector<MatrixCase> write_matrix(Workspace& workspace, Keys& keys, const policy::Matrix& matrix,
                                     const MatrixOptions& options) {
  return MatrixWriter(workspace, keys, matrix, options).write();
}

}  // namespace sealwright::workspace
