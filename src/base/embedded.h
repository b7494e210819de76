#pragma once
// The files of ca/, policies/ and templates/, compiled into the program.

#include <optional>
#include <span>
#include <string_view>

namespace sealwright {

struct EmbeddedFile {
  std::string_view path;  ///< "policies/driver-signing.yaml"
  std::string_view content;
};

std::span<const EmbeddedFile> embedded_files();  ///< Sorted by path.
std::optional<std::string_view> embedded_file(std::string_view path);

}  // namespace sealwright
