#include "compat/output_files.h"

#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::compat {

namespace fs = std::filesystem;

bool same_file(const std::string& one, const std::string& other) {
  std::error_code failed;
  if (fs::equivalent(one, other, failed)) return true;
  const auto first = fs::weakly_canonical(one, failed),
             second = fs::weakly_canonical(other, failed);
  return !failed && first == second;
}

void check_apart(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs) {
  const auto check = [](const std::string& output, const std::string& other, const char* what) {
    if (output.empty() || other.empty() || !same_file(output, other)) return;
    throw Error(Error::Kind::usage, "'" + printable(output) + "' would be " + what,
                "give each file a name of its own");
  };
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    for (const auto& input : inputs) check(outputs[i], input, "read and written");
    for (std::size_t j = 0; j < i; ++j) check(outputs[i], outputs[j], "written twice");
  }
}

}  // namespace sealwright::compat
