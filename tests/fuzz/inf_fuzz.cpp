// INFs of any kind, alone and as a package of their own: nothing crashes, hangs or leaves the
// package's folder.

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "attempt.h"
#include "base/error.h"
#include "driver/package.h"

namespace {
using namespace sealwright;
using namespace sealwright::driver;
namespace fs = std::filesystem;

void use(const Inf& inf) {
  for (const auto& section : inf.sections()) {
    require(inf.find(section.name) == &section);
    for (const auto& entry : section.entries) {
      require(entry.line > 0);
      if (entry.key) require(section.find(*entry.key) != nullptr);
    }
  }
}

/// A package's folder for the whole run: two files that INFs may name, and one beside it that none
/// may reach.
class Scratch {
 public:
  Scratch() {
    auto name = (fs::temp_directory_path() / "sealwright-fuzz-XXXXXX").native();
    require(::mkdtemp(name.data()) != nullptr);
    root_ = name;
    fs::create_directories(package() / "amd64");
    for (const auto& path : {package() / "a.sys", package() / "amd64/a.sys", root_ / "a.sys"})
      std::ofstream(path) << "a";
  }
  ~Scratch() { fs::remove_all(root_); }
  fs::path package() const { return root_ / "package"; }

 private:
  fs::path root_;
};

void read_as_package(BytesView bytes) {
  static const Scratch scratch;
  const auto folder = scratch.package();
  std::ofstream(folder / "a.inf", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  const auto package = read_package(folder);
  for (const auto& inf : package.infs)
    for (const auto& file : inf.files)
      require(file.source.native().starts_with(package.folder.native() + "/"));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  attempt([&] { use(read_inf(bytes, "a.inf")); });
  attempt([&] { read_as_package(bytes); });
  return 0;
}
