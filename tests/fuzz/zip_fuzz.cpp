// Zip files of any kind: nothing crashes; what is read stays in its folder and within the limits,
// and says the same when it is packed again.

#include "attempt.h"
#include "bundle/zip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealwright;
  attempt([&] {
    const auto files = bundle::read_zip(BytesView(data, size));
    require(files.size() <= bundle::max_zip_entries);
    std::size_t unpacked = 0;
    for (const auto& file : files) {
      unpacked += file.content.size();
      require(!file.path.starts_with('/') && !file.path.starts_with("../"));
      require(file.path.find("/../") == std::string::npos && !file.path.ends_with("/.."));
      require(file.path.find_first_of("\\:") == std::string::npos);
    }
    require(unpacked <= bundle::max_unpacked_bytes);
    constexpr std::size_t quickly_packed = std::size_t{1} << 20;
    if (files.empty() || unpacked > quickly_packed) return;
    const auto again = bundle::read_zip(bundle::write_zip(files, Time{}));
    require(again.size() == files.size());
    for (std::size_t i = 0; i < files.size(); ++i)
      require(again[i].path == files[i].path && again[i].content == files[i].content);
  });
  return 0;
}
