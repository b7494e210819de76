#pragma once
// Files for other programs: those that a person asks for by name, and those that `exports:` of the
// YAML asks for.

#include <optional>
#include <string>

#include "ca/export.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

/// One file that is to be: of a generation, or of the request that a name waits with.
struct ExportItem {
  std::string name;
  int number = 1;
  std::optional<store::Generation> generation;
  std::optional<store::RequestRecord> waiting;  ///< Where there is no `generation`.
  std::filesystem::path path;
  std::string label() const { return name + "@" + std::to_string(number); }
};

/// What `reference` stands for in this format, without paths: "NAME@all" and "NAME@live" several of
/// public ones. A private key is meant exactly: a bare name is refused while two generations are
/// alive. A certification request is the one that waits, where one does.
/// Throws Error::Kind::state and usage.
std::vector<ExportItem> export_items(const store::Inventory& inventory,
                                     const std::string& reference, policy::ExportFormat format);

/// What is exported in one go.
struct ExportJob {
  policy::ExportFormat format = policy::ExportFormat::pem;
  policy::PfxPlan pfx;
  std::string reason;
  std::vector<ExportItem> items;
  ossl::Secret password;
  x509::PfxPassword protection = x509::PfxPassword::given;
};

/// What the policy or the format has against `item`, thrown before anything is opened or asked for.
void check_export(const store::Inventory& inventory, const ExportJob& job, const ExportItem& item);
/// Opens the keyrings that the job needs.
void open_for(const ExportJob& job, const store::Inventory& inventory, Keys& keys);

/// Made, and on record where it has to be; nothing is written yet.
class MadeExports {
 public:
  explicit MadeExports(std::vector<ca::ExportFile> files) : files_(std::move(files)) {}
  MadeExports(std::vector<ca::ExportFile> files,
              std::vector<std::unique_ptr<ca::RecordingSigner>> signers)
      : files_(std::move(files)), signers_(std::move(signers)) {}
  const std::vector<ca::ExportFile>& files() const { return files_; }
  /// None gets its name before all are on disk. `written` is told the index of each.
  void write(Existing existing, const std::function<void(std::size_t)>& written = {});
  /// What the signature of a request is for has reached its reader.
  void finish(std::size_t index);

 private:
  std::vector<ca::ExportFile> files_;
  std::vector<std::unique_ptr<ca::RecordingSigner>> signers_;  ///< Of requests; else empty.
};
MadeExports make_exports(Workspace& workspace, Keys& keys, const ExportJob& job);

/// Why the export must be written (again), or nothing: its files are there and hold what they
/// should, or there is nothing to write yet.
std::optional<std::string> export_due(const Workspace& workspace, const policy::Export& wanted);
/// Whether it was ever written.
bool was_written(const Workspace& workspace, const policy::Export& wanted);

/// Writes it: one file, with `generation: all` one for each live generation. Returns the files.
/// A run that is killed half way leaves what the next one takes for its own.
std::vector<std::filesystem::path> write_export(Workspace& workspace, Keys& keys,
                                                const policy::Export& wanted,
                                                const ossl::Random& random);

/// The password that `source` stands for; `generate` makes one and writes it to its file (0600)
/// unless that exists. Throws Error::Kind::input or io naming the source, never its content.
ossl::Secret read_secret(const Workspace& workspace, const policy::SecretSource& source,
                         const ossl::Random& random);

/// Which PFX profile the targets can read, and why: what "auto" means.
struct ProfileChoice {
  x509::PfxProfile profile = x509::PfxProfile::modern;
  std::string because;
};
ProfileChoice choose_profile(policy::ExportProfile wanted, const std::vector<std::string>& targets);

/// The same with all else that `plan` leaves open. The targets are those of the certificate's
/// policy, else of the hierarchy. The provider (CSP) is named in a compatible file alone: old
/// Windows would take one that cannot sign with SHA-256.
struct PfxChoice {
  ca::PfxForm form;
  std::string because;
};
PfxChoice choose_pfx(const Workspace& workspace, const store::Generation& generation,
                     const policy::PfxPlan& plan);

}  // namespace sealwright::workspace
