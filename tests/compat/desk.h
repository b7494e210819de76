#pragma once
// A folder with the files of an old build script, and the tools run in it.

#include <map>
#include <string>
#include <vector>

#include "../x509/issuing.h"
#include "policy/hierarchy.h"
#include "tool_run.h"

namespace sealwright::test {

/// Made once per run.
struct DeskPki {
  x509::made::Issued root;       ///< "CN=Old Root", an authority.
  x509::made::Issued publisher;  ///< "CN=Contoso Publisher", RSA-2048, below it.
  ossl::Secret publisher_key;    ///< PKCS#8
  x509::made::Issued own;        ///< "CN=Contoso.com(Test)", self-signed and no authority.
};
const DeskPki& desk_pki();

/// What a tool said, paths without the folder.
struct Said {
  int exit_code = 0;
  std::string out, err;
};

class Desk : public ToolBench {
 public:
  /// root.cer, publisher.cer, own.cer; publisher.pvk and locked.pvk (password "secret").
  Desk();
  Said run(const std::string& tool, const std::vector<std::string>& words);
  std::string path(const std::string& name) const { return ToolBench::path(name).string(); }
  Bytes read(const std::string& name) const;
  void write(const std::string& name, BytesView bytes) const;
};

/// Loads the sealwright.yaml that --explain printed.
policy::Hierarchy loaded(const std::string& explained);

}  // namespace sealwright::test
