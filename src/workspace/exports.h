#pragma once
// The files that `exports:` of the YAML asks for.

#include <optional>
#include <string>

#include "ca/export.h"
#include "workspace/keys.h"

namespace sealwright::workspace {

/// Why the export must be written (again), or nothing: its files are there and hold the
/// certificates that they should, or there is nothing to write yet.
std::optional<std::string> export_due(const Workspace& workspace, const policy::Export& wanted);
/// Whether it was ever written.
bool was_written(const Workspace& workspace, const policy::Export& wanted);

/// Writes it: one file, with `generation: all` one for each live generation. Returns the files.
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

}  // namespace sealwright::workspace
