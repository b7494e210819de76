#pragma once
// What a file that somebody is asked to import puts where, each certificate judged, what is wrong
// and how to mend it.

#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "bundle/read.h"

namespace sealwright::diagnose {

/// About one certificate or setting of an import, or about the import (number < 0).
struct ImportFinding {
  bundle::Fault::Severity severity = bundle::Fault::Severity::error;
  int certificate = -1;  ///< Index in Contents::certificates.
  int setting = -1;      ///< Index in Contents::settings.
  std::string message;   ///< Lower case, no full stop.
  std::string remedy;
};

struct InspectedImport {
  bundle::Contents contents;
  std::vector<ImportFinding> findings;
};

struct Inspection {
  std::string path;  ///< As the user named it.
  std::vector<InspectedImport> imports;
  std::vector<std::string> skipped;
  std::string bundle;  ///< Ours: its name, else empty.
  int version = 0;
  std::vector<bundle::Fault> faults;  ///< Of its manifest.
};

/// Judges everything that was read, at `now`: certificates in stores where they do nothing or harm
/// (wincrypt stores; [MS-GPEF]; driver signing looks at LocalMachine only), what roots are trusted
/// for, validity, errors that lint finds, settings that weaken all software.
Inspection inspect(const std::string& path, bundle::Reading reading, Time now);

/// How many findings and faults are errors, and warnings.
struct InspectionCounts {
  std::size_t errors = 0, warnings = 0;
};
InspectionCounts count(const Inspection& inspection);

std::string to_text(const Inspection& inspection);
Json to_json(const Inspection& inspection);  ///< "sealwright.bundle-inspect/1"

}  // namespace sealwright::diagnose
